"""Master formulation records: every version to be read, a draft to be approved, an approved one to be retired."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from pharmacy.backoffice import words
from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.pages import StaffForm, Words, done, show
from pharmacy.backoffice.plan_panel import Fact
from pharmacy.formulations.actions import approve_formula, retire_formula
from pharmacy.formulations.models import DosageForm, FormulaLine, LineRole, MasterFormulationRecord
from pharmacy.formulations.queries import lines_of, missing_items
from pharmacy.formulations.states import FORMULA_STATES, FormulaState


class RetireForm(StaffForm):
    """Why nothing more is planned by a formula."""

    prefix = "retire"
    reason = Words(
        label=gettext_lazy("Why it is retired"),
        missing=gettext_lazy("Write why the formula is retired"),
    )


def formulas(request: StaffRequest) -> HttpResponse:
    """Show every version of every formula, the newest first."""
    found = MasterFormulationRecord.objects.select_related(
        "strength_substance", "author", "approved_by"
    ).order_by("code", "-version")
    rows = [{"formula": formula, "range": _range(formula)} for formula in found]
    return show(request, "formulas.html", {"section": "formulas", "rows": rows})


def formula(request: StaffRequest, formula_id: int) -> HttpResponse:
    """Show one version, whole."""
    return _shown(request, _formula(formula_id))


@pharmacists_only(gettext_lazy("approve a formula"))
def approve(request: StaffRequest, formula_id: int) -> HttpResponse:
    """Approve a draft."""
    found = _formula(formula_id)
    if request.method != "POST":
        return redirect("admin:formula", formula_id)
    form = StaffForm(request.POST)
    if not done(form, lambda: approve_formula(formula=found, by=actor(request), at=timezone.now())):
        return _shown(request, found, sent=form)
    messages.success(request, _("%(formula)s is approved.") % {"formula": found})
    return redirect("admin:formula", formula_id)


@pharmacists_only(gettext_lazy("retire a formula"))
def retire(request: StaffRequest, formula_id: int) -> HttpResponse:
    """Retire an approved version."""
    found = _formula(formula_id)
    if request.method != "POST":
        return redirect("admin:formula", formula_id)
    form = RetireForm(request.POST)
    retired = done(
        form,
        lambda: retire_formula(
            formula=found, reason=form.cleaned_data["reason"], by=actor(request), at=timezone.now()
        ),
    )
    if not retired:
        return _shown(request, found, sent=form)
    messages.success(request, _("%(formula)s is retired.") % {"formula": found})
    return redirect("admin:formula", formula_id)


def _formula(formula_id: int) -> MasterFormulationRecord:
    found = MasterFormulationRecord.objects.select_related(
        "strength_substance", "author", "approved_by"
    )
    return get_object_or_404(found, pk=formula_id)


def _shown(
    request: StaffRequest, found: MasterFormulationRecord, sent: forms.Form | None = None
) -> HttpResponse:
    by = actor(request)
    is_draft = found.state == FormulaState.DRAFT
    context: dict[str, Any] = {
        "section": "formulas",
        "formula": found,
        "range": _range(found),
        "offered": [words.strength(each, found) for each in _offered(found)],
        "lines": [(line, _line_amount(line, found)) for line in lines_of(found)],
        "steps": found.steps.order_by("position"),
        "facts": _facts(found),
        "missing": missing_items(found) if is_draft else [],
        "is_draft": is_draft,
        "may_approve": FORMULA_STATES.can_move(found.state, FormulaState.APPROVED, by),
        "is_author": found.author_id == request.user.pk,
        "may_retire": FORMULA_STATES.can_move(found.state, FormulaState.RETIRED, by),
        "retire": sent if isinstance(sent, RetireForm) else RetireForm(),
        "history": history_of(found),
    }
    return show(request, "formula.html", context, refused=sent)


def _offered(found: MasterFormulationRecord) -> list[Any]:
    field = MasterFormulationRecord._meta.get_field("strength_min")
    return [field.to_python(each) for each in found.strengths_offered]


def _range(found: MasterFormulationRecord) -> str:
    return _("%(low)s to %(high)s") % {
        "low": wording.number(found.strength_min),
        "high": words.strength(found.strength_max, found),
    }


def _line_amount(line: FormulaLine, found: MasterFormulationRecord) -> str:
    if line.amount is None:
        follows = _("follows the strength and the lot's potency")
        return follows if line.role == LineRole.ACTIVE else _("fills up")
    unit = line.ingredient.get_unit_display()
    amount = f"{wording.number(line.amount)} {unit}"
    if line.role in (LineRole.SHELL, LineRole.CONTAINER):
        return _("%(amount)s a unit") % {"amount": wording.number(line.amount)}
    if found.dosage_form == DosageForm.DROPS:
        return _("%(amount)s in 100 mL") % {"amount": amount}
    return _("%(amount)s a capsule") % {"amount": amount}


def _facts(found: MasterFormulationRecord) -> list[Fact]:
    shorter = found.bud_days_shorter
    told = [
        (_("Strength of"), found.strength_substance.name),
        (_("Route"), found.route),
        (_("Overage"), wording.percent(found.overage_pct)),
        (_("Bottle, label volume"), found.package_ml and wording.millilitres(found.package_ml)),
        (_("Bottle, filled with"), found.fill_ml and wording.millilitres(found.fill_ml)),
        (_("Container and closure"), found.container_closure),
        (_("What it looks like"), found.physical_description),
        (_("Traits to tick"), "; ".join(found.expected_traits)),
        (_("Beyond-use class"), found.get_bud_class_display()),
        (_("Shorter limit"), shorter and wording.days(shorter)),
        (_("Source of the date"), found.bud_reference),
        (_("Storage"), found.storage),
        (_("Label instructions"), "; ".join(found.label_instructions)),
        (_("Calculations"), found.calculations),
        (_("Equipment"), "; ".join(found.equipment)),
        (_("Other information"), found.notes),
        (_("Why this version"), found.change_reason),
    ]
    return [Fact(label, str(value)) for label, value in told if value]
