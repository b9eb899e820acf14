"""The editor of a draft: the record, its ingredients, its steps, its quality control, each on its own page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.formula_forms import RecordForm, Rows, record_form, rows_form
from pharmacy.backoffice.formula_page import formula_with_parts
from pharmacy.backoffice.pages import done, show
from pharmacy.formulations.actions import (
    rewrite_checks,
    rewrite_facts,
    rewrite_lines,
    rewrite_steps,
)
from pharmacy.formulations.completeness import quantity_keys
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.formulations.queries import missing_items
from pharmacy.formulations.states import FormulaState

RECORD = "record"
_WRITERS: dict[str, Callable[..., MasterFormulationRecord]] = {
    "ingredients": lambda rows, **who: rewrite_lines(lines=rows, **who),
    "steps": lambda rows, **who: rewrite_steps(steps=rows, **who),
    "checks": lambda rows, **who: rewrite_checks(checks=rows, **who),
}


def edit(request: StaffRequest, formula_id: int, part: str) -> HttpResponse:
    """Show a part of a draft to its author, and keep what was written."""
    found = _draft(formula_id)
    if part != RECORD and part not in _WRITERS:
        raise Http404
    if found.state != FormulaState.DRAFT or found.author_id != request.user.pk:
        return redirect("admin:formula", found.pk)
    form = _form(found, part, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _shown(request, found, part, form)
    if not _kept(request, found, part, form):
        return _shown(request, found, part, form, refused=True)
    messages.success(request, _("Kept."))
    return redirect("admin:formula_edit", found.pk, part)


def _draft(formula_id: int) -> MasterFormulationRecord:
    try:
        return formula_with_parts(formula_id)
    except MasterFormulationRecord.DoesNotExist as none:
        raise Http404 from none


def _form(found: MasterFormulationRecord, part: str, data: Any) -> RecordForm | Rows:
    return record_form(found, data) if part == RECORD else rows_form(found, part, data)


def _kept(
    request: StaffRequest, found: MasterFormulationRecord, part: str, form: RecordForm | Rows
) -> bool:
    who: dict[str, Any] = {"formula": found, "by": actor(request), "at": timezone.now()}
    if isinstance(form, RecordForm):
        return done(form, lambda: rewrite_facts(facts=form.facts(), **who))
    if not form.is_valid():
        return False
    try:
        _WRITERS[part](form.drafts(), **who)
    except Refusal as refusal:
        form.refusal = str(refusal)
        return False
    return True


def _shown(
    request: StaffRequest,
    found: MasterFormulationRecord,
    part: str,
    form: RecordForm | Rows,
    *,
    refused: bool = False,
) -> HttpResponse:
    parts = (
        (RECORD, _("The record")),
        ("ingredients", _("Ingredients")),
        ("steps", _("Procedure")),
        ("checks", _("Quality control")),
    )
    context = {
        "section": "formulas",
        "formula": found,
        "parts": parts,
        "part": part,
        "title": dict(parts)[part],
        "form": form if isinstance(form, RecordForm) else None,
        "rows": form if isinstance(form, Rows) else None,
        "missing": missing_items(found),
        "keys": quantity_keys(found, found.lines.all()),
    }
    return show(request, "formula_edit.html", context, refused=form if refused else None)  # type: ignore[arg-type]
