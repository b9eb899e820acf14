"""Reading formulas: the approved version of a code, and what a draft still lacks."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from pharmacy.formulations.models import (
    DosageForm,
    FormulaLine,
    LineRole,
    MasterFormulationRecord,
    Substance,
    Unit,
)
from pharmacy.formulations.states import FormulaState


class NoApprovedFormula(Refusal):
    """No approved version carries this code."""


class StrengthOutOfRange(Refusal):
    """The formula is not made in this strength."""


ASKED_FOR = (
    "name",
    "route",
    "container_closure",
    "physical_description",
    "expected_traits",
    "bud_reference",
    "storage",
    "calculations",
    "equipment",
    "quality_control",
    "strengths_offered",
)
"""Items of USP <795> (2023) section 7 that are text or a list and may not be empty in an approved formula."""

STRENGTH_UNITS = {DosageForm.CAPSULE: "mg", DosageForm.DROPS: "mg/mL"}

ONE_OF_EACH = {
    DosageForm.CAPSULE: (LineRole.ACTIVE, LineRole.FILLER, LineRole.SHELL),
    DosageForm.DROPS: (LineRole.ACTIVE, LineRole.VEHICLE, LineRole.CONTAINER),
}
"""Every form has exactly one line in each of these roles, any number of excipients, and nothing else."""

UNITS_OF_ROLE = {
    LineRole.ACTIVE: (Unit.MG,),
    LineRole.EXCIPIENT: (Unit.MG, Unit.ML),
    LineRole.FILLER: (Unit.MG,),
    LineRole.VEHICLE: (Unit.ML,),
    LineRole.SHELL: (Unit.EACH,),
    LineRole.CONTAINER: (Unit.EACH,),
}


def approved_formula(code: str) -> MasterFormulationRecord:
    """Return the approved version of a formula; raises NoApprovedFormula when there is none."""
    found = approved_formulas().filter(code=code).first()
    if found is None:
        raise NoApprovedFormula(
            _("There is no approved formula “%(code)s”. A pharmacist approves one under Formulas.")
            % {"code": code}
        )
    return found


def approved_formulas() -> QuerySet[MasterFormulationRecord]:
    """Return the approved version of every formula, by name, with its substance."""
    return (
        MasterFormulationRecord.objects.filter(state=FormulaState.APPROVED)
        .select_related("strength_substance")
        .order_by("name")
    )


def lines_of(formula: MasterFormulationRecord) -> list[FormulaLine]:
    """Return the formula's lines in their order, with their ingredients and substances."""
    return list(formula.lines.select_related("ingredient__substance").order_by("position"))


def excipient_flags(formula: MasterFormulationRecord) -> frozenset[str]:
    """Return what a patient may not tolerate in this formula: "lactose", "gelatin", "dye"..."""
    contained = formula.lines.values_list("ingredient__contains", flat=True)
    return frozenset(flag for flags in contained for flag in flags)


def check_strength(formula: MasterFormulationRecord, strength: Decimal) -> None:
    """Raise StrengthOutOfRange unless the strength (mg, or mg/mL) lies within the formula's range."""
    if not formula.strength_min <= strength <= formula.strength_max:
        raise StrengthOutOfRange(
            _(
                "%(name)s is made from %(lowest)s to %(highest)s %(unit)s, not in %(strength)s %(unit)s."
            )
            % {
                "name": formula.name,
                "lowest": wording.number(formula.strength_min),
                "highest": wording.number(formula.strength_max),
                "strength": wording.number(strength),
                "unit": formula.strength_unit,
            }
        )


def missing_items(formula: MasterFormulationRecord) -> list[str]:
    """Return, in sentences, what stands between this draft and its approval; empty when it is complete."""
    lines = lines_of(formula)
    return [
        *_empty_fields(formula),
        *_doubtful_strengths(formula),
        *_role_gaps(formula, lines),
        *_line_faults(formula, lines),
    ]


def _empty_fields(formula: MasterFormulationRecord) -> Iterator[str]:
    for name in ASKED_FOR:
        if not getattr(formula, name):
            label = MasterFormulationRecord._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            yield _("“%(item)s” is empty.") % {"item": label}
    if not formula.steps.exists():
        yield _("There is no step of the procedure.")


def _doubtful_strengths(formula: MasterFormulationRecord) -> Iterator[str]:
    unit = STRENGTH_UNITS[DosageForm(formula.dosage_form)]
    if formula.strength_unit != unit:
        yield _("The strength of this form is stated in %(unit)s.") % {"unit": unit}
    for offered in formula.strengths_offered:
        if not formula.strength_min <= Decimal(offered) <= formula.strength_max:
            yield _("The strength %(strength)s is offered but out of range.") % {
                "strength": offered
            }


def _role_gaps(formula: MasterFormulationRecord, lines: list[FormulaLine]) -> Iterator[str]:
    needed = ONE_OF_EACH[DosageForm(formula.dosage_form)]
    for role in needed:
        count = sum(line.role == role for line in lines)
        if count != 1:
            yield _("It needs exactly one ingredient as %(role)s and has %(count)s.") % {
                "role": role.label,
                "count": count,
            }
    for line in lines:
        if line.role not in (*needed, LineRole.EXCIPIENT):
            yield _("This form has no place for %(ingredient)s as %(role)s.") % {
                "ingredient": line.ingredient,
                "role": line.get_role_display(),
            }


def _line_faults(formula: MasterFormulationRecord, lines: list[FormulaLine]) -> Iterator[str]:
    for line in lines:
        units = UNITS_OF_ROLE[LineRole(line.role)]
        if formula.dosage_form == DosageForm.CAPSULE and line.role == LineRole.EXCIPIENT:
            units = (Unit.MG,)
        if line.ingredient.unit not in units:
            yield _("%(ingredient)s is stocked in %(unit)s and cannot serve as %(role)s.") % {
                "ingredient": line.ingredient,
                "unit": line.ingredient.unit,
                "role": line.get_role_display(),
            }
        if line.role in (LineRole.SHELL, LineRole.CONTAINER) and line.amount != 1:
            yield _("One %(ingredient)s belongs to each unit.") % {"ingredient": line.ingredient}
        if line.role == LineRole.ACTIVE:
            yield from _active_faults(formula, line)


def _active_faults(formula: MasterFormulationRecord, line: FormulaLine) -> Iterator[str]:
    """The powder holds what the strength is stated of, or a form of it that molecular weights convert."""
    wanted, supplied = formula.strength_substance, line.ingredient.substance
    names = {"ingredient": line.ingredient, "substance": wanted}
    if supplied is None or _moiety(supplied) != _moiety(wanted):
        yield _("%(ingredient)s is not %(substance)s, of which the strength is stated.") % names
    elif supplied != wanted and not (supplied.molecular_weight and wanted.molecular_weight):
        yield _("%(ingredient)s and %(substance)s need their molecular weights.") % names


def _moiety(substance: Substance) -> int:
    return substance.form_of_id or substance.pk
