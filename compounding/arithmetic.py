"""One arithmetic for all of compounding: 50 digits, half up, rounded by name, once, at the end.

`@exactly` runs a calculation in that arithmetic whatever the rest of the process has done to its own,
and refuses what no arithmetic can work out. Division leaves a remainder in the fiftieth digit, so
1 / 3 * 3 falls short of 1; `settle` drops the last ten digits again, and every rounding, ceiling and
comparison with a limit goes through it. No balance, certificate or price has forty digits, so nothing
real is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from compounding.errors import Refusal

_TRAPS = [DivisionByZero, FloatOperation, InvalidOperation, Overflow]
_DIGITS = 50
ARITHMETIC = Context(prec=_DIGITS, rounding=ROUND_HALF_UP, traps=_TRAPS)
_SETTLED_DIGITS = 40
_SETTLED = Context(prec=_SETTLED_DIGITS, rounding=ROUND_HALF_UP, traps=_TRAPS)


class _Ours(Context):
    """The arithmetic of a calculation that runs: its kind tells a calculation inside it that it is ours."""


_KEPT_OF_A_DIFFERENCE = 33
_FARTHEST = 1000

HUNDRED = Decimal(100)
ZERO = Decimal(0)
ONE = Decimal(1)

_P = ParamSpec("_P")
_R = TypeVar("_R")


class BeyondArithmetic(Refusal):
    """A number too large or too small to work with, no number at all, or something divided by nothing."""


_BEYOND = "A number is too large, too small, zero where it divides, or no number at all."


def exactly(calculation: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return the calculation, run in our arithmetic; it raises `BeyondArithmetic` where that ends.

    Inside another such calculation it runs in the arithmetic that is already set up.
    """

    @wraps(calculation)
    def in_our_arithmetic(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        before = getcontext()
        if type(before) is _Ours:
            return calculation(*args, **kwargs)
        setcontext(_Ours(prec=_DIGITS, rounding=ROUND_HALF_UP, traps=_TRAPS))
        try:
            return calculation(*args, **kwargs)
        except FloatOperation:
            raise
        except ArithmeticError as error:
            raise BeyondArithmetic(_BEYOND) from error
        finally:
            setcontext(before)

    return in_our_arithmetic


@exactly
def total(values: Iterable[Decimal]) -> Decimal:
    """Return the sum; of nothing it is 0."""
    return sum(values, ZERO)


def settle(value: Decimal) -> Decimal:
    """Return the value without the digits that division leaves behind. Raises `BeyondArithmetic`."""
    if not value.is_finite() or not -_FARTHEST <= value.adjusted() <= _FARTHEST:
        raise BeyondArithmetic(_BEYOND)
    return _SETTLED.plus(value)


def settle_difference(value: Decimal) -> Decimal:
    """Return what is left of two numbers that almost cancel, without the digits that division left behind.

    Thirty-three places are kept: the leading digits are gone, so `settle` would keep too many.
    """
    return _quantized(value, _KEPT_OF_A_DIFFERENCE, ROUND_HALF_UP)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Return the value to that many decimal places; a half goes away from zero."""
    return _quantized(value, places, ROUND_HALF_UP)


def round_down(value: Decimal, places: int) -> Decimal:
    """Return the largest number with that many places that is not above the value."""
    return _quantized(value, places, ROUND_FLOOR)


def round_up(value: Decimal, places: int) -> Decimal:
    """Return the smallest number with that many places that is not below the value."""
    return _quantized(value, places, ROUND_CEILING)


@exactly
def round_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Return the multiple of the step that is nearest to the value; a half goes away from zero."""
    return round_half_up(value / step, 0) * step


@exactly
def floor_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of the step that is not above the value."""
    return round_down(value / step, 0) * step


def whole_at_least(value: Decimal) -> int:
    """Return the smallest whole number that is not below the value."""
    return int(round_up(value, 0))


def whole_at_most(value: Decimal) -> int:
    """Return the largest whole number that is not above the value."""
    return int(round_down(value, 0))


def _quantized(value: Decimal, places: int, rounding: str) -> Decimal:
    """Quantize what is settled; a number so large that all its digits stand before the place stays."""
    settled, place = settle(value), _place(places)
    if settled.adjusted() + places >= _SETTLED_DIGITS:
        return settled
    return settled.quantize(place, rounding, ARITHMETIC)


@cache
def _place(places: int) -> Decimal:
    if abs(places) > _FARTHEST:
        raise BeyondArithmetic(_BEYOND)
    return Decimal((0, (1,), -places))
