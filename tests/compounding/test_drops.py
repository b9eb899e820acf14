"""Batches of liquid, droppers, and from a dose to drops."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.drops import (
    CalibrationIncomplete,
    DropperCalibration,
    FillBelowLabel,
    LessThanOneDrop,
    NoRoomForVehicle,
    batch_volume_ml,
    days_supply,
    dose_in_volume_mg,
    dose_volume_ml,
    dropper_error_pct,
    drops_for_dose,
    mg_per_drop,
    qs_ad,
    strength_for_drop,
    vehicle_estimate,
)
from compounding.given import OutOfRange
from tests.compounding.refusals import assert_refused

D = Decimal


def _volume(bottles: int = 12, label: str = "30", fill: str = "31", overage: str = "2") -> Decimal:
    return batch_volume_ml(
        bottles=bottles,
        label_volume_ml=D(label),
        fill_volume_ml=D(fill),
        process_overage_pct=D(overage),
    )


def test_the_batch_fills_every_bottle() -> None:
    assert _volume() == D("379.44")
    assert _volume(fill="30", overage="0") == 360
    assert_refused(
        FillBelowLabel,
        "A fill of 29.9 mL is less than the 30 mL on the label.",
        lambda: _volume(fill="29.9"),
    )


def test_a_dropper_is_calibrated_by_volume_or_by_mass() -> None:
    by_mass = DropperCalibration(drops_counted=100, mass_g=D("4.75"), density_g_per_ml=D("1.1875"))
    assert (by_mass.drops_per_ml(), by_mass.measured_ml()) == (D(25), D(4))
    by_volume = DropperCalibration(drops_counted=20, volume_ml=D("0.8"))
    assert (by_volume.drops_per_ml(), by_volume.measured_ml()) == (D(25), D("0.8"))


@pytest.mark.parametrize(
    ("volume", "mass", "density"),
    [
        (None, None, None),
        (None, "1", None),
        (None, None, "1"),
        ("1", "1", "1"),
        ("1", "1", None),
        ("1", None, "1"),
    ],
)
def test_a_calibration_is_whole_and_of_one_kind(
    volume: str | None, mass: str | None, density: str | None
) -> None:
    assert_refused(
        CalibrationIncomplete,
        "20 drops need either a volume, or a mass and a density.",
        lambda: DropperCalibration(
            drops_counted=20,
            volume_ml=None if volume is None else D(volume),
            mass_g=None if mass is None else D(mass),
            density_g_per_ml=None if density is None else D(density),
        ),
    )


def test_drops_are_whole_and_a_half_counts_up() -> None:
    dose = drops_for_dose(dose_mg=D("0.5"), strength_mg_per_ml=D(1), drops_per_ml=D(25))
    assert (dose.exact_drops, dose.drops) == (D("12.5"), 13)
    assert (dose.dose_mg, dose.volume_ml) == (D("0.5"), D("0.5"))
    assert (dose.delivered_mg, dose.error_pct) == (D("0.52"), D(4))


def test_whole_drops_of_an_endless_calibration_have_no_error() -> None:
    dropper = DropperCalibration(drops_counted=20, volume_ml=D("0.83"))
    dose = drops_for_dose(
        dose_mg=D("0.1245"), strength_mg_per_ml=D("0.15"), drops_per_ml=dropper.drops_per_ml()
    )
    assert (dose.exact_drops, dose.drops, dose.error_pct) == (D(20), 20, D(0))


def test_half_a_drop_is_one_and_less_is_refused() -> None:
    half = drops_for_dose(dose_mg=D("0.02"), strength_mg_per_ml=D(1), drops_per_ml=D(25))
    assert (half.drops, half.error_pct) == (1, D(100))
    assert_refused(
        LessThanOneDrop,
        "19 micrograms is 0.48 of a drop of 1 mg/mL; make a weaker preparation.",
        lambda: drops_for_dose(dose_mg=D("0.019"), strength_mg_per_ml=D(1), drops_per_ml=D(25)),
    )


def test_the_error_of_a_dropper_is_one_of_volume() -> None:
    assert dropper_error_pct(nominal_drops_per_ml=D(20), measured_drops_per_ml=D(25)) == -20
    assert dropper_error_pct(nominal_drops_per_ml=D(20), measured_drops_per_ml=D(16)) == 25


def test_a_bottle_lasts_whole_days_and_no_longer_than_it_keeps() -> None:
    supply = days_supply(
        bottle_ml=D(30), drops_per_ml=D(25), drops_per_dose=9, doses_per_day=2, bud_days=35
    )
    assert (supply.total_drops, supply.days_by_volume, supply.days) == (750, 41, 35)
    short = days_supply(
        bottle_ml=D("0.9"), drops_per_ml=D("21.7"), drops_per_dose=9, doses_per_day=1, bud_days=35
    )
    assert (short.total_drops, short.days_by_volume, short.days) == (19, 2, 2)


def test_the_vehicle_is_what_the_rest_leaves() -> None:
    estimate = vehicle_estimate(
        batch_ml=D(240), liquids_ml=[D(48)], powders=[(D("0.24"), D("0.7")), (D("1.2"), D("0.6"))]
    )
    assert (estimate.displaced_ml, estimate.vehicle_ml) == (D("0.888"), D("191.112"))
    assert vehicle_estimate(batch_ml=D(10), liquids_ml=[D(10)], powders=[]).vehicle_ml == 0
    assert_refused(
        NoRoomForVehicle,
        "The other components take up 10.5 mL of a batch of 10 mL.",
        lambda: vehicle_estimate(batch_ml=D(10), liquids_ml=[D(10)], powders=[(D(1), D("0.5"))]),
    )


def test_the_bench_step_is_qs_ad() -> None:
    assert qs_ad(D("240.0")) == "q.s. ad 240 mL"


def _supply(**changes: Decimal | int) -> object:
    usual: dict[str, Decimal | int] = {
        "bottle_ml": D(30),
        "drops_per_ml": D(25),
        "drops_per_dose": 9,
        "doses_per_day": 2,
        "bud_days": 35,
    }
    return days_supply(**{**usual, **changes})  # type: ignore[arg-type]


_POSITIVE: list[tuple[str, Callable[[], object]]] = [
    ("The label volume", lambda: _volume(label="0")),
    ("The fill volume", lambda: _volume(fill="0")),
    ("The calibrated volume", lambda: DropperCalibration(drops_counted=1, volume_ml=D(0))),
    (
        "The mass of the drops",
        lambda: DropperCalibration(drops_counted=1, mass_g=D(0), density_g_per_ml=D(1)),
    ),
    (
        "The density",
        lambda: DropperCalibration(drops_counted=1, mass_g=D(1), density_g_per_ml=D(0)),
    ),
    (
        "The nominal drops per millilitre",
        lambda: dropper_error_pct(nominal_drops_per_ml=D(0), measured_drops_per_ml=D(1)),
    ),
    (
        "The measured drops per millilitre",
        lambda: dropper_error_pct(nominal_drops_per_ml=D(1), measured_drops_per_ml=D(0)),
    ),
    ("The strength", lambda: mg_per_drop(strength_mg_per_ml=D(0), drops_per_ml=D(1))),
    ("The drops per millilitre", lambda: mg_per_drop(strength_mg_per_ml=D(1), drops_per_ml=D(0))),
    ("The dose per drop", lambda: strength_for_drop(wanted_mg_per_drop=D(0), drops_per_ml=D(1))),
    (
        "The drops per millilitre",
        lambda: strength_for_drop(wanted_mg_per_drop=D(1), drops_per_ml=D(0)),
    ),
    ("The dose", lambda: dose_volume_ml(dose_mg=D(0), strength_mg_per_ml=D(1))),
    ("The strength", lambda: dose_volume_ml(dose_mg=D(1), strength_mg_per_ml=D(0))),
    ("The volume", lambda: dose_in_volume_mg(volume_ml=D(0), strength_mg_per_ml=D(1))),
    ("The strength", lambda: dose_in_volume_mg(volume_ml=D(1), strength_mg_per_ml=D(0))),
    (
        "The drops per millilitre",
        lambda: drops_for_dose(dose_mg=D(1), strength_mg_per_ml=D(1), drops_per_ml=D(0)),
    ),
    ("The bottle", lambda: _supply(bottle_ml=D(0))),
    ("The drops per millilitre", lambda: _supply(drops_per_ml=D(0))),
    ("The batch", lambda: vehicle_estimate(batch_ml=D(0), liquids_ml=[], powders=[])),
    ("A liquid", lambda: vehicle_estimate(batch_ml=D(1), liquids_ml=[D(0)], powders=[])),
    ("A powder", lambda: vehicle_estimate(batch_ml=D(1), liquids_ml=[], powders=[(D(0), D(1))])),
]


@pytest.mark.parametrize(("what", "act"), _POSITIVE)
def test_amounts_are_positive(what: str, act: Callable[[], object]) -> None:
    assert_refused(OutOfRange, f"{what} must be more than 0, not 0.", act)


_COUNTS: list[tuple[str, Callable[[], object]]] = [
    ("The number of bottles", lambda: _volume(bottles=0)),
    ("The number of drops counted", lambda: DropperCalibration(drops_counted=0, volume_ml=D(1))),
    ("The drops per dose", lambda: _supply(drops_per_dose=0)),
    ("The doses per day", lambda: _supply(doses_per_day=0)),
    ("The beyond-use days", lambda: _supply(bud_days=0)),
]


@pytest.mark.parametrize(("what", "act"), _COUNTS)
def test_counts_start_at_one(what: str, act: Callable[[], object]) -> None:
    assert_refused(OutOfRange, f"{what} must be at least 1, not 0.", act)


def test_overage_and_displacement_may_be_nothing_but_not_less() -> None:
    assert_refused(
        OutOfRange,
        "The process overage must not be negative, and -1 is.",
        lambda: _volume(overage="-1"),
    )
    assert_refused(
        OutOfRange,
        "A displacement value must not be negative, and -1 is.",
        lambda: vehicle_estimate(batch_ml=D(1), liquids_ml=[], powders=[(D(1), D(-1))]),
    )
