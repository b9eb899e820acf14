"""The bench: one batch from its worksheet to its release, one step at a time."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice import queue, words
from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.batch_page import latest_day_needed, show_batch
from pharmacy.backoffice.bench_forms import (
    FinishForm,
    LookForm,
    PhForm,
    ReadingsForm,
    RejectForm,
    SetAsideForm,
    TraitsForm,
    VerifyForm,
)
from pharmacy.backoffice.check_rows import check_form, latest_of
from pharmacy.backoffice.lot_offers import offers_for
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.batches.models import CheckKind, CompoundingRecord, QualityCheck, UnitPlace
from pharmacy.batches.queries import record_for_page, records_in
from pharmacy.batches.states import BatchState
from pharmacy.workflow import (
    check_batch,
    finish_batch,
    print_papers,
    second_look,
    set_aside,
    verify_batch,
)

LISTS = {
    "making": ("making", gettext_lazy("Being made"), queue.OPEN_BATCHES),
    "verify": ("verify", gettext_lazy("Verify batches"), (BatchState.CHECKED,)),
    "all": ("", gettext_lazy("Batches"), ()),
}
ROWS_A_PAGE = 50


def batches(request: StaffRequest) -> HttpResponse:
    """Show the batches of a list, the newest first."""
    current, title, states = LISTS.get(request.GET.get("list", ""), LISTS["all"])
    found = records_in(states).order_by("-pk")
    older_than = request.GET.get("older_than", "")
    if older_than.isdigit():
        found = found.filter(pk__lt=int(older_than))
    shown = list(found[: ROWS_A_PAGE + 1])
    now = timezone.now()
    context = {
        "section": "batches",
        "rail": queue.rail(),
        "current": current,
        "title": title,
        "rows": [
            {
                "record": record,
                "strength": words.strength(record.strength, record.formula),
                "units": words.units(record.units_made or record.units_wanted, record.formula),
                "age": words.age(record.planned_at, now=now),
            }
            for record in shown[:ROWS_A_PAGE]
        ],
        "older": shown[ROWS_A_PAGE - 1].pk if len(shown) > ROWS_A_PAGE else None,
        "list": request.GET.get("list", ""),
    }
    return show(request, "batches.html", context)


def batch(request: StaffRequest, record_id: int) -> HttpResponse:
    """Show a batch."""
    return show_batch(request, record_id)


def lots(request: StaffRequest, record_id: int) -> HttpResponse:
    """Show which lots could be used for a batch today, and why the others could not."""
    record = record_for_page(_record(record_id).number)
    until = latest_day_needed(record, timezone.now())
    context = {
        "section": "batches",
        "record": record,
        "until": until,
        "offers": offers_for(record, on=timezone.localdate(), needed_until=until),
    }
    return show(request, "batch_lots.html", context)


def finish(request: StaffRequest, record_id: int) -> HttpResponse:
    """Finish compounding: what came out, and what it looks like."""
    found, form = _record(record_id), FinishForm(request.POST or None)
    return _step(
        request,
        record_id,
        "finish",
        form,
        lambda: finish_batch.finish_compounding(
            record=found,
            units_made=form.cleaned_data["units_made"],
            units_tested=form.cleaned_data["units_tested"] or 0,
            units_wasted=form.cleaned_data["units_wasted"],
            observed_description=form.cleaned_data["observed_description"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("Batch %(number)s is compounded. Its beyond-use date is set.") % {"number": found.number},
    )


def check(request: StaffRequest, record_id: int, kind: str) -> HttpResponse:
    """Record one quality check."""
    found = record_for_page(_record(record_id).number)
    if kind not in CheckKind.values:
        return redirect("admin:batch", record_id)
    of_kind = CheckKind(kind)
    before = latest_of(found).get(of_kind)
    form = check_form(found, of_kind, request.POST or None, failed_before=before is not None)
    if request.method != "POST":
        return redirect("admin:batch", record_id)
    recorded: list[QualityCheck] = []
    if not done(form, lambda: recorded.append(_record_check(request, found, of_kind, form))):
        return show_batch(request, record_id, sent=(kind, form))
    if recorded[0].passed:
        said = _("The check of %(kind)s is recorded: passed.")
        messages.success(request, said % {"kind": of_kind.label})
    else:
        said = _("The check of %(kind)s failed. A deviation is open; a pharmacist decides.")
        messages.error(request, said % {"kind": of_kind.label})
    return redirect("admin:batch", record_id)


def _record_check(
    request: StaffRequest,
    found: CompoundingRecord,
    kind: CheckKind,
    form: ReadingsForm | TraitsForm | PhForm,
) -> QualityCheck:
    shared: dict[str, Any] = {
        "record": found,
        "by": actor(request),
        "at": timezone.now(),
        "note": form.note(),
    }
    if isinstance(form, TraitsForm):
        record = (
            check_batch.record_appearance
            if kind == CheckKind.APPEARANCE
            else check_batch.record_closure
        )
        return record(traits=form.traits(), **shared)
    if isinstance(form, PhForm):
        return check_batch.record_ph(ph=form.cleaned_data["ph"], **shared)
    if kind == CheckKind.VOLUME:
        return check_batch.record_volume(bottle_ml=form.readings(), **shared)
    return check_batch.record_fill_weights(gross_mg=form.readings(), **shared)


@pharmacists_only(gettext_lazy("verify and release a batch"))
def verify(request: StaffRequest, record_id: int) -> HttpResponse:
    """Verify and release a batch, signed with the password once more."""
    found, form = _record(record_id), VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not _is_their_password(request, form):
        form.add_error("password", _("This is not your password. The batch is not released."))
        return show_batch(request, record_id, sent=("verify", form))
    return _step(
        request,
        record_id,
        "verify",
        form,
        lambda: verify_batch.verify_and_release(
            record=found, meaning=form.cleaned_data["meaning"], by=actor(request), at=timezone.now()
        ),
        _("Batch %(number)s is verified and released.") % {"number": found.number},
    )


def _is_their_password(request: StaffRequest, form: forms.Form) -> bool:
    """Say whether the password is the signer's own. Wrong ones count towards the lock of the sign-in."""
    signed_in = authenticate(
        request, username=request.user.get_username(), password=form.cleaned_data["password"]
    )
    return signed_in is not None and signed_in.pk == request.user.pk


@pharmacists_only(gettext_lazy("reject a batch"))
def reject(request: StaffRequest, record_id: int) -> HttpResponse:
    """Reject a batch; its orders wait to be made again."""
    found, form = _record(record_id), RejectForm(request.POST or None)
    return _step(
        request,
        record_id,
        "reject",
        form,
        lambda: verify_batch.reject_batch(
            record=found, reason=form.cleaned_data["reason"], by=actor(request), at=timezone.now()
        ),
        _("Batch %(number)s is rejected. Its orders wait to be made again.")
        % {"number": found.number},
    )


@pharmacists_only(gettext_lazy("settle what was set aside"))
def settle(request: StaffRequest, record_id: int) -> HttpResponse:
    """Destroy or return units that a recall set aside."""
    found, form = _record(record_id), SetAsideForm(request.POST or None)
    return _step(
        request,
        record_id,
        "aside",
        form,
        lambda: set_aside.settle_units(
            record=found,
            quantity=form.cleaned_data["quantity"],
            to_place=UnitPlace(form.cleaned_data["to_place"]),
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("It is written down. They are set aside no more."),
    )


def look(request: StaffRequest, record_id: int) -> HttpResponse:
    """Record that a released batch was looked at again."""
    found, form = _record(record_id), LookForm(request.POST or None)
    return _step(
        request,
        record_id,
        "look",
        form,
        lambda: second_look.look_again(
            record=found,
            seen=form.cleaned_data["seen"],
            is_as_expected=form.cleaned_data["as_expected"] == "yes",
            by=actor(request),
            at=timezone.now(),
        ),
        _("Batch %(number)s was looked at again.") % {"number": found.number},
    )


def print_it(request: StaffRequest, record_id: int) -> HttpResponse:
    """Ask for the compounding record as a paper."""
    found, form = _record(record_id), StaffForm(request.POST or None)
    if request.method != "POST":
        return redirect("admin:batch", record_id)
    papers: list[int] = []
    asked = done(
        form,
        lambda: papers.append(
            print_papers.print_record(record=found, by=actor(request), at=timezone.now()).pk
        ),
    )
    if not asked:
        return show_batch(request, record_id, sent=("print", form))
    return redirect("admin:paper", papers[0])


def _step(
    request: StaffRequest,
    record_id: int,
    key: str,
    form: forms.Form,
    call: Callable[[], object],
    said: str,
) -> HttpResponse:
    """Take one step: back to the batch when done, its page with the refusal when not."""
    if request.method != "POST":
        return redirect("admin:batch", record_id)
    if not done(form, call):
        return show_batch(request, record_id, sent=(key, form))
    messages.success(request, said)
    return redirect("admin:batch", record_id)


def _record(record_id: int) -> CompoundingRecord:
    return get_object_or_404(CompoundingRecord, pk=record_id)
