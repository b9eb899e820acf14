"""Dispensing: what must be in place, what moves, and that it closes in one transaction."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from compounding.errors import Refusal
from pharmacy.audit.queries import verify_chain
from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.batches.models import CompoundingRecord, UnitMove, UnitPlace
from pharmacy.batches.queries import units_at
from pharmacy.followups.models import FollowUp
from pharmacy.orders.models import Allocation, Fill, Order
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.dispense_order import (
    FindingOpenAgain,
    KeepsTooShort,
    NothingToDispense,
    PapersNotPrinted,
    dispense_order,
)
from tests.factories.job import AT, approved, fresh, printed, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(capsules_to_dispense: int) -> Order:
    return Order.objects.get(pk=capsules_to_dispense)


@pytest.fixture
def record(order: Order) -> CompoundingRecord:
    return Allocation.objects.get(line__order=order).record


@pytest.mark.parametrize(("kind", "units"), [("capsules", 126), ("drops", 1)])
def test_the_order_ends_at_the_patient(
    bench: Bench, capsules_to_dispense: int, kind: str, units: int
) -> None:
    if kind == "capsules":
        order = Order.objects.get(pk=capsules_to_dispense)
        record = Allocation.objects.get(line__order=order).record
    else:
        order, record = printed(bench, kind)
    before = units_at(record, UnitPlace.STOCK)
    (fill,) = dispense_order(order=order, by=bench.pharmacist, at=AT)
    assert (fill.line.order_id, fill.record_id, fill.quantity) == (order.pk, record.pk, units)
    assert units_at(record, UnitPlace.PATIENT) == units
    assert units_at(record, UnitPlace.STOCK) == before - units
    assert fresh(order).state == OrderState.DISPENSED
    assert verify_chain().intact


def test_follow_ups_are_due_the_day_it_is_dispensed_and_after_7_and_28_days(
    bench: Bench, order: Order
) -> None:
    dispense_order(order=order, by=bench.pharmacist, at=AT)
    due = FollowUp.objects.filter(order=order).exclude(kind="invite_patient").order_by("due_at")
    assert [(followup.kind, followup.due_at - AT) for followup in due] == [
        ("send_plan", timedelta(0)),
        ("check_in", timedelta(days=7)),
        ("check_in", timedelta(days=28)),
    ]


def test_nothing_is_dispensed_twice(bench: Bench, order: Order, record: CompoundingRecord) -> None:
    dispense_order(order=order, by=bench.pharmacist, at=AT)
    with pytest.raises(MoveNotAllowed):
        dispense_order(order=order, by=bench.pharmacist, at=AT)
    assert units_at(record, UnitPlace.PATIENT) == 126


def test_papers_come_first(bench: Bench) -> None:
    order, _record = ready(bench)
    with pytest.raises(PapersNotPrinted, match="label"):
        dispense_order(order=order, by=bench.pharmacist, at=AT)


def test_an_order_without_a_batch_is_not_dispensed(bench: Bench, order: Order) -> None:
    Allocation.objects.filter(line__order=order).update(withdrawn_at=AT)
    with pytest.raises(NothingToDispense):
        dispense_order(order=order, by=bench.pharmacist, at=AT)


def test_an_order_that_is_only_approved_is_not_dispensed(bench: Bench) -> None:
    with pytest.raises(MoveNotAllowed):
        dispense_order(order=approved(bench), by=bench.pharmacist, at=AT)


def test_a_plan_that_outlasts_the_lot_is_refused_with_both_days(bench: Bench, order: Order) -> None:
    late = date(2027, 4, 1)
    Order.objects.filter(pk=order.pk).update(start_on=late)
    with pytest.raises(KeepsTooShort, match="26 May 2027"):
        dispense_order(order=order, by=bench.pharmacist, at=AT)
    assert not Fill.objects.exists()


def test_a_finding_raised_meanwhile_stops_it(bench: Bench, order: Order) -> None:
    order.findings.create(
        kind="OPI-01",
        severity="absolute",
        phrase="Opioid now",
        evidence="Called: codeine since yesterday",
        pharmacist_text="Do not dispense.",
        raised_at=AT,
    )
    with pytest.raises(FindingOpenAgain, match="Opioid now"):
        dispense_order(order=order, by=bench.pharmacist, at=AT)


@pytest.mark.parametrize("who", ["technician", "prescriber"])
def test_only_a_pharmacist_dispenses(bench: Bench, order: Order, who: str) -> None:
    with pytest.raises(NotYourMove):
        dispense_order(order=order, by=getattr(bench, who), at=AT)


def test_more_than_the_batch_holds_is_refused_by_the_database(
    bench: Bench, record: CompoundingRecord
) -> None:
    with (
        pytest.raises(IntegrityError, match="batches_units_never_below_zero"),
        transaction.atomic(),
    ):
        UnitMove.objects.create(
            record=record,
            quantity=Decimal(1000),
            from_place=UnitPlace.STOCK,
            to_place=UnitPlace.PATIENT,
            at=AT,
            by_id=person_in((Role.PHARMACIST,), bench.pharmacist),
            reference="attack",
        )


def test_a_refusal_half_way_leaves_nothing_behind(
    bench: Bench, order: Order, record: CompoundingRecord
) -> None:
    Allocation.objects.update(quantity=1000)
    with pytest.raises(Refusal):
        dispense_order(order=order, by=bench.pharmacist, at=AT)
    assert not Fill.objects.exists()
    assert units_at(record, UnitPlace.PATIENT) == 0
    assert fresh(order).state == OrderState.READY
