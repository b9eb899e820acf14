"""How far a dose may lie from its label."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.error_budget import (
    BenchTolerances,
    ErrorSource,
    compare_methods,
    divided_by_source,
    drop_rounding_source,
    error_budget,
    volume_source,
    weighing_source,
)
from compounding.errors import Refusal
from compounding.given import OutOfRange
from tests.compounding.refusals import assert_refused

D = Decimal


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


def test_what_is_divided_by_too_little_comes_out_too_strong() -> None:
    flask = divided_by_source("flask", off=D(10), amount=D(110))
    assert (flask.name, flask.limit_pct) == ("flask", D(10))
    assert divided_by_source("flask", off=D(0), amount=D(1)).limit_pct == 0


def test_no_dose_is_less_than_nothing() -> None:
    budget = error_budget([ErrorSource("syringe", D(250)), ErrorSource("weighing", D(2))])
    assert (budget.worst_low_pct, budget.worst_high_pct) == (D(-100), D(257))


def test_two_methods_are_compared_by_what_is_expected() -> None:
    drops = error_budget([ErrorSource("drops", D(4)), ErrorSource("weighing", D(3))])
    syringe = error_budget([ErrorSource("syringe", D(2))])
    nothing = error_budget([ErrorSource("nothing", D(0))])
    for compared in (
        compare_methods("in drops", drops, "with a syringe", syringe),
        compare_methods("with a syringe", syringe, "in drops", drops),
    ):
        assert (compared.closer, compared.other, compared.times) == (
            "with a syringe",
            "in drops",
            D("2.5"),
        )
        assert str(compared) == (
            "with a syringe is the closer: in drops is expected to be off by 2.5 times as much."
        )
    same = compare_methods("one", drops, "other", drops)
    assert same.times == 1
    assert (same.closer, str(same)) == (
        "one",
        "one and other are equally close to the dose.",
    )
    exact = compare_methods("one", drops, "other", nothing)
    assert (exact.closer, exact.times) == ("other", None)
    assert str(exact) == "other is exact, and one is not."
    assert compare_methods("one", nothing, "other", nothing).times == 1


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        OutOfRange,
        "The number of sources of error must be at least 1, not 0.",
        lambda: error_budget([]),
    ),
    (
        OutOfRange,
        "The error of drops must not be negative, and -1 is.",
        lambda: ErrorSource("drops", D(-1)),
    ),
    (
        OutOfRange,
        "The tolerance drop_pct must not be negative, and -1 is.",
        lambda: BenchTolerances(drop_pct=D(-1)),
    ),
    (
        OutOfRange,
        "The uncertainty of flask must be below the amount, 10.",
        lambda: divided_by_source("flask", off=D(10), amount=D(10)),
    ),
    (
        OutOfRange,
        "The uncertainty of flask must not be negative, and -1 is.",
        lambda: divided_by_source("flask", off=D(-1), amount=D(10)),
    ),
    (
        OutOfRange,
        "The amount of flask must be more than 0, not 0.",
        lambda: divided_by_source("flask", off=D(0), amount=D(0)),
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


def test_how_many_times_is_said_to_one_place() -> None:
    nine, four = error_budget([ErrorSource("a", D(9))]), error_budget([ErrorSource("b", D(4))])
    assert str(compare_methods("a", nine, "b", four)).endswith("to be off by 2.3 times as much.")
