"""Batches made ahead of orders, and orders filled from finished stock."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding.errors import Refusal
from pharmacy.backoffice import queue
from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.bench_forms import AheadForm
from pharmacy.backoffice.pages import done, show
from pharmacy.backoffice.views.make import not_from_stock
from pharmacy.batches.models import CompoundingRecord
from pharmacy.orders.models import OrderLine
from pharmacy.workflow.make_ahead import fill_from_stock, plan_ahead


def ahead(request: StaffRequest) -> HttpResponse:
    """Plan a batch that no order waits for, as far as the history allows."""
    form = AheadForm(request.POST if request.method == "POST" else None)
    planned: list[CompoundingRecord] = []
    if request.method != "POST" or not done(form, lambda: planned.append(_plan(request, form))):
        context = {"section": "to_make", "rail": queue.rail(), "form": form}
        refused = form if request.method == "POST" else None
        return show(request, "make_ahead.html", context, refused=refused)
    messages.success(request, _("Batch %(number)s is planned.") % {"number": planned[0].number})
    return redirect("admin:batch", planned[0].pk)


def _plan(request: StaffRequest, form: AheadForm) -> CompoundingRecord:
    return plan_ahead(
        formula=form.cleaned_data["formula"],
        strength=form.cleaned_data["strength"],
        units=form.cleaned_data["units"],
        reason=form.cleaned_data["reason"],
        balance=form.cleaned_data["balance"],
        by=actor(request),
        at=timezone.now(),
    )


@pharmacists_only(gettext_lazy("fill orders from stock"))
def from_stock(request: StaffRequest) -> HttpResponse:
    """Fill the ticked lines from a released batch."""
    key = request.POST.get("record", "")
    if request.method != "POST":
        return redirect("admin:to_make")
    if not key.isdecimal():
        return not_from_stock(request, _("Choose the batch to fill them from."))
    record = get_object_or_404(CompoundingRecord, pk=int(key))
    ticked = [int(each) for each in request.POST.getlist("lines") if each.isdecimal()]
    try:
        fill_from_stock(
            lines=list(OrderLine.objects.filter(pk__in=ticked)),
            record=record,
            by=actor(request),
            at=timezone.now(),
        )
    except Refusal as refusal:
        return not_from_stock(request, str(refusal))
    messages.success(request, _("Filled from lot %(number)s.") % {"number": record.number})
    return redirect("admin:to_make")
