"""Recalled means that no path picks, weighs, releases or dispenses it: each path by its command, and past the ORM."""

from typing import Any

import pytest

from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.batches.picking import NotEnoughStock
from pharmacy.batches.states import BatchState
from pharmacy.inventory.actions import recall_lot
from pharmacy.inventory.models import IngredientLot
from pharmacy.inventory.queries import lots_for
from pharmacy.recalls.queries import LotRecalledSince
from pharmacy.workflow.demonstration import Bench, plan, release
from pharmacy.workflow.dispense_order import BatchNotReleased, dispense_order
from pharmacy.workflow.make_ahead import NotFromThisBatch, fill_from_stock
from pharmacy.workflow.print_papers import print_papers
from pharmacy.workflow.verify_batch import LotRecalled
from pharmacy.workflow.weigh import LotMayNotBeUsed, record_weighing
from tests.factories.job import AT, approved, fresh, made, printed, ready
from tests.factories.raw_sql import check_refused


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
