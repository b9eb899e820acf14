"""Pages anybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pharmacy.leaflets.queries import conditions_to_show

DIRECTIONS = {
    "positive": _("Found a benefit"),
    "mixed": _("Mixed result"),
    "null": _("Found no benefit"),
    "safety": _("About safety"),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the pharmacy does, and three doors."""
    return render(request, "web/public/home.html")


@require_safe
def for_patients(request: HttpRequest) -> HttpResponse:
    """Show what happens with an order, for patients."""
    return render(request, "web/public/for_patients.html", {"section": "patients"})


@require_safe
def research(request: HttpRequest) -> HttpResponse:
    """Show what may be said about conditions, and the studies a pharmacist has read: found or not found alike."""
    context = {"section": "research", "conditions": conditions_to_show(), "directions": DIRECTIONS}
    return render(request, "web/public/research.html", context)
