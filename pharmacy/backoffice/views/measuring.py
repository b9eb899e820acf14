"""The instruments: a balance's calibrations and repeatability, the drops that a dropper gives."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from compounding.drops import DropperCalibration as CountedDrops
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.measuring_forms import CalibrationForm, DropperForm, RepeatabilityForm
from pharmacy.backoffice.pages import done, show
from pharmacy.inventory.measurements import (
    record_balance_calibration,
    record_dropper_calibration,
    record_repeatability,
)
from pharmacy.inventory.models import Balance, DropperCalibration
from pharmacy.inventory.queries import least_weighable_mg

MOST_SHOWN = 100


def care(request: StaffRequest, balance_id: int) -> HttpResponse:
    """Show a balance's calibrations and tests."""
    return _care(request, get_object_or_404(Balance, pk=balance_id))


def calibrate(request: StaffRequest, balance_id: int) -> HttpResponse:
    """Record a calibration."""
    found = get_object_or_404(Balance, pk=balance_id)
    form = CalibrationForm(request.POST or None)
    if request.method != "POST":
        return redirect("admin:balance_care", found.pk)
    if not done(
        form,
        lambda: record_balance_calibration(
            balance=found,
            passed=form.cleaned_data["passed"] == "yes",
            done_by=form.cleaned_data["done_by"],
            certificate_number=form.cleaned_data["certificate_number"],
            due_on=form.cleaned_data["due_on"],
            by=actor(request),
            at=timezone.now(),
        ),
    ):
        return _care(request, found, sent=form)
    messages.success(request, _("The calibration is kept."))
    return redirect("admin:balance_care", found.pk)


def repeat(request: StaffRequest, balance_id: int) -> HttpResponse:
    """Record a repeatability test."""
    found = get_object_or_404(Balance, pk=balance_id)
    form = RepeatabilityForm(request.POST or None)
    if request.method != "POST":
        return redirect("admin:balance_care", found.pk)
    if not done(
        form,
        lambda: record_repeatability(
            balance=found,
            test_weight_mg=form.cleaned_data["test_weight_mg"],
            readings_mg=form.cleaned_data["readings_mg"],
            by=actor(request),
            at=timezone.now(),
        ),
    ):
        return _care(request, found, sent=form)
    messages.success(request, _("The test is kept."))
    return redirect("admin:balance_care", found.pk)


def _care(request: StaffRequest, found: Balance, sent: forms.Form | None = None) -> HttpResponse:
    today = timezone.localdate()
    context: dict[str, Any] = {
        "section": "lots",
        "balance": found,
        "is_overdue": found.calibration_due_on < today,
        "least": wording.mass(least_weighable_mg(found, today)),
        "calibrations": found.calibrations.select_related("by").order_by("-pk")[:MOST_SHOWN],
        "tests": found.repeatability_tests.select_related("by").order_by("-pk")[:MOST_SHOWN],
        "calibration_form": sent if isinstance(sent, CalibrationForm) else CalibrationForm(),
        "repeatability_form": sent if isinstance(sent, RepeatabilityForm) else RepeatabilityForm(),
    }
    return show(request, "balance_care.html", context, refused=sent)


def droppers(request: StaffRequest) -> HttpResponse:
    """Show the calibrations of droppers, the newest first, and record one."""
    form = DropperForm(request.POST or None)
    if request.method == "POST" and done(form, lambda: _record_drops(request, form)):
        messages.success(request, _("The calibration is kept. The newest one counts."))
        return redirect("admin:droppers")
    kept = DropperCalibration.objects.select_related("formula", "dropper", "measured_by")
    context = {
        "section": "lots",
        "form": form,
        "rows": [
            {"calibration": each, "drops_per_ml": _drops_per_ml(each)}
            for each in kept.order_by("-measured_on", "-pk")[:MOST_SHOWN]
        ],
    }
    return show(request, "droppers.html", context, refused=form if form.errors else None)


def _record_drops(request: StaffRequest, form: DropperForm) -> DropperCalibration:
    values = form.cleaned_data
    return record_dropper_calibration(
        formula=values["formula"],
        dropper=values["dropper"],
        drops=values["drops"],
        volume_ml=values["volume_ml"],
        mass_mg=values["mass_mg"],
        density_g_per_ml=values["density_g_per_ml"],
        by=actor(request),
        at=timezone.now(),
    )


def _drops_per_ml(kept: DropperCalibration) -> str:
    counted = CountedDrops(drops_counted=kept.drops, volume_ml=kept.volume_ml)
    return wording.rounded(counted.drops_per_ml(), 1)
