"""Dispensing: what must be in place, what moves, in which vial, and that it closes in one transaction."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from compounding.errors import Refusal
from pharmacy.audit.queries import events_of, verify_chain
from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.batches.models import CompoundingRecord, UnitPlace
from pharmacy.batches.queries import units_at
from pharmacy.followups.models import FollowUp
from pharmacy.formulations.models import Ingredient
from pharmacy.inventory.actions import recall_lot
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.moves import InsufficientStock
from pharmacy.inventory.queries import levels_beside_moves, quantity_at
from pharmacy.orders.models import Allocation, Fill, FillContainer, Order
from pharmacy.orders.states import OrderState
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.dispense_order import (
    FindingOpenAgain,
    KeepsTooShort,
    NothingToDispense,
    PapersNotPrinted,
    dispense_order,
)
from pharmacy.workflow.take_container import (
    KEPT,
    ChosenContainer,
    ContainerMayNotBeUsed,
    ContainerMissing,
    NotItsContainer,
    containers_needed,
)
from tests.factories.job import AT, approved, fresh, printed, ready
from tests.factories.policies import decide
from tests.factories.raw_sql import check_refused

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
    # A bottle is filled by its batch; only a vial is chosen here.
    in_vials = containers_needed([fill.line], on=AT.date())
    assert fill.containers.count() == len(in_vials) == (1 if kind == "capsules" else 0)


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


def test_a_refusal_half_way_leaves_nothing_behind(
    bench: Bench, order: Order, record: CompoundingRecord
) -> None:
    Allocation.objects.update(quantity=1000)
    with pytest.raises(Refusal):
        dispense_order(order=order, by=bench.pharmacist, at=AT)
    assert not Fill.objects.exists()
    assert units_at(record, UnitPlace.PATIENT) == 0
    assert fresh(order).state == OrderState.READY


def lot(number: str) -> IngredientLot:
    return IngredientLot.objects.select_related("ingredient").get(lot_number=number)


def on_shelf(number: str) -> int:
    return int(quantity_at(lot(number), Place.SHELF))


def chosen(order: Order, **what: object) -> list[ChosenContainer]:
    vial = Ingredient.objects.get(label_name="60 mL vial")
    return [
        ChosenContainer(line_id=order.lines.get().pk, ingredient_id=vial.pk, **what)  # type: ignore[arg-type]
    ]


def recall_vials(bench: Bench, *numbers: str) -> None:
    for number in numbers:
        recall_lot(lot=lot(number), reason="Cracks", by=bench.pharmacist, at=AT)


def test_the_first_to_expire_is_taken_and_tied_to_the_fill(bench: Bench, order: Order) -> None:
    (fill,) = dispense_order(order=order, by=bench.pharmacist, at=AT)

    (taken,) = fill.containers.all()
    assert (taken.lot, taken.quantity, taken.why_no_lot) == (lot("VL-60-2"), 1, "")
    assert (on_shelf("VL-60-2"), on_shelf("VL-60-5")) == (59, 400)
    move = lot("VL-60-2").moves.latest("pk")
    assert (move.from_place, move.to_place, move.reference) == ("shelf", "used", order.number)
    said = events_of(order).get(event="order_container_taken").new
    assert (said["lot"], said["quantity"]) == ("VL-60-2", "1 × 60 mL vial")
    assert levels_beside_moves() == []
    assert verify_chain().intact


def test_what_was_chosen_is_taken(bench: Bench, order: Order) -> None:
    other = chosen(order, lot_id=lot("VL-60-5").pk, quantity=2)
    (fill,) = dispense_order(order=order, containers=other, by=bench.pharmacist, at=AT)
    assert [(each.lot, each.quantity) for each in fill.containers.all()] == [(lot("VL-60-5"), 2)]
    assert (on_shelf("VL-60-2"), on_shelf("VL-60-5")) == (60, 398)


@pytest.mark.parametrize(
    ("what", "refusal", "said"),
    [
        (lambda: {"lot_id": lot("JR-120-1").pk}, NotItsContainer, "not of 60 mL vial"),
        (lambda: {"lot_id": lot("VL-60-5").pk}, ContainerMayNotBeUsed, "It is recalled"),
        (lambda: {"lot_id": lot("VL-60-2").pk, "quantity": 61}, InsufficientStock, "60"),
        (lambda: {"quantity": 61}, ContainerMissing, "No single lot of 60 mL vial holds 61"),
        (lambda: {"quantity": 0, "why_no_lot": "x"}, Refusal, "number of containers"),
    ],
)
def test_a_choice_that_cannot_be_writes_nothing(
    bench: Bench,
    order: Order,
    what: Callable[[], dict[str, object]],
    refusal: type[Refusal],
    said: str,
) -> None:
    recall_vials(bench, "VL-60-5")
    with pytest.raises(refusal, match=said):
        dispense_order(order=order, containers=chosen(order, **what()), by=bench.pharmacist, at=AT)
    assert not Fill.objects.exists()
    assert on_shelf("VL-60-2") == 60
    assert fresh(order).state == OrderState.READY


def test_without_a_lot_it_is_refused_until_somebody_says_why(bench: Bench, order: Order) -> None:
    recall_vials(bench, "VL-60-2", "VL-60-5")
    with pytest.raises(ContainerMissing, match=r"VL-60-2: It is recalled.*write down"):
        dispense_order(order=order, by=bench.pharmacist, at=AT)

    why = chosen(order, why_no_lot="The patient's own amber vial")
    (fill,) = dispense_order(order=order, containers=why, by=bench.pharmacist, at=AT)

    (taken,) = fill.containers.all()
    assert (taken.lot, taken.why_no_lot) == (None, "The patient's own amber vial")
    assert events_of(order).get(event="order_container_taken").new["reason"] == taken.why_no_lot


def test_a_pharmacy_may_keep_no_lots_of_them(bench: Bench, order: Order) -> None:
    decide(KEPT, "no")
    dispense_order(order=order, by=bench.pharmacist, at=AT)
    assert not FillContainer.objects.exists()
    assert on_shelf("VL-60-2") == 60


def test_the_database_holds_it(bench: Bench, order: Order) -> None:
    (fill,) = dispense_order(order=order, by=bench.pharmacist, at=AT)
    (taken,) = fill.containers.all()
    vial, jar = taken.ingredient_id, lot("JR-120-1").ingredient_id
    for sql in ("UPDATE orders_fillcontainer SET quantity = 2", "DELETE FROM orders_fillcontainer"):
        check_refused(sql, [], by="append-only")
    recall_vials(bench, "VL-60-5")
    insert = (
        "INSERT INTO orders_fillcontainer (fill_id, ingredient_id, lot_id, quantity, why_no_lot) "
        "VALUES (%s, %s, %s, %s, %s)"
    )
    for values, constraint in (
        ([jar, lot("JR-120-1").pk, 0, ""], "orders_container_positive"),
        ([jar, None, 1, ""], "orders_container_from_a_lot_or_why_not"),
        ([jar, lot("JR-120-1").pk, 1, "x"], "orders_container_from_a_lot_or_why_not"),
        ([jar, lot("VL-60-2").pk, 1, ""], "orders_container_is_of_its_lot"),
        ([vial, lot("VL-60-5").pk, 1, ""], "orders_container_is_of_its_lot"),
        ([vial, None, 1, "x"], "orders_container_once_a_fill|orders_fillcontainer.fill_id"),
    ):
        check_refused(insert, [fill.pk, *values], by=constraint)
