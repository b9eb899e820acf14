"""The bottles of a liquid plan, each with its days and what is left of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.bottles import BottleUse, bottles_of_plan
from compounding.errors import Refusal
from compounding.given import OutOfRange
from compounding.titration import NoSteps, TitrationStep
from tests.compounding.refusals import assert_refused

D = Decimal
_PLAN = [TitrationStep(D("0.5"), 14), TitrationStep(D(1), 21)]


def _bottles(
    steps: list[TitrationStep], bottle: str, bud: int, drops: str | None = None
) -> tuple[BottleUse, ...]:
    return bottles_of_plan(
        steps,
        strength_mg_per_ml=D(1),
        bottle_ml=D(bottle),
        bud_days=bud,
        drops_per_ml=None if drops is None else D(drops),
    )


def _rows(bottles: tuple[BottleUse, ...]) -> list[tuple[int, int, int, int, int, Decimal]]:
    return [
        (each.number, each.fill, each.first_day, each.last_day, each.use_by_day, each.left_ml)
        for each in bottles
    ]


def test_one_bottle_lasts_to_the_last_day_of_its_beyond_use_date() -> None:
    [bottle] = _bottles(_PLAN, "30", 35)
    assert _rows((bottle,)) == [(1, 1, 1, 35, 35, D(2))]
    assert bottle.days_to_spare == 0
    assert bottle.dates(datetime.date(2026, 12, 5)) == (
        datetime.date(2026, 12, 5),
        datetime.date(2027, 1, 8),
        datetime.date(2027, 1, 8),
    )


def test_a_new_fill_is_made_when_the_date_has_passed_and_the_rest_thrown_away() -> None:
    assert _rows(_bottles(_PLAN, "30", 14)) == [
        (1, 1, 1, 14, 14, D(23)),
        (2, 2, 15, 28, 28, D(16)),
        (3, 3, 29, 35, 42, D(23)),
    ]
    assert [bottle.days_to_spare for bottle in _bottles(_PLAN, "30", 14)] == [0, 0, 7]


def test_the_bottles_of_one_fill_share_its_date() -> None:
    assert _rows(_bottles(_PLAN, "10", 35)) == [
        (1, 1, 1, 17, 35, D(0)),
        (2, 1, 18, 27, 35, D(0)),
        (3, 1, 28, 35, 35, D(2)),
    ]


def test_a_dose_may_be_taken_from_two_bottles() -> None:
    assert _rows(_bottles([TitrationStep(D(2), 4)], "3", 30)) == [
        (1, 1, 1, 2, 30, D(0)),
        (2, 1, 2, 3, 30, D(0)),
        (3, 1, 4, 4, 30, D(1)),
    ]
    assert _rows(_bottles([TitrationStep(D(5), 1)], "2", 30)) == [
        (1, 1, 1, 1, 30, D(0)),
        (2, 1, 1, 1, 30, D(0)),
        (3, 1, 1, 1, 30, D(1)),
    ]


def test_whole_drops_empty_a_bottle_sooner_than_the_doses() -> None:
    half = [TitrationStep(D("0.5"), 20)]
    assert _rows(_bottles(half, "10", 30)) == [(1, 1, 1, 20, 30, D(0))]
    assert _rows(_bottles(half, "10", 30, drops="25")) == [
        (1, 1, 1, 20, 30, D(0)),
        (2, 1, 20, 20, 30, D("9.6")),  # 20 × 13 drops are 10.4 mL
    ]


def test_thirds_of_a_millilitre_use_up_the_bottle() -> None:
    thirds = bottles_of_plan(
        [TitrationStep(D(1), 30)], strength_mg_per_ml=D(3), bottle_ml=D(1), bud_days=60
    )
    assert [bottle.last_day for bottle in thirds] == [3 * number for number in range(1, 11)]


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (OutOfRange, "The bottle must be more than 0, not 0.", lambda: _bottles(_PLAN, "0", 35)),
    (
        OutOfRange,
        "The beyond-use days must be at least 1, not 0.",
        lambda: _bottles(_PLAN, "30", 0),
    ),
    (NoSteps, "A titration plan needs at least one step.", lambda: _bottles([], "30", 35)),
    (
        OutOfRange,
        "The plan empties more than 10000 bottles of 0.001 mL.",
        lambda: _bottles([TitrationStep(D("0.501"), 20)], "0.001", 35),
    ),
    (
        OutOfRange,
        "A plan of 36601 days is longer than a life.",
        lambda: _bottles([*[TitrationStep(D(1), 3660)] * 10, TitrationStep(D(1), 1)], "30", 35),
    ),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)


def test_ten_thousand_bottles_are_still_counted() -> None:
    assert len(_bottles([TitrationStep(D("0.5"), 20)], "0.001", 35)) == 10_000
    assert len(_bottles([TitrationStep(D("0.001"), 3660)] * 10, "30", 3660)) == 10
