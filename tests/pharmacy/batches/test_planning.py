"""A batch is planned from the shelf: first expiry first, potency by lot, worksheet frozen, stock reserved."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from compounding.capsules import CapsuleOverfilled
from compounding.given import OutOfRange
from compounding.weighable import NotWeighable
from pharmacy.audit.queries import events_of
from pharmacy.batches.actions import FormulaNotApproved, plan_record
from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.picking import NotEnoughStock
from pharmacy.batches.queries import sheet_of
from pharmacy.batches.worksheets import digest_of
from pharmacy.formulations.queries import StrengthOutOfRange
from pharmacy.inventory.actions import discard_stock
from pharmacy.inventory.models import IngredientLot, Place, StockMove
from pharmacy.inventory.queries import CalibrationOverdue, levels_beside_moves, quantity_at
from pharmacy.people.actors import PATIENT, NotYourRole
from tests.factories.lab import NOW, Lab, as_is_certificate, new_lot, plan

D = Decimal


def amounts(record: CompoundingRecord) -> dict[str, Decimal]:
    return {line.lot.lot_number: line.wanted for line in record.lines.select_related("lot")}


def leave(here: Lab, lot_number: str, quantity: str) -> None:
    lot = here.lot(lot_number)
    too_much = quantity_at(lot, Place.SHELF) - D(quantity)
    discard_stock(lot=lot, quantity=too_much, reason="Test", by=here.technician, at=NOW)


def on_shelf(lot: IngredientLot) -> Decimal:
    return lot.levels.get(place=Place.SHELF).quantity


def test_126_capsules_of_1_5_mg(here: Lab) -> None:
    """99.6 % of what 0.8 % water leaves: 130 x 1.5 / 0.988032 = 197.36 mg, by hand."""
    record = plan(here)
    sheet = sheet_of(record)

    assert amounts(record) == {"NX-2201": D("197.36"), "MC-5533": D("19351.98"), "HC-0301": D(130)}
    assert sheet.batch_units == 130
    assert sheet.theoretical_gross_mg == D("198.379542")
    active = record.lines.get(role="active")
    assert (active.lowest, active.highest) == (D("193.414789"), D("201.309269"))
    assert (record.number, record.state) == ("B-2026-0001", "planned")
    assert plan(here).number == "B-2026-0002"


def test_a_bottle_of_drops(here: Lab) -> None:
    record = plan(here, code="ldn-drops", strength="1", units=1)
    sheet = sheet_of(record)

    assert sheet.batch_volume_ml == D("31.62")
    assert amounts(record) == {
        "NX-2201": D("32"),
        "AA-118": D("158.1"),
        "SB-077": D("31.62"),
        "GL-412": D("6.32"),
        "PW-96": D(
            "25.16"
        ),  # 31.62 mL less 6.324 mL of glycerin and 0.138 mL that the powders displace, up
        "BT-30-8": D(1),
    }
    assert [(row.dose_mg, row.drops) for row in sheet.drop_table] == [(D("0.5"), 13), (D(1), 25)]
    water = record.lines.get(role="vehicle")
    assert (water.fills_up, water.lowest, water.highest) == (True, D(0), D("31.62"))


def test_nothing_is_about_naltrexone_only(here: Lab) -> None:
    """1 mg of ketotifen is 1.375121 mg of its fumarate: 62 x that / (0.998 x 0.998) = 85.6 mg."""
    record = plan(here, code="ketotifen-capsules", strength="1", units=60)

    assert amounts(record)["KT-0917"] == D("85.6")
    assert "425.497 ÷ 309.425" in " ".join(str(step) for step in sheet_of(record).working)


def test_the_stock_is_reserved_and_nothing_is_lost(here: Lab) -> None:
    record = plan(here)

    lot = here.lot("NX-2201")
    assert (on_shelf(lot), lot.levels.get(place="reserved").quantity) == (
        D("24802.64"),
        D("197.36"),
    )
    assert set(
        StockMove.objects.filter(reference=record.number).values_list("from_place", "to_place")
    ) == {("shelf", "reserved")}
    assert levels_beside_moves() == []


def test_the_worksheet_is_frozen_with_its_digest_and_policies(here: Lab) -> None:
    record = CompoundingRecord.objects.get(pk=plan(here).pk)

    assert digest_of(record.worksheet) == record.worksheet_sha256
    assert record.policy_versions["weighing_tolerance_pct"] == 1
    assert record.worksheet["formula"]["version"] == "1"
    assert record.worksheet["lots"][0]["certificate"] == "CFC-NX-2201"
    (event,) = events_of(record)
    assert (event.event, event.new["worksheet"]) == ("batch_planned", record.worksheet_sha256)


def test_the_lot_that_expires_first_is_used_first_and_split_when_it_is_not_enough(
    here: Lab,
) -> None:
    leave(here, "MC-5533", "5000")

    record = plan(here)

    taken = amounts(record)
    assert taken["MC-5533"] == 5000
    # 5000 mg fill 5000 / 150 capsules, and the other lot packs 147.5 mg into what is left.
    room = 130 * (1 - D("1.5") / D("0.988032") / 200)
    assert abs(taken["MC-5561"] - (room - D(5000) / 150) * D("147.5")) <= D("0.05")
    assert record.lines.filter(role="filler").count() == 2
    assert levels_beside_moves() == []


def test_each_lot_of_an_active_is_weighed_by_its_own_potency(here: Lab) -> None:
    leave(here, "NX-2201", "100")
    new_lot(
        here,
        "naltrexone hydrochloride",
        "NX-9",
        "1000",
        certificate=as_is_certificate("80"),
        pack_statistic_mg="200",
    )

    record = plan(here)

    taken = amounts(record)
    pure = taken["NX-2201"] * D("0.988032") + taken["NX-9"] * D("0.8")
    assert taken["NX-2201"] == 100
    assert abs(pure - 130 * D("1.5")) < D("0.05")


def test_two_lots_of_drops_keep_the_drop_table(here: Lab) -> None:
    whole = sheet_of(plan(here, code="ldn-drops", strength="1", units=2))
    leave(here, "NX-2201", "30")
    new_lot(here, "naltrexone hydrochloride", "NX-9", "1000", certificate=as_is_certificate("80"))

    record = plan(here, code="ldn-drops", strength="1", units=2)

    assert set(amounts(record)) >= {"NX-2201", "NX-9"}
    assert sheet_of(record).drop_table == whole.drop_table


def test_a_split_leaves_nothing_too_small_to_weigh(here: Lab) -> None:
    """Of 197.36 mg the first lot could give 195; the rest would be below the 10 mg of the balance."""
    leave(here, "NX-2201", "195")
    new_lot(
        here,
        "naltrexone hydrochloride",
        "NX-9",
        "1000",
        certificate=as_is_certificate(),
        pack_statistic_mg="200",
    )

    taken = amounts(plan(here))

    assert taken["NX-9"] >= 10
    assert taken["NX-2201"] < 195


def test_a_remnant_too_small_to_weigh_is_passed_over(here: Lab) -> None:
    leave(here, "MC-5533", "9")

    assert "MC-5533" not in amounts(plan(here))


def test_shells_come_from_one_lot(here: Lab) -> None:
    leave(here, "HC-0301", "129")
    with pytest.raises(
        NotEnoughStock, match="needs 130 each of hypromellose capsule, and 129 each"
    ):
        plan(here)
    new_lot(here, "hypromellose capsule", "HC-9", "130", mean_shell_mg="49")

    record = plan(here)

    assert amounts(record)["HC-9"] == 130
    assert sheet_of(record).theoretical_gross_mg == D("199.379542")


def test_a_capsule_that_the_active_fills_alone_has_no_filler(here: Lab) -> None:
    leave(here, "NX-2201", "0")
    certificate, name = as_is_certificate(), "naltrexone hydrochloride"
    new_lot(here, name, "NX-9", "1000", certificate=certificate, pack_statistic_mg="1.5")

    record = plan(here)

    assert [line.role for line in record.lines.order_by("position")] == ["active", "shell"]
    assert not StockMove.objects.filter(lot=here.lot("MC-5533"), to_place="reserved").exists()


def test_a_capsule_does_not_hold_more_than_it_holds(here: Lab) -> None:
    leave(here, "NX-2201", "0")
    certificate, name = as_is_certificate(), "naltrexone hydrochloride"
    new_lot(here, name, "NX-9", "1000", certificate=certificate, pack_statistic_mg="1.4")

    with pytest.raises(CapsuleOverfilled, match="choose a larger size"):
        plan(here)


def test_too_little_is_refused_with_the_reasons(here: Lab) -> None:
    leave(here, "NX-2201", "100")

    with pytest.raises(NotEnoughStock) as refused:
        plan(here)

    assert str(refused.value) == (
        "The batch needs 197.362 mg of naltrexone hydrochloride, and 100 mg can be used. "
        "Lot NX-2234: It is in quarantine until a pharmacist releases it."
    )
    assert not CompoundingRecord.objects.exists()
    assert not StockMove.objects.filter(to_place="reserved").exists()


def test_nothing_at_all_is_said_plainly(here: Lab) -> None:
    leave(here, "NX-2201", "0")

    with pytest.raises(NotEnoughStock, match="No lot of naltrexone hydrochloride can be used"):
        plan(here)


def test_a_lot_that_ends_before_the_plan_does_is_passed_over(here: Lab) -> None:
    soon = (NOW + timedelta(days=20)).date()
    new_lot(here, "glycerin", "GL-0", "500", expires=soon.isoformat())
    request: dict[str, Any] = {
        "formula": here.formula("ldn-drops"),
        "strength": D(1),
        "units": 1,
        "balance": here.balance,
        "by": here.technician,
        "at": NOW,
    }

    assert "GL-0" in amounts(plan_record(**request, needed_until=soon))
    assert "GL-0" not in amounts(plan_record(**request, needed_until=soon + timedelta(days=1)))


def test_no_lot_has_to_keep_longer_than_the_preparation(here: Lab) -> None:
    """A preserved liquid keeps 35 days at most, so a lot of 40 days will do for a plan of 90."""
    new_lot(here, "glycerin", "GL-0", "500", expires=(NOW + timedelta(days=40)).date().isoformat())

    record = plan_record(
        formula=here.formula("ldn-drops"),
        strength=D(1),
        units=1,
        balance=here.balance,
        needed_until=date(2027, 2, 28),
        by=here.technician,
        at=NOW,
    )

    assert "GL-0" in amounts(record)


def test_what_cannot_be_planned(here: Lab) -> None:
    request: dict[str, Any] = {
        "formula": here.formula(),
        "strength": D("1.5"),
        "units": 126,
        "balance": here.balance,
        "by": here.technician,
        "at": NOW,
    }
    draft = here.formula()
    draft.state = "draft"
    for changed, refusal in (
        ({"formula": draft}, FormulaNotApproved),
        ({"strength": D(50)}, StrengthOutOfRange),
        ({"units": 0}, OutOfRange),
        ({"balance": here.overdue_balance}, CalibrationOverdue),
        ({"units": 5}, NotWeighable),
        ({"by": PATIENT}, NotYourRole),
    ):
        with pytest.raises(refusal):
            plan_record(**{**request, **changed})
    assert not CompoundingRecord.objects.exists()


def test_numbers_go_on_past_four_digits(here: Lab) -> None:
    record = plan(here)
    first = CompoundingRecord.objects.get(pk=record.pk)
    for number in ("B-2026-9999", "B-2026-10000"):
        first.pk = None
        first.number = number
        first.save(force_insert=True)

    assert plan(here).number == "B-2026-10001"
    assert plan(here, at=NOW + timedelta(days=60)).number == "B-2027-0001"


def test_a_changed_worksheet_has_another_digest(here: Lab) -> None:
    worksheet = plan(here).worksheet
    assert digest_of(dict(reversed(worksheet.items()))) == digest_of(worksheet)
    assert digest_of({**worksheet, "batch_units": "131"}) != digest_of(worksheet)
