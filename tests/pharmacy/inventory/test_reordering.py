"""What has to be ordered: days of cover from the moves, and a minimum that a person set."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compounding.given import OutOfRange
from pharmacy.inventory.models import Place
from pharmacy.inventory.moves import move_stock
from pharmacy.inventory.reordering import ToOrder, set_minimum, to_order
from tests.factories.lab import NOW, Lab, new_lot

D = Decimal


def use(here: Lab, lot_number: str, quantity: str, days_ago: int) -> None:
    move_stock(
        lot=here.lot(lot_number),
        quantity=D(quantity),
        from_place=Place.SHELF,
        to_place=Place.USED,
        reference="test",
        by=here.technician,
        at=NOW - timedelta(days=days_ago),
    )


def asked_for() -> dict[str, ToOrder]:
    return {row.ingredient.label_name: row for row in to_order(at=NOW)}


def test_nothing_used_and_no_minimum_is_nothing_to_order(here: Lab) -> None:
    assert to_order(at=NOW) == []


def test_what_does_not_last_the_days_to_cover_is_to_order(here: Lab) -> None:
    """1000 mL, 800 used in 60 days: 13.3 mL a day; the 200 left last 15 days of the 21; short by 280 - 200."""
    use(here, "GL-412", "800", days_ago=10)
    row = asked_for()["glycerin"]
    assert (row.usable, row.used, row.days_left, row.short) == (D(200), D(800), 15, D(80))
    assert row.why == "At the use of the last 60 days it lasts 15 days; wanted: 21 days."


def test_what_was_used_long_ago_does_not_count(here: Lab) -> None:
    use(here, "GL-412", "800", days_ago=61)
    assert "glycerin" not in asked_for()


def test_a_minimum_counts_without_any_use(here: Lab) -> None:
    set_minimum(ingredient=here.ingredient("glycerin"), minimum=D(1500), by=here.technician, at=NOW)
    row = asked_for()["glycerin"]
    assert (row.short, row.days_left) == (D(500), None)
    assert row.why == "Below the minimum of 1,500 mL."
    set_minimum(ingredient=here.ingredient("glycerin"), minimum=D(0), by=here.technician, at=NOW)
    assert "glycerin" not in asked_for()


def test_only_what_may_be_used_counts_and_quarantine_is_told(here: Lab) -> None:
    new_lot(here, "glycerin", "GL-Q", "5000", is_released=False)
    new_lot(here, "glycerin", "GL-OLD", "5000", expires="2026-11-19", at=NOW - timedelta(days=30))
    set_minimum(ingredient=here.ingredient("glycerin"), minimum=D(1500), by=here.technician, at=NOW)
    row = asked_for()["glycerin"]
    assert (row.usable, row.in_quarantine) == (D(1000), D(5000))


def test_it_asks_the_same_whatever_there_is(here: Lab) -> None:
    use(here, "GL-412", "800", days_ago=10)
    use(here, "PW-96", "5900", days_ago=10)
    with CaptureQueriesContext(connection) as asked:
        rows = to_order(at=NOW)
    assert [row.ingredient.label_name for row in rows] == ["purified water", "glycerin"]
    assert len(asked) == 6


def test_a_minimum_below_zero_is_refused(here: Lab) -> None:
    with pytest.raises(OutOfRange):
        set_minimum(
            ingredient=here.ingredient("glycerin"), minimum=D(-1), by=here.technician, at=NOW
        )
    set_minimum(ingredient=here.ingredient("glycerin"), minimum=D(1), by=here.technician, at=NOW)
