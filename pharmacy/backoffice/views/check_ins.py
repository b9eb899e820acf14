"""What patients said when asked how it goes, as far as somebody should look at it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from pharmacy.backoffice import queue, words
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.followups.actions import mark_seen
from pharmacy.followups.models import CheckIn, Feeling, YesNoUnsure
from pharmacy.followups.queries import check_ins_to_see

MOST_SHOWN = 100


def check_ins(request: StaffRequest, refused: StaffForm | None = None) -> HttpResponse:
    """Show the check-ins that nobody has looked at, the oldest first."""
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
