"""Master formulation records: every version to be read, a draft to be approved, an approved one to be retired."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.amounts import Count
from pharmacy.backoffice.formula_page import formula_context, formula_with_parts
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.pages import StaffForm, Words, done, show
from pharmacy.batches.actions import plan_record
from pharmacy.batches.models import CompoundingRecord
from pharmacy.formulations.actions import approve_formula, draft_from, retire_formula
from pharmacy.formulations.changes import changes_between
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.formulations.queries import missing_items, versions_of
from pharmacy.formulations.states import FORMULA_STATES, FormulaState
from pharmacy.formulations.words import range_words
from pharmacy.inventory.models import Balance


class RetireForm(StaffForm):
    """Why nothing more is planned by a formula."""

    prefix = "retire"
    reason = Words(
        label=gettext_lazy("Why it is retired"),
        missing=gettext_lazy("Write why the formula is retired"),
    )


class DraftForm(StaffForm):
    """What a new version is for; with a code, the first version of a new formula."""

    prefix = "draft"
    reason = Words(
        label=gettext_lazy("Why a new version is needed"),
        missing=gettext_lazy("Write why a new version is needed"),
    )
    code = Words(
        label=gettext_lazy("Code of a new formula"),
        missing="",
        rows=1,
        required=False,
        help_text=gettext_lazy("Only when this becomes a formula of its own."),
    )


class MakeForm(StaffForm):
    """How much of a triturate is made for the shelf, and on which balance."""

    prefix = "make"
    grams = Count(label=gettext_lazy("Grams"), missing=gettext_lazy("Enter the grams"))
    balance = forms.ModelChoiceField(
        Balance.objects.order_by("name"),
        label=gettext_lazy("Balance"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the balance")},
    )


def formulas(request: StaffRequest) -> HttpResponse:
    """Show every version of every formula, the newest first."""
    found = MasterFormulationRecord.objects.select_related(
        "strength_substance", "author", "approved_by"
    ).order_by("code", "-version")
    rows = [{"formula": formula, "range": range_words(formula)} for formula in found]
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


def draft(request: StaffRequest, formula_id: int) -> HttpResponse:
    """Begin the next version as a copy, and open it for writing."""
    found = _formula(formula_id)
    if request.method != "POST":
        return redirect("admin:formula", formula_id)
    form = DraftForm(request.POST)
    begun: list[MasterFormulationRecord] = []

    def begin() -> None:
        begun.append(
            draft_from(formula=found, by=actor(request), at=timezone.now(), **form.cleaned_data)
        )

    if not done(form, begin):
        return _shown(request, found, sent=form)
    return redirect("admin:formula_edit", begun[0].pk, "record")


def make(request: StaffRequest, formula_id: int) -> HttpResponse:
    """Plan a batch of a triturate for the shelf."""
    found = _formula(formula_id)
    if request.method != "POST" or found.makes is None:
        return redirect("admin:formula", formula_id)
    form = MakeForm(request.POST)
    planned: list[CompoundingRecord] = []

    def plan() -> None:
        planned.append(
            plan_record(
                formula=found,
                strength=found.strength_min,
                units=form.cleaned_data["grams"],
                balance=form.cleaned_data["balance"],
                by=actor(request),
                at=timezone.now(),
            )
        )

    if not done(form, plan):
        return _shown(request, found, sent=form)
    messages.success(request, _("Batch %(number)s is planned.") % {"number": planned[0].number})
    return redirect("admin:batch", planned[0].pk)


def changes(request: StaffRequest, formula_id: int, other_id: int) -> HttpResponse:
    """Show what changed between two versions of one formula, line by line."""
    found, other = _formula(formula_id), _formula(other_id)
    if found.code != other.code:
        raise Http404
    older, newer = sorted((found, other), key=lambda formula: formula.version)
    context = {
        "section": "formulas",
        "formula": found,
        "older": older,
        "newer": newer,
        "changes": changes_between(older, newer),
    }
    return show(request, "formula_changes.html", context)


def _formula(formula_id: int) -> MasterFormulationRecord:
    try:
        return formula_with_parts(formula_id)
    except MasterFormulationRecord.DoesNotExist as none:
        raise Http404 from none


def _shown(
    request: StaffRequest, found: MasterFormulationRecord, sent: forms.Form | None = None
) -> HttpResponse:
    by = actor(request)
    is_draft = found.state == FormulaState.DRAFT
    may_make = found.state == FormulaState.APPROVED and found.makes is not None
    context: dict[str, Any] = {
        **formula_context(found),
        "section": "formulas",
        "formula": found,
        "missing": missing_items(found) if is_draft else [],
        "is_draft": is_draft,
        "may_approve": FORMULA_STATES.can_move(found.state, FormulaState.APPROVED, by),
        "is_author": found.author_id == request.user.pk,
        "may_retire": FORMULA_STATES.can_move(found.state, FormulaState.RETIRED, by),
        "retire": sent if isinstance(sent, RetireForm) else RetireForm(),
        "versions": versions_of(found.code),
        "draft": None if is_draft else _kept(sent, DraftForm),
        "make": _kept(sent, MakeForm) if may_make else None,
        "history": history_of(found),
    }
    return show(request, "formula.html", context, refused=sent)


def _kept(sent: forms.Form | None, kind: type[StaffForm]) -> forms.Form:
    return sent if isinstance(sent, kind) else kind()
