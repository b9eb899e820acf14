"""Made ahead of orders as far as history allows; orders filled from stock; looked at again on a later day."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from pharmacy.batches.models import CompoundingRecord, SecondLook
from pharmacy.batches.queries import open_deviations
from pharmacy.formulations.queries import approved_formula
from pharmacy.orders.models import Fill, Order
from pharmacy.people.actors import NotYourRole
from pharmacy.workflow.demonstration import Bench, finish_and_check, release, weigh
from pharmacy.workflow.dispense_order import (
    DeviationStillOpen,
    NotLookedAtAgain,
    dispense_order,
)
from pharmacy.workflow.make_ahead import (
    AheadNeedsReason,
    KeepsTooShortForPlan,
    MoreThanHistory,
    NotFromThisBatch,
    TooFewInStock,
    fill_from_stock,
    free_stock,
    plan_ahead,
)
from pharmacy.workflow.plan_batch import OrderNotApproved, waiting_groups
from pharmacy.workflow.second_look import NothingSeen, look_again
from tests.factories.job import AT, approved, fresh

pytestmark = pytest.mark.django_db


def ahead(bench: Bench, units: int, **changed: Any) -> CompoundingRecord:
    told: dict[str, Any] = {
        "formula": approved_formula("ldn-capsules"),
        "strength": Decimal("1.5"),
        "reason": "Three refills are due this week.",
        "balance": bench.balance,
        "by": bench.technician,
        "at": AT,
    }
    return plan_ahead(units=units, **(told | changed))


def dispensed(bench: Bench, order_id: int) -> Order:
    order = Order.objects.get(pk=order_id)
    dispense_order(order=order, by=bench.pharmacist, at=AT)
    return fresh(order)


def made(bench: Bench, record: CompoundingRecord) -> CompoundingRecord:
    weigh(record, bench=bench, at=AT)
    return release(finish_and_check(record, bench=bench, at=AT), bench=bench, at=AT)


def test_history_caps_what_is_made_ahead(bench: Bench, capsules_to_dispense: int) -> None:
    with pytest.raises(MoreThanHistory, match="0 units were dispensed"):
        ahead(bench, 1)
    dispensed(bench, capsules_to_dispense)  # 126 of 130; 4 of the overage are free
    with pytest.raises(
        MoreThanHistory,
        match="126 units were dispensed, and 4 are free or being made already: 122 may be made ahead, not 123",
    ):
        ahead(bench, 123)
    with pytest.raises(AheadNeedsReason):
        ahead(bench, 100, reason=" ")
    with pytest.raises(MoreThanHistory):
        ahead(bench, 1, strength=Decimal(3))

    record = ahead(bench, 100)

    kept = record.ahead_of_orders
    assert (kept.history_days, kept.dispensed_units, kept.free_units) == (30, 126, 4)
    with pytest.raises(MoreThanHistory, match="104 are free or being made already"):
        ahead(bench, 23)
    with pytest.raises(MoreThanHistory):
        ahead(bench, 1, at=AT + timedelta(days=31))


def test_orders_are_filled_from_stock(bench: Bench, capsules_to_dispense: int) -> None:
    dispensed(bench, capsules_to_dispense)
    record = ahead(bench, 122)
    order, other = approved(bench, key="from-stock"), approved(bench, key="too-many")
    drops = approved(bench, "drops", key="other-form")
    (line,), (second,) = order.lines.all(), other.lines.all()
    told: dict[str, Any] = {"record": record, "by": bench.pharmacist, "at": AT}
    with pytest.raises(NotFromThisBatch):
        fill_from_stock(lines=[line], **told)
    record = made(bench, record)
    assert record.pk in [each.record.pk for each in free_stock("ldn-capsules", Decimal("1.5"))]

    for lines, changed, refusal in (
        ([line, second], {}, TooFewInStock),
        ([drops.lines.get()], {}, NotFromThisBatch),
        ([line], {"at": AT + timedelta(days=150)}, KeepsTooShortForPlan),
        ([line], {"by": bench.technician}, NotYourRole),
    ):
        with pytest.raises(refusal):
            fill_from_stock(lines=lines, **(told | changed))
    assert fresh(order).state == "approved"

    (allocation,) = fill_from_stock(lines=[line], **told)

    assert (allocation.record_id, allocation.quantity) == (record.pk, 126)
    assert fresh(order).state == "ready"
    assert order.pk not in [line.order_id for group in waiting_groups() for line in group.lines]
    with pytest.raises(OrderNotApproved):
        fill_from_stock(lines=[line], **told)


def test_a_later_day_asks_for_a_new_look(bench: Bench, capsules_to_dispense: int) -> None:
    order = Order.objects.get(pk=capsules_to_dispense)
    record = order.lines.get().allocations.get().record
    later = AT + timedelta(days=1)
    told: dict[str, Any] = {"record": record, "by": bench.technician}
    with pytest.raises(NotLookedAtAgain, match=f"Lot {record.number} was released on an earlier"):
        dispense_order(order=order, by=bench.pharmacist, at=later)
    with pytest.raises(NothingSeen):
        look_again(seen=" ", is_as_expected=True, at=later, **told)
    look_again(seen="White, dry, seals whole.", is_as_expected=True, at=AT, **told)
    with pytest.raises(NotLookedAtAgain):
        dispense_order(order=order, by=bench.pharmacist, at=later)

    look_again(seen="White, dry, seals whole.", is_as_expected=True, at=later, **told)
    dispense_order(order=order, by=bench.pharmacist, at=later)

    assert Fill.objects.filter(line__order=order).exists()
    assert SecondLook.objects.count() == 2


def test_what_does_not_look_right_is_not_dispensed(bench: Bench, capsules_to_dispense: int) -> None:
    order = Order.objects.get(pk=capsules_to_dispense)
    record = order.lines.get().allocations.get().record
    look_again(record=record, seen="Specks.", is_as_expected=False, by=bench.technician, at=AT)
    assert open_deviations(record).get().what_happened == "Specks."
    with pytest.raises(DeviationStillOpen):
        dispense_order(order=order, by=bench.pharmacist, at=AT)
