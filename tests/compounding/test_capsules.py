"""Batches of capsules, filler by displacement, sizes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.capsules import (
    CapsuleOverfilled,
    NoCapsuleLargeEnough,
    Powder,
    SizeChoice,
    batch_units,
    capacity_mg,
    choose_size,
    filler_mg,
    fraction_occupied,
    largest_dose_mg,
    pack_stat_from_density_mg,
    pack_stat_mg,
    size_findings,
)
from compounding.findings import Finding, Severity
from compounding.given import OutOfRange
from tests.compounding.refusals import assert_refused

D = Decimal
_VOLUMES = {"0": D("0.68"), "3": D("0.30"), "1": D("0.50")}


def test_overage_gives_whole_capsules() -> None:
    assert batch_units(126, overage_pct=D(3)) == 130
    assert batch_units(100, overage_pct=D(3)) == 103
    assert batch_units(100, overage_pct=D(0)) == 100
    assert batch_units(1, overage_pct=D("0.1")) == 2


def test_the_filler_takes_the_room_that_is_left() -> None:
    powders = [Powder("drug", D("4.5"), D(200)), Powder("dye", D(1), D(180))]
    assert str(fraction_occupied(powders)).startswith("0.02805555555")
    assert str(filler_mg(powders, filler_pack_stat_mg=D(150))).startswith("145.7916666")


def test_a_capsule_may_be_full_without_filler_but_not_overfull() -> None:
    thirds = [Powder(f"part {number}", D(1), D(3)) for number in (1, 2, 3)]
    assert filler_mg(thirds, filler_pack_stat_mg=D(150)) == 0
    assert_refused(
        CapsuleOverfilled,
        "drug and dye take up 105% of the capsule; choose a larger size.",
        lambda: filler_mg(
            [Powder("drug", D(200), D(200)), Powder("dye", D(5), D(100))],
            filler_pack_stat_mg=D(150),
        ),
    )


def test_the_smallest_size_that_holds_the_powder() -> None:
    choice = choose_size(fill_mg=D(250), tapped_g_per_ml=D("0.5"), volumes_ml=_VOLUMES)
    assert (choice.size, choice.needed_ml, choice.utilisation_pct) == ("1", D("0.5"), D(100))
    assert choose_size(fill_mg=D(251), tapped_g_per_ml=D("0.5"), volumes_ml=_VOLUMES).size == "0"
    assert_refused(
        NoCapsuleLargeEnough,
        "0.8001 mL of powder fits none of the sizes 0, 3, 1.",
        lambda: choose_size(fill_mg=D("400.03"), tapped_g_per_ml=D("0.5"), volumes_ml=_VOLUMES),
    )
    assert_refused(
        NoCapsuleLargeEnough,
        "0.8 mL of powder fits none of the sizes listed.",
        lambda: choose_size(fill_mg=D(400), tapped_g_per_ml=D("0.5"), volumes_ml={}),
    )


def _size_findings(pct: str) -> list[Finding]:
    return size_findings(SizeChoice("3", D(1), D(pct)))


def test_the_largest_dose_of_a_triturate() -> None:
    capacity = capacity_mg(volume_ml=D("0.3"), tapped_g_per_ml=D("0.5"))
    assert (capacity, largest_dose_mg(capacity_mg=capacity, strength_pct=D(2))) == (D(150), D(3))


def test_a_loose_or_tight_fill_is_pointed_out() -> None:
    assert _size_findings("80") == _size_findings("95") == []
    assert _size_findings("79.94") == [
        Finding(
            "capsule-size-doubtful",
            Severity.CAUTION,
            "Size 3 would be loosely filled, 79.9% full.",
        )
    ]
    assert _size_findings("95.1")[0].text == "Size 3 would be tightly filled, 95.1% full."


_POSITIVE: list[tuple[str, Callable[[], object]]] = [
    ("The powder", lambda: pack_stat_mg(net_powder_mg=D(0), capsules_filled=1)),
    (
        "The tapped density",
        lambda: pack_stat_from_density_mg(tapped_g_per_ml=D(0), volume_ml=D(1)),
    ),
    (
        "The capsule volume",
        lambda: pack_stat_from_density_mg(tapped_g_per_ml=D(1), volume_ml=D(0)),
    ),
    ("The tapped density", lambda: capacity_mg(tapped_g_per_ml=D(0), volume_ml=D(1))),
    ("The amount of drug", lambda: Powder("drug", D(0), D(1))),
    ("The pack statistic of drug", lambda: Powder("drug", D(1), D(0))),
    ("The pack statistic of the filler", lambda: filler_mg([], filler_pack_stat_mg=D(0))),
    ("The fill", lambda: choose_size(fill_mg=D(0), tapped_g_per_ml=D(1), volumes_ml=_VOLUMES)),
    (
        "The tapped density",
        lambda: choose_size(fill_mg=D(1), tapped_g_per_ml=D(0), volumes_ml=_VOLUMES),
    ),
    (
        "The volume of size 3",
        lambda: choose_size(fill_mg=D(1), tapped_g_per_ml=D(1), volumes_ml={"3": D(0)}),
    ),
    (
        "The capacity of the capsule",
        lambda: largest_dose_mg(capacity_mg=D(0), strength_pct=D(1)),
    ),
    (
        "The strength of the triturate",
        lambda: largest_dose_mg(capacity_mg=D(1), strength_pct=D(0)),
    ),
]


@pytest.mark.parametrize(("what", "act"), _POSITIVE)
def test_amounts_are_positive(what: str, act: Callable[[], object]) -> None:
    assert_refused(OutOfRange, f"{what} must be more than 0, not 0.", act)


def test_counts_are_counts() -> None:
    assert_refused(
        OutOfRange,
        "The number of capsules must be at least 1, not 0.",
        lambda: batch_units(0, overage_pct=D(0)),
    )
    assert_refused(
        OutOfRange,
        "The overage must not be negative, and -1 is.",
        lambda: batch_units(1, overage_pct=D(-1)),
    )
    assert_refused(
        OutOfRange,
        "The number of capsules filled must be at least 1, not 0.",
        lambda: pack_stat_mg(net_powder_mg=D(1), capsules_filled=0),
    )
