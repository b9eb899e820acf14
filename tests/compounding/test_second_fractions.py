"""The second calculator's own products, sums and differences."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from compounding.second_fractions import added, less, ratio

D = Decimal


def test_a_ratio_multiplies_what_is_over_and_divides_by_what_is_under() -> None:
    assert ratio((3, D("1.5"), Fraction(2, 7)), under=(D("0.25"), Fraction(3, 5))) == Fraction(
        60, 7
    )
    assert ratio((D("0.1"),)) == Fraction(1, 10)
    assert ratio(()) == 1


def test_a_sum_of_nothing_is_nothing() -> None:
    assert added(()) == 0
    assert added((1, D("0.5"), Fraction(1, 3))) == Fraction(11, 6)


def test_what_is_left_may_be_less_than_nothing() -> None:
    assert less(1, ()) == 1
    assert less(D("1.5"), (Fraction(1, 3), 2)) == Fraction(-5, 6)
