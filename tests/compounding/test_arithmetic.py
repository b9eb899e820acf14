"""Rounding: half up, once, by name, whatever the process does with its own decimals."""

from __future__ import annotations

from decimal import ROUND_DOWN, Context, Decimal, FloatOperation, getcontext, localcontext

import pytest

from compounding.arithmetic import (
    BeyondArithmetic,
    exactly,
    floor_to_step,
    round_down,
    round_half_up,
    round_to_step,
    round_up,
    settle,
    settle_difference,
    total,
    whole_at_least,
    whole_at_most,
)
from tests.compounding.refusals import assert_refused

_NEARLY_ONE = Decimal("0." + "9" * 50)
_HARDLY_MORE_THAN_ONE = Decimal("1." + "0" * 48 + "1")


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("156.25", 1, "156.3"),
        ("-156.25", 1, "-156.3"),
        ("12.5", 0, "13"),
        ("13.5", 0, "14"),
        ("0.0449", 2, "0.04"),
        ("2", 2, "2.00"),
    ],
)
def test_a_half_goes_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(value), places)) == rounded


def test_a_half_that_division_missed_is_still_a_half() -> None:
    nearly_a_half = Decimal("0.4" + "9" * 49)
    assert round_half_up(nearly_a_half, 0) == 1
    assert round_half_up(Decimal("0.4" + "9" * 38), 0) == 0


def test_rounding_down_and_up_are_toward_smaller_and_larger() -> None:
    assert round_down(Decimal("1.29"), 1) == Decimal("1.2")
    assert round_down(Decimal("-1.21"), 1) == Decimal("-1.3")
    assert round_up(Decimal("1.21"), 1) == Decimal("1.3")
    assert round_up(Decimal("-1.29"), 1) == Decimal("-1.2")


def test_what_division_leaves_behind_is_dropped() -> None:
    assert settle(_NEARLY_ONE) == 1
    assert settle(_HARDLY_MORE_THAN_ONE) == 1
    assert settle(Decimal("0." + "9" * 40)) == Decimal("0." + "9" * 40)
    assert settle(Decimal("0." + "9" * 41)) == 1


def test_whole_numbers_do_not_stumble_over_the_fiftieth_digit() -> None:
    assert whole_at_least(_HARDLY_MORE_THAN_ONE) == 1
    assert whole_at_most(_NEARLY_ONE) == 1
    assert whole_at_least(Decimal("1.01")) == 2
    assert whole_at_most(Decimal("1.99")) == 1


def test_rounding_to_the_step_of_a_balance() -> None:
    assert round_to_step(Decimal("197.362"), Decimal("0.1")) == Decimal("197.4")
    assert round_to_step(Decimal("0.25"), Decimal("0.5")) == Decimal("0.5")
    assert round_to_step(Decimal("7"), Decimal("5")) == Decimal(5)
    assert floor_to_step(Decimal("1.25"), Decimal("0.5")) == Decimal("1.0")
    assert floor_to_step(Decimal("1.5"), Decimal("0.5")) == Decimal("1.5")


def test_the_arithmetic_of_the_process_does_not_matter() -> None:
    @exactly
    def third(value: Decimal) -> Decimal:
        """A third."""
        return value / 3

    with localcontext(Context(prec=3, rounding=ROUND_DOWN)):
        assert str(third(Decimal(2))) == "0." + "6" * 49 + "7"
    assert (third.__name__, third.__doc__) == ("third", "A third.")


def test_large_numbers_are_rounded_whatever_the_process_holds() -> None:
    with localcontext(Context(prec=3)):
        assert str(round_half_up(Decimal("123456.75"), 1)) == "123456.8"
        assert str(round_down(Decimal("123456.75"), 1)) == "123456.7"
        assert round_to_step(Decimal("123456.75"), Decimal("0.5")) == Decimal("123457.0")


def test_whole_numbers_below_zero() -> None:
    assert whole_at_most(Decimal("-1.5")) == -2
    assert whole_at_least(Decimal("-1.5")) == -1


def test_a_calculation_inside_another_one_is_as_exact() -> None:
    @exactly
    def inside() -> Decimal:
        return Decimal(1) / 3

    @exactly
    def outside() -> tuple[Decimal, Decimal, Decimal]:
        with localcontext(Context(prec=3)):
            return inside(), Decimal(1) / 3, _quotient(Decimal(1), Decimal(3))

    exact = Decimal("0." + "3" * 50)
    assert outside() == (exact, Decimal("0.333"), exact)


def test_what_the_process_had_is_there_again_afterwards() -> None:
    with localcontext(Context(prec=3)) as its_own:
        _quotient(Decimal(1), Decimal(3))
        with pytest.raises(BeyondArithmetic):
            _quotient(Decimal(1), Decimal(0))
        assert getcontext() is its_own


def test_a_total_of_nothing_is_nothing() -> None:
    assert str(total([])) == "0"
    with localcontext(Context(prec=3)):
        assert total([Decimal("1234.5"), Decimal("0.01")]) == Decimal("1234.51")


def test_a_binary_number_never_slips_in() -> None:
    @exactly
    def above_half(value: Decimal, half: Decimal) -> bool:
        return value > half

    with pytest.raises(FloatOperation):
        above_half(Decimal(1), 0.5)  # type: ignore[arg-type]


@exactly
def _quotient(value: Decimal, by: Decimal) -> Decimal:
    return value / by


@pytest.mark.parametrize(
    ("value", "by"), [("1", "0"), ("0", "0"), ("1E+999999", "0.1"), ("sNaN", "1")]
)
def test_what_no_arithmetic_works_out_is_refused_by_name(value: str, by: str) -> None:
    assert_refused(
        BeyondArithmetic,
        "A number is too large, too small, zero where it divides, or no number at all.",
        lambda: _quotient(Decimal(value), Decimal(by)),
    )


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+1001", "1E-1001"])
def test_what_cannot_be_settled_is_refused(value: str) -> None:
    with pytest.raises(BeyondArithmetic):
        settle(Decimal(value))


def test_the_farthest_numbers_are_still_settled() -> None:
    for value in ("1E+1000", "1E-1000"):
        assert settle(Decimal(value)) == Decimal(value)


def test_a_number_too_large_for_its_places_keeps_its_digits() -> None:
    large = Decimal("9" * 40)
    assert round_half_up(large, 0) == large
    assert round_half_up(large, 6) == large
    assert round_up(Decimal("1E+60"), 6) == Decimal("1E+60")
    assert round_half_up(Decimal("9" * 33 + ".12345678"), 6) == Decimal("9" * 33 + ".123457")
    with pytest.raises(BeyondArithmetic):
        round_half_up(Decimal(1), 1001)
    with pytest.raises(BeyondArithmetic):
        round_half_up(Decimal(1), -1001)
    assert round_half_up(Decimal(1), 1000) == 1
    assert round_half_up(Decimal(1), -1000) == 0


def test_what_nearly_cancels_is_kept_to_thirty_three_places() -> None:
    nearly = Decimal("0.4" + "9" * 33)
    assert settle(nearly) == nearly
    assert settle_difference(nearly) == Decimal("0.5")
    assert settle_difference(Decimal("0.4" + "9" * 32)) == Decimal("0.4" + "9" * 32)


@pytest.mark.parametrize("value", ["1E+1000", "1E-1000", "-9.9E+1000"])
def test_a_thousand_places_can_still_be_settled(value: str) -> None:
    assert settle(Decimal(value)) == Decimal(value)


@pytest.mark.parametrize("places", [1001, -1001, 9999])
def test_no_more_than_a_thousand_places_are_rounded_to(places: int) -> None:
    assert round_half_up(Decimal("1.5"), 1000) == Decimal("1.5")
    assert round_half_up(Decimal("1.5"), -1000) == 0
    with pytest.raises(BeyondArithmetic, match="too large, too small"):
        round_half_up(Decimal("1.5"), places)
