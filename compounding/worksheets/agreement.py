"""Two calculators, written apart, must come to the same figures, or nothing is planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from compounding import wording
from compounding.arithmetic import ONE, exactly, round_half_up
from compounding.errors import Refusal

SHOWN_PLACES = 6
_TWO_MILLION: int = 2 * 10**SHOWN_PLACES
_MILLIONTH = ONE.scaleb(-SHOWN_PLACES)
_AS_GOOD_AS_EQUAL = Decimal("1E-30")


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

    Unrounded decimals differ from fractions in the fiftieth digit, and differences of them sooner; thirty
    digits must be equal, and of a number below one thirty places.
    """
    lacking = sorted(set(first) ^ set(second))
    if lacking:
        raise CalculatorsDisagree(
            f"Only one of the two calculators worked out {', '.join(lacking)}."
        )
    return tuple(_compared(figure, value, second[figure]) for figure, value in first.items())


def _compared(figure: str, first: Decimal, second: Fraction) -> Agreement:
    numerator, denominator = second.as_integer_ratio()
    exact = Decimal(numerator) / denominator
    apart = first != exact and abs(first - exact) > max(abs(exact), ONE) * _AS_GOOD_AS_EQUAL
    shown, again = round_half_up(first, SHOWN_PLACES), _shown(numerator, denominator)
    if apart or shown != again:
        raise CalculatorsDisagree(
            f"The two calculators disagree on {figure}: {wording.number(first)} and "
            f"{wording.number(exact)}."
        )
    return Agreement(figure, shown, again)


def _shown(numerator: int, denominator: int) -> Decimal:
    """Return the fraction to six places, rounded in whole numbers and not by the decimal module."""
    whole = (abs(numerator) * _TWO_MILLION + denominator) // (2 * denominator)
    return (whole if numerator >= 0 else -whole) * _MILLIONTH
