"""What is left of a recalled lot or batch is set aside, and leaves only to be destroyed or returned, with a reason."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from pharmacy.audit.queries import events_of
from pharmacy.audit.transitions import MoveNotAllowed
from pharmacy.batches.actions import InsufficientUnits
from pharmacy.batches.models import CompoundingRecord, UnitPlace
from pharmacy.batches.queries import unit_levels_beside_moves, units_at
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.moves import InsufficientStock, NotWhole
from pharmacy.inventory.queries import levels_beside_moves, quantity_at
from pharmacy.people.actors import NotYourRole
from pharmacy.people.models import User
from pharmacy.recalls.walk import Subject, walk
from pharmacy.workflow.demonstration import Bench, plan, release
from pharmacy.workflow.recall import stop_lot
from pharmacy.workflow.set_aside import NotAWayOut, ReasonMissing, settle_stock, settle_units
from tests.factories.job import AT, approved, made, ready
from tests.factories.raw_sql import check_refused
from tests.pharmacy.recalls.test_recall import active_lot, running

pytestmark = pytest.mark.django_db
MOVE = (
    "INSERT INTO batches_unitmove (record_id, quantity, from_place, to_place, at, by_id, reference) "
    "VALUES (%s, 1, 'quarantine', %s, %s, %s, 'x')"
)


@pytest.fixture
def recalled(bench: Bench) -> CompoundingRecord:
    """A released batch of 130 capsules, recalled with its active."""
    _order, record = ready(bench, key="set-aside")
    running(bench, active_lot(record))
    record.refresh_from_db()
    return record


def test_units_are_set_aside_and_counted(bench: Bench, recalled: CompoundingRecord) -> None:
    places = (UnitPlace.STOCK, UnitPlace.WASTE, UnitPlace.QUARANTINE)
    assert [units_at(recalled, place) for place in places] == [0, 0, 130]
    (batch,) = walk(Subject(batch=recalled)).batches
    assert [batch.in_stock, batch.set_aside] == [0, 130]
    for place in ("patient", "stock", "shelf", "bench"):
        check_refused(
            MOVE,
            [recalled.pk, place, AT, bench.pharmacist.user_id],
            by="batches_set_aside_is_not_used|recalls_recalled_is_not_handed_out",
        )


def test_a_pharmacist_has_them_destroyed_or_returned(
    bench: Bench, recalled: CompoundingRecord
) -> None:
    told: dict[str, Any] = {"record": recalled, "at": AT}
    with pytest.raises(NotYourRole):
        settle_units(quantity=1, to_place=UnitPlace.WASTE, reason="x", by=bench.technician, **told)
    by = bench.pharmacist
    with pytest.raises(ReasonMissing):
        settle_units(quantity=1, to_place=UnitPlace.WASTE, reason=" ", by=by, **told)
    with pytest.raises(NotAWayOut):
        settle_units(quantity=1, to_place=UnitPlace.STOCK, reason="x", by=by, **told)
    with pytest.raises(InsufficientUnits):
        settle_units(quantity=131, to_place=UnitPlace.WASTE, reason="x", by=by, **told)

    settle_units(quantity=10, to_place=UnitPlace.RETURNED, reason="Laboratory", by=by, **told)
    settle_units(quantity=120, to_place=UnitPlace.WASTE, reason="Burned", by=by, **told)

    places = (UnitPlace.QUARANTINE, UnitPlace.RETURNED, UnitPlace.WASTE)
    assert [units_at(recalled, place) for place in places] == [0, 10, 120]
    assert unit_levels_beside_moves() == []
    said = events_of(recalled).filter(event="batch_units_settled").latest("id").new
    assert said == {"units": "120", "to": "waste", "reason": "Burned"}


def test_a_batch_that_was_never_released_is_recalled_too(bench: Bench) -> None:
    _order, checked = made(bench, key="never-released")
    planned = plan([approved(bench, key="never-made")], bench=bench, at=AT)

    recall = running(bench, active_lot(checked))

    for record in (checked, planned):
        record.refresh_from_db()
        assert (record.state, record.verified_by_id) == ("recalled", None)
        assert recall.number in record.reject_reason
        check_refused(
            "UPDATE batches_compoundingrecord SET state = 'planned' WHERE id = %s",
            [record.pk],
            by="batches_recalled_stays_recalled",
        )
    assert units_at(checked, UnitPlace.QUARANTINE) == 130
    with pytest.raises(MoveNotAllowed):
        release(checked, bench=bench, at=AT)
    check_refused(
        "UPDATE batches_compoundingrecord SET reject_reason = '' WHERE id = %s",
        [planned.pk],
        by="batches_recalled_says_why",
    )


def test_the_batch_page_settles_them(bench: Bench, recalled: CompoundingRecord) -> None:
    client = Client()
    client.force_login(User.objects.get(username="okafor"))
    page = reverse("admin:batch", args=[recalled.pk])
    assert "130 units are set aside" in client.get(page).content.decode()
    there = reverse("admin:batch_settle", args=[recalled.pk])
    typed = {"aside-quantity": "131", "aside-to_place": "waste", "aside-reason": "Burned"}
    refused = client.post(there, typed)
    assert refused.status_code == 422
    assert "has 130 units in" in refused.content.decode()
    assert client.post(there, {**typed, "aside-quantity": "130"}).status_code == 302
    assert "units are set aside" not in client.get(page).content.decode()
    assert units_at(recalled, UnitPlace.WASTE) == 130


@pytest.fixture
def stopped(bench: Bench) -> IngredientLot:
    """A lot of 400 vials, recalled."""
    lot = IngredientLot.objects.get(lot_number="VL-60-5")
    return stop_lot(lot=lot, reason="Cracks", by=bench.pharmacist, at=AT)


def at_places(lot: IngredientLot) -> list[Decimal]:
    """How much of it is on the shelf, set aside and in the waste."""
    lot = IngredientLot.objects.prefetch_related("levels").get(pk=lot.pk)
    return [quantity_at(lot, place) for place in (Place.SHELF, Place.QUARANTINE, Place.WASTE)]


def test_stock_leaves_to_the_waste_or_the_supplier(bench: Bench, stopped: IngredientLot) -> None:
    by, told = bench.pharmacist, {"lot": stopped, "at": AT, "reason": "Cracks"}
    some: dict[str, Any] = {"quantity": Decimal(1), "to_place": Place.WASTE, **told}
    for changed, refusal in (
        ({"by": bench.technician}, NotYourRole),
        ({"reason": " "}, ReasonMissing),
        ({"to_place": Place.SHELF}, NotAWayOut),
        ({"quantity": Decimal(401)}, InsufficientStock),
        ({"quantity": Decimal("0.5")}, NotWhole),
    ):
        with pytest.raises(refusal):
            settle_stock(**{"by": by, **some, **changed})
    move = (
        "INSERT INTO inventory_stockmove (lot_id, quantity, from_place, to_place, at, by_id, reference, reason) "
        "VALUES (%s, 1, 'quarantine', %s, %s, %s, 'x', %s)"
    )
    for place, reason in (("shelf", "x"), ("adjustment", "x"), ("waste", ""), ("supplier", "")):
        check_refused(
            move,
            [stopped.pk, place, AT, by.user_id, reason],
            by="inventory_set_aside_is_not_used",
        )
    assert at_places(stopped) == [0, 400, 0]

    settle_stock(by=by, **{**some, "quantity": Decimal(300), "to_place": Place.SUPPLIER})
    settle_stock(by=by, **{**some, "quantity": Decimal(100), "reason": "Crushed. " + "x" * 300})

    assert at_places(stopped) == [0, 0, 100]
    assert levels_beside_moves() == []
    said = events_of(stopped).filter(event="stock_settled").earliest("id").new
    assert said == {"quantity": "300", "to": "supplier", "reason": "Cracks"}


def test_the_lot_page_settles_it(bench: Bench, stopped: IngredientLot) -> None:
    client = Client()
    client.force_login(User.objects.get(username="okafor"))
    page = reverse("admin:lot", args=[stopped.pk])
    assert "400 each set aside" in client.get(page).content.decode()
    there = reverse("admin:lot_settle", args=[stopped.pk])
    typed = {"aside-quantity": "401", "aside-to_place": "supplier", "aside-reason": "Sent back"}
    refused = client.post(there, typed)
    assert refused.status_code == 422
    assert "400 each set aside, not 401" in refused.content.decode()
    assert client.post(there, {**typed, "aside-quantity": "400"}).status_code == 302
    assert 'id="aside"' not in client.get(page).content.decode()
    assert at_places(stopped) == [0, 0, 0]
