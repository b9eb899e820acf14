"""What stands between a draft and its approval: the eleven items of USP <795> (2023) section 7, and what must fit."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.formulations.cautions import caution_faults
from pharmacy.formulations.models import (
    LIQUID_FORMS,
    BudBasis,
    BudClass,
    DosageForm,
    ExcipientFact,
    FormulaLine,
    LineRole,
    MasterFormulationRecord,
    QualityTest,
    StorageCondition,
    Substance,
    Unit,
)
from pharmacy.formulations.step_texts import KEY, OF_THE_BATCH, faults_in
from pharmacy.formulations.strengths import nearest_strengths
from pharmacy.formulations.words import STRENGTH_UNITS

ASKED_FOR = (
    "name",
    "route",
    "strength_step",
    "container_closure",
    "physical_description",
    "expected_traits",
    "bud_reference",
    "storage",
    "calculations",
    "equipment",
)
"""Items of USP <795> (2023) section 7 that are a text, a figure or a list, and may not be empty when approved."""

ONE_OF_EACH = {
    DosageForm.CAPSULE: (LineRole.ACTIVE, LineRole.FILLER, LineRole.SHELL),
    DosageForm.DROPS: (LineRole.ACTIVE, LineRole.VEHICLE, LineRole.CONTAINER),
    DosageForm.SUSPENSION: (LineRole.ACTIVE, LineRole.VEHICLE, LineRole.CONTAINER),
    DosageForm.TRITURATE: (LineRole.ACTIVE, LineRole.FILLER),
}
"""Every form has exactly one line in each of these roles; an active may have alternatives beside it."""

AS_MANY_AS_WANTED = {
    DosageForm.CAPSULE: (LineRole.EXCIPIENT, LineRole.CONTAINER),
    DosageForm.DROPS: (LineRole.EXCIPIENT,),
    DosageForm.SUSPENSION: (LineRole.EXCIPIENT,),
    DosageForm.TRITURATE: (LineRole.CONTAINER,),
}
"""Other roles of each form. The container of capsules is chosen when they are dispensed."""

UNITS_OF_ROLE = {
    LineRole.ACTIVE: (Unit.MG,),
    LineRole.EXCIPIENT: (Unit.MG, Unit.ML),
    LineRole.FILLER: (Unit.MG,),
    LineRole.VEHICLE: (Unit.ML,),
    LineRole.SHELL: (Unit.EACH,),
    LineRole.CONTAINER: (Unit.EACH,),
}

TESTS_OF_FORM = {
    DosageForm.CAPSULE: (QualityTest.FILL_WEIGHT, QualityTest.APPEARANCE),
    DosageForm.DROPS: (QualityTest.VOLUME, QualityTest.APPEARANCE, QualityTest.CLOSURE),
    DosageForm.SUSPENSION: (QualityTest.VOLUME, QualityTest.APPEARANCE, QualityTest.CLOSURE),
    DosageForm.TRITURATE: (QualityTest.APPEARANCE,),
}
"""Quality control that no formula of a form may leave out."""

_NONAQUEOUS = (BudClass.NONAQUEOUS_LIQUID, BudClass.NONAQUEOUS_OTHER)


def missing_items(formula: MasterFormulationRecord) -> list[str]:
    """Return, in sentences, what stands between this draft and its approval; empty when it is complete."""
    lines = list(
        formula.lines.select_related("ingredient__substance")
        .prefetch_related("ingredient__cautions__substance")
        .order_by("position")
    )
    return [
        *_empty_fields(formula),
        *_doubtful_strengths(formula),
        *_beyond_use_faults(formula),
        *_study_faults(formula),
        *_role_gaps(formula, lines),
        *(fault for line in lines for fault in _line_faults(formula, line)),
        *caution_faults(formula.strength_substance, lines),
        *_made_faults(formula, lines),
        *_step_faults(formula, lines),
        *_check_faults(formula),
    ]


def _empty_fields(formula: MasterFormulationRecord) -> Iterator[str]:
    asked = ASKED_FOR if formula.version == 1 else (*ASKED_FOR, "change_reason")
    for name in asked:
        if not getattr(formula, name):
            yield _("“%(item)s” is empty.") % {"item": _label(name)}


def _doubtful_strengths(formula: MasterFormulationRecord) -> Iterator[str]:
    unit = STRENGTH_UNITS[DosageForm(formula.dosage_form)]
    if formula.strength_unit != unit:
        yield _("The strength of this form is stated in %(unit)s.") % {"unit": unit}
    if not formula.strengths_offered:
        yield _("“strengths offered” is empty.")
    for text in formula.strengths_offered:
        offered = Decimal(text)
        if not formula.strength_min <= offered <= formula.strength_max:
            yield _("The strength %(strength)s is offered but out of range.") % {"strength": text}
        elif offered not in nearest_strengths(formula, offered):
            yield _("The strength %(strength)s is offered but lies between two steps.") % {
                "strength": text
            }
    highest = nearest_strengths(formula, formula.strength_max)
    if formula.strength_max not in highest:
        yield _(
            "The highest strength is no whole number of steps above the lowest; %(nearest)s is."
        ) % {"nearest": wording.number(highest[0])}


def _beyond_use_faults(formula: MasterFormulationRecord) -> Iterator[str]:
    """Source: USP <795> (2023) section 10, Table 4; a water activity below 0.6 is never read off names."""
    if formula.bud_class in _NONAQUEOUS and not formula.water_activity_basis:
        yield _(
            "Say why the water activity is below 0.6: a row of the chapter's table, a test, a statement."
        )
    cold = formula.storage_condition == StorageCondition.REFRIGERATOR
    if formula.bud_class == BudClass.AQUEOUS_NONPRESERVED and not cold:
        yield _("What is aqueous and not preserved is kept in the refrigerator.")


_OF_A_STUDY = (
    "bud_study_reference",
    "bud_study_days",
    "bud_study_container",
    "bud_study_storage",
)


def _study_faults(formula: MasterFormulationRecord) -> Iterator[str]:
    """What has to be known of the study or monograph that the beyond-use date rests on. USP <795> (2023) section 10."""
    if formula.bud_basis == BudBasis.CLASS_LIMIT:
        return
    for name in _OF_A_STUDY:
        if not getattr(formula, name):
            yield _("“%(item)s” is empty.") % {"item": _label(name)}
    if formula.bud_study_storage not in ("", formula.storage_condition):
        yield _("It is stored otherwise than it was studied: %(studied)s.") % {
            "studied": formula.get_bud_study_storage_display()
        }


def _label(name: str) -> str:
    return str(MasterFormulationRecord._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _role_gaps(formula: MasterFormulationRecord, lines: list[FormulaLine]) -> Iterator[str]:
    form = DosageForm(formula.dosage_form)
    for role in ONE_OF_EACH[form]:
        count = sum(line.role == role and not line.is_alternative for line in lines)
        if count != 1:
            yield _("It needs exactly one ingredient as %(role)s and has %(count)s.") % {
                "role": role.label,
                "count": count,
            }
    for line in lines:
        if line.role not in (*ONE_OF_EACH[form], *AS_MANY_AS_WANTED[form]):
            yield _("This form has no place for %(ingredient)s as %(role)s.") % {
                "ingredient": line.ingredient,
                "role": line.get_role_display(),
            }
    alternatives = [line for line in lines if line.is_alternative]
    if alternatives and form not in (DosageForm.CAPSULE, *LIQUID_FORMS):
        yield _("Only the active of capsules or of a liquid may have an alternative.")
    active = {
        line.key for line in lines if line.role == LineRole.ACTIVE and not line.is_alternative
    }
    for line in alternatives:
        if line.key not in active:
            yield _(
                "%(ingredient)s stands in for the active and carries its name in the steps."
            ) % {"ingredient": line.ingredient}


def _line_faults(formula: MasterFormulationRecord, line: FormulaLine) -> Iterator[str]:
    ingredient = line.ingredient
    units = UNITS_OF_ROLE[LineRole(line.role)]
    if formula.dosage_form == DosageForm.CAPSULE and line.role == LineRole.EXCIPIENT:
        units = (Unit.MG,)
    if ingredient.unit not in units:
        yield _("%(ingredient)s is stocked in %(unit)s and cannot serve as %(role)s.") % {
            "ingredient": ingredient,
            "unit": ingredient.unit,
            "role": line.get_role_display(),
        }
    if line.role in (LineRole.SHELL, LineRole.CONTAINER) and line.amount != 1:
        yield _("One %(ingredient)s belongs to each unit.") % {"ingredient": ingredient}
    if not KEY.fullmatch(line.key) or line.key in OF_THE_BATCH:
        yield _("%(ingredient)s needs a name for the steps, in small letters.") % {
            "ingredient": ingredient
        }
    if line.role == LineRole.ACTIVE:
        yield from _active_faults(formula, line)
    if line.role != LineRole.CONTAINER:
        yield from _fact_faults(line)


def _active_faults(formula: MasterFormulationRecord, line: FormulaLine) -> Iterator[str]:
    """The powder holds what the strength is stated of, or a form of it that molecular weights convert."""
    wanted, supplied = formula.strength_substance, line.ingredient.substance
    names = {"ingredient": line.ingredient, "substance": wanted}
    if supplied is None or not supplied.is_form_with(wanted):
        yield _("%(ingredient)s is not %(substance)s, of which the strength is stated.") % names
    elif supplied != wanted and not _both_weighed(supplied, wanted):
        yield _("%(ingredient)s and %(substance)s need their molecular weights.") % names


def _both_weighed(supplied: Substance, wanted: Substance) -> bool:
    return bool(supplied.molecular_weight and wanted.molecular_weight)


def _fact_faults(line: FormulaLine) -> Iterator[str]:
    """A patient's exclusions are held against these facts; a fact nobody looked up is not a "no"."""
    ingredient = line.ingredient
    if not ingredient.facts_source:
        yield _("Nobody has looked up what %(ingredient)s contains: allergens and diet.") % {
            "ingredient": ingredient
        }
    for fact in ingredient.contains:
        if fact not in ExcipientFact.values:
            yield _(
                "“%(fact)s”, which %(ingredient)s contains, is no fact that patients are asked about."
            ) % {
                "fact": fact,
                "ingredient": ingredient,
            }


def _made_faults(formula: MasterFormulationRecord, lines: list[FormulaLine]) -> Iterator[str]:
    made = formula.makes
    if made is None:
        return
    same = made.substance is not None and made.substance == formula.strength_substance
    if made.unit != Unit.MG or not same:
        yield _("%(ingredient)s is not a powder of %(substance)s.") % {
            "ingredient": made,
            "substance": formula.strength_substance,
        }
    contained = {fact for line in lines for fact in line.ingredient.contains}
    hidden = sorted(contained - set(made.contains))
    if hidden:
        yield _("%(ingredient)s does not say that it contains %(facts)s.") % {
            "ingredient": made,
            "facts": ", ".join(hidden),
        }
    if formula.strength_min != formula.strength_max:
        yield _("A triturate is made in one strength; its lots are told apart by nothing else.")


def _step_faults(formula: MasterFormulationRecord, lines: list[FormulaLine]) -> Iterator[str]:
    steps = list(formula.steps.order_by("position"))
    if not steps:
        yield _("There is no step of the procedure.")
    keys = quantity_keys(formula, lines)
    for step in steps:
        for fault in faults_in(step.text, keys):
            yield _("Step %(number)s: %(fault)s") % {"number": step.position, "fault": fault}


def quantity_keys(formula: MasterFormulationRecord, lines: Iterable[FormulaLine]) -> list[str]:
    """Return the names that become quantities in the steps. The vial of capsules is none: no batch takes it."""
    is_capsule = formula.dosage_form == DosageForm.CAPSULE
    planned = (line for line in lines if not (is_capsule and line.role == LineRole.CONTAINER))
    return list(dict.fromkeys(line.key for line in planned if line.key))


def _check_faults(formula: MasterFormulationRecord) -> Iterator[str]:
    checks = list(formula.quality_checks.order_by("position"))
    kinds = {check.kind for check in checks}
    for kind in TESTS_OF_FORM[DosageForm(formula.dosage_form)]:
        if kind not in kinds:
            yield _("There is no quality control of %(kind)s.") % {"kind": kind.label}
    for check in checks:
        if check.kind == QualityTest.PH and (check.lowest is None or check.highest is None):
            yield _("The pH needs a lowest and a highest value.")
