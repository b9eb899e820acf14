"""Reading follow-ups, messages and check-ins."""

from datetime import datetime

from django.db.models import Q, QuerySet

from pharmacy.contacts.models import Enquiry
from pharmacy.followups.models import CheckIn, Feeling, FollowUp, OutgoingMessage, YesNoUnsure
from pharmacy.followups.states import MessageState
from pharmacy.orders.models import Order

_NEEDS_A_LOOK = (
    Q(opioid_since__in=[YesNoUnsure.YES, YesNoUnsure.UNSURE])
    | Q(feeling=Feeling.WORSE)
    | Q(wants_call=True)
    | ~Q(side_effects="")
)


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
        state__in=[MessageState.QUEUED, MessageState.CLAIMED], queued_at__lt=before
    ).order_by("queued_at", "pk")


def check_ins_to_see() -> QuerySet[CheckIn]:
    """Return the check-ins that somebody should look at and nobody has; oldest first.

    They are those with an opioid or "I'm not sure", feeling worse, side effects in words, or a wish to be called.
    """
    return (
        CheckIn.objects.filter(_NEEDS_A_LOOK, seen_at__isnull=True)
        .select_related("order__prescription__patient")
        .order_by("at", "pk")
    )
