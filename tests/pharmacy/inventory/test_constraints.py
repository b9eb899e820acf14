"""What the database itself holds about stock, tried past the ORM."""

import pytest

from pharmacy.inventory.models import StockLevel
from tests.factories.lab import NOW, Lab, new_lot
from tests.factories.raw_sql import check_refused, write

MOVE = (
    "INSERT INTO inventory_stockmove (lot_id, quantity, from_place, to_place, at, by_id, reference, reason) "
    "VALUES (%s, %s, %s, %s, %s, %s, 'x', %s)"
)


def move(here: Lab, quantity: object, source: str, target: str, reason: str = "") -> list[object]:
    lot, person = here.lot("GL-412").pk, here.technician.user_id
    return [lot, quantity, source, target, NOW, person, reason]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ((0, "shelf", "used"), "inventory_move_positive"),
        ((-5, "shelf", "used"), "inventory_move_positive"),
        ((1, "shelf", "shelf"), "inventory_move_goes_somewhere"),
        ((1, "adjustment", "shelf"), "inventory_adjustment_has_a_reason"),
        ((100_000, "shelf", "used"), "inventory_never_below_zero"),
        ((1, "reserved", "used"), "inventory_never_below_zero"),
    ],
)
def test_a_move_that_cannot_be(here: Lab, values: tuple[object, str, str], name: str) -> None:
    before = dict(StockLevel.objects.values_list("pk", "quantity"))

    check_refused(MOVE, move(here, *values), by=name)

    assert dict(StockLevel.objects.values_list("pk", "quantity")) == before


def test_a_move_written_by_hand_moves_the_level_too(here: Lab) -> None:
    write(MOVE, move(here, 1, "shelf", "waste"))

    lot = here.lot("GL-412")
    assert lot.levels.get(place="waste").quantity == 1
    assert lot.levels.get(place="shelf").quantity == 999


def test_a_move_stays_as_it_was_written(here: Lab) -> None:
    check_refused("UPDATE inventory_stockmove SET quantity = 1", by="append-only")
    check_refused("DELETE FROM inventory_stockmove", by="append-only")


def test_a_level_does_not_go_below_zero_by_itself(here: Lab) -> None:
    check_refused(
        "UPDATE inventory_stocklevel SET quantity = -1 WHERE place = 'shelf'",
        by="inventory_never_below_zero",
    )


@pytest.mark.parametrize("table", ["inventory_packstatistic", "inventory_droppercalibration"])
def test_what_was_measured_is_never_edited(here: Lab, table: str) -> None:
    check_refused(f"UPDATE {table} SET measured_on = '2020-01-01'", by="append-only")
    check_refused(f"DELETE FROM {table}", by="append-only")


@pytest.mark.parametrize(
    "change",
    [
        "assay_pct = 50",
        "water_pct = NULL",
        "expires_on = '2040-01-01'",
        "lot_number = 'other'",
        "certificate_number = ''",
        "released_by_id = NULL, released_at = NULL",
    ],
)
def test_a_released_lot_is_frozen(here: Lab, change: str) -> None:
    sql = f"UPDATE inventory_ingredientlot SET {change} WHERE lot_number = 'NX-2201'"
    check_refused(sql, by="frozen")
    check_refused("DELETE FROM inventory_ingredientlot WHERE lot_number = 'NX-2201'", by="frozen")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("assay_pct = 99, assay_basis = ''", "inventory_assay_has_a_basis"),
        ("assay_pct = NULL, assay_basis = 'as_is'", "inventory_assay_has_a_basis"),
        ("assay_pct = 0, assay_basis = 'as_is'", "inventory_assay_has_a_basis"),
        ("state = 'released'", "inventory_released_means_by_someone"),
        ("released_at = received_on", "inventory_released_by_and_at"),
    ],
)
def test_a_lot_cannot_say_what_cannot_be(here: Lab, change: str, name: str) -> None:
    sql = f"UPDATE inventory_ingredientlot SET {change} WHERE lot_number = 'NX-2234'"

    check_refused(sql, by=name)


def test_a_lot_is_there_once(here: Lab) -> None:
    new_lot(here, "glycerin", "GL-9", "1", is_released=False)
    new_lot(here, "glycerin", "GL-10", "1", is_released=False)

    check_refused(
        "UPDATE inventory_ingredientlot SET lot_number = 'GL-9' WHERE lot_number = 'GL-10'",
        by="inventory_lot_once|lot_number",
    )


def test_figures_are_positive(here: Lab) -> None:
    for column in ("readability_mg", "sensitivity_mg", "capacity_mg"):
        check_refused(
            f"UPDATE inventory_balance SET {column} = 0", by="inventory_balance_figures_positive"
        )
    lot, person = here.lot("MC-5533").pk, here.technician.user_id
    check_refused(
        "INSERT INTO inventory_packstatistic (lot_id, capsule_size, mg_per_capsule, measured_on, measured_by_id) "
        "VALUES (%s, '0', 0, '2026-01-01', %s)",
        [lot, person],
        by="inventory_pack_statistic_positive",
    )
    formula, dropper = here.formula("ldn-drops").pk, here.ingredient("30 mL dropper bottle").pk
    check_refused(
        "INSERT INTO inventory_droppercalibration "
        "(formula_id, dropper_id, drops, volume_ml, measured_on, measured_by_id) "
        "VALUES (%s, %s, 100, 0, '2026-01-01', %s)",
        [formula, dropper, person],
        by="inventory_calibration_positive",
    )
