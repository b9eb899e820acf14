"""A patient says how it goes; what a pharmacist should see is seen."""

from datetime import timedelta
from typing import Any

import pytest

from pharmacy.audit.queries import events_of
from pharmacy.followups.actions import (
    AlreadySeen,
    CallOver,
    OutcomeMissing,
    mark_seen,
    record_call,
    schedule,
)
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import CheckIn, FollowUp, FollowUpKind, OutgoingMessage, PatientCall
from pharmacy.followups.queries import calls_to_make, check_ins_to_see
from pharmacy.orders.links import new_link
from pharmacy.orders.models import LinkPurpose, Order, PatientLink
from pharmacy.people.actors import PATIENT, NotYourRole
from pharmacy.workflow.receive_check_in import (
    AnswerNotOffered,
    NotDispensedYet,
    receive_check_in,
)
from tests.pharmacy.followups.rows import NOW, a_pharmacist_actor, a_policy, an_order

pytestmark = pytest.mark.django_db
FINE: dict[str, Any] = {
    "feeling": "better",
    "opioid_since": "no",
    "side_effects": "",
    "wants_call": False,
}


@pytest.fixture
def link() -> PatientLink:
    return _link(dispensed=True)


def _link(*, dispensed: bool) -> PatientLink:
    order = an_order(dispensed=dispensed)
    lifetime = timedelta(days=14)
    return new_link(order=order, purpose=LinkPurpose.PLAN, lifetime=lifetime, at=NOW)[0]


def _check_in(link: PatientLink, hours: int = 0, **answers: Any) -> CheckIn:
    at = NOW + timedelta(hours=hours)
    return receive_check_in(link=link, at=at, **{**FINE, **answers})


def test_when_all_is_well_it_is_kept_and_nobody_is_called(link: PatientLink) -> None:
    check_in = _check_in(link)
    assert (check_in.feeling, check_in.order) == ("better", link.order)
    assert not check_ins_to_see().exists()
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    "answers",
    [
        {"opioid_since": "yes"},
        {"opioid_since": "not_sure"},
        {"feeling": "worse"},
        {"wants_call": True},
        {"side_effects": "Vivid dreams"},
    ],
)
def test_what_somebody_should_see_is_in_the_queue_and_the_staff_is_told(
    link: PatientLink, answers: dict[str, Any]
) -> None:
    check_in = _check_in(link, **answers)
    assert check_ins_to_see().get() == check_in
    expand_due_followups(at=NOW)
    message = OutgoingMessage.objects.get()
    assert "10001-0" in message.subject
    assert "dreams" not in message.body_text


def test_a_second_press_stores_nothing_twice(link: PatientLink) -> None:
    first = _check_in(link, feeling="worse")
    assert _check_in(link, feeling="worse") == first
    assert CheckIn.objects.count() == 1


def test_other_answers_and_another_day_are_another_check_in(link: PatientLink) -> None:
    _check_in(link, feeling="worse")
    _check_in(link, feeling="worse", opioid_since="yes")
    _check_in(link, hours=24, feeling="worse", opioid_since="yes")
    assert check_ins_to_see().count() == 3
    assert expand_due_followups(at=NOW + timedelta(days=2)) == 3


def test_once_seen_it_leaves_the_queue_and_says_who_saw_it(link: PatientLink) -> None:
    check_in, pharmacist = _check_in(link, feeling="worse"), a_pharmacist_actor()
    mark_seen(check_in=check_in, by=pharmacist, at=NOW)
    assert not check_ins_to_see().exists()
    assert CheckIn.objects.get().seen_by_id == pharmacist.user_id
    assert [e.event for e in events_of(check_in)] == ["check_in_received", "check_in_seen"]
    with pytest.raises(AlreadySeen):
        mark_seen(check_in=check_in, by=pharmacist, at=NOW)


def test_a_patient_does_not_tick_it_off(link: PatientLink) -> None:
    with pytest.raises(NotYourRole):
        mark_seen(check_in=_check_in(link, feeling="worse"), by=PATIENT, at=NOW)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"feeling": ""}, "feeling"),
        ({"opioid_since": "maybe"}, "opioid_since"),
        ({"side_effects": "x" * 4001}, "side_effects"),
    ],
)
def test_an_answer_that_was_not_offered_says_which(
    link: PatientLink, answers: dict[str, Any], field: str
) -> None:
    with pytest.raises(AnswerNotOffered) as refused:
        _check_in(link, **answers)
    assert refused.value.field == field
    assert not CheckIn.objects.exists()


def test_before_the_medicine_is_handed_over_there_is_nothing_to_tell() -> None:
    with pytest.raises(NotDispensedYet):
        _check_in(_link(dispensed=False))


def asked(order: Order, *, day: int) -> None:
    """Let the check-in of a day go out."""
    at = NOW + timedelta(days=day)
    schedule(kind=FollowUpKind.CHECK_IN, due_at=at, order=order, sequence=day)
    expand_due_followups(at=at)


class TestCalls:
    @pytest.fixture(autouse=True)
    def policies(self) -> None:
        a_policy("patient_link_days", "14")
        a_policy("followup_call_days", "3")

    def _due(self, day: int) -> list[PatientCall]:
        return list(calls_to_make(at=NOW + timedelta(days=day)))

    def test_silence_after_a_check_in_becomes_a_call(self) -> None:
        a_policy("followup_unanswered_calls", "1")
        asked(an_order(dispensed=True), day=7)
        assert self._due(9) == []
        (call,) = self._due(10)
        assert call.because == "One check-in without an answer"

    def test_an_answer_takes_the_call_away(self, link: PatientLink) -> None:
        a_policy("followup_unanswered_calls", "1")
        asked(link.order, day=7)
        _check_in(link, hours=8 * 24)
        assert self._due(30) == []

    def test_a_policy_of_two_waits_for_the_second_silence(self, link: PatientLink) -> None:
        a_policy("followup_unanswered_calls", "2")
        asked(link.order, day=7)
        assert self._due(27) == []
        asked(link.order, day=28)
        (call,) = self._due(31)
        assert call.because == "2 check-ins without an answer"

    def test_an_answer_between_begins_the_count_anew(self, link: PatientLink) -> None:
        a_policy("followup_unanswered_calls", "2")
        asked(link.order, day=7)
        _check_in(link, hours=8 * 24)
        asked(link.order, day=28)
        assert self._due(60) == []

    def test_a_second_silence_makes_no_second_call(self) -> None:
        a_policy("followup_unanswered_calls", "1")
        order = an_order(dispensed=True)
        asked(order, day=7)
        asked(order, day=28)
        assert len(self._due(60)) == 1

    def test_it_is_ticked_off_with_what_came_of_it(self) -> None:
        a_policy("followup_unanswered_calls", "1")
        order = an_order(dispensed=True)
        asked(order, day=7)
        (call,) = self._due(10)
        by, at = a_pharmacist_actor(), NOW + timedelta(days=10)
        with pytest.raises(OutcomeMissing):
            record_call(call=call, outcome=" ", by=by, at=at)
        with pytest.raises(NotYourRole):
            record_call(call=call, outcome="Fine.", by=PATIENT, at=at)
        record_call(call=call, outcome="Reached: sleeps well, no opioid.", by=by, at=at)
        assert self._due(60) == []
        with pytest.raises(CallOver):
            record_call(call=call, outcome="Again.", by=by, at=at)
        assert [event.event for event in events_of(order)][:1] == ["patient_called"]

    def test_without_a_policy_nobody_is_called(self) -> None:
        asked(an_order(dispensed=True), day=7)
        assert not PatientCall.objects.exists()
