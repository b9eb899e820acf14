"""The staff answers, or closes."""

from datetime import timedelta

import pytest

from pharmacy.audit.queries import events_of
from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.contacts.models import Enquiry
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import FollowUp, FollowUpKind, OutgoingMessage
from pharmacy.people.actors import SYSTEM
from pharmacy.workflow.answer_enquiry import AnswerMissing, answer_enquiry, close_enquiry
from tests.pharmacy.followups.rows import ASKER_EMAIL, NOW, a_pharmacist_actor, an_enquiry

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(days=30)


def test_the_answer_goes_out_and_nobody_is_reminded_any_more() -> None:
    enquiry = an_enquiry()
    expand_due_followups(at=NOW)
    answer_enquiry(
        enquiry=enquiry, answer=" Call us on Monday.\n", by=a_pharmacist_actor(), at=LATER
    )
    expand_due_followups(at=MUCH_LATER)
    last = OutgoingMessage.objects.latest("pk")
    assert last.recipient == ASKER_EMAIL
    assert "Call us on Monday." in last.body_text
    assert "Maya Okafor, RPh" in last.body_text
    reminder = FollowUp.objects.get(kind=FollowUpKind.REMIND_STAFF)
    assert (reminder.dropped_at, reminder.dropped_because) == (LATER, "The enquiry was answered.")
    assert not FollowUp.objects.filter(done_at=None, dropped_at=None).exists()


def test_an_answer_given_before_the_acknowledgement_went_out_replaces_it() -> None:
    enquiry = an_enquiry()
    answer_enquiry(enquiry=enquiry, answer="Yes.", by=a_pharmacist_actor(), at=LATER)
    expand_due_followups(at=LATER)
    assert OutgoingMessage.objects.get().followup.kind == FollowUpKind.ANSWER_ENQUIRY


def test_what_was_asked_and_answered_is_not_in_the_audit_trail() -> None:
    enquiry = an_enquiry()
    answer_enquiry(enquiry=enquiry, answer="Yes, we do.", by=a_pharmacist_actor(), at=LATER)
    event = events_of(enquiry).last()
    assert event is not None
    assert event.event == "enquiry_answered"
    assert "we do" not in str(event.new)


def test_an_answer_says_something() -> None:
    enquiry = an_enquiry()
    with pytest.raises(AnswerMissing):
        answer_enquiry(enquiry=enquiry, answer="  ", by=a_pharmacist_actor(), at=LATER)


def test_only_the_staff_answers() -> None:
    with pytest.raises(NotYourMove):
        answer_enquiry(enquiry=an_enquiry(), answer="Yes.", by=SYSTEM, at=LATER)
    assert FollowUp.objects.filter(dropped_at=None).count() == 3


def test_nobody_answers_twice() -> None:
    enquiry, pharmacist = an_enquiry(), a_pharmacist_actor()
    answer_enquiry(enquiry=enquiry, answer="Yes.", by=pharmacist, at=LATER)
    with pytest.raises(MoveNotAllowed):
        answer_enquiry(enquiry=enquiry, answer="No.", by=pharmacist, at=LATER)
    assert Enquiry.objects.get().answer == "Yes."


def test_a_closed_enquiry_sends_nothing_more() -> None:
    enquiry = an_enquiry()
    close_enquiry(enquiry=enquiry, by=a_pharmacist_actor(), at=LATER)
    assert expand_due_followups(at=MUCH_LATER) == 0
    with pytest.raises(MoveNotAllowed):
        close_enquiry(enquiry=enquiry, by=a_pharmacist_actor("brandt"), at=LATER)
