"""Deviations of a batch: written down by whoever sees one, closed by a pharmacist."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.batch_page import show_batch
from pharmacy.backoffice.bench_forms import DeviationForm
from pharmacy.backoffice.deviation_rows import close_form, close_name
from pharmacy.backoffice.pages import done
from pharmacy.batches.models import CompoundingRecord, Deviation, Disposition
from pharmacy.workflow.deviations import close_deviation, report_deviation


def report(request: StaffRequest, record_id: int) -> HttpResponse:
    """Write a deviation down."""
    record = get_object_or_404(CompoundingRecord, pk=record_id)
    form = DeviationForm(request.POST or None)
    if request.method != "POST":
        return redirect("admin:batch", record_id)
    told = done(
        form,
        lambda: report_deviation(
            record=record,
            what_happened=form.cleaned_data["what_happened"],
            what_was_done=form.cleaned_data["what_was_done"],
            by=actor(request),
            at=timezone.now(),
        ),
    )
    if not told:
        return show_batch(request, record_id, sent=("deviation", form))
    messages.success(request, _("The deviation is written down. A pharmacist closes it."))
    return redirect("admin:batch", record_id)


@pharmacists_only(gettext_lazy("close a deviation"))
def close(request: StaffRequest, record_id: int, deviation_id: int) -> HttpResponse:
    """Close a deviation with the pharmacist's decision and assessment."""
    deviation = get_object_or_404(
        Deviation.objects.select_related("quality_check"), pk=deviation_id, record_id=record_id
    )
    if request.method != "POST":
        return redirect("admin:batch", record_id)
    form = close_form(deviation, request.POST)
    closed = done(
        form,
        lambda: close_deviation(
            deviation=deviation,
            disposition=Disposition(form.cleaned_data["disposition"]),
            assessment=form.cleaned_data["assessment"],
            by=actor(request),
            at=timezone.now(),
        ),
    )
    if not closed:
        return show_batch(request, record_id, sent=(close_name(deviation_id), form))
    messages.success(request, _("The deviation is closed."))
    return redirect("admin:batch", record_id)
