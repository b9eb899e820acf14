"""How far a dose may lie from its label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from compounding.error_budget import (
    BenchTolerances,
    ErrorSource,
    dose_budgets,
    drop_rounding_source,
    error_budget,
    volume_source,
    weighing_source,
)
from compounding.errors import Refusal
from compounding.given import OutOfRange
from compounding.worksheet import Worksheet, plan_capsule_worksheet, plan_drops_worksheet
from tests.compounding.examples import capsule_inputs, drops_inputs
from tests.compounding.refusals import assert_refused

D = Decimal
_BENCH = BenchTolerances(
    balance_mg=D("1.92"), measure_ml=D("1.8972"), drop_pct=D(5), fill_pct=D(10)
)


def test_errors_multiply_at_worst_and_add_in_squares_as_expected() -> None:
    budget = error_budget([ErrorSource("drops", D(3)), ErrorSource("weighing", D(4))])
    assert (budget.worst_low_pct, budget.worst_high_pct) == (D("-6.88"), D("7.12"))
    assert budget.expected_pct == 5
    assert [source.name for source in budget.sources] == ["weighing", "drops"]
    assert budget.dose_range_mg(D(100)) == (D("93.12"), D("107.12"))


def test_sources_of_error() -> None:
    weighing = weighing_source("balance", uncertainty_mg=D(6), weighed_mg=D(120))
    assert str(weighing) == "balance ±5%"
    flask = volume_source("flask", tolerance_ml=D("0.5"), volume_ml=D(100))
    assert (flask.name, flask.limit_pct) == ("flask", D("0.5"))
    assert drop_rounding_source("drops", exact_drops=D("12.5"), drops=13).limit_pct == 4
    assert drop_rounding_source("drops", exact_drops=D("13.5"), drops=13).name == "drops"
    exact = drop_rounding_source("drops", exact_drops=D("12.9999999999999999999"), drops=13)
    assert 0 < exact.limit_pct < D("1E-17")
    assert drop_rounding_source("drops", exact_drops=D(13), drops=13).limit_pct == 0


def _sources(worksheet: Worksheet) -> list[tuple[Decimal | None, list[str]]]:
    return [
        (dose.dose_mg, [str(source) for source in dose.budget.sources])
        for dose in dose_budgets(worksheet, _BENCH)
    ]


def test_a_capsule_is_weighed_and_filled() -> None:
    worksheet = plan_capsule_worksheet(capsule_inputs())
    assert _sources(worksheet) == [(None, ["filling ±10%", "weighing ±0.97%"])]


def test_a_drop_is_weighed_made_up_dropped_and_rounded() -> None:
    worksheet = plan_drops_worksheet(replace(drops_inputs(), doses_mg=(D("0.5"), D("0.17"))))
    assert _sources(worksheet) == [
        (D("0.5"), ["drops ±5%", "whole drops ±4%", "weighing ±1%", "volume ±1%"]),
        (D("0.17"), ["whole drops ±5.88%", "drops ±5%", "weighing ±1%", "volume ±1%"]),
    ]
    first, _ = dose_budgets(worksheet, _BENCH)
    assert str(first.budget.expected_pct).startswith("6.557438")
    assert first.budget.worst_high_pct == D("11.394920")


def test_a_dose_in_millilitres_is_neither_dropped_nor_rounded() -> None:
    worksheet = plan_drops_worksheet(replace(drops_inputs(), dropper=None, doses_mg=(D(1),)))
    assert _sources(worksheet) == [(D(1), ["weighing ±1%", "volume ±1%"])]


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        OutOfRange,
        "The number of sources of error must be at least 1, not 0.",
        lambda: error_budget([]),
    ),
    (
        OutOfRange,
        "The error of drops must be below 100%, not 100%.",
        lambda: ErrorSource("drops", D(100)),
    ),
    (
        OutOfRange,
        "The dose must be more than 0, not 0.",
        lambda: error_budget([ErrorSource("drops", D(1))]).dose_range_mg(D(0)),
    ),
    (
        OutOfRange,
        "The uncertainty of balance must not be negative, and -1 is.",
        lambda: weighing_source("balance", uncertainty_mg=D(-1), weighed_mg=D(1)),
    ),
    (
        OutOfRange,
        "The amount of balance must be more than 0, not 0.",
        lambda: weighing_source("balance", uncertainty_mg=D(1), weighed_mg=D(0)),
    ),
    (
        OutOfRange,
        "The number of drops must be at least 1, not 0.",
        lambda: drop_rounding_source("drops", exact_drops=D(1), drops=0),
    ),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)
