"""What a version of a formula says, before it is written: its facts, its ingredients, its steps, its checks."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from compounding import wording
from pharmacy.formulations.models import (
    BudBasis,
    BudClass,
    DosageForm,
    Ingredient,
    LineRole,
    QualityTest,
    StepEntry,
    StorageCondition,
    Substance,
)


@dataclass(frozen=True, kw_only=True)
class LineDraft:
    """One ingredient. An excipient's amount is mg per capsule, or mg or mL per 100 mL; see FormulaLine."""

    ingredient: Ingredient
    role: LineRole
    key: str = ""
    amount: Decimal | None = None
    is_alternative: bool = False
    caution_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class StepDraft:
    """One step of the procedure; quantities stand in its text as {key}."""

    text: str
    is_critical: bool = False
    timer_seconds: int | None = None
    check_text: str = ""
    entry: StepEntry = StepEntry.NONE
    entry_unit: str = ""
    hazard: str = ""
    protective_equipment: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class CheckDraft:
    """One quality control procedure with its expected result and, where it is measured, its limits."""

    kind: QualityTest
    procedure: str
    expected: str
    lowest: Decimal | None = None
    highest: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class FormulaFacts:
    """What a version says of itself. The fields are columns of MasterFormulationRecord."""

    name: str
    route: str
    strength_substance: Substance
    strength_unit: str
    strength_min: Decimal
    strength_max: Decimal
    strength_step: Decimal | None
    strengths_offered: Sequence[Decimal]
    overage_pct: Decimal
    container_closure: str
    physical_description: str
    expected_traits: Sequence[str]
    bud_class: BudClass
    bud_reference: str
    storage: str
    calculations: str
    equipment: Sequence[str]
    bud_basis: BudBasis = BudBasis.CLASS_LIMIT
    bud_days_shorter: int | None = None
    bud_study_days: int | None = None
    bud_study_reference: str = ""
    bud_study_container: str = ""
    bud_study_storage: str = ""
    bud_study_same: bool = False
    bud_study_indicating: bool = False
    bud_study_antimicrobial: bool = False
    water_activity_basis: str = ""
    storage_condition: StorageCondition = StorageCondition.ROOM
    package_ml: Decimal | None = None
    fill_ml: Decimal | None = None
    makes: Ingredient | None = None
    label_instructions: Sequence[str] = ()
    notes: str = ""
    change_reason: str = ""

    def columns(self) -> dict[str, object]:
        """Return the columns of the record; lists as JSON lists, strengths as text without trailing zeros."""
        values = {field.name: getattr(self, field.name) for field in fields(FormulaFacts)}
        return values | {
            "strengths_offered": [wording.number(strength) for strength in self.strengths_offered],
            "expected_traits": list(self.expected_traits),
            "label_instructions": list(self.label_instructions),
            "equipment": list(self.equipment),
        }


@dataclass(frozen=True, kw_only=True)
class FormulaDraft(FormulaFacts):
    """Everything a version of a formula says."""

    code: str
    dosage_form: DosageForm
    lines: Sequence[LineDraft] = ()
    steps: Sequence[StepDraft] = ()
    checks: Sequence[CheckDraft] = ()
