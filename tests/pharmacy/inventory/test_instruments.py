"""Calibrations and repeatability of balances, droppers by count and by weight: kept, never edited."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from compounding.drops import CalibrationIncomplete
from compounding.weighing import TooFewReadings
from pharmacy.inventory.measurements import (
    DueTooEarly,
    WeightTooHeavy,
    record_balance_calibration,
    record_dropper_calibration,
    record_repeatability,
)
from pharmacy.inventory.models import BalanceCalibration, DropperCalibration
from pharmacy.inventory.queries import CalibrationOverdue, check_calibrated
from tests.factories.lab import NOW, Lab

D = Decimal
TODAY = date(2026, 11, 20)
EVEN = [D("100.0"), D("100.1")] * 5


def test_ten_readings_give_the_least_weight(here: Lab) -> None:
    """SD of five 100.0 and five 100.1 is sqrt(0.025 / 9) = 0.052705 mg; times 2000 it is 105.4 mg."""
    tested = record_repeatability(
        balance=here.balance, test_weight_mg=D(100), readings_mg=EVEN, by=here.technician, at=NOW
    )
    assert tested.sd_mg == D("0.052705")
    assert tested.minimum_mg.quantize(D("0.1")) == D("105.4")
    assert tested.readings_mg[:2] == ["100", "100.1"]
    here.balance.refresh_from_db()
    assert here.balance.repeatability_sd_mg is not None


def test_readings_all_alike_still_leave_the_floor(here: Lab) -> None:
    """USP <41>: a standard deviation below 0.41 d counts as 0.41 d; 2000 x 0.41 x 0.01 mg = 8.2 mg."""
    tested = record_repeatability(
        balance=here.balance,
        test_weight_mg=D(100),
        readings_mg=[D(100)] * 10,
        by=here.technician,
        at=NOW,
    )
    assert (tested.sd_mg, tested.minimum_mg) == (D(0), D("8.2"))


def test_nine_readings_or_too_heavy_a_weight_are_refused(here: Lab) -> None:
    for weight, readings, refusal in (
        (D(100), EVEN[:9], TooFewReadings),
        (D(220_001), EVEN, WeightTooHeavy),
    ):
        with pytest.raises(refusal):
            record_repeatability(
                balance=here.balance,
                test_weight_mg=weight,
                readings_mg=readings,
                by=here.technician,
                at=NOW,
            )
    assert not here.balance.repeatability_tests.exists()


def test_a_balance_that_failed_records_nothing(here: Lab) -> None:
    record_balance_calibration(
        balance=here.balance,
        passed=False,
        due_on=TODAY + timedelta(days=365),
        done_by="Scale Service",
        by=here.technician,
        at=NOW,
    )
    with pytest.raises(CalibrationOverdue):
        check_calibrated(here.balance, TODAY)
    with pytest.raises(DueTooEarly):
        record_balance_calibration(balance=here.balance, due_on=TODAY, by=here.technician, at=NOW)
    kept = BalanceCalibration.objects.get()
    assert (kept.done_by, kept.passed) == ("Scale Service", False)


def test_drops_by_count_and_by_weight(here: Lab) -> None:
    formula, dropper = here.formula("ldn-drops"), here.ingredient("30 mL dropper bottle")
    weighed = record_dropper_calibration(
        formula=formula,
        dropper=dropper,
        drops=100,
        mass_mg=D(4200),
        density_g_per_ml=D("1.05"),
        by=here.technician,
        at=NOW,
    )
    assert weighed.volume_ml == 4
    for given in ({}, {"mass_mg": D(4200)}, {"volume_ml": D(4), "mass_mg": D(4200)}):
        with pytest.raises(CalibrationIncomplete):
            record_dropper_calibration(
                formula=formula,
                dropper=dropper,
                drops=100,
                by=here.technician,
                at=NOW,
                **given,
            )
    assert DropperCalibration.objects.filter(mass_mg__isnull=False).count() == 1
