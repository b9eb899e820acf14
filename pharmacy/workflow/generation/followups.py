"""What comes after many orders: e-mails, check-ins, enquiries. Most of it done long ago, a few still open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from pharmacy.contacts.models import Enquiry, EnquiryTopic
from pharmacy.contacts.states import EnquiryState
from pharmacy.followups.models import CheckIn, FollowUp, FollowUpKind, OutgoingMessage
from pharmacy.followups.states import MessageState
from pharmacy.orders.models import Order
from pharmacy.people.models import User

DAYS = (7, 28)
ORDERS_AN_ENQUIRY = 25
STAYS_OPEN = timedelta(hours=8)
"""What came within the last hours still waits for somebody."""


def write_followups(
    orders: Sequence[Order], *, now: datetime, person: User, chance: Random
) -> None:
    """Write the check-ins that are due and done for dispensed orders, their e-mails, what patients answered."""
    followups = FollowUp.objects.bulk_create(
        FollowUp(
            kind=FollowUpKind.CHECK_IN,
            order=order,
            sequence=day,
            due_at=due_at,
            done_at=due_at if due_at <= now else None,
        )
        for order in orders
        if order.dispensed_at
        for day in DAYS
        for due_at in (order.dispensed_at + timedelta(days=day),)
    )
    done = [followup for followup in followups if followup.done_at]
    OutgoingMessage.objects.bulk_create(_message(followup) for followup in done)
    CheckIn.objects.bulk_create(
        _check_in(followup, now=now, person=person, chance=chance)
        for followup in done
        if chance.random() < 0.6
    )


def write_enquiries(
    orders: Sequence[Order], *, now: datetime, person: User, chance: Random
) -> None:
    """Write an enquiry for every so many orders, around the day of the order."""
    Enquiry.objects.bulk_create(
        _enquiry(order, now=now, person=person, chance=chance)
        for order in orders
        if chance.randrange(ORDERS_AN_ENQUIRY) == 0
    )


def _message(followup: FollowUp) -> OutgoingMessage:
    return OutgoingMessage(
        followup=followup,
        state=MessageState.SENT,
        message_id=f"<generated-{followup.pk}@example.org>",
        recipient="patient@example.org",
        subject="How is it going?",
        body_text="Tell us how it is going.",
        body_html="<p>Tell us how it is going.</p>",
        queued_at=followup.due_at,
        send_after=followup.due_at,
        attempts=1,
        claimed_at=followup.due_at,
        sent_at=followup.due_at,
    )


def _check_in(followup: FollowUp, *, now: datetime, person: User, chance: Random) -> CheckIn:
    at = min(followup.due_at + timedelta(hours=chance.randrange(1, 48)), now)
    if followup.order is None:
        raise ValueError("a check-in is about an order")
    looks = chance.random() < 0.08
    seen = looks and now - at > STAYS_OPEN
    return CheckIn(
        order=followup.order,
        at=at,
        feeling=chance.choice(("better", "same")),
        opioid_since="no",
        side_effects="Vivid dreams" if looks else "",
        asks_for_a_look=looks,
        seen_at=at + STAYS_OPEN if seen else None,
        seen_by=person if seen else None,
    )


def _enquiry(order: Order, *, now: datetime, person: User, chance: Random) -> Enquiry:
    number = f"{chance.randrange(36**8):08x}"
    answered = now - order.received_at > STAYS_OPEN
    return Enquiry(
        reference=f"G-{order.prescription.number}",
        idempotency_key=f"generated-{order.pk}-{number}",
        state=EnquiryState.ANSWERED if answered else EnquiryState.OPEN,
        topic=chance.choice(EnquiryTopic.values),
        name="Somebody",
        email="somebody@example.org",
        message="When will my order be ready?",
        received_at=order.received_at,
        answered_at=order.received_at + STAYS_OPEN if answered else None,
        answered_by=person if answered else None,
        answer="This afternoon." if answered else "",
    )
