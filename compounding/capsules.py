"""Capsules, whole: the rules of filling them, and the worksheet of a batch of them, worked out twice.

from compounding.capsules import plan_capsules
worksheet = plan_capsules(inputs)      # CapsuleInputs -> Worksheet; see compounding.worksheet
"""

from compounding.capsule_fill import (
    CapsuleOverfilled,
    NoCapsuleLargeEnough,
    Powder,
    SizeChoice,
    batch_units,
    capacity_mg,
    choose_size,
    filler_mg,
    fraction_occupied,
    largest_dose_mg,
    occupied_pct,
    pack_stat_from_density_mg,
    pack_stat_mg,
    size_findings,
)
from compounding.worksheets.capsule_worksheet import plan_capsule_worksheet as plan_capsules

__all__ = [
    "CapsuleOverfilled",
    "NoCapsuleLargeEnough",
    "Powder",
    "SizeChoice",
    "batch_units",
    "capacity_mg",
    "choose_size",
    "filler_mg",
    "fraction_occupied",
    "largest_dose_mg",
    "occupied_pct",
    "pack_stat_from_density_mg",
    "pack_stat_mg",
    "plan_capsules",
    "size_findings",
]
