"""The worksheet of a batch, worked out twice: the one module that a caller needs.

worksheet = plan_capsule_worksheet(inputs)
worksheet.line("naltrexone").amount     # mg to weigh
Worksheet.from_json(worksheet.to_json()) == worksheet
"""

from compounding.drops import DropperCalibration
from compounding.potency import AssayBasis, Certificate
from compounding.strength import Conversion
from compounding.weighable import NotWeighable, WeighableBatch
from compounding.working import WorkingStep
from compounding.worksheets.agreement import Agreement, CalculatorsDisagree
from compounding.worksheets.capsule_worksheet import plan_capsule_worksheet
from compounding.worksheets.drops_worksheet import plan_drops_worksheet
from compounding.worksheets.inputs import (
    AmountUnit,
    CapsuleActive,
    CapsuleExcipient,
    CapsuleInputs,
    Container,
    DropsInputs,
    Filler,
    LiquidActive,
    LiquidExcipient,
    Shell,
    Vehicle,
)
from compounding.worksheets.record import (
    FORMULA_VERSION,
    DropRow,
    LineUnit,
    PotencyFactor,
    Role,
    Worksheet,
    WorksheetKind,
    WorksheetLine,
)

__all__ = [
    "FORMULA_VERSION",
    "Agreement",
    "AmountUnit",
    "AssayBasis",
    "CalculatorsDisagree",
    "CapsuleActive",
    "CapsuleExcipient",
    "CapsuleInputs",
    "Certificate",
    "Container",
    "Conversion",
    "DropRow",
    "DropperCalibration",
    "DropsInputs",
    "Filler",
    "LineUnit",
    "LiquidActive",
    "LiquidExcipient",
    "NotWeighable",
    "PotencyFactor",
    "Role",
    "Shell",
    "Vehicle",
    "WeighableBatch",
    "WorkingStep",
    "Worksheet",
    "WorksheetKind",
    "WorksheetLine",
    "plan_capsule_worksheet",
    "plan_drops_worksheet",
]
