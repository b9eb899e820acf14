"""At the bench: inside the limits or not at all, on a balance that may be used, from a lot that may be used."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from compounding.weighing import BelowBalanceMinimum
from compounding.yields import MoreThanWasMade
from pharmacy.audit.queries import events_of
from pharmacy.batches.bench_steps import steps_for
from pharmacy.batches.models import BatchLine, CompoundingRecord, UnitPlace, Weighing
from pharmacy.batches.queries import unit_levels_beside_moves, units_at
from pharmacy.inventory.actions import discard_stock, recall_lot
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.measurements import record_balance_calibration
from pharmacy.inventory.models import Balance, Place, StockMove
from pharmacy.inventory.moves import InsufficientStock
from pharmacy.inventory.queries import CalibrationOverdue, levels_beside_moves, quantity_at
from pharmacy.people.actors import SYSTEM, NotYourRole
from pharmacy.workflow.demonstration import follow
from pharmacy.workflow.finish_batch import (
    NotEverythingWeighed,
    NothingMade,
    NothingObserved,
    StepsLeft,
    UnitsNotAccountedFor,
    finish_compounding,
)
from pharmacy.workflow.follow_step import EntryMissing, mark_step_done
from pharmacy.workflow.weigh import (
    BalanceMissing,
    BalanceNotNeeded,
    LotMayNotBeUsed,
    NotBeingWeighed,
    OverCapacity,
    WeighedBefore,
    WeighingOutsideTolerance,
    record_weighing,
)
from tests.factories.lab import NOW, Lab, finish, fresh, new_lot, plan, scan, weigh_all

D = Decimal


@pytest.fixture
def record(here: Lab) -> CompoundingRecord:
    return plan(here)


def line_of(record: CompoundingRecord, role: str) -> BatchLine:
    return record.lines.get(role=role)


def weigh(
    here: Lab, record: CompoundingRecord, role: str, amount: str, balance: Balance | None = None
) -> Weighing:
    line = line_of(record, role)
    if not hasattr(line, "weighing"):
        scan(here, line)
    return record_weighing(
        line=line,
        amount=D(amount),
        balance=balance or (None if role == "shell" else here.balance),
        by=here.technician,
        at=NOW,
    )


def finished(here: Lab, record: CompoundingRecord, **changed: Any) -> CompoundingRecord:
    told: dict[str, Any] = {
        "units_made": 129,
        "units_wasted": 1,
        "observed_description": "White powder.",
    }
    return finish_compounding(record=record, by=here.technician, at=NOW, **{**told, **changed})


def test_the_first_weighing_starts_the_record(here: Lab, record: CompoundingRecord) -> None:
    weigh(here, record, "active", "197.5")

    assert fresh(record).state == "weighing"
    left = record.lines.filter(weighing=None).order_by("position")
    assert [line.role for line in left] == ["filler", "shell"]
    assert events_of(record).filter(event="batch_weighed").get().new == {
        "line": "1",
        "lot": "NX-2201",
        "amount": "197.5",
        "balance": "Analytical balance A1",
        "scanned": lot_symbol_text(here.lot("NX-2201")),
        "reading": None,
    }


@pytest.mark.parametrize("amount", ["193.414789", "201.309269"])
def test_on_the_limit_is_inside(here: Lab, record: CompoundingRecord, amount: str) -> None:
    assert weigh(here, record, "active", amount).amount == D(amount)


@pytest.mark.parametrize("amount", ["193.414788", "201.30927"])
def test_a_millionth_beyond_the_limit_is_outside(
    here: Lab, record: CompoundingRecord, amount: str
) -> None:
    with pytest.raises(WeighingOutsideTolerance) as refused:
        weigh(here, record, "active", amount)

    assert str(refused.value) == (
        f"{amount} mg of naltrexone hydrochloride is outside 193.42 to 201.3 mg."
    )
    assert fresh(record).state == "planned"
    assert not Weighing.objects.exists()
    assert not StockMove.objects.filter(to_place=Place.USED).exists()


def test_a_line_is_weighed_once(here: Lab, record: CompoundingRecord) -> None:
    weigh(here, record, "active", "197.4")

    with pytest.raises(WeighedBefore):
        weigh(here, record, "active", "197.4")


def test_a_mass_names_its_balance_and_a_count_has_none(
    here: Lab, record: CompoundingRecord
) -> None:
    line = line_of(record, "active")
    scan(here, line)
    with pytest.raises(BalanceMissing, match="on which balance naltrexone hydrochloride"):
        record_weighing(
            line=line,
            amount=D("197.4"),
            balance=None,
            by=here.technician,
            at=NOW,
        )
    with pytest.raises(BalanceNotNeeded):
        weigh(here, record, "shell", "130", here.balance)
    with pytest.raises(WeighingOutsideTolerance):
        weigh(here, record, "shell", "129")


def test_a_balance_that_may_not_be_used(here: Lab, record: CompoundingRecord) -> None:
    overdue = here.overdue_balance
    with pytest.raises(CalibrationOverdue):
        weigh(here, record, "active", "197.4", overdue)
    Balance.objects.filter(pk=here.balance.pk).update(capacity_mg=19_000)
    with pytest.raises(OverCapacity, match="carries 19,000 mg, not 19,352 mg"):
        weigh(here, record, "filler", "19352", Balance.objects.get(pk=here.balance.pk))


def test_less_than_the_balance_weighs_is_refused(here: Lab) -> None:
    small = plan(here, strength="0.5", units=50)  # 26.3 mg, and the torsion balance needs 120 mg
    overdue = here.overdue_balance
    record_balance_calibration(balance=overdue, due_on=date(2027, 1, 1), by=here.technician, at=NOW)

    with pytest.raises(
        BelowBalanceMinimum, match="weighs no less than 120 mg by the permitted error. Make"
    ):
        weigh(here, small, "active", str(line_of(small, "active").wanted), overdue)


def test_a_lot_recalled_or_expired_meanwhile_is_not_used(
    here: Lab, record: CompoundingRecord
) -> None:
    recall_lot(lot=here.lot("MC-5533"), reason="Maker's notice", by=here.pharmacist, at=NOW)
    with pytest.raises(LotMayNotBeUsed, match="MC-5533 of microcrystalline cellulose is recalled"):
        weigh(here, record, "filler", "19352")
    with pytest.raises(LotMayNotBeUsed, match="NX-2201 of naltrexone hydrochloride expired on"):
        record_weighing(
            line=line_of(record, "active"),
            amount=D("197.4"),
            balance=here.balance,
            by=here.technician,
            at=NOW + timedelta(days=431),
        )


def test_only_staff_weigh(here: Lab, record: CompoundingRecord) -> None:
    line = line_of(record, "active")

    with pytest.raises(NotYourRole):
        record_weighing(line=line, amount=D("197.4"), balance=here.balance, by=SYSTEM, at=NOW)


def test_less_than_reserved_goes_back_at_the_end(here: Lab, record: CompoundingRecord) -> None:
    weigh(here, record, "active", "195")
    weigh(here, record, "filler", "19352")
    weigh(here, record, "shell", "130")
    assert quantity_at(here.lot("NX-2201"), Place.RESERVED) == D("2.36")
    follow(record, by=here.technician, at=NOW)

    finished(here, record)

    lot = here.lot("NX-2201")
    assert quantity_at(lot, Place.RESERVED) == 0
    assert quantity_at(lot, Place.USED) == 195
    assert quantity_at(lot, Place.SHELF) == 25_000 - 195
    assert levels_beside_moves() == []


def test_more_than_reserved_comes_from_the_shelf(here: Lab, record: CompoundingRecord) -> None:
    weigh(here, record, "active", "200")

    lot = here.lot("NX-2201")
    assert quantity_at(lot, Place.USED) == 200
    assert quantity_at(lot, Place.SHELF) == 24_800
    assert quantity_at(lot, Place.RESERVED) == 0


def test_more_than_there_is_at_all_is_refused(here: Lab, record: CompoundingRecord) -> None:
    lot = here.lot("NX-2201")
    discard_stock(
        lot=lot,
        quantity=quantity_at(lot, Place.SHELF),
        reason="Spilled",
        by=here.technician,
        at=NOW,
    )

    with pytest.raises(InsufficientStock):
        weigh(here, record, "active", "200")
    assert fresh(record).state == "planned"


def test_all_of_nothing_is_not_everything(here: Lab, record: CompoundingRecord) -> None:
    with pytest.raises(NotEverythingWeighed, match="naltrexone hydrochloride, microcrystalline"):
        finished(here, record)
    empty = fresh(record)
    empty.pk, empty.number, empty.state = None, "B-2026-0777", "weighing"
    empty.save(force_insert=True)

    with pytest.raises(NotEverythingWeighed, match="has no lines"):
        finished(here, empty)


def test_every_unit_is_accounted_for(here: Lab, record: CompoundingRecord) -> None:
    weigh_all(here, record)
    follow(record, by=here.technician, at=NOW)
    for told, refusal in (
        ({"units_made": 126, "units_wasted": 3}, UnitsNotAccountedFor),
        ({"units_made": 130, "units_wasted": 1}, MoreThanWasMade),
        ({"units_made": 0, "units_wasted": 130}, NothingMade),
        ({"observed_description": " "}, NothingObserved),
    ):
        with pytest.raises(refusal):
            finished(here, record, **told)
    assert fresh(record).state == "weighing"

    finished(here, record, units_made=126, units_wasted=3, units_tested=1)

    places = (UnitPlace.STOCK, UnitPlace.WASTE, UnitPlace.TESTED, UnitPlace.BENCH)
    assert [units_at(record, place) for place in places] == [126, 3, 1, -130]
    assert unit_levels_beside_moves() == []


def test_every_step_is_done_before_the_batch_is_finished(
    here: Lab, record: CompoundingRecord
) -> None:
    weigh_all(here, record)
    steps = steps_for(record)
    for step in steps[:-2]:
        entry = "yes" if step.entry else ""
        mark_step_done(record=record, step=step, entry=entry, by=here.technician, at=NOW)

    with pytest.raises(StepsLeft) as refused:
        finished(here, record)

    assert str(refused.value) == (
        "Steps not done yet: 8. Weigh ten capsules one by one, and look at all 130 capsules.; "
        "9. Count the capsules into containers and label them."
    )
    assert fresh(record).state == "weighing"


def test_a_critical_step_is_never_done_unchecked(here: Lab, record: CompoundingRecord) -> None:
    """The formula asks nothing at it, so the bench does."""
    weigh_all(here, record)
    steps = steps_for(record)
    ten = steps[-2]
    assert ten.is_critical
    assert not record.formula.steps.get(position=ten.position).entry
    assert (ten.entry, ten.check_text) == (
        "confirm",
        "It was done as it is written, and checked",
    )
    for step in steps[:-2]:
        mark_step_done(record=record, step=step, entry="yes", by=here.technician, at=NOW)

    with pytest.raises(EntryMissing):
        mark_step_done(record=record, step=ten, entry=" ", by=here.technician, at=NOW)


def test_the_maker_is_whoever_finishes(here: Lab, record: CompoundingRecord) -> None:
    weigh_all(here, record)
    follow(record, by=here.technician, at=NOW)
    made = finished(here, record)

    assert (made.made_by_id, made.compounded_at) == (here.technician.user_id, NOW)
    with pytest.raises(NotBeingWeighed):
        weigh(here, record, "active", "197.4")


def test_the_class_sets_the_beyond_use_date(here: Lab, record: CompoundingRecord) -> None:
    weigh_all(here, record)
    finish(here, record)

    made = fresh(record)
    today = timezone.localdate(NOW)
    assert made.beyond_use_on == today + timedelta(days=179)  # the day of making is day 1
    assert made.beyond_use_reason == "USP <795> allows 180 days for this class (other nonaqueous)"
    assert [limit["key"] for limit in made.beyond_use_limits] == [
        "class_nonaqueous_other",
        "component_expiry:microcrystalline cellulose MC-5533",
        "component_expiry:naltrexone hydrochloride NX-2201",
        "component_expiry:hypromellose capsule HC-0301",
    ]


def test_the_first_component_to_expire_may_win(here: Lab) -> None:
    new_lot(here, "glycerin", "GL-0", "500", expires="2026-11")
    record = plan(here, code="ldn-drops", strength="1", units=1)
    weigh_all(here, record)
    finish(here, record)

    made = fresh(record)
    assert made.beyond_use_on == date(2026, 11, 30)
    assert made.beyond_use_reason == "glycerin GL-0 expires on that day"
    assert made.beyond_use_limits[1] == {
        "key": "class_aqueous_preserved",
        "reason": "USP <795> allows 35 days for this class (aqueous, preserved)",
        "date": "2026-12-24",
        "storage": "In the refrigerator, 2 °C to 8 °C, away from light",
    }


def test_a_bottle_does_not_limit_what_is_in_it(here: Lab) -> None:
    new_lot(here, "30 mL dropper bottle", "BT-0", "10", expires="2026-11")
    record = plan(here, code="ldn-drops", strength="1", units=1)
    weigh_all(here, record)
    finish(here, record)

    assert record.lines.get(role="container").lot.lot_number == "BT-0"
    assert fresh(record).beyond_use_on == date(2026, 12, 24)
