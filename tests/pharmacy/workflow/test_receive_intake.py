"""The safety questions: what holds an order, what does not, and that nothing is answered twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from pharmacy.intake.models import Consent, IntakeSubmission
from pharmacy.orders.links import LinkExpired, LinkLocked, LinkUnknown, new_link
from pharmacy.orders.models import LinkPurpose, Order, OrderHold, PatientLink
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import PATIENT
from pharmacy.workflow.demonstration import Bench, answer_for
from pharmacy.workflow.patient_link import WrongDateOfBirth, link_state, open_link
from pharmacy.workflow.receive_intake import (
    IntakeClosed,
    QuestionsLeft,
    open_intake,
    save_answers,
    submit_intake,
)
from pharmacy.workflow.review_order import hold_order, lift_hold
from pharmacy.workflow.seed.answers import answers
from tests.factories.job import AT, answered, fresh, received

pytestmark = pytest.mark.django_db
BORN = date(1968, 5, 19)


def linked(order: Order) -> tuple[PatientLink, str]:
    return new_link(order=order, purpose=LinkPurpose.INTAKE, lifetime=timedelta(days=14), at=AT)


def open_findings(order: Order) -> list[str]:
    return sorted(finding.kind for finding in order.findings.all() if finding.is_open)


def test_clean_answers_lead_to_review(bench: Bench) -> None:
    order = answered(bench)
    assert order.state == OrderState.IN_REVIEW
    assert open_findings(order) == []
    assert order.screened_with["opioid_free_days.short"] == 1


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"opioid_now": "yes"}, "OPI-01"),
        ({"opioid_now": "not_sure"}, "OPI-01"),
        ({"opioid_last_date": "2026-11-19", "opioid_last_name": "tramadol"}, "OPI-02"),
        ({"opioid_last_date": "not_sure"}, None),
        ({"opioid_like_supplement": "yes"}, "OPI-06"),
        ({"oud_treatment": "private"}, "OPI-04"),
        ({"medicines": ["Tylenol #3"]}, None),
        ({"liver": "failure"}, "HEP-01"),
        ({"mood_severe": "yes"}, "PSY-01"),
    ],
)
def test_what_stops_an_order_holds_it_for_a_pharmacist(
    bench: Bench, said: dict[str, Any], rule: str | None
) -> None:
    order = answered(bench, said=said)
    assert order.state == OrderState.ON_HOLD
    hold = OrderHold.objects.get(order=order)
    assert hold.placed_by is None
    assert hold.returns_to == OrderState.IN_REVIEW
    assert open_findings(order)
    assert rule is None or rule in open_findings(order)


def test_a_doubt_that_does_not_stop_waits_in_the_review(bench: Bench) -> None:
    order = answered(bench, said={"thyroid_med": "yes"})
    assert (order.state, open_findings(order)) == (OrderState.IN_REVIEW, ["THY-01"])


def test_the_earliest_first_dose_is_kept(bench: Bench) -> None:
    order = answered(bench, said={"opioid_last_date": "2026-11-19", "opioid_last_name": "tramadol"})
    assert order.findings.get(kind="OPI-02").earliest_start_on == date(2026, 11, 29)


def test_the_patient_is_told_when_a_pharmacist_will_call(bench: Bench) -> None:
    outcome = answer_for(received(bench), answers(opioid_now="yes"), at=AT)
    assert outcome.held
    assert any("opioid" in text for text in outcome.patient_texts)


def test_answers_to_a_held_order_lead_to_review_once_the_hold_is_lifted(bench: Bench) -> None:
    order = received(bench)
    hold_order(
        order=order, reason="Wrong address", lifted_when="A call", by=bench.pharmacist, at=AT
    )
    answer_for(order, answers(), at=AT)
    lift_hold(order=order, note="Address corrected", by=bench.pharmacist, at=AT)
    assert fresh(order).state == OrderState.IN_REVIEW


def test_an_intake_with_a_gap_is_not_taken(bench: Bench) -> None:
    link, _token = linked(received(bench))
    intake = open_intake(link=link, at=AT)
    said = answers(signature="Grace Okonkwo")
    del said["opioid_now"]
    save_answers(intake=intake, answers=said, at=AT)
    with pytest.raises(QuestionsLeft) as refused:
        submit_intake(intake=intake, signed_name="Grace Okonkwo", by=PATIENT, at=AT)
    assert refused.value.questions == ("opioid_now",)
    assert fresh(link.order).state == OrderState.RECEIVED


def test_an_intake_is_sent_once(bench: Bench) -> None:
    order = answered(bench)
    link, _token = linked(order)
    with pytest.raises(IntakeClosed):
        open_intake(link=link, at=AT)
    intake = IntakeSubmission.objects.get()
    with pytest.raises(IntakeClosed):
        save_answers(intake=intake, answers={}, at=AT)
    with pytest.raises(IntakeClosed):
        submit_intake(intake=intake, signed_name="Grace", by=PATIENT, at=AT)


def test_the_database_keeps_what_was_submitted(bench: Bench) -> None:
    answered(bench)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        IntakeSubmission.objects.update(answers={"opioid_now": "no"})


def test_every_consent_is_kept_word_for_word(bench: Bench) -> None:
    answered(bench)
    assert sorted(Consent.objects.values_list("kind", flat=True)) == [
        "ack_contact",
        "ack_offlabel",
        "ack_opioid",
    ]
    assert "opioids" in Consent.objects.get(kind="ack_opioid").wording


def test_the_date_of_birth_opens_the_link(bench: Bench) -> None:
    link, token = linked(received(bench))
    assert open_link(token=token, date_of_birth=BORN, at=AT).pk == link.pk
    assert token not in str(PatientLink.objects.values())


def test_a_wrong_date_of_birth_is_counted_and_locks_after_five(bench: Bench) -> None:
    _link, token = linked(received(bench))
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongDateOfBirth) as refused:
            open_link(token=token, date_of_birth=date(1990, 1, 1), at=AT)
        assert refused.value.tries_left == left
    for born in (date(1990, 1, 1), BORN):
        with pytest.raises(LinkLocked):
            open_link(token=token, date_of_birth=born, at=AT)


def test_a_link_ends(bench: Bench) -> None:
    _link, token = linked(received(bench))
    link_state(token=token, at=AT + timedelta(days=13))
    with pytest.raises(LinkExpired):
        link_state(token=token, at=AT + timedelta(days=14))
    with pytest.raises(LinkUnknown):
        link_state(token=token + "x", at=AT)
