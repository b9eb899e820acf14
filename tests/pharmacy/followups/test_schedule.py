"""What is due is scheduled once, dropped with a reason, and taken up again."""

from datetime import timedelta

import pytest

from pharmacy.followups.actions import AlreadyScheduled, drop, schedule
from pharmacy.followups.models import FollowUp, FollowUpKind
from pharmacy.followups.queries import due_followups, followups_of_enquiry
from tests.pharmacy.followups.rows import NOW, an_enquiry, an_order

pytestmark = pytest.mark.django_db


def test_the_same_followup_is_not_scheduled_twice() -> None:
    order = an_order()
    schedule(kind=FollowUpKind.CHECK_IN, due_at=NOW, order=order, sequence=7)
    schedule(kind=FollowUpKind.CHECK_IN, due_at=NOW, order=order, sequence=28)
    with pytest.raises(AlreadyScheduled):
        schedule(kind=FollowUpKind.CHECK_IN, due_at=NOW, order=order, sequence=7)
    assert FollowUp.objects.count() == 2


def test_what_was_dropped_is_taken_up_again() -> None:
    order = an_order()
    first = schedule(kind=FollowUpKind.INVITE_PATIENT, due_at=NOW, order=order)
    assert drop(order=order, because="On hold.", at=NOW) == 1
    assert not due_followups(at=NOW).exists()
    again = schedule(kind=FollowUpKind.INVITE_PATIENT, due_at=NOW + timedelta(days=1), order=order)
    assert again == first
    assert due_followups(at=NOW + timedelta(days=1)).get() == first


def test_only_the_kinds_asked_for_are_dropped() -> None:
    order = an_order()
    schedule(kind=FollowUpKind.SEND_PLAN, due_at=NOW, order=order)
    schedule(kind=FollowUpKind.CHECK_IN, due_at=NOW, order=order, sequence=7)
    assert drop(order=order, kinds={FollowUpKind.CHECK_IN}, because="Recalled.", at=NOW) == 1
    assert due_followups(at=NOW).get().kind == FollowUpKind.SEND_PLAN


def test_dropping_one_enquirys_leaves_the_others() -> None:
    one, other = an_enquiry("one"), an_enquiry("other")
    drop(enquiry=one, because="Closed.", at=NOW)
    assert {f.dropped_at for f in followups_of_enquiry(one)} == {NOW}
    assert {f.dropped_at for f in followups_of_enquiry(other)} == {None}


def test_a_followup_is_about_one_thing() -> None:
    with pytest.raises(ValueError, match="about an order or about an enquiry"):
        schedule(kind=FollowUpKind.CHECK_IN, due_at=NOW)
    with pytest.raises(ValueError, match="about an order or about an enquiry"):
        drop(order=an_order(), enquiry=an_enquiry(), because="Both.", at=NOW)
