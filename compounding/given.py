"""What a number handed in must be, before anything is worked out from it.

Each of these raises `NotANumber` or `OutOfRange`, and so does every calculation that is handed such a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from compounding import wording
from compounding.arithmetic import HUNDRED
from compounding.errors import Refusal

_MOST_DIGITS = 50
_LARGEST_EXPONENT = 15
_TOO_MANY = 10**_LARGEST_EXPONENT
_MOST_PLACES = 200


class NotANumber(Refusal):
    """The value is no finite decimal number, or no whole number where one is needed."""


class OutOfRange(Refusal):
    """The number is finite, but no amount of this kind can have that value."""


class NamedTwice(Refusal):
    """Two components, or two steps, carry the same key."""


def finite(value: Decimal, what: str) -> Decimal:
    """Return the value if it is a finite Decimal of sensible length; `what` begins the sentence."""
    _check_type(value, Decimal, f"{what} must be a decimal number")
    if not value.is_finite():
        raise NotANumber(f"{what} must be a decimal number, not {value}.")
    written = str(value)
    if (len(written) > _LARGEST_EXPONENT or "E" in written) and _is_too_long(value):
        raise NotANumber(f"{what} is written with more digits than any balance or record holds.")
    return value


def _is_too_long(value: Decimal) -> bool:
    _, digits, exponent = value.as_tuple()
    far = value.adjusted() > _LARGEST_EXPONENT or not -_MOST_PLACES <= int(exponent) <= _MOST_PLACES
    return far or len(digits) > _MOST_DIGITS


def positive(value: Decimal, what: str) -> Decimal:
    """Return the value if it is above zero."""
    if finite(value, what) <= 0:
        raise OutOfRange(f"{what} must be more than 0, not {wording.number(value)}.")
    return value


def not_negative(value: Decimal, what: str) -> Decimal:
    """Return the value if it is zero or above."""
    if finite(value, what) < 0:
        raise OutOfRange(f"{what} must not be negative, and {wording.number(value)} is.")
    return value


def share(value: Decimal, what: str) -> Decimal:
    """Return the percentage if it is from 0 up to, but not including, 100."""
    if not_negative(value, what) >= HUNDRED:
        raise OutOfRange(f"{what} must be below 100%, not {wording.number(value)}%.")
    return value


def count(value: int, what: str) -> int:
    """Return the value if it is a whole number of at least 1."""
    _check_type(value, int, f"{what} must be a whole number")
    if value <= -_TOO_MANY:
        raise OutOfRange(f"{what} must be at least 1.")
    if value < 1:
        raise OutOfRange(f"{what} must be at least 1, not {wording.number(value)}.")
    if value >= _TOO_MANY:
        raise NotANumber(f"{what} is larger than anything that is ever made.")
    return value


def _check_type(value: object, wanted: type, sentence: str) -> None:
    """Raise `NotANumber` on any other type, a boolean included: callers are not all type-checked."""
    if isinstance(value, bool) or not isinstance(value, wanted):
        raise NotANumber(f"{sentence}, not {value!r}.")


def no_repeats(keys: Iterable[str], what: str) -> None:
    """Raise `NamedTwice` if a key stands there a second time."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise NamedTwice(f"{what} {key} is listed twice.")
        seen.add(key)
