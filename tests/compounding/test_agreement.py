"""Two calculators agree, or nothing is planned."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from compounding.arithmetic import exactly
from compounding.worksheet import DropperCalibration, plan_drops_worksheet
from compounding.worksheets.agreement import Agreement, CalculatorsDisagree, agree
from tests.compounding.examples import drops_inputs
from tests.compounding.refusals import assert_refused


@exactly
def _third() -> Decimal:
    return Decimal(1) / 3


def test_every_figure_is_kept_with_both_numbers() -> None:
    first = {"whole": Decimal(130), "third": _third(), "minus": Decimal("-1.5")}
    second = {"third": Fraction(1, 3), "whole": Fraction(130), "minus": Fraction(-3, 2)}
    assert agree(first, second) == (
        Agreement("whole", Decimal(130), Decimal(130)),
        Agreement("third", Decimal("0.333333"), Decimal("0.333333")),
        Agreement("minus", Decimal("-1.5"), Decimal("-1.5")),
    )


def test_figures_are_shown_to_six_places() -> None:
    [agreement] = agree({"x": Decimal("0.5")}, {"x": Fraction(1, 2)})
    assert (str(agreement.first), str(agreement.second)) == ("0.500000", "0.500000")


@pytest.mark.parametrize("value", ["0.0000005", "-0.0000005", "0.0000004", "2.0000015", "0"])
def test_both_round_a_half_away_from_zero(value: str) -> None:
    [agreement] = agree({"x": Decimal(value)}, {"x": Fraction(value)})
    assert agreement.first == agreement.second


def test_a_difference_names_both_numbers() -> None:
    assert_refused(
        CalculatorsDisagree,
        "The two calculators disagree on amount:naltrexone: 197.4 and 197.3.",
        lambda: agree(
            {"amount:naltrexone": Decimal("197.4")}, {"amount:naltrexone": Fraction(1973, 10)}
        ),
    )


def test_a_difference_in_the_thirtieth_digit_is_one() -> None:
    nearly = Decimal("0." + "3" * 28)
    with pytest.raises(CalculatorsDisagree):
        agree({"x": nearly}, {"x": Fraction(1, 3)})
    agree({"x": Decimal("0." + "3" * 31)}, {"x": Fraction(1, 3)})


def test_what_only_one_of_them_worked_out_is_named() -> None:
    assert_refused(
        CalculatorsDisagree,
        "Only one of the two calculators worked out a, b.",
        lambda: agree({"b": Decimal(1), "c": Decimal(1)}, {"a": Fraction(1), "c": Fraction(1)}),
    )


def test_of_a_number_below_one_thirty_places_must_be_equal() -> None:
    small = Fraction(1, 10**4)
    agree({"x": Decimal("0.0001") + Decimal("1E-30")}, {"x": small})
    with pytest.raises(CalculatorsDisagree):
        agree({"x": Decimal("0.0001") + Decimal("1.1E-30")}, {"x": small})
    large = Decimal(1000)
    agree({"x": Decimal("1000." + "0" * 26 + "1")}, {"x": Fraction(large)})
    with pytest.raises(CalculatorsDisagree):
        agree({"x": Decimal("1000." + "0" * 25 + "11")}, {"x": Fraction(large)})


def test_an_error_that_almost_cancels_is_agreed_on() -> None:
    inputs = replace(
        drops_inputs(),
        dropper=DropperCalibration(drops_counted=29, volume_ml=Decimal("1.23")),
        doses_mg=(Decimal("0.424138"),),  # ten drops are 0.42413793...
    )
    [row] = plan_drops_worksheet(inputs).drop_table
    assert (row.drops, row.error_pct) == (10, Decimal("-0.000016"))
