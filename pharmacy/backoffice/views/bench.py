"""The bench screen: scan the container, record the reading, follow the step, then the next one."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.bench_forms import BalanceReadingForm, ScanForm, StepForm, WeighForm
from pharmacy.backoffice.bench_page import bench_page, reading_context
from pharmacy.backoffice.pages import done
from pharmacy.batches.bench_steps import steps_for
from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.inventory.models import Balance
from pharmacy.workflow import follow_step, scan_container, weigh


def bench(request: StaffRequest, record_id: int) -> HttpResponse:
    """Show what is to be done now, or the line that is asked for."""
    asked = request.GET.get("line", "")
    return _shown(request, record_id, line_id=int(asked) if asked.isdecimal() else None)


def scan(request: StaffRequest, record_id: int, line_id: int) -> HttpResponse:
    """Take the scan of a container; the wrong one stops the step."""
    line, form = _line(record_id, line_id), ScanForm(request.POST or None)
    return _step(
        request,
        record_id,
        "scan",
        form,
        lambda: scan_container.scan_container(
            line=line, scanned=form.cleaned_data["scanned"], by=actor(request), at=timezone.now()
        ),
        "",
        line_id=line_id,
    )


def record_weight(request: StaffRequest, record_id: int, line_id: int) -> HttpResponse:
    """Record what a person weighed, poured or counted for one line."""
    line = _line(record_id, line_id)
    form = WeighForm(request.POST or None, line=line)
    return _step(
        request,
        record_id,
        "weigh",
        form,
        lambda: weigh.record_weighing(
            line=line,
            amount=form.cleaned_data["amount"],
            balance=form.cleaned_data.get("balance"),
            by=actor(request),
            at=timezone.now(),
        ),
        _is_weighed(line),
        line_id=line_id,
    )


def take_reading(request: StaffRequest, record_id: int, line_id: int) -> HttpResponse:
    """Record the newest reading that the balance sent for one line."""
    line, form = _line(record_id, line_id), BalanceReadingForm(request.POST or None)
    return _step(
        request,
        record_id,
        "read",
        form,
        lambda: weigh.record_reading(
            line=line,
            balance=form.cleaned_data["balance"],
            by=actor(request),
            at=timezone.now(),
        ),
        _is_weighed(line),
        line_id=line_id,
    )


def reading(request: StaffRequest, record_id: int, line_id: int, balance_id: int) -> HttpResponse:
    """Show the newest reading of a balance; the bench screen asks for it again and again."""
    line = _line(record_id, line_id)
    balance = get_object_or_404(Balance, pk=balance_id)
    context = {
        "record": line.record,
        "line": line,
        **reading_context(line, balance, now=timezone.now()),
    }
    return render(request, "admin/desk/parts/reading.html", context)


def follow(request: StaffRequest, record_id: int, position: int) -> HttpResponse:
    """Mark a step of the procedure as done, with what is entered for it."""
    found = get_object_or_404(CompoundingRecord.objects.select_related("formula"), pk=record_id)
    step = next((each for each in steps_for(found) if each.position == position), None)
    if step is None:
        return redirect("admin:bench", record_id)
    form = StepForm(request.POST or None, step=step)
    return _step(
        request,
        record_id,
        "step",
        form,
        lambda: follow_step.mark_step_done(
            record=found,
            step=step,
            entry=form.entry(),
            by=actor(request),
            at=timezone.now(),
        ),
        _("Step %(number)s is done.") % {"number": position},
        position=position,
    )


def _is_weighed(line: BatchLine) -> str:
    return capfirst(_("%(ingredient)s is weighed.") % {"ingredient": line.ingredient.label_name})


def _line(record_id: int, line_id: int) -> BatchLine:
    return get_object_or_404(
        BatchLine.objects.select_related("ingredient", "lot__ingredient", "record", "weighing"),
        pk=line_id,
        record_id=record_id,
    )


def _step(
    request: StaffRequest,
    record_id: int,
    key: str,
    form: forms.Form,
    call: Callable[[], object],
    said: str,
    *,
    line_id: int | None = None,
    position: int | None = None,
) -> HttpResponse:
    """Take one step: the next thing to do when it is done, the same with the refusal when not."""
    if request.method != "POST":
        return redirect("admin:bench", record_id)
    if not done(form, call):
        return _shown(request, record_id, sent=(key, form), line_id=line_id, position=position)
    if said:
        messages.success(request, said)
        return redirect("admin:bench", record_id)
    return redirect(f"{reverse('admin:bench', args=[record_id])}?line={line_id}")


def _shown(
    request: StaffRequest,
    record_id: int,
    sent: tuple[str, forms.Form] | None = None,
    *,
    line_id: int | None = None,
    position: int | None = None,
) -> HttpResponse:
    # The refusal stands beside the field, which keeps the focus: a scanner goes on typing there.
    context = bench_page(record_id, sent=sent, line_id=line_id, position=position)
    return render(request, "admin/desk/bench.html", context, status=422 if sent else 200)
