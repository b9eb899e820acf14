"""Stock is a sum of moves: exact to the sixth place, never below zero, never edited."""

import random
from decimal import Decimal
from typing import Any

import pytest

from compounding.given import OutOfRange
from pharmacy.audit.queries import events_of
from pharmacy.audit.transitions import NotYourMove
from pharmacy.inventory.actions import correct_stock, discard_stock
from pharmacy.inventory.models import IngredientLot, Place, StockLevel, StockMove
from pharmacy.inventory.moves import InsufficientStock, NotWhole, ReasonMissing, move_stock
from pharmacy.inventory.queries import levels_beside_moves
from pharmacy.people.actors import SYSTEM, NotYourRole
from tests.factories.lab import NOW, Lab, as_is_certificate, new_lot


def level(lot: IngredientLot, place: Place) -> Decimal:
    return StockLevel.objects.get(lot=lot, place=place).quantity


def take(
    here: Lab, lot: IngredientLot, quantity: str, to_place: Place = Place.RESERVED
) -> StockMove:
    return move_stock(
        lot=lot,
        quantity=Decimal(quantity),
        from_place=Place.SHELF,
        to_place=to_place,
        reference="test",
        by=here.technician,
        at=NOW,
    )


def test_a_move_takes_here_and_adds_there(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "10")

    take(here, lot, "0.3")

    assert (level(lot, Place.SHELF), level(lot, Place.RESERVED)) == (Decimal("9.7"), Decimal("0.3"))


def test_more_than_there_is_cannot_be_taken(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "10")
    moves = StockMove.objects.count()

    with pytest.raises(InsufficientStock) as refused:
        take(here, lot, "10.000001")

    assert str(refused.value) == "Lot GL-9 of glycerin has 10 mL on the shelf, not 10.000001 mL."
    assert StockMove.objects.count() == moves
    assert level(lot, Place.SHELF) == 10


def test_nothing_and_less_than_nothing_is_not_moved(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "10")
    for quantity in ("0", "-1"):
        with pytest.raises(OutOfRange):
            take(here, lot, quantity)


def test_pieces_are_whole(here: Lab) -> None:
    with pytest.raises(NotWhole, match="30 mL dropper bottle is counted in whole pieces"):
        take(here, here.lot("BT-30-8"), "1.5")


def test_nobody_moves_stock_without_a_name(here: Lab) -> None:
    with pytest.raises(NotYourRole):
        move_stock(
            lot=here.lot("GL-412"),
            quantity=Decimal(1),
            from_place=Place.SHELF,
            to_place=Place.WASTE,
            reference="x",
            by=SYSTEM,
            at=NOW,
        )


def test_many_small_moves_add_up_to_the_last_place(here: Lab) -> None:
    """A tenth has no exact binary form, and SQLite keeps decimals in binary."""
    lot = new_lot(
        here,
        "naltrexone hydrochloride",
        "NX-9",
        "999999.999999",
        certificate=as_is_certificate(),
    )
    chance = random.Random(795)
    taken = Decimal(0)
    for _number in range(150):
        quantity = Decimal(chance.randrange(1, 2_000_000)).scaleb(-6)
        take(here, lot, str(quantity))
        taken += quantity
    take(here, lot, "0.1")
    take(here, lot, "0.2")
    taken += Decimal("0.3")

    assert level(lot, Place.RESERVED) == taken
    assert level(lot, Place.SHELF) == Decimal("999999.999999") - taken
    assert levels_beside_moves() == []


def test_the_last_of_a_lot_can_be_taken_to_the_last_digit(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "0.7")
    for quantity in ("0.1", "0.2", "0.3", "0.1"):
        take(here, lot, quantity, Place.WASTE)

    assert level(lot, Place.SHELF) == 0
    assert here.lot("GL-9").state == "exhausted"


def test_a_lot_is_used_up_only_when_nothing_is_reserved_either(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "10")
    take(here, lot, "10")
    assert here.lot("GL-9").state == "released"

    move_stock(
        lot=lot,
        quantity=Decimal(10),
        from_place=Place.RESERVED,
        to_place=Place.USED,
        reference="test",
        by=here.technician,
        at=NOW,
    )

    assert here.lot("GL-9").state == "exhausted"


def test_what_is_discarded_has_a_reason_and_an_event(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "10")
    with pytest.raises(ReasonMissing):
        discard_stock(lot=lot, quantity=Decimal(1), reason=" ", by=here.technician, at=NOW)

    discard_stock(lot=lot, quantity=Decimal(1), reason="Spilled", by=here.technician, at=NOW)

    assert level(lot, Place.WASTE) == 1
    assert [event.event for event in events_of(lot)][-1] == "stock_discarded"


def test_a_count_corrects_the_shelf_in_either_direction(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "10")
    counted: dict[str, Any] = {"reason": "Count of November", "by": here.technician, "at": NOW}

    assert correct_stock(lot=lot, counted=Decimal(10), **counted) is None
    correct_stock(lot=lot, counted=Decimal("9.5"), **counted)
    assert level(lot, Place.SHELF) == Decimal("9.5")
    correct_stock(lot=lot, counted=Decimal("9.9"), **counted)
    assert level(lot, Place.SHELF) == Decimal("9.9")
    with pytest.raises(ReasonMissing):
        correct_stock(lot=lot, counted=Decimal(1), reason="", by=here.technician, at=NOW)


def test_only_a_pharmacist_brings_a_used_up_lot_back(here: Lab) -> None:
    lot = new_lot(here, "glycerin", "GL-9", "10")
    take(here, lot, "10", Place.WASTE)
    with pytest.raises(NotYourMove):
        correct_stock(lot=lot, counted=Decimal(1), reason="Found", by=here.technician, at=NOW)

    correct_stock(lot=lot, counted=Decimal(1), reason="Found", by=here.pharmacist, at=NOW)

    assert here.lot("GL-9").state == "released"
