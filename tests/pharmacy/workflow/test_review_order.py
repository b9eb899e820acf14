"""Reviewing: who may, what must be decided first, and that the database holds it too."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from compounding.errors import Refusal
from pharmacy.audit.queries import events_of
from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.orders.actions import AlreadyHeld, NotHeld, SaysNothing
from pharmacy.orders.models import OrderFinding
from pharmacy.orders.queries import first_dose_allowed_from
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import GUEST_PRESCRIBER, PATIENT, NotYourRole
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.receive_prescription import receive_prescription
from pharmacy.workflow.review_order import (
    AlreadyLetPass,
    FindingsOpen,
    NotScreened,
    answer_question,
    approve_order,
    ask_question,
    cancel_order,
    clarify_prescription,
    hold_order,
    lift_hold,
    override_finding,
    verify_prescriber,
)
from tests.factories.job import AT, answered, form, fresh, received

pytestmark = pytest.mark.django_db


def test_a_clean_order_is_approved_in_one_step(bench: Bench) -> None:
    order = approve_order(order=answered(bench), by=bench.pharmacist, at=AT)
    assert order.state == OrderState.APPROVED
    assert order.approved_by_id == bench.pharmacist.user_id


def test_nothing_is_approved_before_the_patient_has_answered(bench: Bench) -> None:
    with pytest.raises(NotScreened):
        approve_order(order=received(bench), by=bench.pharmacist, at=AT)


def test_an_open_finding_stands_in_the_way_until_a_pharmacist_decides(bench: Bench) -> None:
    order = answered(bench, said={"thyroid_med": "yes"})
    with pytest.raises(FindingsOpen, match="hyroid"):
        approve_order(order=order, by=bench.pharmacist, at=AT)
    finding = order.findings.get(kind="THY-01")
    override_finding(finding=finding, reason="TSH normal in May.", by=bench.pharmacist, at=AT)
    assert approve_order(order=order, by=bench.pharmacist, at=AT).state == OrderState.APPROVED
    with pytest.raises(AlreadyLetPass):
        override_finding(finding=finding, reason="Again", by=bench.pharmacist, at=AT)


def test_an_opioid_hold_takes_a_reason_at_every_step(bench: Bench) -> None:
    order = answered(bench, said={"opioid_now": "not_sure"})
    with pytest.raises(SaysNothing):
        lift_hold(order=order, note=" ", by=bench.pharmacist, at=AT)
    lift_hold(order=order, note="Called: takes ibuprofen only.", by=bench.pharmacist, at=AT)
    with pytest.raises(FindingsOpen, match="Not sure: opioid"):
        approve_order(order=order, by=bench.pharmacist, at=AT)
    finding = order.findings.get(kind="OPI-01")
    with pytest.raises(SaysNothing):
        override_finding(finding=finding, reason="", by=bench.pharmacist, at=AT)
    override_finding(finding=finding, reason="Ibuprofen, seen.", by=bench.pharmacist, at=AT)
    assert approve_order(order=order, by=bench.pharmacist, at=AT).state == OrderState.APPROVED


@pytest.mark.parametrize("who", ["technician", "prescriber"])
def test_only_a_pharmacist_decides(bench: Bench, who: str) -> None:
    by = getattr(bench, who)
    order = answered(bench, said={"thyroid_med": "yes"})
    finding = order.findings.get(kind="THY-01")
    attempts = (
        lambda: override_finding(finding=finding, reason="Fine", by=by, at=AT),
        lambda: hold_order(order=order, reason="x", lifted_when="y", by=by, at=AT),
        lambda: cancel_order(order=order, reason="x", by=by, at=AT),
        lambda: ask_question(order=order, text="x", by=by, at=AT),
        lambda: clarify_prescription(
            prescription=order.prescription, text="x", told_by="y", told_how="z", by=by, at=AT
        ),
    )
    for attempt in attempts:
        with pytest.raises((NotYourMove, NotYourRole)):
            attempt()
    assert fresh(order).state == OrderState.IN_REVIEW


def test_a_question_sets_aside_and_its_answer_brings_back(bench: Bench) -> None:
    order = ask_question(order=answered(bench), text="Which dose?", by=bench.pharmacist, at=AT)
    assert order.state == OrderState.NEEDS_ANSWER
    order = answer_question(
        order=order, text="1.5 mg", told_by="Dr Chen", told_how="phone", by=bench.pharmacist, at=AT
    )
    assert order.state == OrderState.IN_REVIEW
    assert [note.text for note in order.prescription.clarifications.order_by("id")] == [
        "Which dose?",
        "1.5 mg",
    ]


def test_an_order_is_held_once(bench: Bench) -> None:
    order = answered(bench)
    with pytest.raises(NotHeld):
        lift_hold(order=order, note="x", by=bench.pharmacist, at=AT)
    hold_order(order=order, reason="x", lifted_when="y", by=bench.pharmacist, at=AT)
    with pytest.raises(AlreadyHeld):
        hold_order(order=order, reason="x", lifted_when="y", by=bench.pharmacist, at=AT)


def test_a_cancelled_order_drops_what_was_due(bench: Bench) -> None:
    order = cancel_order(order=received(bench), reason="Asked to.", by=bench.pharmacist, at=AT)
    assert order.followups.get().dropped_because == "The order was cancelled."
    with pytest.raises(MoveNotAllowed):
        cancel_order(order=order, reason="Again", by=bench.pharmacist, at=AT)


def test_verifying_a_prescriber_settles_the_finding(bench: Bench) -> None:
    order = receive_prescription(form=form(npi="1558598797"), by=GUEST_PRESCRIBER, at=AT)
    verify_prescriber(
        prescriber=order.prescription.prescriber, how="NPPES", by=bench.pharmacist, at=AT
    )
    finding = order.findings.get()
    assert finding.override_reason == "Verified: NPPES"


def test_the_trail_tells_every_step(bench: Bench) -> None:
    order = answered(bench, said={"opioid_now": "yes"})
    lift_hold(order=order, note="Called.", by=bench.pharmacist, at=AT)
    assert list(events_of(order).values_list("event", flat=True)) == [
        "order_received",
        "order_findings_raised",
        "order_held",
        "order_hold_lifted",
    ]


def test_patients_may_not_approve(bench: Bench) -> None:
    with pytest.raises(Refusal):
        approve_order(order=answered(bench), by=PATIENT, at=AT)


def test_a_reason_shortens_a_wait_only_as_far_as_the_policy_lets_it(bench: Bench) -> None:
    """Tramadol 3 days ago: 10 days by the rule, 7 with a pharmacist's reason, never tomorrow."""
    today = timezone.localdate(AT)
    last = (today - timedelta(days=3)).isoformat()
    order = answered(bench, said={"opioid_last_date": last, "opioid_last_name": "tramadol 50 mg"})
    finding = order.findings.get(earliest_start_on__isnull=False)
    assert finding.earliest_start_on == today + timedelta(days=7)
    assert finding.min_override_on == today + timedelta(days=4)
    assert first_dose_allowed_from(order) == today + timedelta(days=7)
    lift_hold(order=order, note="Called: three tablets after a tooth.", by=bench.pharmacist, at=AT)
    for each in order.findings.all():
        if each.is_open:
            override_finding(finding=each, reason="Short course.", by=bench.pharmacist, at=AT)
    assert first_dose_allowed_from(order) == today + timedelta(days=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderFinding.objects.filter(pk=finding.pk).update(min_override_on=today + timedelta(days=8))
