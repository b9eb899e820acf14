"""What the database itself holds about batches, tried past the ORM."""

import pytest

from pharmacy.batches.models import CompoundingRecord
from pharmacy.workflow.demonstration import follow
from tests.factories.lab import NOW, Lab, compounding_record_at, plan, weigh_all
from tests.factories.raw_sql import check_refused, write

RECORD = "batches_compoundingrecord"


@pytest.fixture
def released(here: Lab) -> CompoundingRecord:
    return compounding_record_at("released")


@pytest.fixture
def checked(here: Lab) -> CompoundingRecord:
    return compounding_record_at("checked")


@pytest.mark.parametrize(
    "table",
    [
        "batches_weighing",
        "batches_qualitycheck",
        "batches_verification",
        "batches_unitmove",
        "batches_batchline",
    ],
)
def test_what_was_written_at_the_bench_is_never_edited(
    released: CompoundingRecord, table: str
) -> None:
    check_refused(f"UPDATE {table} SET id = id", by="append-only")
    check_refused(f"DELETE FROM {table}", by="append-only")


@pytest.mark.parametrize(
    "change",
    [
        "strength = 4.5",
        "worksheet = '{}'",
        "worksheet_sha256 = 'x'",
        "units_wanted = 1",
        "number = 'B-2026-9'",
        "policy_versions = '{}'",
    ],
)
def test_a_plan_is_frozen_from_the_start(here: Lab, change: str) -> None:
    record = plan(here)

    check_refused(f"UPDATE {RECORD} SET {change} WHERE id = %s", [record.pk], by="frozen")
    check_refused(f"DELETE FROM {RECORD} WHERE id = %s", [record.pk], by="frozen")


@pytest.mark.parametrize(
    "change",
    [
        "units_made = 500",
        "units_wasted = 0, units_made = 1",
        "beyond_use_on = '2040-01-01'",
        "beyond_use_reason = 'better'",
        "made_by_id = planned_by_id + 1",
        "observed_description = ''",
    ],
)
def test_what_was_made_is_frozen_when_it_is_made(checked: CompoundingRecord, change: str) -> None:
    check_refused(f"UPDATE {RECORD} SET {change} WHERE id = %s", [checked.pk], by="is made")


def test_a_signature_stays_under_what_it_signed(here: Lab, released: CompoundingRecord) -> None:
    pharmacist = here.pharmacist.user_id
    check_refused(f"UPDATE {RECORD} SET verified_by_id = %s", [pharmacist], by="is signed")
    check_refused(f"UPDATE {RECORD} SET verified_by_id = NULL, released_at = NULL", by="is signed")


def test_the_maker_is_not_the_verifier(here: Lab, checked: CompoundingRecord) -> None:
    sign = f"UPDATE {RECORD} SET verified_by_id = %s, released_at = %s WHERE id = %s"

    check_refused(
        sign,
        [here.technician.user_id, NOW, checked.pk],
        by="batches_verifier_is_not_maker|batches_verifier_did_(not_weigh|no_step)",
    )
    check_refused(
        "INSERT INTO batches_verification (record_id, by_id, at, meaning) VALUES (%s, %s, %s, 'x')",
        [checked.pk, here.technician.user_id, NOW],
        by="batches_signer_did_(not_make|no_step)",
    )


def test_the_constraint_alone_also_tells_maker_from_verifier(here: Lab) -> None:
    record = plan(here)

    check_refused(
        f"UPDATE {RECORD} SET made_by_id = %s, compounded_at = %s, verified_by_id = %s, released_at = %s "
        "WHERE id = %s",
        [here.pharmacist.user_id, NOW, here.pharmacist.user_id, NOW, record.pk],
        by="batches_verifier_is_not_maker",
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("state = 'compounded'", "batches_compounded_has_(its_steps|weighings)"),
        ("state = 'checked'", "batches_compounded_has_(its_steps|weighings)"),
        ("state = 'released'", "batches_compounded_has_(its_steps|weighings)"),
        ("state = 'rejected'", "batches_rejected_says_why"),
        ("compounded_at = planned_at", "batches_made_by_and_at"),
        ("released_at = planned_at", "batches_verified_by_and_at"),
    ],
)
def test_a_state_says_what_belongs_to_it(here: Lab, change: str, name: str) -> None:
    record = plan(here)

    check_refused(f"UPDATE {RECORD} SET {change} WHERE id = %s", [record.pk], by=name)


def test_nothing_is_compounded_without_units(here: Lab) -> None:
    record = plan(here)
    weigh_all(here, record)
    follow(record, by=here.technician, at=NOW)
    made = (
        f"UPDATE {RECORD} SET state = 'compounded', made_by_id = %s, compounded_at = %s, units_made = {{units}}, "
        "units_wasted = 0, beyond_use_on = '2027-01-01', beyond_use_reason = 'class' WHERE id = %s"
    )
    for units in ("NULL", "0"):
        check_refused(
            made.format(units=units),
            [here.technician.user_id, NOW, record.pk],
            by="batches_compounded_says_what",
        )


def test_a_checked_batch_is_not_released_without_a_signature(checked: CompoundingRecord) -> None:
    check_refused(
        f"UPDATE {RECORD} SET state = 'released' WHERE id = %s",
        [checked.pk],
        by="batches_released_means_verified",
    )


def test_lines_and_weighings_are_possible(here: Lab) -> None:
    line = plan(here).lines.get(role="active")
    weighing = "INSERT INTO batches_weighing (line_id, amount, at, by_id) VALUES (%s, %s, %s, %s)"

    check_refused(
        weighing, [line.pk, 0, NOW, here.technician.user_id], by="batches_weighing_positive"
    )
    write(weighing, [line.pk, 197, NOW, here.technician.user_id])
    check_refused(weighing, [line.pk, 197, NOW, here.technician.user_id], by="line_id|unique")
    new_line = (
        "INSERT INTO batches_batchline "
        "(record_id, position, ingredient_id, lot_id, role, wanted, lowest, highest, unit, fills_up) "
        "SELECT record_id, {position}, ingredient_id, lot_id, role, {limits}, unit, fills_up "
        "FROM batches_batchline WHERE id = %s"
    )
    for limits in ("0, 0, 0", "5, 6, 7", "5, 4, 4.5", "5, -1, 6"):
        check_refused(
            new_line.format(position=9, limits=limits),
            [line.pk],
            by="batches_line_limits_in_order",
        )
    check_refused(
        new_line.format(position=1, limits="5, 4, 6"),
        [line.pk],
        by="batches_line_position|position",
    )


def test_units_do_not_go_below_zero(here: Lab, released: CompoundingRecord) -> None:
    move = (
        "INSERT INTO batches_unitmove (record_id, quantity, from_place, to_place, at, by_id, reference) "
        "VALUES (%s, %s, %s, %s, %s, %s, 'x')"
    )
    person = here.pharmacist.user_id

    def values(quantity: int, source: str, target: str) -> list[object]:
        return [released.pk, quantity, source, target, NOW, person]

    check_refused(move, values(131, "stock", "patient"), by="batches_units_never_below_zero")
    check_refused(move, values(1, "waste", "stock"), by="batches_units_never_below_zero")
    check_refused(move, values(0, "stock", "patient"), by="batches_unit_move_positive")
    check_refused(move, values(1, "stock", "stock"), by="batches_unit_move_goes_somewhere")
    write(move, values(130, "stock", "patient"))
    assert released.unit_levels.get(place="stock").quantity == 0
