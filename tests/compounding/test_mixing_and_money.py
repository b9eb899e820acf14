"""Alligation, scaling, cost and yield."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.alligation import (
    StrengthsReversed,
    TargetOutsideRange,
    alternate,
    alternate_several,
    diluted_mg_per_ml,
    medial,
    stock_needed_ml,
)
from compounding.costing import CostLine, batch_cost, cost_per_unit, price
from compounding.errors import Refusal
from compounding.given import OutOfRange
from compounding.scaling import FormulaLine, factor, scale
from compounding.yields import MoreThanWasMade, reconcile
from tests.compounding.refusals import assert_refused

D = Decimal


def test_a_mixture_has_the_mean_strength() -> None:
    assert medial([(D(120), D(1)), (D(80), D("2.5"))]) == D("1.6")
    assert medial([(D(1), D(5)), (D(4), D(0))]) == 1


def test_parts_for_a_target() -> None:
    parts = alternate(high=D(10), low=D(1), target=D(3))
    assert (parts.high, parts.low) == (D(2), D(7))
    assert parts.of_total(D(45)) == (D(10), D(35))
    assert alternate(high=D(5), low=D(0), target=D(5)).of_total(D(9)) == (D(9), D(0))
    assert alternate(high=D(5), low=D(1), target=D(1)).of_total(D(9)) == (D(0), D(9))


def test_a_target_beyond_both_strengths_is_refused() -> None:
    sentence = "{} lies outside 0.1 to 1: no mixture of the two can have it."
    for target in ("2", "0.05"):
        assert_refused(
            TargetOutsideRange,
            sentence.format(target),
            lambda target=target: alternate(high=D(1), low=D("0.1"), target=D(target)),  # type: ignore[misc]
        )


@pytest.mark.parametrize(
    ("strengths", "target", "parts"),
    [
        ((20, 10, 5, 2), 8, (6, 3, 2, 12)),  # 20 with 2, 10 with 5
        ((2, 5, 10, 20), 8, (12, 2, 3, 6)),
        ((10, 5, 2), 4, (2, 2, 7)),  # 10 with 2, 5 with 2 again
        ((10, 2, 3), 4, (3, 6, 6)),  # 10 with 2, and again with 3
        ((5, 1), 2, (1, 3)),
        ((4,), 4, (1,)),
        ((3, 3), 3, (1, 1)),
        ((6, 4, 2), 4, (2, 1, 2)),
    ],
)
def test_several_strengths_are_tied_in_pairs(
    strengths: tuple[int, ...], target: int, parts: tuple[int, ...]
) -> None:
    found = alternate_several([D(strength) for strength in strengths], target=D(target))
    assert found == tuple(D(part) for part in parts)
    mixture = [(part, D(strength)) for part, strength in zip(found, strengths, strict=True) if part]
    assert medial(mixture) == target


def test_two_strengths_are_mixed_as_by_alligation_alternate() -> None:
    two = alternate(high=D("7.5"), low=D("0.5"), target=D(3))
    assert alternate_several([D("7.5"), D("0.5")], target=D(3)) == (two.high, two.low)


@pytest.mark.parametrize("strengths", [(1, 2), (5, 6), (9, 8, 7), (5,), (3,)])
def test_a_target_beyond_all_strengths_is_refused(strengths: tuple[int, ...]) -> None:
    low, high = min(strengths), max(strengths)
    assert_refused(
        TargetOutsideRange,
        f"4 lies outside {low} to {high}: no mixture of them can have it.",
        lambda: alternate_several([D(strength) for strength in strengths], target=D(4)),
    )


def test_stock_for_a_dilution() -> None:
    assert (
        stock_needed_ml(stock_mg_per_ml=D(5), target_mg_per_ml=D("0.5"), target_volume_ml=D(60))
        == 6
    )
    assert (
        stock_needed_ml(stock_mg_per_ml=D(5), target_mg_per_ml=D(5), target_volume_ml=D(60)) == 60
    )
    assert diluted_mg_per_ml(stock_mg_per_ml=D(1), stock_ml=D(1), final_volume_ml=D(100)) == D(
        "0.01"
    )
    assert diluted_mg_per_ml(stock_mg_per_ml=D(1), stock_ml=D(1), final_volume_ml=D(1)) == 1


_FORMULA = [
    FormulaLine("naltrexone", D("0.1"), "g"),
    FormulaLine("water", D(100), "mL", qs=True),
]


def test_every_line_is_scaled_alike() -> None:
    by = factor(base=D(100), target=D(240))
    assert by == D("2.4")
    assert [str(line) for line in scale(_FORMULA, by=by)] == ["0.24 g", "q.s. 240 mL"]
    assert [line.name for line in scale(_FORMULA, by=by)] == ["naltrexone", "water"]


def test_a_scaled_line_keeps_no_dust_of_division() -> None:
    third = factor(base=D(3), target=D(1))
    [line] = scale([FormulaLine("x", D(3), "g")], by=third)
    assert line.amount == 1


def test_cost_is_the_sum_of_its_parts() -> None:
    lines = [CostLine("drug", D("0.5"), D(10)), CostLine("label", D(1), D(0))]
    cost = batch_cost(lines, labour_minutes=D(18), labour_rate_per_hour=D(42), overhead_pct=D(15))
    assert (cost.materials, cost.labour, cost.overhead) == (D(5), D("12.6"), D("2.64"))
    assert cost.total == D("20.24")
    assert cost_per_unit(cost.total, units_yielded=100) == D("0.2024")
    assert price(cost.total, markup_factor=D("1.6"), dispensing_fee=D(15)) == D("47.384")


def test_a_batch_without_materials_costs_its_labour() -> None:
    cost = batch_cost([], labour_minutes=D(60), labour_rate_per_hour=D(42), overhead_pct=D(0))
    assert (cost.materials, cost.total) == (D(0), D(42))


def _yield(usable: str, destroyed: str, waste: str) -> tuple[Decimal, Decimal, bool]:
    result = reconcile(
        theoretical=D(103),
        usable=D(usable),
        destroyed_in_testing=D(destroyed),
        waste=D(waste),
    )
    return result.pct, result.unaccounted, result.reconciled


def test_every_unit_is_accounted_for() -> None:
    assert _yield("103", "0", "0") == (D(100), D(0), True)
    assert _yield("100", "1", "2")[1:] == (D(0), True)
    assert _yield("100", "1", "1")[1:] == (D(1), False)
    assert_refused(
        MoreThanWasMade,
        "104 are accounted for, but the batch held 103.",
        lambda: _yield("100", "1", "3"),
    )


def _cost(**changes: Decimal) -> object:
    usual = {"labour_minutes": D(1), "labour_rate_per_hour": D(1), "overhead_pct": D(1)}
    return batch_cost([], **{**usual, **changes})


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        OutOfRange,
        "The number of strengths must be at least 1, not 0.",
        lambda: alternate_several([], target=D(1)),
    ),
    (
        OutOfRange,
        "A strength must not be negative, and -1 is.",
        lambda: alternate_several([D(-1), D(2)], target=D(1)),
    ),
    (
        OutOfRange,
        "The target strength must be more than 0, not 0.",
        lambda: alternate_several([D(0), D(2)], target=D(0)),
    ),
    (OutOfRange, "The number of parts must be at least 1, not 0.", lambda: medial([])),
    (
        OutOfRange,
        "A part of the mixture must be more than 0, not 0.",
        lambda: medial([(D(0), D(1))]),
    ),
    (
        OutOfRange,
        "The strength of a part must not be negative, and -1 is.",
        lambda: medial([(D(1), D(-1))]),
    ),
    (
        OutOfRange,
        "The total must be more than 0, not 0.",
        lambda: alternate(high=D(2), low=D(0), target=D(1)).of_total(D(0)),
    ),
    (
        OutOfRange,
        "The lower strength must not be negative, and -1 is.",
        lambda: alternate(high=D(2), low=D(-1), target=D(1)),
    ),
    (
        OutOfRange,
        "The higher strength must be more than 0, not 0.",
        lambda: alternate(high=D(0), low=D(0), target=D(1)),
    ),
    (
        StrengthsReversed,
        "The higher strength, 2, is not above 2.",
        lambda: alternate(high=D(2), low=D(2), target=D(2)),
    ),
    (
        OutOfRange,
        "The target strength must be more than 0, not 0.",
        lambda: alternate(high=D(2), low=D(0), target=D(0)),
    ),
    (
        OutOfRange,
        "The target strength must be more than 0, not 0.",
        lambda: stock_needed_ml(stock_mg_per_ml=D(1), target_mg_per_ml=D(0), target_volume_ml=D(1)),
    ),
    (
        OutOfRange,
        "The target volume must be more than 0, not 0.",
        lambda: stock_needed_ml(stock_mg_per_ml=D(1), target_mg_per_ml=D(1), target_volume_ml=D(0)),
    ),
    (
        OutOfRange,
        "The strength of the stock must be more than 0, not 0.",
        lambda: stock_needed_ml(stock_mg_per_ml=D(0), target_mg_per_ml=D(1), target_volume_ml=D(1)),
    ),
    (
        TargetOutsideRange,
        "A stock of 1 mg/mL cannot be diluted to 2 mg/mL.",
        lambda: stock_needed_ml(stock_mg_per_ml=D(1), target_mg_per_ml=D(2), target_volume_ml=D(1)),
    ),
    (
        OutOfRange,
        "The strength of the stock must be more than 0, not 0.",
        lambda: diluted_mg_per_ml(stock_mg_per_ml=D(0), stock_ml=D(1), final_volume_ml=D(1)),
    ),
    (
        OutOfRange,
        "The stock must be more than 0, not 0.",
        lambda: diluted_mg_per_ml(stock_mg_per_ml=D(1), stock_ml=D(0), final_volume_ml=D(1)),
    ),
    (
        OutOfRange,
        "The final volume must be more than 0, not 0.",
        lambda: diluted_mg_per_ml(stock_mg_per_ml=D(1), stock_ml=D(1), final_volume_ml=D(0)),
    ),
    (
        TargetOutsideRange,
        "2 mL cannot be made up to 1 mL.",
        lambda: diluted_mg_per_ml(stock_mg_per_ml=D(1), stock_ml=D(2), final_volume_ml=D(1)),
    ),
    (
        OutOfRange,
        "The amount of x must be more than 0, not 0.",
        lambda: FormulaLine("x", D(0), "g"),
    ),
    (
        OutOfRange,
        "The size of the formula must be more than 0, not 0.",
        lambda: factor(base=D(0), target=D(1)),
    ),
    (
        OutOfRange,
        "The size of the batch must be more than 0, not 0.",
        lambda: factor(base=D(1), target=D(0)),
    ),
    (OutOfRange, "The number of lines must be at least 1, not 0.", lambda: scale([], by=D(1))),
    (OutOfRange, "The factor must be more than 0, not 0.", lambda: scale(_FORMULA, by=D(0))),
    (OutOfRange, "The amount of x must be more than 0, not 0.", lambda: CostLine("x", D(0), D(1))),
    (
        OutOfRange,
        "The price of x must not be negative, and -1 is.",
        lambda: CostLine("x", D(1), D(-1)),
    ),
    (
        OutOfRange,
        "The minutes of labour must not be negative, and -1 is.",
        lambda: _cost(labour_minutes=D(-1)),
    ),
    (
        OutOfRange,
        "The hourly rate must not be negative, and -1 is.",
        lambda: _cost(labour_rate_per_hour=D(-1)),
    ),
    (
        OutOfRange,
        "The overhead must not be negative, and -1 is.",
        lambda: _cost(overhead_pct=D(-1)),
    ),
    (
        OutOfRange,
        "The total cost must not be negative, and -1 is.",
        lambda: cost_per_unit(D(-1), units_yielded=1),
    ),
    (
        OutOfRange,
        "The number of usable units must be at least 1, not 0.",
        lambda: cost_per_unit(D(1), units_yielded=0),
    ),
    (
        OutOfRange,
        "The total cost must not be negative, and -1 is.",
        lambda: price(D(-1), markup_factor=D(1), dispensing_fee=D(1)),
    ),
    (
        OutOfRange,
        "The markup must be more than 0, not 0.",
        lambda: price(D(1), markup_factor=D(0), dispensing_fee=D(1)),
    ),
    (
        OutOfRange,
        "The dispensing fee must not be negative, and -1 is.",
        lambda: price(D(1), markup_factor=D(1), dispensing_fee=D(-1)),
    ),
    (
        OutOfRange,
        "The theoretical yield must be more than 0, not 0.",
        lambda: reconcile(theoretical=D(0), usable=D(0), destroyed_in_testing=D(0), waste=D(0)),
    ),
    (
        OutOfRange,
        "The usable yield must not be negative, and -1 is.",
        lambda: _yield("-1", "0", "0"),
    ),
    (
        OutOfRange,
        "The amount destroyed in testing must not be negative, and -1 is.",
        lambda: _yield("0", "-1", "0"),
    ),
    (OutOfRange, "The waste must not be negative, and -1 is.", lambda: _yield("0", "0", "-1")),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)


def test_what_is_taken_from_a_stock_counts_as_often_as_it_is_taken() -> None:
    assert diluted_mg_per_ml(stock_mg_per_ml=D(2), stock_ml=D(3), final_volume_ml=D(120)) == D(
        "0.05"
    )
