"""What can be made, and how: substances, ingredients, master formulation records."""

from pharmacy.formulations.models.parts import (
    FormulaCheck,
    FormulaLine,
    FormulaStep,
    LineRole,
    QualityTest,
    StepEntry,
)
from pharmacy.formulations.models.records import (
    AQUEOUS,
    FORMS_FOR_PATIENTS,
    LIQUID_FORMS,
    BudBasis,
    BudClass,
    DosageForm,
    MasterFormulationRecord,
    StorageCondition,
)
from pharmacy.formulations.models.substances import (
    Allowed,
    ExcipientFact,
    Ingredient,
    IngredientCaution,
    IngredientKind,
    Substance,
    Unit,
)

__all__ = [
    "AQUEOUS",
    "FORMS_FOR_PATIENTS",
    "LIQUID_FORMS",
    "Allowed",
    "BudBasis",
    "BudClass",
    "DosageForm",
    "ExcipientFact",
    "FormulaCheck",
    "FormulaLine",
    "FormulaStep",
    "Ingredient",
    "IngredientCaution",
    "IngredientKind",
    "LineRole",
    "MasterFormulationRecord",
    "QualityTest",
    "StepEntry",
    "StorageCondition",
    "Substance",
    "Unit",
]
