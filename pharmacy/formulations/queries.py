"""Reading formulas: the approved version of a code, its lines, what is in it; and what a draft still lacks."""

from collections.abc import Iterable

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.formulations.completeness import missing_items
from pharmacy.formulations.models import (
    FORMS_FOR_PATIENTS,
    DosageForm,
    FormulaLine,
    LineRole,
    MasterFormulationRecord,
)
from pharmacy.formulations.states import FormulaState
from pharmacy.formulations.strengths import StrengthOutOfRange, check_strength

__all__ = [
    "NoApprovedFormula",
    "StrengthOutOfRange",
    "approved_formula",
    "approved_formulas",
    "check_strength",
    "containers_at_dispensing",
    "excipient_flags",
    "formula_for_patients",
    "is_made_in_house",
    "lines_of",
    "missing_items",
    "versions_of",
]


class NoApprovedFormula(Refusal):
    """No approved version carries this code."""


def approved_formula(code: str) -> MasterFormulationRecord:
    """Return the approved version of a formula; raises NoApprovedFormula when there is none."""
    found = _approved().filter(code=code).first()
    if found is None:
        raise NoApprovedFormula(
            _("There is no approved formula “%(code)s”. A pharmacist approves one under Formulas.")
            % {"code": code}
        )
    return found


def formula_for_patients(code: str) -> MasterFormulationRecord:
    """Return the approved version of a formula that can be prescribed; raises NoApprovedFormula."""
    found = approved_formula(code)
    if found.dosage_form not in FORMS_FOR_PATIENTS:
        raise NoApprovedFormula(
            _("%(formula)s is made for the shelf, not for patients.") % {"formula": found.name}
        )
    return found


def approved_formulas() -> QuerySet[MasterFormulationRecord]:
    """Return the approved version of every formula that is made for patients, by name, with its substance."""
    return _approved().filter(dosage_form__in=FORMS_FOR_PATIENTS)


def versions_of(code: str) -> QuerySet[MasterFormulationRecord]:
    """Return every version of a formula, the newest first, with its people."""
    return (
        MasterFormulationRecord.objects.filter(code=code)
        .select_related("author", "approved_by")
        .order_by("-version")
    )


def lines_of(formula: MasterFormulationRecord) -> list[FormulaLine]:
    """Return the formula's lines in their order, with their ingredients and substances; see `is_made_in_house`."""
    lines = formula.lines.select_related("ingredient__substance")
    with_makers = lines.annotate(is_made_in_house=RawSQL(_IS_MADE, [], BooleanField()))
    return sorted(with_makers, key=lambda line: line.position)


_IS_MADE = (
    "EXISTS (SELECT 1 FROM formulations_masterformulationrecord m "
    "WHERE m.makes_id = formulations_formulaline.ingredient_id)"
)


def is_made_in_house(line: FormulaLine) -> bool:
    """Say of one of `lines_of` whether a formula of the house makes it: a triturate, corrected for potency already."""
    return bool(vars(line)["is_made_in_house"])


def excipient_flags(formula: MasterFormulationRecord) -> frozenset[str]:
    """Return what a patient may not tolerate in this formula, in an alternative too: "lactose", "gelatin"..."""
    contained = formula.lines.values_list("ingredient__contains", flat=True)
    return frozenset(flag for flags in contained for flag in flags)


def _approved() -> QuerySet[MasterFormulationRecord]:
    return (
        MasterFormulationRecord.objects.filter(state=FormulaState.APPROVED)
        .select_related("strength_substance")
        .order_by("name")
    )


def containers_at_dispensing(formula_ids: Iterable[int]) -> QuerySet[FormulaLine]:
    """Return the lines of these formulas whose container is chosen when capsules are handed out, not by their batch."""
    return (
        FormulaLine.objects.filter(
            formula__in=formula_ids,
            formula__dosage_form=DosageForm.CAPSULE,
            role=LineRole.CONTAINER,
        )
        .select_related("ingredient")
        .order_by("formula", "position")
    )
