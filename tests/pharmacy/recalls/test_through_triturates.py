"""A lot that went into a triturate: what was made by the triturate is found, stopped and refused too, at any depth."""

from decimal import Decimal

import pytest

from pharmacy.batches.compounded import batches_from
from pharmacy.batches.models import CompoundedLot, CompoundingRecord
from pharmacy.batches.picking import NotEnoughStock
from pharmacy.inventory.measurements import record_pack_statistic
from pharmacy.inventory.models import IngredientLot
from pharmacy.recalls.queries import LotRecalledSince, check_nothing_recalled_in
from pharmacy.recalls.walk import Subject, lots_in, walk
from pharmacy.workflow.recall import stop_lot
from tests.factories.lab import (
    NOW,
    Lab,
    check_all,
    compounding_record_at,
    finish,
    fresh,
    plan,
    release,
    weigh_all,
)


def triturate(here: Lab) -> tuple[CompoundingRecord, IngredientLot]:
    record = compounding_record_at(code="naltrexone-triturate-1", strength="1", units=30)
    lot = record.compounded_lot.lot
    record_pack_statistic(
        lot=lot, capsule_size="3", mg_per_capsule=Decimal(152), by=here.technician, at=NOW
    )
    return record, lot


def capsules_by(here: Lab, lot: IngredientLot) -> CompoundingRecord:
    record = plan(here, strength="0.25", units=30, active=lot.ingredient)
    for do in (weigh_all, finish, check_all, release):
        do(here, fresh(record))
    return fresh(record)


def test_the_walk_goes_through_the_triturate(here: Lab) -> None:
    made, lot = triturate(here)
    capsules = capsules_by(here, lot)
    source = here.lot("NX-2201")
    found = walk(Subject(lot=source))
    assert {batch.record for batch in found.batches} == {made, capsules}
    assert {each.lot for each in found.lots} == {source, lot}
    assert {batch.record for batch in found.batches} == set(batches_from([source]))
    assert {batch.record for batch in walk(Subject(batch=made)).batches} == {made, capsules}
    assert {batch.record for batch in walk(Subject(lot=lot)).batches} == {capsules}
    assert source in lots_in(capsules)
    assert lot in lots_in(capsules)


def test_a_circle_ends(here: Lab) -> None:
    """It cannot be made, but if it were there, the walk would still come back."""
    made, lot = triturate(here)
    capsules = capsules_by(here, lot)
    CompoundedLot.objects.create(record=capsules, lot=here.lot("NX-2201"))
    found = walk(Subject(lot=here.lot("NX-2201")))
    assert {batch.record for batch in found.batches} == {made, capsules}


def test_stopping_the_source_stops_the_triturate_and_what_holds_it(here: Lab) -> None:
    _made, lot = triturate(here)
    capsules = capsules_by(here, lot)
    stop_lot(lot=here.lot("NX-2201"), reason="Glass in it", by=here.pharmacist, at=NOW)
    lot.refresh_from_db()
    assert lot.state == "recalled"
    assert lot.levels.get(place="shelf").quantity == 0
    assert lot.levels.get(place="quarantine").quantity > 0
    with pytest.raises(NotEnoughStock, match="It is recalled"):
        plan(here, strength="0.25", units=30, active=lot.ingredient)
    with pytest.raises(LotRecalledSince, match="NX-2201"):
        check_nothing_recalled_in(capsules)
