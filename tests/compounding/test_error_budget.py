"""How far a dose may lie from its label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from compounding.error_budget import (
    BenchTolerances,
    ErrorSource,
    PartOfDose,
    compare_methods,
    divided_by_source,
    drop_rounding_source,
    error_budget,
    error_budget_of_parts,
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


def test_the_errors_of_a_part_count_by_its_share() -> None:
    lots = [
        PartOfDose(name="A", share=D("0.25"), sources=(ErrorSource("weighing", D(4)),)),
        PartOfDose(
            name="B",
            share=D("0.75"),
            sources=(ErrorSource("weighing", D(4)), ErrorSource("triturate", D(200))),
        ),
    ]
    budget = error_budget_of_parts(lots, common=[ErrorSource("filling", D(10))])
    assert [(source.name, source.limit_pct) for source in budget.sources] == [
        ("triturate (B)", D(150)),
        ("filling", D(10)),
        ("weighing (B)", D(3)),
        ("weighing (A)", D(1)),
    ]
    # (0.25 × 0.96 + 0) × 0.9 − 1, and (0.25 × 1.04 + 0.75 × 1.04 × 3) × 1.1 − 1
    assert (budget.worst_low_pct, budget.worst_high_pct) == (D("-78.4"), D(186))
    assert str(budget.expected_pct).startswith("150.3662")  # √(22500 + 100 + 9 + 1)


def test_one_part_is_the_whole_dose() -> None:
    alone = PartOfDose(name="A", share=D(1), sources=(ErrorSource("weighing", D(4)),))
    common = [ErrorSource("filling", D(10))]
    assert error_budget_of_parts([alone], common=common) == error_budget([*alone.sources, *common])
    thirds = [replace(alone, share=third / 3) for third in (D(1), D(2))]
    assert error_budget_of_parts(thirds, common=()).worst_high_pct == 4


def test_shares_make_one_whole() -> None:
    part = PartOfDose(name="A", share=D("0.4"), sources=(ErrorSource("weighing", D(4)),))
    assert_refused(
        OutOfRange,
        "The shares of the parts must make 1, and they make 0.8.",
        lambda: error_budget_of_parts([part, part], common=()),
    )
    assert_refused(
        OutOfRange,
        "The number of parts of the dose must be at least 1, not 0.",
        lambda: error_budget_of_parts([], common=()),
    )
    assert_refused(
        OutOfRange,
        "The share of A must be more than 0, not 0.",
        lambda: replace(part, share=D(0)),
    )
    assert_refused(
        OutOfRange,
        "The number of sources of error of A must be at least 1, not 0.",
        lambda: replace(part, sources=()),
    )


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
