"""Two calculators agree, or nothing is planned."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from compounding.arithmetic import exactly
from compounding.worksheets.agreement import Agreement, CalculatorsDisagree, agree
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
