"""Recalled means that no path picks, weighs, releases or dispenses it: each path by its command, and past the ORM."""

from typing import Any

import pytest

from pharmacy.batches.models import BatchLine, CompoundingRecord, UnitMove
from pharmacy.batches.picking import NotEnoughStock
from pharmacy.batches.states import BatchState
from pharmacy.inventory.actions import recall_lot
from pharmacy.inventory.models import IngredientLot
from pharmacy.inventory.queries import lots_for
from pharmacy.people.models import User
from pharmacy.recalls.actions import open_recall
from pharmacy.recalls.models import Urgency
from pharmacy.recalls.queries import LotRecalledSince
from pharmacy.recalls.walk import Subject
from pharmacy.workflow.demonstration import Bench, plan, release
from pharmacy.workflow.dispense_order import BatchNotReleased, dispense_order
from pharmacy.workflow.make_ahead import NotFromThisBatch, fill_from_stock
from pharmacy.workflow.print_papers import print_papers
from pharmacy.workflow.verify_batch import LotRecalled
from pharmacy.workflow.weigh import LotMayNotBeUsed, record_weighing
from tests.factories.job import AT, approved, fresh, made, printed, ready
from tests.factories.raw_sql import check_refused, write


def active_line(record: CompoundingRecord) -> BatchLine:
    return record.lines.select_related("lot__ingredient").get(role="active")


def recalled(bench: Bench, lot: IngredientLot) -> IngredientLot:
    return recall_lot(lot=lot, reason="Notice of the supplier", by=bench.pharmacist, at=AT)


def test_it_is_not_offered_and_not_planned(bench: Bench, db: None) -> None:
    order = approved(bench, key="guard-plan")
    lot = IngredientLot.objects.select_related("ingredient").get(lot_number="NX-2201")
    recalled(bench, lot)
    offer = lots_for(lot.ingredient, AT.date())
    assert lot not in [usable.lot for usable in offer.usable]
    assert "It is recalled." in [refused.why for refused in offer.refused]
    with pytest.raises(NotEnoughStock, match="It is recalled"):
        plan([order], bench=bench, at=AT)


def test_a_lot_picked_before_is_not_weighed(bench: Bench, db: None) -> None:
    record = plan([approved(bench, key="guard-weigh")], bench=bench, at=AT)
    line = active_line(record)
    recalled(bench, line.lot)
    with pytest.raises(LotMayNotBeUsed, match="recalled"):
        record_weighing(
            line=line, amount=line.wanted, balance=bench.balance, by=bench.technician, at=AT
        )


def test_a_batch_made_from_it_is_not_released(bench: Bench, db: None) -> None:
    _order, record = made(bench, key="guard-release")
    recalled(bench, active_line(record).lot)
    with pytest.raises(LotRecalled):
        release(record, bench=bench, at=AT)
    check_refused(
        "UPDATE batches_compoundingrecord SET state = 'released', verified_by_id = %s, released_at = %s WHERE id = %s",
        [bench.verifier.user_id, AT, record.pk],
        by="recalls_recalled_is_not_released",
    )


def test_a_released_batch_made_from_it_is_not_printed_nor_dispensed(bench: Bench, db: None) -> None:
    order, record = printed(bench, key="guard-dispense")
    recalled(bench, active_line(record).lot)
    with pytest.raises(LotRecalledSince):
        dispense_order(order=fresh(order), by=bench.pharmacist, at=AT)
    with pytest.raises(LotRecalledSince):
        print_papers(order=fresh(order), start_on=None, reason="Torn", by=bench.pharmacist, at=AT)
    assert fresh(order).state == "ready"


def test_a_recalled_batch_is_not_dispensed(bench: Bench, db: None) -> None:
    order, record = printed(bench, key="guard-batch")
    CompoundingRecord.objects.filter(pk=record.pk).update(state=BatchState.RECALLED)
    with pytest.raises(BatchNotReleased):
        dispense_order(order=fresh(order), by=bench.pharmacist, at=AT)


STOCK = (
    "INSERT INTO inventory_stockmove (lot_id, quantity, from_place, to_place, at, by_id, reference, reason) "
    "VALUES (%s, 1, 'shelf', %s, %s, %s, 'x', '')"
)
UNITS = (
    "INSERT INTO batches_unitmove (record_id, quantity, from_place, to_place, at, by_id, reference) "
    "VALUES (%s, 1, 'stock', 'patient', %s, %s, 'x')"
)
FILL = (
    "INSERT INTO orders_fill (line_id, record_id, quantity, dispensed_at, dispensed_by_id) "
    "VALUES (%s, %s, 1, %s, %s)"
)


def test_past_the_orm_nothing_of_a_recalled_lot_goes_anywhere(bench: Bench, db: None) -> None:
    _order, record = ready(bench, key="guard-raw")
    planned = plan([approved(bench, key="guard-raw-planned")], bench=bench, at=AT)
    person, line = User.objects.get(username="okafor").pk, active_line(record)
    to_weigh = active_line(planned)
    write(
        STOCK, [line.lot_id, "reserved", AT, person]
    )  # before the recall each of them goes through
    recalled(bench, line.lot)
    for place in ("reserved", "used"):
        check_refused(STOCK, [line.lot_id, place, AT, person], by="inventory_only_released_is_used")
    write(STOCK, [line.lot_id, "quarantine", AT, person])
    check_refused(
        "INSERT INTO batches_weighing (line_id, amount, at, by_id) VALUES (%s, 1, %s, %s)",
        [to_weigh.pk, AT, person],
        by="recalls_recalled_is_not_weighed",
    )
    with pytest.raises(Exception, match="recalls_recalled_is_not_planned"):
        BatchLine.objects.create(
            record=planned,
            position=90,
            ingredient=line.ingredient,
            lot=line.lot,
            role=line.role,
            wanted=1,
            lowest=1,
            highest=1,
            unit=line.unit,
        )


def test_past_the_orm_nothing_made_from_it_reaches_a_patient(bench: Bench, db: None) -> None:
    order, record = ready(bench, key="guard-fill")
    person = User.objects.get(username="okafor").pk
    recalled(bench, active_line(record).lot)
    check_refused(UNITS, [record.pk, AT, person], by="recalls_recalled_is_not_handed_out")
    fill = [order.lines.get().pk, record.pk, AT, person]
    check_refused(FILL, fill, by="recalls_recalled_is_not_filled")
    assert not UnitMove.objects.filter(record=record, to_place="patient").exists()


def test_past_the_orm_a_batch_that_is_not_released_fills_nothing(bench: Bench, db: None) -> None:
    order, record = made(bench, key="guard-unreleased")
    person = User.objects.get(username="okafor").pk
    fill = [order.lines.get().pk, record.pk, AT, person]
    check_refused(FILL, fill, by="recalls_recalled_is_not_filled")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("state = 'approved'", "recalls_running_means_approved|recalls_say_what"),
        (
            "state = 'approved', approved_by_id = opened_by_id, approved_at = opened_at",
            "recalls_approver_is_a_second_person|recalls_say_what",
        ),
        ("state = 'drilled'", "recalls_drill_stays_a_drill|recalls_say_what"),
        ("state = 'closed'", "recalls_closed|recalls_running|recalls_say"),
        ("closing_note = 'done'", "recalls_closed_by_at_and_how"),
        ("batch_id = (SELECT MIN(id) FROM batches_compoundingrecord)", "frozen|recalls_of_one"),
        ("reason = 'another'", "frozen"),
        ("is_drill = (1 = 1)", "frozen|recalls_drill"),
    ],
)
def test_a_recall_cannot_say_what_cannot_be(bench: Bench, db: None, change: str, name: str) -> None:
    recall = open_recall(
        subject=Subject(lot=IngredientLot.objects.get(lot_number="NX-2201")),
        urgency=Urgency.CLASS_2,
        reason="A doubt",
        by=bench.pharmacist,
        at=AT,
    )
    check_refused(f"UPDATE recalls_recall SET {change} WHERE id = %s", [recall.pk], by=name)
    check_refused("DELETE FROM recalls_recall WHERE id = %s", [recall.pk], by="frozen")


def test_nothing_is_filled_from_a_batch_with_a_recalled_lot_in_it(bench: Bench, db: None) -> None:
    _order, record = ready(bench, key="guard-stock")
    waiting = approved(bench, key="guard-from-stock")
    told: dict[str, Any] = {
        "lines": list(waiting.lines.all()),
        "by": bench.pharmacist,
        "at": AT,
    }
    recalled(bench, active_line(record).lot)
    with pytest.raises(LotRecalledSince):
        fill_from_stock(record=record, **told)
    CompoundingRecord.objects.filter(pk=record.pk).update(state=BatchState.RECALLED)
    with pytest.raises(NotFromThisBatch):
        fill_from_stock(record=record, **told)
    assert fresh(waiting).state == "approved"
