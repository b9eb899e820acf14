"""Pages anybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


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
    """Show what may be said about conditions, and the studies a pharmacist has read."""
    return render(request, "web/public/research.html", {"section": "research"})
