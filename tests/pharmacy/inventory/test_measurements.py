"""Balances, pack statistics, droppers: what was measured last counts, and what is overdue does not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from compounding.given import OutOfRange
from pharmacy.audit.queries import events_of
from pharmacy.inventory.measurements import (
    record_balance_calibration,
    record_dropper_calibration,
    record_pack_statistic,
)
from pharmacy.inventory.queries import (
    CalibrationOverdue,
    check_calibrated,
    dropper_calibration,
    least_weighable_mg,
    pack_statistic_of,
)
from tests.factories.lab import NOW, Lab

TODAY = date(2026, 11, 20)


def test_the_least_a_balance_weighs_follows_from_its_sensitivity(here: Lab) -> None:
    assert least_weighable_mg(here.overdue_balance, TODAY) == 120  # class III: 6 mg at 5 %
    assert least_weighable_mg(here.balance, TODAY) == 10


def test_an_overdue_balance_is_refused_until_it_is_calibrated(here: Lab) -> None:
    balance = here.overdue_balance
    with pytest.raises(CalibrationOverdue, match="was due for calibration on 8 November 2026"):
        check_calibrated(balance, TODAY)

    record_balance_calibration(
        balance=balance, due_on=TODAY + timedelta(days=365), by=here.technician, at=NOW
    )

    check_calibrated(here.overdue_balance, TODAY)
    assert [event.event for event in events_of(balance)] == ["balance_calibrated"]


def test_the_day_it_is_due_it_may_still_be_used(here: Lab) -> None:
    balance = here.balance
    balance.calibration_due_on = TODAY

    check_calibrated(balance, TODAY)


def test_the_newest_pack_statistic_counts(here: Lab) -> None:
    lot = here.lot("MC-5533")
    record_pack_statistic(
        lot=lot, capsule_size="3", mg_per_capsule=Decimal("149.25"), by=here.technician, at=NOW
    )

    newest = pack_statistic_of(here.lot("MC-5533"), "3")

    assert newest is not None
    assert newest.mg_per_capsule == Decimal("149.25")
    with pytest.raises(OutOfRange):
        record_pack_statistic(
            lot=lot, capsule_size="0", mg_per_capsule=Decimal(0), by=here.technician, at=NOW
        )


def test_the_newest_calibration_of_a_dropper_counts(here: Lab) -> None:
    formula, dropper = here.formula("ldn-drops"), here.ingredient("30 mL dropper bottle")
    assert dropper_calibration(here.formula("ldn-capsules"), dropper) is None

    record_dropper_calibration(
        formula=formula,
        dropper=dropper,
        drops=66,
        volume_ml=Decimal("2.9"),
        by=here.technician,
        at=NOW,
    )

    counted = dropper_calibration(formula, dropper)
    assert counted is not None
    assert (counted.drops, counted.volume_ml) == (66, Decimal("2.9"))
