"""Sending what is queued: claim the row, commit, send, mark.

A worker that dies between claim and mark leaves a claimed row; when its lease ends the sweep puts it back in the
queue. Whether the mail server had taken the e-mail at that moment nobody can know, so it goes out again, under the same
Message-ID.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from pharmacy.audit.actions import writing
from pharmacy.audit.transitions import move
from pharmacy.followups.expansion import SEND_TASK
from pharmacy.followups.messages import recipient_of, with_secret
from pharmacy.followups.models import FollowUpKind, OutgoingMessage
from pharmacy.followups.refusals import Refused, Verdict, why_refused
from pharmacy.followups.states import MESSAGE_STATES, MessageState
from pharmacy.nudges import nudge
from pharmacy.people.actors import SYSTEM, Actor

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
_AT_MOST = 200


def send_due_messages(*, clock: Clock) -> int:
    """Send the queued messages whose time has come, oldest first; return how many were sent.

    Stops at the first sign that the mail server is away: one message has found out for all of them.
    """
    release_lost_claims(at=clock())
    due = OutgoingMessage.objects.filter(state=MessageState.QUEUED, send_after__lte=clock())
    sent = 0
    for message_id in list(
        due.order_by("send_after", "pk").values_list("pk", flat=True)[:_AT_MOST]
    ):
        message = _claim(message_id, at=clock())
        if message is None:
            continue
        refused = _send_claimed(message, clock=clock)
        sent += refused is None
        if refused is not None and refused.verdict is Verdict.SERVER_AWAY:
            break
    return sent


def send_message(*, message_id: int, clock: Clock) -> bool:
    """Send one message; say whether it went out now. It does not when another worker has it, or it is not due."""
    message = _claim(message_id, at=clock())
    return message is not None and _send_claimed(message, clock=clock) is None


@writing()
def retry_message(*, message: OutgoingMessage, by: Actor, at: datetime) -> OutgoingMessage:
    """Queue a failed message once more, to the address we have now. Raises MoveNotAllowed when it has not failed."""
    recipient = recipient_of(message.followup)
    move(
        message,
        table=MESSAGE_STATES,
        to=MessageState.QUEUED,
        by=by,
        at=at,
        note="" if recipient == message.recipient else "to a new address",
        recipient=recipient,
        send_after=at,
        attempts=0,
    )
    transaction.on_commit(partial(nudge, SEND_TASK, message_id=message.pk))
    return message


def release_lost_claims(*, at: datetime) -> int:
    """Put back what a worker claimed and did not finish within the lease; return how many."""
    lost = OutgoingMessage.objects.filter(
        state=MessageState.CLAIMED,
        claimed_at__lte=at - timedelta(seconds=settings.MESSAGE_LEASE_SECONDS),
    )
    return sum(_release(message, at=at) for message in lost.order_by("claimed_at", "pk"))


@writing()
def _release(message: OutgoingMessage, *, at: datetime) -> bool:
    if not _still_claimed(message):
        return False
    logger.warning(
        "Message %s was claimed and not finished. It goes back to the queue.", message.pk
    )
    _back_to_queue(message, at=at, send_after=at, note="lease ended")
    return True


@writing()
def _claim(message_id: int, *, at: datetime) -> OutgoingMessage | None:
    """Return the message, claimed for this worker alone; None when it is not queued, or not yet due."""
    message = (
        OutgoingMessage.objects.select_related("followup")
        .filter(pk=message_id, state=MessageState.QUEUED, send_after__lte=at)
        .first()
    )
    if message is not None:
        move(
            message, table=MESSAGE_STATES, to=MessageState.CLAIMED, by=SYSTEM, at=at, claimed_at=at
        )
    return message


def _send_claimed(message: OutgoingMessage, *, clock: Clock) -> Refused | None:
    """Send a claimed message and write down how that went; return why it did not go, or None."""
    refused = _hand_over(message)
    if refused is None:
        _mark_sent(message, at=clock())
    else:
        logger.warning("Message %s was not sent: %s", message.pk, refused.verdict.name)
        _mark_refused(message, refused, at=clock())
    return refused


def _hand_over(message: OutgoingMessage) -> Refused | None:
    headers = {"Message-ID": message.message_id}
    if message.followup.kind != FollowUpKind.ANSWER_ENQUIRY:
        headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers us
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=with_secret(message.body_text, message.link_secret),
        to=[message.recipient],
        headers=headers,
    )
    email.attach_alternative(with_secret(message.body_html, message.link_secret), "text/html")
    try:
        email.send()
    except (OSError, ValueError) as error:
        return why_refused(error)
    return None


@writing()
def _mark_sent(message: OutgoingMessage, *, at: datetime) -> None:
    if not _still_claimed(message):
        _mark_sent_late(message, at=at)
        return
    move(
        message,
        table=MESSAGE_STATES,
        to=MessageState.SENT,
        by=SYSTEM,
        at=at,
        sent_at=at,
        attempts=message.attempts + 1,
        link_secret=None,  # from here on only the link's digest is left
        last_error="",
    )


def _mark_sent_late(message: OutgoingMessage, *, at: datetime) -> None:
    """The lease ran out while the server took its time. Unless another worker is sending it, it need not go again."""
    now = OutgoingMessage.objects.get(pk=message.pk)
    logger.warning("Message %s was sent after its lease had ended.", message.pk)
    if now.state == MessageState.QUEUED:
        move(now, table=MESSAGE_STATES, to=MessageState.CLAIMED, by=SYSTEM, at=at, claimed_at=at)
        _mark_sent(now, at=at)


@writing()
def _mark_refused(message: OutgoingMessage, refused: Refused, *, at: datetime) -> None:
    if not _still_claimed(message):
        return
    waits: list[int] = settings.MESSAGE_RETRY_SECONDS
    if refused.verdict is Verdict.SERVER_AWAY:
        _back_to_queue(
            message,
            at=at,
            send_after=at + timedelta(seconds=waits[0]),
            note="mail server away",
            last_error=refused.words,
        )
        return
    tries = message.attempts + 1
    if refused.verdict is Verdict.NEVER or tries > len(waits):
        move(
            message,
            table=MESSAGE_STATES,
            to=MessageState.FAILED,
            by=SYSTEM,
            at=at,
            claimed_at=None,
            attempts=tries,
            last_error=refused.words,
        )
        return
    _back_to_queue(
        message,
        at=at,
        send_after=at + timedelta(seconds=waits[tries - 1]),
        note="refused for now",
        attempts=tries,
        last_error=refused.words,
    )


def _still_claimed(message: OutgoingMessage) -> bool:
    """Say whether the claim in hand is the row's claim. Call it inside `writing()`."""
    return OutgoingMessage.objects.filter(
        pk=message.pk, state=MessageState.CLAIMED, claimed_at=message.claimed_at
    ).exists()


def _back_to_queue(
    message: OutgoingMessage, *, at: datetime, send_after: datetime, note: str, **fields: object
) -> None:
    move(
        message,
        table=MESSAGE_STATES,
        to=MessageState.QUEUED,
        by=SYSTEM,
        at=at,
        note=note,
        claimed_at=None,
        send_after=send_after,
        **fields,
    )
