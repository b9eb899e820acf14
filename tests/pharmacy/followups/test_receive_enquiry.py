"""Somebody writes to us."""

import re
from datetime import timedelta

import pytest

from pharmacy.audit.queries import events_of
from pharmacy.contacts.models import Enquiry
from pharmacy.contacts.queries import open_enquiries
from pharmacy.followups.models import FollowUp, FollowUpKind
from pharmacy.workflow.receive_enquiry import (
    EmailNotAnAddress,
    EnquiryRefused,
    MessageMissing,
    NameMissing,
    PhoneTooLong,
    StateUnknown,
    TopicUnknown,
    receive_enquiry,
)
from tests.pharmacy.followups.rows import NOW, a_policy, an_enquiry, an_enquiry_form

pytestmark = pytest.mark.django_db


def test_it_is_stored_as_typed_and_its_followups_are_scheduled() -> None:
    a_policy("enquiry_reminder_hours", "6")
    enquiry = an_enquiry()
    assert enquiry.message == an_enquiry_form().message
    assert list(open_enquiries()) == [enquiry]
    due = {f.kind: f.due_at for f in FollowUp.objects.filter(enquiry=enquiry)}
    assert due == {
        FollowUpKind.ACKNOWLEDGE_ENQUIRY: NOW,
        FollowUpKind.TELL_STAFF: NOW,
        FollowUpKind.REMIND_STAFF: NOW + timedelta(hours=6),
    }


def test_without_an_approved_policy_the_form_still_answers() -> None:
    enquiry = an_enquiry()
    reminder = FollowUp.objects.get(enquiry=enquiry, kind=FollowUpKind.REMIND_STAFF)
    assert reminder.due_at == NOW + timedelta(hours=24)


def test_the_same_key_is_the_same_enquiry() -> None:
    first = an_enquiry("once")
    second = receive_enquiry(
        form=an_enquiry_form("once", message="pressed again"), at=NOW + timedelta(minutes=1)
    )
    assert second == first
    assert Enquiry.objects.count() == 1
    assert FollowUp.objects.count() == 3


def test_references_are_short_and_tell_nothing_of_each_other() -> None:
    references = {an_enquiry(f"key-{number}").reference for number in range(50)}
    assert len(references) == 50
    assert all(re.fullmatch(r"E-[2-9B-DF-HJ-NP-TV-XZ]{6}", r) for r in references)
    assert len({reference[:4] for reference in references}) > 25


def test_the_audit_trail_has_the_reference_and_nothing_the_person_wrote() -> None:
    enquiry = an_enquiry()
    (event,) = events_of(enquiry)
    assert event.event == "enquiry_received"
    told = str(event.new) + event.actor_name
    assert enquiry.reference in told
    assert not any(word in told for word in ("Sam", "naltrexone", "@"))


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"name": "  "}, NameMissing, "name"),
        ({"name": "x" * 201}, NameMissing, "name"),
        ({"email": "sam at home"}, EmailNotAnAddress, "email"),
        ({"email": "sam@people.example\nBcc: all@people.example"}, EmailNotAnAddress, "email"),
        ({"phone": "1" * 31}, PhoneTooLong, "phone"),
        ({"message": "\n "}, MessageMissing, "message"),
        ({"message": "x" * 4001}, MessageMissing, "message"),
        ({"topic": "weather"}, TopicUnknown, "topic"),
        ({"residence_state": "Maine"}, StateUnknown, "residence_state"),
    ],
)
def test_what_cannot_be_taken_says_where(
    changes: dict[str, object], refusal: type[EnquiryRefused], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        receive_enquiry(form=an_enquiry_form(**changes), at=NOW)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert str(refused.value)
    assert not Enquiry.objects.exists()


def test_who_asks_for_a_prescriber_needs_one() -> None:
    form = an_enquiry_form(topic="find_prescriber", needs_prescriber=False)
    assert receive_enquiry(form=form, at=NOW).needs_prescriber
