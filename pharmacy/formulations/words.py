"""How a formula's strengths, units and forms are said."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compounding import wording
from pharmacy.formulations.models import DosageForm, MasterFormulationRecord

STRENGTH_UNITS = {
    DosageForm.CAPSULE: "mg",
    DosageForm.DROPS: "mg/mL",
    DosageForm.SUSPENSION: "mg/mL",
    DosageForm.TRITURATE: "%",
}
"""In what the strength of each form is stated."""


def strength_words(formula: MasterFormulationRecord, strength: Decimal) -> str:
    """Return a strength with its unit: "1.5 mg", "1 mg/mL", "1%"."""
    if formula.is_liquid:
        return wording.concentration(strength)
    if formula.dosage_form == DosageForm.TRITURATE:
        return wording.percent(strength, 4)
    return wording.mass(strength)


def in_its_unit(formula: MasterFormulationRecord, strength: Decimal) -> str:
    """Return a strength in the unit of the formula, however small: "0.05 mg", beside others to compare it with."""
    if formula.dosage_form == DosageForm.CAPSULE:
        return wording.milligrams(strength)
    return strength_words(formula, strength)


def units_words(formula: MasterFormulationRecord, count: int | Decimal) -> str:
    """Return a number of a formula's units: "126 capsules", "2 bottles", "10 g" of a triturate."""
    whole = int(count)
    if formula.dosage_form == DosageForm.TRITURATE:
        return _("%(count)s g") % {"count": wording.number(whole)}
    if formula.is_liquid:
        return ngettext("%(count)s bottle", "%(count)s bottles", whole) % {"count": whole}
    return ngettext("%(count)s capsule", "%(count)s capsules", whole) % {"count": whole}


def forms_words(formula: MasterFormulationRecord) -> str:
    """Return the form as it stands inside a sentence: "capsules", "drops", "oral suspension"."""
    return {
        DosageForm.CAPSULE: _("capsules"),
        DosageForm.DROPS: _("drops"),
        DosageForm.SUSPENSION: _("oral suspension"),
        DosageForm.TRITURATE: _("triturate"),
    }[DosageForm(formula.dosage_form)]


def range_words(formula: MasterFormulationRecord) -> str:
    """Return the range with its step: "0.1 to 10 mg in steps of 0.05 mg"; one strength alone when there is but one."""
    if formula.strength_min == formula.strength_max:
        return in_its_unit(formula, formula.strength_min)
    said = _("%(low)s to %(high)s") % {
        "low": wording.number(formula.strength_min),
        "high": in_its_unit(formula, formula.strength_max),
    }
    if formula.strength_step is None:
        return said
    return _("%(range)s in steps of %(step)s") % {
        "range": said,
        "step": in_its_unit(formula, formula.strength_step),
    }


def study_words(formula: MasterFormulationRecord) -> list[tuple[str, str]]:
    """Return what is known of the study or monograph that a beyond-use date rests on, named; empty without one."""
    if formula.bud_study_days is None:
        return []
    yes_no = {True: _("yes"), False: _("no")}
    return [
        (_("Study or monograph"), formula.bud_study_reference or "–"),
        (_("Days it supports"), wording.days(formula.bud_study_days)),
        (_("Container that was studied"), formula.bud_study_container or "–"),
        (_("Storage that was studied"), str(formula.get_bud_study_storage_display()) or "–"),
        (_("This formulation in this container"), yes_no[formula.bud_study_same]),
        (_("Stability-indicating method"), yes_no[formula.bud_study_indicating]),
        (_("Antimicrobial effectiveness documented"), yes_no[formula.bud_study_antimicrobial]),
    ]
