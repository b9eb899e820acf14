"""What is due becomes a message in the queue."""

from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import ngettext

from pharmacy.audit.actions import record_event, writing
from pharmacy.followups.actions import expect_call, schedule
from pharmacy.followups.messages import write_letter
from pharmacy.followups.models import FollowUp, FollowUpKind, OutgoingMessage
from pharmacy.followups.queries import due_followups
from pharmacy.nudges import nudge
from pharmacy.people.actors import SYSTEM
from pharmacy.policies.queries import find_policy

SEND_TASK = "pharmacy.followups.tasks.send_message"
REMINDER_POLICY = "enquiry_reminder_hours"
INVITATION_POLICY = "patient_link_reminder_days"
UNANSWERED_POLICY = "followup_unanswered_calls"
CALL_POLICY = "followup_call_days"
_BATCH = 100
_REMINDER_HOURS = 24


def expand_due_followups(*, at: datetime) -> int:
    """Queue the message of every follow-up that is due at `at`; return how many were queued.

    Each has a transaction of its own. One that cannot be written stays due and does not stop the others;
    the reasons are raised together at the end, as an ExceptionGroup.
    """
    queued, failures = 0, []
    after = Q()
    while batch := list(due_followups(at=at).filter(after).values_list("due_at", "pk")[:_BATCH]):
        for _due_at, followup_id in batch:
            try:
                queued += _expand(followup_id=followup_id, at=at) is not None
            except Exception as error:
                failures.append(error)
        last_due_at, last_id = batch[-1]
        after = Q(due_at__gt=last_due_at) | Q(due_at=last_due_at, pk__gt=last_id)
    if failures:
        raise ExceptionGroup("Some follow-ups could not be written", failures)
    return queued


@writing()
def _expand(*, followup_id: int, at: datetime) -> OutgoingMessage | None:
    """Return the message now queued for a follow-up; None when it has meanwhile been done or dropped."""
    # The audit chain's lock has been taken: of two workers that found the same row, the second reads it here as done.
    followup = due_followups(at=at).filter(pk=followup_id).first()
    if followup is None:
        return None
    letter = write_letter(followup=followup, at=at)
    message = OutgoingMessage.objects.create(
        followup=followup,
        message_id=make_msgid(domain=_our_domain()),
        recipient=letter.recipient,
        subject=letter.subject,
        body_text=letter.text,
        body_html=letter.html,
        link_secret=letter.secret,
        queued_at=at,
        send_after=at,
    )
    FollowUp.objects.filter(pk=followup.pk).update(done_at=at)
    record_event(
        event="message_queued", record=message, by=SYSTEM, at=at, new={"kind": followup.kind}
    )
    _schedule_what_follows(followup, at=at)
    _expect_call(followup, at=at)
    transaction.on_commit(partial(nudge, SEND_TASK, message_id=message.pk))
    return message


def reminder_wait(*, at: datetime) -> timedelta:
    """Return how long an enquiry waits before the staff is reminded, and between reminders.

    Without an approved policy it is a day: nobody who writes to us is turned away because a number is not approved yet.
    """
    hours = find_policy(REMINDER_POLICY, on=timezone.localdate(at))
    return timedelta(hours=_REMINDER_HOURS if hours is None else int(hours.value))


def _schedule_what_follows(followup: FollowUp, *, at: datetime) -> None:
    """The staff is reminded until the enquiry is answered; a patient once, when a policy says after how many days."""
    # Counted from now and not from when it was due: after a weekend without a worker one reminder goes out, not ten.
    wait = None
    if followup.kind == FollowUpKind.REMIND_STAFF:
        wait = reminder_wait(at=at)
    elif followup.kind == FollowUpKind.INVITE_PATIENT and followup.sequence == 1:
        days = find_policy(INVITATION_POLICY, on=timezone.localdate(at))
        wait = None if days is None else timedelta(days=int(days.value))
    if wait is not None:
        schedule(
            kind=FollowUpKind(followup.kind),
            due_at=at + wait,
            order=followup.order,
            enquiry=followup.enquiry,
            sequence=followup.sequence + 1,
        )


def _expect_call(followup: FollowUp, *, at: datetime) -> None:
    """Once so many check-ins in a row went unanswered, somebody calls; an answer until then takes the call away."""
    order = followup.order
    if followup.kind != FollowUpKind.CHECK_IN or order is None:
        return
    on = timezone.localdate(at)
    enough, wait = find_policy(UNANSWERED_POLICY, on=on), find_policy(CALL_POLICY, on=on)
    if enough is None or wait is None:
        return
    answered_at = order.check_ins.aggregate(newest=Max("at"))["newest"]
    asked = order.followups.filter(kind=FollowUpKind.CHECK_IN, done_at__isnull=False)
    if answered_at is not None:
        asked = asked.filter(done_at__gt=answered_at)
    unanswered = asked.count()
    if unanswered >= int(enough.value):
        expect_call(
            order=order,
            because=_because(unanswered),
            due_at=at + timedelta(days=int(wait.value)),
        )


def _because(unanswered: int) -> str:
    return ngettext(
        "One check-in without an answer", "%(count)d check-ins without an answer", unanswered
    ) % {"count": unanswered}


def _our_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
