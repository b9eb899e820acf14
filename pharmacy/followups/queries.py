"""Reading follow-ups, messages and check-ins."""

from datetime import datetime

from django.db.models import QuerySet

from pharmacy.contacts.models import Enquiry
from pharmacy.followups.models import CheckIn, FollowUp, OutgoingMessage, PatientCall
from pharmacy.followups.states import MessageState
from pharmacy.orders.models import Order


def due_followups(*, at: datetime) -> QuerySet[FollowUp]:
    """Return what is due and not done yet, however long ago it became due; oldest first."""
    return FollowUp.objects.filter(
        due_at__lte=at, done_at__isnull=True, dropped_at__isnull=True
    ).order_by("due_at", "pk")


def followups_of_order(order: Order) -> QuerySet[FollowUp]:
    """Return an order's follow-ups with their messages, in the order they are due."""
    return order.followups.select_related("message").order_by("due_at", "pk")


def followups_of_enquiry(enquiry: Enquiry) -> QuerySet[FollowUp]:
    """Return an enquiry's follow-ups with their messages, in the order they are due."""
    return enquiry.followups.select_related("message").order_by("due_at", "pk")


def failed_messages() -> QuerySet[OutgoingMessage]:
    """Return the messages that could not be sent and wait for a person; newest first."""
    return (
        OutgoingMessage.objects.filter(state=MessageState.FAILED)
        .select_related("followup__order__prescription", "followup__enquiry")
        .order_by("-queued_at", "-pk")
    )


def messages_waiting_since(*, before: datetime) -> QuerySet[OutgoingMessage]:
    """Return the messages queued before a moment and not sent yet; oldest first. Many mean: no worker or no mail."""
    return OutgoingMessage.objects.filter(
        # "Not sent" is what the index holds; SQLite cannot use one for a list of states.
        sent_at__isnull=True,
        state__in=[MessageState.QUEUED, MessageState.CLAIMED],
        queued_at__lt=before,
    ).order_by("queued_at", "pk")


def check_ins_to_see() -> QuerySet[CheckIn]:
    """Return the check-ins that somebody should look at and nobody has; oldest first."""
    return (
        CheckIn.objects.filter(asks_for_a_look=True, seen_at__isnull=True)
        .select_related("order__prescription__patient")
        .order_by("at", "pk")
    )


def check_ins_before(*, before: int | None, at_most: int) -> list[CheckIn]:
    """Return what patients said, newest first, those older than check-in `before` when it is given."""
    rows = CheckIn.objects.select_related("order__prescription__patient", "seen_by")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:at_most])


def calls_to_make(*, at: datetime) -> QuerySet[PatientCall]:
    """Return the calls to patients that are due, the longest overdue first."""
    return (
        PatientCall.objects.filter(done_at__isnull=True, dropped_at__isnull=True, due_at__lte=at)
        .select_related("order__prescription__patient")
        .order_by("due_at", "pk")
    )
