"""Photographs of a batch: taken at the bench or on the batch's page, shown only to staff."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.batch_page import show_batch
from pharmacy.backoffice.bench_forms import PhotoForm, photo_bytes
from pharmacy.backoffice.pages import done
from pharmacy.batches.models import CompoundingRecord, Photo
from pharmacy.workflow.keep_photo import keep_photo


def keep(request: StaffRequest, record_id: int) -> HttpResponse:
    """Keep a photograph with what it shows; the bench goes on where it was."""
    record = get_object_or_404(CompoundingRecord, pk=record_id)
    if request.method != "POST":
        return redirect("admin:batch", record_id)
    form = PhotoForm(request.POST, request.FILES)
    kept = done(
        form,
        lambda: keep_photo(
            record=record,
            shows=form.cleaned_data["shows"],
            content=photo_bytes(form.cleaned_data["photo"]),
            by=actor(request),
            at=timezone.now(),
        ),
    )
    if not kept:
        return show_batch(request, record_id, sent=("photo", form))
    messages.success(request, _("The photograph is kept."))
    if "at_bench" in request.POST:
        return redirect("admin:bench", record_id)
    return redirect(reverse("admin:batch", args=[record_id]) + "#photos")


def photo(request: StaffRequest, record_id: int, photo_id: int) -> HttpResponse:
    """Return a kept photograph; nothing in it may run or load anything, and no browser keeps it."""
    kept = get_object_or_404(Photo, pk=photo_id, record_id=record_id)
    answer = HttpResponse(bytes(kept.image), content_type="image/jpeg")
    answer["Content-Disposition"] = "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
