"""A fresh link: the old ones close at once, one e-mail goes out, and only where there is something to open."""

from datetime import timedelta

import pytest

from pharmacy.audit.queries import events_of
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import FollowUp, FollowUpKind, OutgoingMessage
from pharmacy.orders.links import LinkReplaced, find_link, new_link, opened_link
from pharmacy.orders.models import LinkPurpose, Order, PatientLink
from pharmacy.people.actors import PATIENT, Actor, NotYourRole
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.patient_link import open_link
from pharmacy.workflow.send_fresh_link import (
    LinkOnItsWay,
    LinkState,
    NoLinkNeeded,
    send_fresh_link,
    state_of_link,
)
from tests.factories.job import AT, answered, received

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=1)


def mailed(order: Order, *, purpose: LinkPurpose = LinkPurpose.INTAKE) -> tuple[PatientLink, str]:
    return new_link(order=order, purpose=purpose, lifetime=timedelta(days=14), at=AT)


def test_the_old_link_closes_and_a_new_one_opens(bench: Bench) -> None:
    order = received(bench)
    expand_due_followups(at=AT)
    link, secret = mailed(order)
    open_link(token=secret, date_of_birth=order.prescription.patient.date_of_birth, at=AT)
    send_fresh_link(order=order, by=bench.technician, at=SOON)
    with pytest.raises(LinkReplaced):
        find_link(token=secret, at=SOON)
    # A browser that had opened it is shut out too.
    assert opened_link(link_id=link.pk, purpose=LinkPurpose.INTAKE, at=SOON) is None
    expand_due_followups(at=SOON)
    message = OutgoingMessage.objects.get(followup__kind=FollowUpKind.FRESH_LINK)
    assert message.recipient == order.prescription.patient.email
    assert find_link(token=str(message.link_secret), at=SOON).purpose == LinkPurpose.INTAKE
    assert [event.event for event in events_of(order)].count("link_replaced") == 1


def test_nobody_is_reminded_of_the_old_one(bench: Bench) -> None:
    order = received(bench)
    expand_due_followups(at=AT)
    send_fresh_link(order=order, by=bench.technician, at=SOON)
    waiting = FollowUp.objects.filter(order=order, done_at=None, dropped_at=None)
    assert [followup.kind for followup in waiting] == [FollowUpKind.FRESH_LINK]


def test_a_second_press_sends_nothing_twice_and_a_second_day_does(bench: Bench) -> None:
    order = received(bench)
    send_fresh_link(order=order, by=bench.technician, at=AT)
    with pytest.raises(LinkOnItsWay):
        send_fresh_link(order=order, by=bench.technician, at=AT)
    expand_due_followups(at=SOON)
    tomorrow = AT + timedelta(days=1)
    send_fresh_link(order=order, by=bench.technician, at=tomorrow)
    expand_due_followups(at=tomorrow)
    fresh = OutgoingMessage.objects.filter(followup__kind=FollowUpKind.FRESH_LINK)
    assert fresh.count() == 2
    assert order.links.filter(replaced_at=None).count() == 1


def test_who_has_answered_needs_none(bench: Bench) -> None:
    with pytest.raises(NoLinkNeeded):
        send_fresh_link(order=answered(bench), by=bench.technician, at=AT)


def test_after_dispensing_it_is_the_link_to_the_plan(bench: Bench) -> None:
    order = answered(bench)
    by = bench.pharmacist.user_id
    Order.objects.filter(pk=order.pk).update(
        state="dispensed", approved_at=AT, approved_by=by, dispensed_at=AT, dispensed_by=by
    )
    send_fresh_link(order=order, by=bench.technician, at=AT)
    expand_due_followups(at=SOON)
    assert order.links.latest("pk").purpose == LinkPurpose.PLAN


@pytest.mark.parametrize("who", ["prescriber", "patient"])
def test_only_staff_send_one(bench: Bench, who: str) -> None:
    by: Actor = PATIENT if who == "patient" else bench.prescriber
    order = received(bench)
    _link, secret = mailed(order)
    with pytest.raises(NotYourRole):
        send_fresh_link(order=order, by=by, at=AT)
    assert find_link(token=secret, at=AT).replaced_at is None


def test_how_a_link_stands(bench: Bench) -> None:
    order = received(bench)
    assert state_of_link(order, at=AT)[0] == LinkState.NONE
    link, secret = mailed(order)
    assert state_of_link(order, at=AT)[0] == LinkState.UNOPENED
    assert state_of_link(order, at=AT + timedelta(days=14))[0] == LinkState.EXPIRED
    PatientLink.objects.filter(pk=link.pk).update(failed_attempts=5)
    assert state_of_link(order, at=AT)[0] == LinkState.LOCKED
    PatientLink.objects.filter(pk=link.pk).update(failed_attempts=0)
    open_link(token=secret, date_of_birth=order.prescription.patient.date_of_birth, at=AT)
    assert state_of_link(order, at=AT)[0] == LinkState.OPENED
    send_fresh_link(order=order, by=bench.technician, at=AT)
    assert state_of_link(order, at=AT)[0] == LinkState.ON_ITS_WAY
