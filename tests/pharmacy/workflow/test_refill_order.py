"""A refill: when it may be started, what it goes on with, what the patient is asked again."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.contexts.label import label_context
from pharmacy.documents.contexts.leaflet import LeafletFacts, leaflet_context
from pharmacy.followups.models import FollowUpKind
from pharmacy.intake.questionnaire import first_unanswered_page, unanswered
from pharmacy.orders.models import Order
from pharmacy.orders.plans import plan_of_order
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import GUEST_PRESCRIBER, PATIENT, NotYourRole
from pharmacy.policies.models import PolicyVersion
from pharmacy.workflow.demonstration import Bench, answer_for
from pharmacy.workflow.dispense_order import dispense_order
from pharmacy.workflow.receive_intake import open_intake
from pharmacy.workflow.refill_order import (
    REFILL_GOES_ON,
    FillUnderWay,
    NoRefillLeft,
    NothingToRefill,
    PrescriptionExpired,
    RefillTooEarly,
    refills_of,
    start_refill,
)
from pharmacy.workflow.review_order import cancel_order
from pharmacy.workflow.seed.answers import answers
from tests.factories.job import AT, fresh, printed, received

pytestmark = pytest.mark.django_db
DAYS = 56
"""The plan of the first fill: 14, 14 and 28 days."""
LATER = AT + timedelta(days=DAYS - 8)


@pytest.fixture(scope="module")
def dispensed_id(bench: Bench, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """The key of a dispensed order with two refills, from today for 56 days."""
    with django_db_blocker.unblock():
        order, _record = printed(bench, key="to-refill")
        dispense_order(order=order, by=bench.verifier, at=AT)
        yield order.pk


@pytest.fixture
def dispensed(dispensed_id: int) -> Order:
    return Order.objects.select_related("prescription__patient").get(pk=dispensed_id)


def refill(order: Order, bench: Bench, days_later: int = DAYS - 8) -> Order:
    return start_refill(
        prescription=order.prescription, by=bench.technician, at=AT + timedelta(days=days_later)
    )


def test_it_is_a_new_order_that_waits_for_the_patient(bench: Bench, dispensed: Order) -> None:
    order = refill(dispensed, bench)
    assert (order.state, order.fill_number) == (OrderState.RECEIVED, 1)
    assert order.number == f"{dispensed.prescription.number}-1"
    assert order.followups.get().kind == FollowUpKind.INVITE_PATIENT
    state = refills_of(dispensed.prescription, on=timezone.localdate(LATER))
    assert [fill.number for fill in state.fills] == [dispensed.number, order.number]
    assert (state.allowed, state.left) == (2, 1)


def test_a_plan_that_built_up_goes_on_with_its_last_step(bench: Bench, dispensed: Order) -> None:
    """Beginning again at the first step would take the patient down to a third of the dose."""
    order = refill(dispensed, bench)
    plan = plan_of_order(order)
    assert [(str(step.dose_mg), step.days) for step in plan.steps] == [("4.5", 28)]
    line = order.lines.get()
    assert (line.quantity, line.days_supply) == (84, 28)
    assert line.directions == "Take three 1.5 mg capsules by mouth at bedtime."
    assert order.findings.get(kind=REFILL_GOES_ON).is_open


def test_its_papers_go_on_with_the_last_step_too(bench: Bench, dispensed: Order) -> None:
    order = refill(dispensed, bench)
    line = order.lines.get()
    record = CompoundingRecord.objects.get(allocations__line__order=dispensed)
    today = timezone.localdate(LATER)
    label = label_context(line=line, record=record, start_on=today, filled_on=today)
    assert label["directions"] == "Take three 1.5 mg capsules by mouth at bedtime."
    assert "three 1.5 mg capsules" in label["first_direction"]
    leaflet = leaflet_context(LeafletFacts(order, [record], start_on=today, filled_on=today))
    assert len(leaflet["plan"]["rows"]) == 1
    assert "three capsules 4.5 mg" in " ".join(leaflet["plan"]["rows"][0])


def test_nothing_dispensed_is_nothing_to_refill(bench: Bench) -> None:
    order = received(bench, key="refill-nothing")
    with pytest.raises(NothingToRefill):
        refill(order, bench)


def test_only_one_fill_at_a_time(bench: Bench, dispensed: Order) -> None:
    order = refill(dispensed, bench)
    with pytest.raises(FillUnderWay, match=order.number):
        refill(dispensed, bench)


def test_a_cancelled_refill_uses_none_up_and_keeps_its_number(
    bench: Bench, dispensed: Order
) -> None:
    order = refill(dispensed, bench)
    cancel_order(order=order, reason="Asked for by mistake.", by=bench.pharmacist, at=LATER)
    again = refill(dispensed, bench)
    assert again.fill_number == 2
    assert refills_of(dispensed.prescription, on=timezone.localdate(LATER)).left == 1


def test_it_is_refused_too_early_with_the_day_it_may_be(bench: Bench, dispensed: Order) -> None:
    with pytest.raises(RefillTooEarly, match="may be started from 7 January 2027"):
        refill(dispensed, bench, days_later=DAYS - 11)
    assert refill(dispensed, bench, days_later=DAYS - 10).fill_number == 1


def test_it_is_refused_when_the_prescription_is_too_old(bench: Bench, dispensed: Order) -> None:
    with pytest.raises(PrescriptionExpired, match="22 November 2027"):
        refill(dispensed, bench, days_later=366)
    assert refill(dispensed, bench, days_later=365).fill_number == 1


def test_it_is_refused_when_none_is_left(bench: Bench, dispensed: Order) -> None:
    for number in (1, 2):
        order = refill(dispensed, bench)
        Order.objects.filter(pk=order.pk).update(
            state="dispensed",
            approved_at=AT,
            approved_by_id=bench.pharmacist.user_id,
            dispensed_at=AT,
            dispensed_by_id=bench.pharmacist.user_id,
        )
        assert refills_of(dispensed.prescription, on=timezone.localdate(LATER)).left == 2 - number
    with pytest.raises(NoRefillLeft):
        refill(dispensed, bench)


@pytest.mark.parametrize("by", [GUEST_PRESCRIBER, PATIENT])
def test_only_staff_start_one(bench: Bench, dispensed: Order, by: Any) -> None:
    with pytest.raises(NotYourRole):
        start_refill(prescription=dispensed.prescription, by=by, at=LATER)
    assert dispensed.prescription.orders.count() == 1


def test_opioids_are_asked_again_and_what_lasts_is_not(bench: Bench, dispensed: Order) -> None:
    order = refill(dispensed, bench)
    intake = opened(order)
    left = unanswered(intake.answers)
    assert {"opioid_now", "opioid_last_date", "last_dose_date", "medicines_complete"} <= set(left)
    assert {"pregnant", "surgery_planned", "ack_opioid", "signature"} <= set(left)
    assert not {"liver", "kidney", "allergy", "sex_at_birth"} & set(left)
    page = first_unanswered_page(intake.answers)
    assert page is not None
    assert page.id == "opioid-now"


def opened(order: Order) -> Any:
    from_order = fresh(order)
    link = from_order.links.create(
        purpose="intake", digest="d" * 64, created_at=LATER, expires_at=LATER + timedelta(days=1)
    )
    return open_intake(link=link, at=LATER)


def screened(order: Order, last_dose: str) -> dict[str, str]:
    """Answer as somebody who took the last dose on that day; return the findings about a gap."""
    answer_for(order, {**answers(last_dose_date=last_dose), "refill": "yes"}, at=LATER)
    found = order.findings.filter(kind__in=["OPI-10", "MIS-01"])
    return dict(found.values_list("kind", "evidence"))


def days_before(days: int) -> str:
    return (timezone.localdate(LATER) - timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("last_dose", "found"),
    [
        ("going_on", {}),
        (days_before(3), {}),
        (days_before(4), {"OPI-10": "4 days without the medicine"}),
        (days_before(7), {"OPI-10": "7 days without the medicine"}),
        (
            days_before(8),
            {
                "OPI-10": "8 days without the medicine",
                "MIS-01": "8 days without the medicine",
            },
        ),
        ("not_sure", {}),
    ],
)
def test_a_gap_is_seen(
    bench: Bench, dispensed: Order, last_dose: str, found: dict[str, str]
) -> None:
    assert screened(refill(dispensed, bench), last_dose) == found


def test_who_does_not_know_is_counted_from_the_end_of_the_last_fill(
    bench: Bench, dispensed: Order
) -> None:
    last_day = date(2026, 11, 22) + timedelta(days=DAYS - 1)
    at = AT + timedelta(days=DAYS + 20)
    order = start_refill(prescription=dispensed.prescription, by=bench.technician, at=at)
    answer_for(order, {**answers(last_dose_date="not_sure"), "refill": "yes"}, at=at)
    days = (timezone.localdate(at) - last_day).days
    assert order.findings.get(kind="MIS-01").evidence == f"{days} days without the medicine"


def test_the_days_are_the_pharmacys_own(bench: Bench, dispensed: Order) -> None:
    policy = PolicyVersion.objects.get(key="refill_early_days")
    PolicyVersion.objects.create(
        key=policy.key,
        version=2,
        title=policy.title,
        value="30",
        source="Decision of the pharmacy",
        effective_on=AT.date(),
        approved_by_id=bench.pharmacist.user_id,
        approved_at=AT,
    )
    assert refill(dispensed, bench, days_later=DAYS - 30).fill_number == 1


def test_a_fixed_dose_is_filled_as_it_was(bench: Bench) -> None:
    order = dispensed_with_one_step(bench, Decimal("4.5"))
    again = start_refill(prescription=order.prescription, by=bench.technician, at=LATER)
    assert again.lines.get().quantity == order.lines.get().quantity
    assert again.lines.get().directions == order.lines.get().directions
    assert not again.findings.filter(kind=REFILL_GOES_ON).exists()


def dispensed_with_one_step(bench: Bench, dose: Any) -> Order:
    order = received(bench, key="refill-fixed", refills=1, steps=((dose, 30),))
    Order.objects.filter(pk=order.pk).update(
        state="dispensed",
        approved_at=AT,
        approved_by_id=bench.pharmacist.user_id,
        dispensed_at=AT,
        dispensed_by_id=bench.pharmacist.user_id,
    )
    return fresh(order)
