"""Staff send a patient a fresh link: the old ones close at once, and a new one goes out with the next e-mails."""

from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.followups.actions import drop, schedule
from pharmacy.followups.models import FollowUpKind
from pharmacy.orders.links import newest_link, replace_links, tries_allowed
from pharmacy.orders.models import LinkPurpose, Order, PatientLink
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

WAITS_FOR_ANSWERS = (OrderState.RECEIVED, OrderState.ON_HOLD)


class NoLinkNeeded(Refusal):
    """There is no page of this order that the patient could open now."""


class LinkOnItsWay(Refusal):
    """A fresh link was asked for, and its e-mail has not been written yet."""


class LinkState(StrEnum):
    """What has become of the link that was mailed last."""

    NONE = "none"
    UNOPENED = "unopened"
    OPENED = "opened"
    EXPIRED = "expired"
    LOCKED = "locked"
    ON_ITS_WAY = "on_its_way"


def link_purpose(order: Order) -> LinkPurpose | None:
    """Return what a link of this order is for now; None when the patient has nothing to open."""
    if order.state == OrderState.DISPENSED:
        return LinkPurpose.PLAN
    answered = order.intake is not None and order.intake.submitted_at is not None
    if order.state in WAITS_FOR_ANSWERS and not answered:
        return LinkPurpose.INTAKE
    return None


def state_of_link(order: Order, *, at: datetime) -> tuple[LinkState, PatientLink | None]:
    """Return how the order's link stands and the link itself, for the purpose it has now. Two queries at most."""
    purpose = link_purpose(order)
    if purpose is None:
        return LinkState.NONE, None
    if _is_on_its_way(order):
        return LinkState.ON_ITS_WAY, None
    link = newest_link(order, purpose)
    if link is None:
        return LinkState.NONE, None
    if link.failed_attempts >= tries_allowed(at=at):
        return LinkState.LOCKED, link
    if link.expires_at <= at:
        return LinkState.EXPIRED, link
    return (LinkState.UNOPENED if link.opened_at is None else LinkState.OPENED), link


@writing()
def send_fresh_link(*, order: Order, by: Actor, at: datetime) -> None:
    """Close every link the patient has for this order and schedule the e-mail with a new one.

    Anybody who works here may. Raises NotYourRole, NoLinkNeeded or LinkOnItsWay.
    """
    person_in(Role.of_staff(), by)
    order = Order.objects.select_related("intake", "prescription").get(pk=order.pk)
    purpose = link_purpose(order)
    if purpose is None:
        raise NoLinkNeeded(
            _("The patient has nothing to open for this order now, so there is no link to send.")
        )
    if _is_on_its_way(order):
        raise LinkOnItsWay(_("A fresh link is on its way already. It goes out within a minute."))
    closed = replace_links(order=order, purpose=purpose, at=at)
    drop(order=order, kinds={FollowUpKind.INVITE_PATIENT}, because="A fresh link was sent.", at=at)
    schedule(
        kind=FollowUpKind.FRESH_LINK,
        due_at=at,
        order=order,
        sequence=order.followups.filter(kind=FollowUpKind.FRESH_LINK).count() + 1,
    )
    record_event(
        event="link_replaced",
        record=order,
        by=by,
        at=at,
        new={"purpose": purpose, "closed": closed},
    )


def _is_on_its_way(order: Order) -> bool:
    return order.followups.filter(
        kind=FollowUpKind.FRESH_LINK, done_at__isnull=True, dropped_at__isnull=True
    ).exists()
