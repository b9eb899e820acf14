"""Two calculators, written apart, must come to the same figures, or nothing is planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from compounding import wording
from compounding.arithmetic import exactly, round_half_up
from compounding.errors import Refusal

SHOWN_PLACES = 6
_AS_GOOD_AS_EQUAL = Fraction(1, 10**30)


class CalculatorsDisagree(Refusal):
    """The first and the second calculator differ. Nothing may be made or printed from either."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One figure, as each of the two calculators worked it out (both to six places)."""

    figure: str
    first: Decimal
    second: Decimal


@exactly
def agree(first: Mapping[str, Decimal], second: Mapping[str, Fraction]) -> tuple[Agreement, ...]:
    """Return every figure with both numbers. Raises `CalculatorsDisagree`, naming both numbers.

    Unrounded decimals differ from fractions in the fiftieth digit; thirty digits must be equal.
    """
    lacking = sorted(set(first) ^ set(second))
    if lacking:
        raise CalculatorsDisagree(
            f"Only one of the two calculators worked out {', '.join(lacking)}."
        )
    return tuple(_compared(figure, value, second[figure]) for figure, value in first.items())


def _compared(figure: str, first: Decimal, second: Fraction) -> Agreement:
    agreement = Agreement(figure, round_half_up(first, SHOWN_PLACES), _to_decimal(second))
    apart = abs(Fraction(first) - second) > abs(second) * _AS_GOOD_AS_EQUAL
    if apart or agreement.first != agreement.second:
        raise CalculatorsDisagree(
            f"The two calculators disagree on {figure}: {wording.number(first)} and "
            f"{wording.number(Decimal(second.numerator) / second.denominator)}."
        )
    return agreement


def _to_decimal(value: Fraction) -> Decimal:
    """Return the fraction to six places, rounded in whole numbers and not by the decimal module."""
    scaled = abs(value) * 10**SHOWN_PLACES
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((1 if value < 0 and whole else 0, digits, -SHOWN_PLACES))
