"""The worksheet of a batch, worked out twice: the one module that a caller needs.

worksheet = plan_capsule_worksheet(inputs)
worksheet.line("naltrexone").amount     # mg to weigh
Worksheet.from_json(worksheet.to_json()) == worksheet
"""

from compounding.drops import DropperCalibration
from compounding.error_budget import BenchTolerances
from compounding.potency import AssayBasis, Certificate
from compounding.strength import Conversion
from compounding.weighable import BalanceTooCoarse, NotWeighable, WayKind, WayOut, WeighableBatch
from compounding.working import WorkingStep
from compounding.worksheets.agreement import Agreement, CalculatorsDisagree
from compounding.worksheets.capsule_worksheet import plan_capsule_worksheet
from compounding.worksheets.drops_worksheet import plan_drops_worksheet
from compounding.worksheets.inputs import (
    AmountUnit,
    CapsuleActive,
    CapsuleExcipient,
    CapsuleInputs,
    CapsuleTriturate,
    Container,
    DropsInputs,
    Filler,
    LiquidActive,
    LiquidExcipient,
    LiquidTriturate,
    Shell,
    Vehicle,
)
from compounding.worksheets.record import (
    FORMULA_VERSION,
    BlendStep,
    DoseError,
    DropRow,
    ErrorShare,
    LineUnit,
    PotencyFactor,
    Role,
    Worksheet,
    WorksheetKind,
    WorksheetLine,
)
from compounding.worksheets.triturate_inputs import (
    Diluent,
    TriturateActive,
    TriturateExcipient,
    TriturateInputs,
    TriturateSource,
)
from compounding.worksheets.triturate_plan import NoRoomForDiluent
from compounding.worksheets.triturate_worksheet import plan_triturate_worksheet

__all__ = [
    "FORMULA_VERSION",
    "Agreement",
    "AmountUnit",
    "AssayBasis",
    "BalanceTooCoarse",
    "BenchTolerances",
    "BlendStep",
    "CalculatorsDisagree",
    "CapsuleActive",
    "CapsuleExcipient",
    "CapsuleInputs",
    "CapsuleTriturate",
    "Certificate",
    "Container",
    "Conversion",
    "Diluent",
    "DoseError",
    "DropRow",
    "DropperCalibration",
    "DropsInputs",
    "ErrorShare",
    "Filler",
    "LineUnit",
    "LiquidActive",
    "LiquidExcipient",
    "LiquidTriturate",
    "NoRoomForDiluent",
    "NotWeighable",
    "PotencyFactor",
    "Role",
    "Shell",
    "TriturateActive",
    "TriturateExcipient",
    "TriturateInputs",
    "TriturateSource",
    "Vehicle",
    "WayKind",
    "WayOut",
    "WeighableBatch",
    "WorkingStep",
    "Worksheet",
    "WorksheetKind",
    "WorksheetLine",
    "plan_capsule_worksheet",
    "plan_drops_worksheet",
    "plan_triturate_worksheet",
]
