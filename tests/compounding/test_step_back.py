"""When side effects do not settle: a lower dose for some days, and two ways of going on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.errors import Refusal
from compounding.given import OutOfRange
from compounding.step_back import (
    HalfDoseRule,
    HalfDoseTooSmall,
    NotInPlan,
    Rise,
    lowered_dose,
    step_back,
)
from compounding.titration import TitrationStep
from tests.compounding.refusals import assert_refused

D = Decimal
_PLAN = [
    TitrationStep(D(dose), days)
    for dose, days in [("1", 7), ("2", 7), ("3", 7), ("4", 7), ("4.5", 28)]
]
_SAME_STEP = HalfDoseRule(days=7)
_CLIMB = HalfDoseRule(days=7, rise=Rise(D(1), 7))


def _back(
    event_day: int, rule: HalfDoseRule = _SAME_STEP, through_day: int | None = None
) -> list[tuple[str, int]]:
    steps = step_back(_PLAN, event_day=event_day, rule=rule, through_day=through_day)
    return [(str(step.dose_mg), step.days) for step in steps]


def test_the_interrupted_step_starts_again_in_full() -> None:
    assert _back(18) == [
        ("1", 7),
        ("2", 7),
        ("3", 3),
        ("1.5", 7),
        ("3", 7),
        ("4", 7),
        ("4.5", 18),
    ]


def test_or_the_dose_climbs_again_from_the_half() -> None:
    assert _back(18, _CLIMB) == [
        ("1", 7),
        ("2", 7),
        ("3", 3),
        ("1.5", 7),
        ("2.5", 7),
        ("3.5", 7),
        ("4.5", 18),
    ]


def test_the_climb_may_end_below_the_plan() -> None:
    assert _back(18, HalfDoseRule(days=7, rise=Rise(D(1), 7, up_to_mg=D(3)))) == [
        ("1", 7),
        ("2", 7),
        ("3", 3),
        ("1.5", 7),
        ("2.5", 7),
        ("3", 25),
    ]


def test_a_large_rise_stops_at_the_last_dose() -> None:
    assert _back(50, HalfDoseRule(days=3, rise=Rise(D(5), 7)))[-2:] == [("2.25", 3), ("4.5", 4)]


def test_the_first_day_of_a_step_leaves_nothing_of_it() -> None:
    assert _back(1)[:2] == [("0.5", 7), ("1", 7)]
    assert _back(15)[:4] == [("1", 7), ("2", 7), ("1.5", 7), ("3", 7)]


def test_the_last_day_of_a_step_leaves_one_day_less() -> None:
    assert _back(14)[:3] == [("1", 7), ("2", 6), ("1.0", 7)]


def test_the_plan_ends_when_it_was_to_end() -> None:
    for event_day in range(1, 57):
        for rule in (_SAME_STEP, _CLIMB):
            assert sum(days for _, days in _back(event_day, rule)) == 56


def test_the_last_day_may_be_moved() -> None:
    assert _back(50, through_day=70)[-2:] == [("2.25", 7), ("4.5", 14)]
    assert _back(3, through_day=9) == [("1", 2), ("0.5", 7)]
    assert _back(3, through_day=10) == [("1", 2), ("0.5", 7), ("1", 1)]
    assert _back(3, through_day=5) == [("1", 2), ("0.5", 3)]


def test_on_the_last_day_one_lower_dose_is_left() -> None:
    assert _back(56)[-2:] == [("4.5", 27), ("2.25", 1)]


def test_half_a_dose_is_rounded_down_to_what_can_be_given() -> None:
    half = lowered_dose(D("2.5"), factor=D("0.5"), increment_mg=D("0.5"))
    assert (half.exact_mg, half.dispensable_mg) == (D("1.25"), D(1))
    exact = lowered_dose(D("2.5"), factor=D("0.5"))
    assert (exact.exact_mg, exact.dispensable_mg) == (D("1.25"), D("1.25"))
    assert _back(10, HalfDoseRule(days=7, factor=D("0.75"), increment_mg=D(1)))[2] == ("1", 7)


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        HalfDoseTooSmall,
        "0.25 mg is less than the smallest dose that can be given, 0.5 mg.",
        lambda: lowered_dose(D("0.5"), factor=D("0.5"), increment_mg=D("0.5")),
    ),
    (NotInPlan, "Day 0 is not in a plan of 56 days.", lambda: _back(0)),
    (NotInPlan, "Day 57 is not in a plan of 56 days.", lambda: _back(57)),
    (NotInPlan, "Day 57 is not in a plan of 56 days.", lambda: _back(57, through_day=70)),
    (NotInPlan, "Day 11 is not in a plan of 56 days.", lambda: _back(11, through_day=10)),
    (
        OutOfRange,
        "The days on the lower dose must be at least 1, not 0.",
        lambda: HalfDoseRule(days=0),
    ),
    (
        OutOfRange,
        "A factor of 1 does not lower the dose.",
        lambda: HalfDoseRule(days=1, factor=D(1)),
    ),
    (
        OutOfRange,
        "The factor must be more than 0, not 0.",
        lambda: HalfDoseRule(days=1, factor=D(0)),
    ),
    (OutOfRange, "The rise must be more than 0, not 0.", lambda: Rise(D(0), 1)),
    (OutOfRange, "The days between rises must be at least 1, not 0.", lambda: Rise(D(1), 0)),
    (
        OutOfRange,
        "The dose to rise to must be more than 0, not 0.",
        lambda: Rise(D(1), 1, up_to_mg=D(0)),
    ),
    (
        OutOfRange,
        "The dose must be more than 0, not 0.",
        lambda: lowered_dose(D(0), factor=D("0.5")),
    ),
    (
        OutOfRange,
        "The factor must be more than 0, not 0.",
        lambda: lowered_dose(D(1), factor=D(0)),
    ),
    (
        OutOfRange,
        "The increment must be more than 0, not 0.",
        lambda: lowered_dose(D(1), factor=D("0.5"), increment_mg=D(0)),
    ),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)
