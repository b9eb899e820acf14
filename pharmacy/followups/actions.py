"""Writing follow-ups and check-ins: what is due, what is no longer due, what a patient answered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.contacts.models import Enquiry
from pharmacy.followups.models import (
    CheckIn,
    Feeling,
    FollowUp,
    FollowUpKind,
    PatientCall,
    YesNoUnsure,
)
from pharmacy.nudges import nudge
from pharmacy.orders.models import Order
from pharmacy.people.actors import PATIENT, Actor, person_in
from pharmacy.people.roles import Role

EXPAND_TASK = "pharmacy.followups.tasks.expand_due_followups"


class AlreadyScheduled(Refusal):
    """The same follow-up is waiting already, or was done."""


class AlreadySeen(Refusal):
    """Somebody has ticked the check-in off before."""


class CallOver(Refusal):
    """The call was made already, or is no longer wanted."""


class OutcomeMissing(Refusal):
    """Nobody wrote down what came of a call."""


class _About(TypedDict):
    order: Order | None
    enquiry: Enquiry | None


def schedule(
    *,
    kind: FollowUpKind,
    due_at: datetime,
    order: Order | None = None,
    enquiry: Enquiry | None = None,
    sequence: int = 1,
) -> FollowUp:
    """Return the follow-up that is now due at `due_at`; a worker is nudged when the caller's transaction commits.

    One that was dropped before is taken up again. Raises AlreadyScheduled when it is waiting or was done.
    """
    about = _about(order, enquiry)
    followup = FollowUp.objects.filter(kind=kind, sequence=sequence, **about).first()
    if followup is None:
        followup = FollowUp.objects.create(kind=kind, sequence=sequence, due_at=due_at, **about)
    elif followup.dropped_at is None:
        raise AlreadyScheduled(_("This follow-up is scheduled already."))
    else:
        followup.due_at, followup.dropped_at, followup.dropped_because = due_at, None, ""
        followup.save(update_fields=["due_at", "dropped_at", "dropped_because"])
    transaction.on_commit(partial(nudge, EXPAND_TASK))
    return followup


def schedule_all(
    *, kind: FollowUpKind, orders: Sequence[Order], sequence: int, due_at: datetime
) -> list[FollowUp]:
    """Return one follow-up for each order, in the same order: one insert and one nudge, however many there are.

    For what nobody has scheduled before; the database refuses a second one of the same kind and sequence.
    """
    made = FollowUp.objects.bulk_create(
        FollowUp(kind=kind, order=order, sequence=sequence, due_at=due_at) for order in orders
    )
    transaction.on_commit(partial(nudge, EXPAND_TASK))
    return made


def drop(
    *,
    because: str,
    at: datetime,
    order: Order | None = None,
    enquiry: Enquiry | None = None,
    kinds: Collection[FollowUpKind] = tuple(FollowUpKind),
) -> int:
    """Drop what is still due for an order or an enquiry, of these kinds or of all; return how many were dropped."""
    waiting = FollowUp.objects.filter(
        kind__in=kinds, done_at__isnull=True, dropped_at__isnull=True, **_about(order, enquiry)
    )
    return waiting.update(dropped_at=at, dropped_because=because)


def _about(order: Order | None, enquiry: Enquiry | None) -> _About:
    if (order is None) == (enquiry is None):
        raise ValueError("A follow-up is about an order or about an enquiry.")
    return {"order": order, "enquiry": enquiry}


def create_check_in(
    *,
    order: Order,
    feeling: str,
    opioid_since: str,
    side_effects: str,
    wants_call: bool,
    at: datetime,
) -> CheckIn:
    """Return the row of what a patient answered. Must run inside `writing()`."""
    check_in = CheckIn.objects.create(
        order=order,
        at=at,
        feeling=feeling,
        opioid_since=opioid_since,
        side_effects=side_effects,
        wants_call=wants_call,
        asks_for_a_look=(
            opioid_since != YesNoUnsure.NO
            or feeling == Feeling.WORSE
            or wants_call
            or side_effects != ""
        ),
    )
    record_event(event="check_in_received", record=check_in, by=PATIENT, at=at)
    return check_in


@writing()
def mark_seen(*, check_in: CheckIn, by: Actor, at: datetime) -> CheckIn:
    """Tick a check-in off the queue, as read and dealt with. Raises NotYourRole and AlreadySeen."""
    person = person_in(Role.of_staff(), by)
    unseen = CheckIn.objects.filter(pk=check_in.pk, seen_at__isnull=True)
    if unseen.update(seen_at=at, seen_by_id=person) != 1:
        raise AlreadySeen(_("Somebody has ticked this check-in off already."))
    check_in.seen_at, check_in.seen_by_id = at, person
    record_event(event="check_in_seen", record=check_in, by=by, at=at)
    return check_in


def expect_call(*, order: Order, because: str, due_at: datetime) -> PatientCall:
    """Return the call that is to be made unless the patient answers first; the open one when there is one."""
    call, _created = PatientCall.objects.get_or_create(
        order=order,
        done_at=None,
        dropped_at=None,
        defaults={"because": because, "due_at": due_at},
    )
    return call


def drop_calls(*, order: Order, at: datetime) -> int:
    """Drop the calls still to be made about an order; return how many."""
    waiting = order.calls.filter(done_at__isnull=True, dropped_at__isnull=True)
    return waiting.update(dropped_at=at)


@writing()
def record_call(*, call: PatientCall, outcome: str, by: Actor, at: datetime) -> PatientCall:
    """Tick a call off with what came of it. Raises NotYourRole, OutcomeMissing or CallOver."""
    person = person_in(Role.of_staff(), by)
    if not outcome.strip():
        raise OutcomeMissing(_("Write what came of the call."))
    waiting = PatientCall.objects.filter(pk=call.pk, done_at__isnull=True, dropped_at__isnull=True)
    if waiting.update(done_at=at, done_by_id=person, outcome=outcome.strip()) != 1:
        raise CallOver(_("This call was made already, or the patient has answered meanwhile."))
    call.refresh_from_db()
    record_event(event="patient_called", record=call.order, by=by, at=at, new={"call": call.pk})
    return call
