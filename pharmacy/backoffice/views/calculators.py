"""The calculators: a page each, with the inputs in the address. No patient's data is asked for, and none is kept."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pharmacy.backoffice.access import StaffRequest
from pharmacy.backoffice.calculators.families import CALCULATORS, FAMILIES


@require_safe
def calculators(request: StaffRequest) -> HttpResponse:
    """Show every calculator, by family."""
    context = {"section": "calculators", "families": FAMILIES}
    return render(request, "admin/calculators/index.html", context)


@require_safe
def calculator(request: StaffRequest, key: str) -> HttpResponse:
    """Answer what the address asks: the whole page, or while somebody types the answer alone."""
    if key not in CALCULATORS:
        raise Http404
    family, found = CALCULATORS[key]
    asked = bool(request.GET)
    form = found.form_for(request.GET if asked else None)
    answer = found.answer(form) if asked else None
    refused = asked and answer is None
    context: dict[str, Any] = {
        "section": "calculators",
        "family": family,
        "calculator": found,
        "form": form,
        "answer": answer,
        "asked": asked,
        "now": timezone.localtime(),
    }
    if answer is not None and answer.picture is not None:
        context[answer.picture.name] = answer.picture.drawing
    if getattr(request, "htmx", False):
        return render(request, "admin/calculators/changed.html", context)
    context |= {"refused": form if refused else None, "page_has_errors": refused}
    return render(request, "admin/calculators/page.html", context, status=422 if refused else 200)
