"""Orders and the batches they are made in: set aside, ready when released, waiting again when rejected."""

from decimal import Decimal
from typing import Any

import pytest

from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.queries import sheet_of
from pharmacy.orders.models import Allocation, Order, OrderLine
from pharmacy.workflow.check_batch import record_appearance, record_fill_weights
from pharmacy.workflow.demonstration import (
    MEANING,
    Bench,
    answer_for,
    approve,
    finish_and_check,
    follow,
    order_from,
    plan,
    release,
    ten_capsules,
    weigh,
)
from pharmacy.workflow.finish_batch import finish_compounding
from pharmacy.workflow.plan_batch import (
    AlreadyPlanned,
    LinesDiffer,
    MoreThanOrdered,
    NothingToMake,
    OrderNotApproved,
    TooFewUnits,
    plan_batch,
    waiting_groups,
)
from pharmacy.workflow.review_order import cancel_order, hold_order, lift_hold
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.verify_batch import reject_batch, verify_and_release
from tests.factories.job import AT, answered, form, fresh

pytestmark = pytest.mark.django_db


def approved(bench: Bench, key: str, kind: str = "capsules", **changed: Any) -> Order:
    """Return an approved order of its own prescription."""
    order = order_from(form(kind, key=key, **changed), bench=bench, at=AT)
    answer_for(order, answers(), at=AT)
    return approve(fresh(order), bench=bench, at=AT)


def line_of(order: Order) -> OrderLine:
    return order.lines.select_related("formula").get()


def states(*orders: Order) -> list[str]:
    return [fresh(order).state for order in orders]


def make(bench: Bench, *orders: Order) -> CompoundingRecord:
    """Return a batch for the orders, weighed and checked."""
    record = plan(list(orders), bench=bench, at=AT)
    weigh(record, bench=bench, at=AT)
    return finish_and_check(record, bench=bench, at=AT)


def test_what_there_is_to_make_stands_together(bench: Bench) -> None:
    first, second = approved(bench, "a"), approved(bench, "b")
    drops = approved(bench, "c", "drops")
    answered(bench)

    groups = {(group.formula.code, group.units): group for group in waiting_groups()}

    assert set(groups) == {("ldn-capsules", 252), ("ldn-drops", 1)}
    lines = groups["ldn-capsules", 252].lines
    assert [line.order for line in lines] == [first, second]
    assert [line.order for line in groups["ldn-drops", 1].lines] == [drops]


def test_one_batch_for_two_orders(bench: Bench) -> None:
    first, second = approved(bench, "a"), approved(bench, "b")

    record = plan_batch(
        lines=[line_of(first), line_of(second)],
        balance=bench.balance,
        by=bench.technician,
        at=AT,
    )

    assert record.units_wanted == 252
    assert states(first, second) == ["in_compounding", "in_compounding"]
    assert set(Allocation.objects.values_list("line__order", "quantity")) == {
        (first.pk, 126),
        (second.pk, 126),
    }
    assert waiting_groups() == []


def test_the_drop_table_is_of_the_doses_of_the_plans(bench: Bench) -> None:
    record = plan([approved(bench, "a", "drops")], bench=bench, at=AT)

    doses = [row.dose_mg for row in sheet_of(record).drop_table]
    assert doses == [Decimal("0.5"), Decimal(1)]


def test_what_cannot_be_planned_together(bench: Bench) -> None:
    first, drops, waiting = approved(bench, "a"), approved(bench, "b", "drops"), answered(bench)
    told: dict[str, Any] = {"balance": bench.balance, "by": bench.technician, "at": AT}
    for lines, refusal in (
        ([], NothingToMake),
        ([line_of(first), line_of(drops)], LinesDiffer),
        ([line_of(waiting)], OrderNotApproved),
    ):
        with pytest.raises(refusal):
            plan_batch(lines=lines, **told)
    with pytest.raises(TooFewUnits, match="need 126 units; 100 are too few"):
        plan_batch(lines=[line_of(first)], units=100, **told)
    with pytest.raises(MoreThanOrdered, match="need 126 units.+ may be of 138, not of 139"):
        plan_batch(lines=[line_of(first)], units=139, **told)
    plan_batch(lines=[line_of(first)], **told)
    with pytest.raises(AlreadyPlanned):
        plan_batch(lines=[line_of(first)], **told)
    assert CompoundingRecord.objects.count() == 1


def test_released_orders_are_ready(bench: Bench) -> None:
    first, second = approved(bench, "a"), approved(bench, "b")
    record = make(bench, first, second)
    assert states(first, second) == ["in_compounding", "in_compounding"]

    release(record, bench=bench, at=AT)

    assert states(first, second) == ["ready", "ready"]


def test_an_order_the_yield_does_not_reach_waits_again(bench: Bench) -> None:
    first, second = approved(bench, "a"), approved(bench, "b")
    record = plan([first, second], bench=bench, at=AT)
    weigh(record, bench=bench, at=AT)
    by = bench.technician
    follow(record, by=by, at=AT)
    finish_compounding(
        record=record,
        units_made=200,
        units_wasted=60,
        observed_description="Half of the last plate spilled.",
        by=by,
        at=AT,
    )
    traits = dict.fromkeys(record.formula.expected_traits, True)
    record_appearance(record=record, traits=traits, by=by, at=AT)
    record_fill_weights(record=record, gross_mg=ten_capsules(record), by=by, at=AT)

    verify_and_release(record=record, meaning=MEANING, by=bench.verifier, at=AT)

    assert states(first, second) == ["ready", "approved"]
    assert [group.units for group in waiting_groups()] == [126]


def test_orders_of_a_rejected_batch_wait_again_and_can_be_made_again(bench: Bench) -> None:
    order = approved(bench, "a")
    record = plan([order], bench=bench, at=AT)

    reject_batch(record=record, reason="Wrong sieve", by=bench.pharmacist, at=AT)

    assert states(order) == ["approved"]
    assert Allocation.objects.filter(withdrawn_at=AT).count() == 1
    again = make(bench, order)
    release(again, bench=bench, at=AT)
    assert states(order) == ["ready"]
    assert again.number != record.number


def test_an_order_held_meanwhile_is_ready_when_the_hold_is_lifted(bench: Bench) -> None:
    order = approved(bench, "a")
    record = make(bench, order)
    hold_order(
        order=fresh(order),
        reason="Surgery announced",
        lifted_when="The surgeon agrees",
        by=bench.pharmacist,
        at=AT,
    )

    release(record, bench=bench, at=AT)
    assert states(order) == ["on_hold"]
    lift_hold(order=fresh(order), note="Postponed", by=bench.pharmacist, at=AT)

    assert states(order) == ["ready"]


def test_a_cancelled_order_leaves_its_capsules_in_stock(bench: Bench) -> None:
    order = approved(bench, "a")
    record = make(bench, order)
    told: dict[str, Any] = {"by": bench.pharmacist, "at": AT}
    hold_order(order=fresh(order), reason="Moved away", lifted_when="A call", **told)
    cancel_order(order=fresh(order), reason="Moved away", **told)

    release(record, bench=bench, at=AT)

    assert states(order) == ["cancelled"]
    assert not Allocation.objects.filter(withdrawn_at__isnull=True).exists()
