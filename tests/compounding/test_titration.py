"""Titration plans: dates, capsules, millilitres and drops."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.errors import Refusal
from compounding.given import OutOfRange
from compounding.titration import (
    DoseCannotBeMade,
    DoseCategory,
    NoSteps,
    StepsUnending,
    StrengthsUnusable,
    TitrationStep,
    capsules_for_dose,
    dose_category,
    pack_capsules,
    pack_liquid,
    plan_schedule,
    rising_steps,
    strength_that_fits,
    total_days,
    total_mg,
)
from tests.compounding.refusals import assert_refused

D = Decimal
_PLAN = [TitrationStep(D("1.5"), 14), TitrationStep(D(3), 14), TitrationStep(D("4.5"), 28)]
_DROPS = [TitrationStep(D("0.5"), 14), TitrationStep(D(1), 21)]


def test_each_step_begins_the_day_after_the_one_before() -> None:
    first, second, third = plan_schedule(_PLAN, start_on=datetime.date(2026, 12, 5))
    assert (first.number, first.dose_mg, first.days) == (1, D("1.5"), 14)
    assert (first.first_day, first.last_day) == (1, 14)
    assert (first.first_on, first.last_on) == (
        datetime.date(2026, 12, 5),
        datetime.date(2026, 12, 18),
    )
    assert (second.number, second.first_day, second.last_day) == (2, 15, 28)
    assert second.first_on == datetime.date(2026, 12, 19)
    assert (third.first_day, third.last_day) == (29, 56)
    assert third.last_on == datetime.date(2027, 1, 29)


def test_totals() -> None:
    assert (total_days(_PLAN), total_mg(_PLAN)) == (56, D(189))


def test_126_capsules_of_one_strength_make_the_plan() -> None:
    pack = pack_capsules(_PLAN, [D("1.5")])
    assert [dict(step.each_day) for step in pack.steps] == [
        {D("1.5"): 1},
        {D("1.5"): 2},
        {D("1.5"): 3},
    ]
    assert [dict(step.whole_step) for step in pack.steps] == [
        {D("1.5"): 14},
        {D("1.5"): 28},
        {D("1.5"): 84},
    ]
    assert (pack.totals, pack.total_capsules) == ({D("1.5"): 126}, 126)
    assert [step.step for step in pack.steps] == _PLAN


def test_a_strength_that_no_step_needs_is_not_listed() -> None:
    assert pack_capsules(_PLAN, [D(50), D("1.5"), D("4.5")]).totals == {D("1.5"): 42, D("4.5"): 28}


@pytest.mark.parametrize(
    ("dose", "strengths", "counts"),
    [
        ("2", ["1", "1.5", "2.5"], {"1": 2}),
        ("3", ["1", "1.5", "2.5"], {"1.5": 2}),
        ("4.5", ["0.5", "1.5", "4.5"], {"4.5": 1}),
        ("4", ["0.5", "1.5", "4.5"], {"1.5": 2, "0.5": 2}),
        ("0.3", ["0.1"], {"0.1": 3}),
        ("1", ["1", "1.0", "1.00"], {"1": 1}),
        ("6", ["1", "3", "4"], {"3": 2}),
    ],
)
def test_the_fewest_capsules(dose: str, strengths: list[str], counts: dict[str, int]) -> None:
    found = capsules_for_dose(D(dose), [D(strength) for strength in strengths])
    assert found == {D(strength): count for strength, count in counts.items()}


def test_the_strongest_is_named_first() -> None:
    assert list(capsules_for_dose(D("5.5"), [D(1), D("4.5")])) == [D("4.5"), D(1)]


def test_of_two_ways_with_as_many_capsules_the_one_with_the_strongest_is_taken() -> None:
    assert capsules_for_dose(D(5), [D(1), D(2), D(3), D(4)]) == {D(4): 1, D(1): 1}


def test_a_dose_that_cannot_be_made_names_a_strength_that_would() -> None:
    assert_refused(
        DoseCannotBeMade,
        "2 mg cannot be made from capsules of 4.5 mg and 1.5 mg; capsules of 0.5 mg would make it.",
        lambda: capsules_for_dose(D(2), [D("1.5"), D("4.5")]),
    )
    assert_refused(
        DoseCannotBeMade,
        "0.5 mg cannot be made from capsules of 1 mg; capsules of 0.5 mg would make it.",
        lambda: pack_capsules(_DROPS, [D(1)]),
    )


def test_the_largest_strength_that_makes_every_dose() -> None:
    assert strength_that_fits([D("1.5"), D(3), D("4.5")]) == D("1.5")
    assert strength_that_fits([D("0.5"), D("0.75")]) == D("0.25")
    assert strength_that_fits([D("0.001"), D(1)]) == D("0.001")


def test_a_division_too_fine_to_search_is_refused() -> None:
    assert capsules_for_dose(D("0.2"), [D("0.000001")]) == {D("0.000001"): 200_000}
    assert_refused(
        StrengthsUnusable,
        "0.200001 mg from capsules of 0.001 micrograms is too fine a division to search.",
        lambda: capsules_for_dose(D("0.200001"), [D("0.000001")]),
    )


def test_a_liquid_plan_in_millilitres() -> None:
    pack = pack_liquid(_DROPS, strength_mg_per_ml=D(2), bottle_ml=D(14), bud_days=14)
    assert [(step.dose_ml, step.whole_step_ml, step.drops) for step in pack.steps] == [
        (D("0.25"), D("3.5"), None),
        (D("0.5"), D("10.5"), None),
    ]
    assert [step.step for step in pack.steps] == _DROPS
    assert (pack.total_ml, pack.dropped_ml, pack.total_days) == (D(14), None, 35)
    assert (pack.bottles, pack.fills) == (1, 3)
    assert [(step.delivered_mg, step.error_pct) for step in pack.steps] == [(None, None)] * 2


def test_whole_drops_may_need_another_bottle() -> None:
    pack = pack_liquid(_DROPS, strength_mg_per_ml=D(1), drops_per_ml=D(25), bottle_ml=D(28))
    assert [(step.drops, step.delivered_mg, step.error_pct) for step in pack.steps] == [
        (13, D("0.52"), D(4)),
        (25, D(1), D(0)),
    ]
    assert [(step.step, step.dose_ml, step.whole_step_ml) for step in pack.steps] == [
        (_DROPS[0], D("0.5"), D(7)),
        (_DROPS[1], D(1), D(21)),
    ]
    assert (pack.total_ml, pack.dropped_ml, pack.bottles) == (D(28), D("28.28"), 2)
    assert pack.fills is None


def test_drops_that_come_to_less_do_not_save_a_bottle() -> None:
    pack = pack_liquid(
        [TitrationStep(D("0.49"), 100)],
        strength_mg_per_ml=D(1),
        drops_per_ml=D(25),
        bottle_ml=D("48.5"),
    )
    assert (pack.total_ml, pack.dropped_ml, pack.bottles) == (D(49), D(48), 2)


def test_without_a_bottle_there_are_no_bottles() -> None:
    assert pack_liquid(_DROPS, strength_mg_per_ml=D(1)).bottles is None


@pytest.mark.parametrize(
    ("dose", "category"),
    [
        ("0.000999", DoseCategory.ULTRA_LOW),
        ("0.001", DoseCategory.VERY_LOW),
        ("0.999", DoseCategory.VERY_LOW),
        ("1", DoseCategory.LOW),
        ("5", DoseCategory.LOW),
        ("5.001", DoseCategory.ABOVE_LOW),
    ],
)
def test_what_a_dose_is_called(dose: str, category: DoseCategory) -> None:
    assert dose_category(D(dose)) is category


def test_rising_steps() -> None:
    def doses(first: str, rise: str, last: str) -> list[Decimal]:
        steps = rising_steps(first=D(first), rise=D(rise), last=D(last), days=7)
        assert {step.days for step in steps} == {7}
        return [step.dose_mg for step in steps]

    assert doses("0.5", "0.5", "2") == [D("0.5"), D(1), D("1.5"), D(2)]
    assert doses("1", "1", "2.5") == [D(1), D(2), D("2.5")]
    assert doses("2", "1", "2") == [D(2)]
    assert len(doses("0.1", "0.1", "100")) == 1000


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        OutOfRange,
        "A capsule strength must be more than 0, not 0.",
        lambda: pack_capsules([TitrationStep(D(1), 1)], [D(0)]),
    ),
    (OutOfRange, "The dose of a step must be more than 0, not 0.", lambda: TitrationStep(D(0), 1)),
    (OutOfRange, "The days of a step must be at least 1, not 0.", lambda: TitrationStep(D(1), 0)),
    (
        OutOfRange,
        "A step of 3661 days is longer than ten years.",
        lambda: TitrationStep(D(1), 3661),
    ),
    (
        NoSteps,
        "A titration plan needs at least one step.",
        lambda: plan_schedule([], start_on=datetime.date(2026, 12, 5)),
    ),
    (NoSteps, "A titration plan needs at least one step.", lambda: total_days([])),
    (NoSteps, "A titration plan needs at least one step.", lambda: total_mg([])),
    (NoSteps, "A titration plan needs at least one step.", lambda: pack_capsules([], [D(1)])),
    (
        NoSteps,
        "A titration plan needs at least one step.",
        lambda: pack_liquid([], strength_mg_per_ml=D(1)),
    ),
    (NoSteps, "There are no doses to fit a strength to.", lambda: strength_that_fits([])),
    (OutOfRange, "A dose must be more than 0, not 0.", lambda: strength_that_fits([D(0)])),
    (StrengthsUnusable, "No capsule strengths were given.", lambda: capsules_for_dose(D(1), [])),
    (
        OutOfRange,
        "A capsule strength must be more than 0, not 0.",
        lambda: capsules_for_dose(D(1), [D(0)]),
    ),
    (OutOfRange, "The dose must be more than 0, not 0.", lambda: capsules_for_dose(D(0), [D(1)])),
    (OutOfRange, "The dose must be more than 0, not 0.", lambda: dose_category(D(0))),
    (
        OutOfRange,
        "The bottle must be more than 0, not 0.",
        lambda: pack_liquid(_DROPS, strength_mg_per_ml=D(1), bottle_ml=D(0)),
    ),
    (
        OutOfRange,
        "The beyond-use days must be at least 1, not 0.",
        lambda: pack_liquid(_DROPS, strength_mg_per_ml=D(1), bud_days=0),
    ),
    (
        OutOfRange,
        "The rise must be more than 0, not 0.",
        lambda: rising_steps(first=D(1), rise=D(0), last=D(2), days=1),
    ),
    (
        OutOfRange,
        "The first dose must be more than 0, not 0.",
        lambda: rising_steps(first=D(0), rise=D(1), last=D(2), days=1),
    ),
    (
        StepsUnending,
        "From 3 mg to 2 mg by 1 mg is no plan of 1 to 1000 steps.",
        lambda: rising_steps(first=D(3), rise=D(1), last=D(2), days=1),
    ),
    (
        StepsUnending,
        "From 0.1 mg to 100.1 mg by 0.1 mg is no plan of 1 to 1000 steps.",
        lambda: rising_steps(first=D("0.1"), rise=D("0.1"), last=D("100.1"), days=1),
    ),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)


def test_ten_years_are_still_a_step() -> None:
    assert TitrationStep(D(1), 3660).days == 3660
