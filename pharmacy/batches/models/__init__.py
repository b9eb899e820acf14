"""Compounding records: what was planned, scanned, weighed, checked, verified and made."""

from pharmacy.batches.models.bench import (
    BalanceReading,
    BalanceToken,
    ContainerScan,
    NearMiss,
    StepDone,
    Weighing,
)
from pharmacy.batches.models.compounded_lot import CompoundedLot
from pharmacy.batches.models.quality import (
    CheckKind,
    Deviation,
    Disposition,
    Photo,
    QualityCheck,
    SecondLook,
)
from pharmacy.batches.models.record import (
    AheadOfOrders,
    BatchLine,
    CompoundingRecord,
    Verification,
)
from pharmacy.batches.models.units import UnitLevel, UnitMove, UnitPlace

__all__ = [
    "AheadOfOrders",
    "BalanceReading",
    "BalanceToken",
    "BatchLine",
    "CheckKind",
    "CompoundedLot",
    "CompoundingRecord",
    "ContainerScan",
    "Deviation",
    "Disposition",
    "NearMiss",
    "Photo",
    "QualityCheck",
    "SecondLook",
    "StepDone",
    "UnitLevel",
    "UnitMove",
    "UnitPlace",
    "Verification",
    "Weighing",
]
