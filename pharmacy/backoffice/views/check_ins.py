"""What patients said when asked how it goes, as far as somebody should look at it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice import queue, words
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.pages import StaffForm, Words, done, show
from pharmacy.followups.actions import mark_seen, record_call
from pharmacy.followups.models import CheckIn, Feeling, PatientCall, YesNoUnsure
from pharmacy.followups.queries import calls_to_make, check_ins_before, check_ins_to_see

MOST_SHOWN = 100
ROWS_OF_HISTORY = 25


class CallForm(StaffForm):
    """What came of a call."""

    outcome = Words(
        label=gettext_lazy("What came of it"),
        missing=gettext_lazy("Write what came of the call"),
        rows=1,
    )


def check_ins(request: StaffRequest, refused: StaffForm | None = None) -> HttpResponse:
    """Show the check-ins that ask for a look, the oldest first, and below them what else patients said."""
    now = timezone.now()
    found = list(check_ins_to_see()[: MOST_SHOWN + 1])
    context = {
        "section": "queue",
        "rail": queue.rail(),
        "rows": [
            {"check_in": each, "age": words.age(each.at, now=now), "marks": _marks(each)}
            for each in found[:MOST_SHOWN]
        ],
        "more": len(found) > MOST_SHOWN,
        **_history(request.GET.get("before", "")),
    }
    return show(request, "check_ins.html", context, refused=refused)


def seen(request: StaffRequest, check_in_id: int) -> HttpResponse:
    """Tick a check-in off."""
    found = get_object_or_404(CheckIn, pk=check_in_id)
    if request.method != "POST":
        return redirect("admin:check_ins")
    form = StaffForm(request.POST)
    if not done(form, lambda: mark_seen(check_in=found, by=actor(request), at=timezone.now())):
        return check_ins(request, refused=form)
    messages.success(request, _("Ticked off."))
    return redirect("admin:check_ins")


def calls(request: StaffRequest) -> HttpResponse:
    """Show the patients to call because they did not answer, the longest overdue first."""
    return _calls(request)


def called(request: StaffRequest, call_id: int) -> HttpResponse:
    """Tick a call off with what came of it."""
    found = get_object_or_404(PatientCall.objects.select_related("order__prescription"), pk=call_id)
    if request.method != "POST":
        return redirect("admin:calls")
    form = CallForm(request.POST, prefix=f"call-{found.pk}")
    made = done(
        form,
        lambda: record_call(
            call=found,
            outcome=form.cleaned_data["outcome"],
            by=actor(request),
            at=timezone.now(),
        ),
    )
    if not made:
        return _calls(request, refused=form)
    messages.success(request, _("The call about %(order)s is done.") % {"order": found.order})
    return redirect("admin:calls")


def _calls(request: StaffRequest, refused: CallForm | None = None) -> HttpResponse:
    now = timezone.now()
    found = list(calls_to_make(at=now)[: MOST_SHOWN + 1])
    forms = {form.prefix: form for form in (refused,) if form is not None}
    context = {
        "section": "queue",
        "rail": queue.rail(),
        "rows": [
            {
                "call": each,
                "age": words.age(each.due_at, now=now),
                "form": forms.get(f"call-{each.pk}") or CallForm(prefix=f"call-{each.pk}"),
            }
            for each in found[:MOST_SHOWN]
        ],
        "more": len(found) > MOST_SHOWN,
    }
    return show(request, "calls.html", context, refused=refused)


def _history(before: str) -> dict[str, Any]:
    """What patients said, newest first, one page from the row that the page before ended with."""
    known = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = check_ins_before(before=known, at_most=ROWS_OF_HISTORY + 1)
    shown = found[:ROWS_OF_HISTORY]
    return {
        "earlier": shown,
        "older_than": shown[-1].pk if len(found) > ROWS_OF_HISTORY else None,
        "is_first_page": known is None,
    }


def _marks(check_in: CheckIn) -> list[queue.Mark]:
    """Return what asks for a look, the loudest first."""
    marks = []
    if check_in.opioid_since == YesNoUnsure.YES:
        marks.append(queue.Mark(_("Opioid since"), "stop"))
    if check_in.opioid_since == YesNoUnsure.UNSURE:
        marks.append(queue.Mark(_("Not sure: opioid"), "stop"))
    if check_in.wants_call:
        marks.append(queue.Mark(_("Wants a call"), "hold"))
    if check_in.feeling == Feeling.WORSE:
        marks.append(queue.Mark(_("Worse"), "hold"))
    if check_in.side_effects:
        marks.append(queue.Mark(_("Side effects"), "hold"))
    return marks
