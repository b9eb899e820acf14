"""Writing formulas: a version is drafted by one person, approved by another, and never changed again."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.formulations.models import (
    BudClass,
    DosageForm,
    FormulaLine,
    FormulaStep,
    Ingredient,
    LineRole,
    MasterFormulationRecord,
    Substance,
)
from pharmacy.formulations.queries import missing_items
from pharmacy.formulations.states import FORMULA_STATES, FormulaState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role


class ApproverIsAuthor(Refusal):
    """The author of a version tried to approve it."""


class FormulaIncomplete(Refusal):
    """Something that USP <795> asks of a master formulation record is missing."""


class RetiringNeedsAReason(Refusal):
    """A formula was to be retired without saying why."""


@dataclass(frozen=True, kw_only=True)
class LineDraft:
    """One ingredient. An excipient's amount is mg per capsule, or mg or mL per 100 mL; see FormulaLine."""

    ingredient: Ingredient
    role: LineRole
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class StepDraft:
    """One step of the procedure."""

    text: str
    is_critical: bool = False


@dataclass(frozen=True, kw_only=True)
class FormulaDraft:
    """Everything a version of a formula says. The fields are those of MasterFormulationRecord."""

    code: str
    name: str
    dosage_form: DosageForm
    route: str
    strength_substance: Substance
    strength_unit: str
    strength_min: Decimal
    strength_max: Decimal
    strengths_offered: Sequence[Decimal]
    overage_pct: Decimal
    container_closure: str
    physical_description: str
    expected_traits: Sequence[str]
    bud_class: BudClass
    bud_reference: str
    storage: str
    calculations: str
    equipment: str
    quality_control: str
    lines: Sequence[LineDraft]
    steps: Sequence[StepDraft]
    package_ml: Decimal | None = None
    fill_ml: Decimal | None = None
    bud_days_shorter: int | None = None
    label_instructions: Sequence[str] = ()
    notes: str = ""
    change_reason: str = ""

    def columns(self) -> dict[str, object]:
        """Return the columns of the record; lists as JSON lists, strengths as text without trailing zeros."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        del values["lines"], values["steps"]
        return values | {
            "strengths_offered": [wording.number(strength) for strength in self.strengths_offered],
            "expected_traits": list(self.expected_traits),
            "label_instructions": list(self.label_instructions),
        }


@writing()
def draft_formula(*, draft: FormulaDraft, by: Actor, at: datetime) -> MasterFormulationRecord:
    """Return a new draft, with the next version number of its code."""
    author_id = person_in(Role.of_staff(), by)
    formula = MasterFormulationRecord.objects.create(
        version=_next_version(draft.code), author_id=author_id, created_at=at, **draft.columns()
    )
    FormulaLine.objects.bulk_create(
        FormulaLine(formula=formula, position=position, **vars(line))
        for position, line in enumerate(draft.lines, 1)
    )
    FormulaStep.objects.bulk_create(
        FormulaStep(formula=formula, position=position, **vars(step))
        for position, step in enumerate(draft.steps, 1)
    )
    record_event(
        event="formula_drafted",
        record=formula,
        by=by,
        at=at,
        new={"code": formula.code, "version": formula.version},
    )
    return formula


@writing()
def approve_formula(
    *, formula: MasterFormulationRecord, by: Actor, at: datetime
) -> MasterFormulationRecord:
    """Approve a draft; the version approved before it retires in the same transaction.

    Raises ApproverIsAuthor, FormulaIncomplete, or a refusal of the state table.
    """
    formula = MasterFormulationRecord.objects.select_for_update().get(pk=formula.pk)
    if formula.author_id == by.user_id:
        raise ApproverIsAuthor(_("You wrote this version; another pharmacist has to approve it."))
    missing = missing_items(formula)
    if missing:
        raise FormulaIncomplete(
            _("This version cannot be approved yet. %(missing)s") % {"missing": " ".join(missing)}
        )
    _retire_version_before(formula, by=by, at=at)
    move(
        formula,
        table=FORMULA_STATES,
        to=FormulaState.APPROVED,
        by=by,
        at=at,
        approved_by_id=by.user_id,
        approved_at=at,
    )
    return formula


@writing()
def retire_formula(
    *, formula: MasterFormulationRecord, reason: str, by: Actor, at: datetime
) -> MasterFormulationRecord:
    """Retire an approved version: nothing more is planned by it. Batches keep pointing to it."""
    if not reason.strip():
        raise RetiringNeedsAReason(_("Write down why this formula is retired."))
    formula = MasterFormulationRecord.objects.select_for_update().get(pk=formula.pk)
    move(formula, table=FORMULA_STATES, to=FormulaState.RETIRED, by=by, at=at, note=reason.strip())
    return formula


def _retire_version_before(formula: MasterFormulationRecord, *, by: Actor, at: datetime) -> None:
    before = MasterFormulationRecord.objects.select_for_update().filter(
        code=formula.code, state=FormulaState.APPROVED
    )
    note = f"version {formula.version} approved"
    for earlier in before.exclude(pk=formula.pk):
        move(earlier, table=FORMULA_STATES, to=FormulaState.RETIRED, by=by, at=at, note=note)


def _next_version(code: str) -> int:
    newest = MasterFormulationRecord.objects.filter(code=code).aggregate(newest=Max("version"))
    return (newest["newest"] or 0) + 1
