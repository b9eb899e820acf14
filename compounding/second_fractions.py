"""The second calculator's own arithmetic: products, differences and sums, each brought to its lowest terms once.

Every number is taken for the whole numbers that it is made of, and no decimal arithmetic is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

Number = Fraction | Decimal | int


def ratio(over: Iterable[Number], *, under: Iterable[Number] = ()) -> Fraction:
    """Return all that stands over the line, multiplied, divided by all that stands under it."""
    numerator = denominator = 1
    for number in over:
        part, whole = number.as_integer_ratio()
        numerator *= part
        denominator *= whole
    for number in under:
        part, whole = number.as_integer_ratio()
        numerator *= whole
        denominator *= part
    return Fraction(numerator, denominator)


def added(numbers: Iterable[Number]) -> Fraction:
    """Return the sum; of nothing it is 0."""
    there, of = 0, 1
    for number in numbers:
        part, whole = number.as_integer_ratio()
        there = there * whole + part * of
        of *= whole
    return Fraction(there, of)


def less(whole: Number, taken: Iterable[Number]) -> Fraction:
    """Return what is left of the whole."""
    left, of = whole.as_integer_ratio()
    for number in taken:
        part, size = number.as_integer_ratio()
        left = left * size - part * of
        of *= size
    return Fraction(left, of)
