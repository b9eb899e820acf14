"""The working of triturates (`compounding.weighing`): dilution upon dilution, blending, capsules from a triturate."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from compounding import weighing
from compounding.arithmetic import exactly
from compounding.capsule_fill import capacity_mg, largest_dose_mg
from compounding.working import WorkingStep
from compounding.workings.figures import density, mg, ml, number, pct


def serial(
    *, dilutions: Sequence[tuple[Decimal, Decimal]], dose_mg: Decimal, units: int
) -> tuple[WorkingStep, ...]:
    """Return the strength after the dilutions (`serial_strength_pct`) and the mixture for a batch of capsules."""
    strength = weighing.serial_strength_pct(dilutions)
    batch = weighing.capsules_from_triturate(dose_mg=dose_mg, units=units, strength_pct=strength)
    parts = " × ".join(f"{number(part)} ÷ {number(whole)}" for part, whole in dilutions)
    return (
        WorkingStep("Strength", f"100% × {parts}", pct(strength)),
        WorkingStep("Pure substance", f"{mg(dose_mg)} × {number(units)}", mg(batch.pure_mg)),
        WorkingStep(
            "Mixture for the batch",
            f"{mg(batch.pure_mg)} ÷ {pct(strength)}",
            mg(batch.triturate_mg),
        ),
        WorkingStep(
            "In each capsule", f"{mg(dose_mg)} ÷ {pct(strength)}", mg(batch.per_capsule_mg)
        ),
    )


@exactly
def geometric(*, drug_mg: Decimal, diluent_mg: Decimal) -> tuple[WorkingStep, ...]:
    """Return the mixture after each step of geometric dilution (`geometric_additions`)."""
    additions = weighing.geometric_additions(drug_mg=drug_mg, diluent_mg=diluent_mg)
    mixtures = list(accumulate(additions, initial=drug_mg))
    return tuple(
        WorkingStep(f"Step {number(step)}", f"{mg(before)} + {mg(added)}", mg(after))
        for step, (before, added, after) in enumerate(
            zip(mixtures, additions, mixtures[1:], strict=False), 1
        )
    )


def capacity(*, volume_ml: Decimal, tapped_g_per_ml: Decimal) -> tuple[WorkingStep, ...]:
    """Return how much of a powder a capsule holds (`capacity_mg`)."""
    held = capacity_mg(volume_ml=volume_ml, tapped_g_per_ml=tapped_g_per_ml)
    expression = f"{ml(volume_ml)} × {density(tapped_g_per_ml)} × 1000"
    return (WorkingStep("The capsule holds", expression, mg(held)),)


def from_triturate(
    *, dose_mg: Decimal, units: int, strength_pct: Decimal, capacity_mg: Decimal | None = None
) -> tuple[WorkingStep, ...]:
    """Return the triturate for a batch and for each capsule (`capsules_from_triturate`).

    With the capacity of the capsule also its top-up, and the largest dose that it holds (`largest_dose_mg`).
    """
    batch = weighing.capsules_from_triturate(
        dose_mg=dose_mg, units=units, strength_pct=strength_pct, capacity_mg=capacity_mg
    )
    dose, strength, each = mg(dose_mg), pct(strength_pct), mg(batch.per_capsule_mg)
    steps = (
        WorkingStep(
            "Triturate for the batch",
            f"{dose} × {number(units)} ÷ {strength}",
            mg(batch.triturate_mg),
        ),
        WorkingStep("In each capsule", f"{dose} ÷ {strength}", each),
    )
    if capacity_mg is None or batch.filler_per_capsule_mg is None:
        return steps
    largest = largest_dose_mg(capacity_mg=capacity_mg, strength_pct=strength_pct)
    return (
        *steps,
        WorkingStep(
            "Filler to top up each capsule",
            f"{mg(capacity_mg)} − {each}",
            mg(batch.filler_per_capsule_mg),
        ),
        WorkingStep("Largest dose in this capsule", f"{mg(capacity_mg)} × {strength}", mg(largest)),
    )
