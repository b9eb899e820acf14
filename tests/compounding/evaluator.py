"""Working out a line of working again from what is written, on fractions, knowing nothing of the package.

A number with places may have been rounded in its sixth (or in its last, if it has more), so it is the range of all
numbers that are written so, and the written result must lie in the range that the written arithmetic gives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor

from compounding.working import WorkingStep

_PLACES = 6
_MONEY_PLACES = 2
_UNITS = re.compile(
    r"(?<![A-Za-z])(?:as is|drops/mL|mg/mL|mL/mL|g/mL|mL/g|/h|mg|mL|g|min|drops?|days?|capsules?"
    r"|q\.s\.(?: ad)?)(?![A-Za-z])"
)
_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|(.))")
_HALF = Fraction(1, 2)


class NoArithmetic(Exception):
    """The line is said in words."""


@dataclass(frozen=True)
class Range:
    """Between which two numbers something lies."""

    low: Fraction
    high: Fraction

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Range) -> Range:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(min(ends), max(ends))

    def __truediv__(self, other: Range) -> Range:
        return self * Range(1 / other.high, 1 / other.low)

    def absolute(self) -> Range:
        """Return how far it lies from nothing."""
        ends = sorted((abs(self.low), abs(self.high)))
        return Range(Fraction(0) if self.low <= 0 <= self.high else ends[0], ends[1])

    def squared(self) -> Range:
        """Return the square, which is never below nothing."""
        far = self.absolute()
        return far * far

    def root(self) -> Range:
        """Return the square root, to 40 digits."""
        return Range(_root(self.low), _root(self.high))


def _root(value: Fraction) -> Fraction:
    with localcontext(prec=40):
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def _exactly(value: Fraction | int) -> Range:
    return Range(Fraction(value), Fraction(value))


_PERCENT = _exactly(Fraction(1, 100))


class _Reader:
    """Reads sums of products of numbers, powers, percentages and brackets."""

    def __init__(self, text: str) -> None:
        plain = re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", _UNITS.sub("", text).replace("$", ""))
        if re.search(r"[A-Za-z]", plain):
            raise NoArithmetic(text)
        self._tokens = [a or b for a, b in _TOKEN.findall(plain) if (a or b).strip()]

    def read(self) -> Range:
        found = self._sum()
        assert self._tokens == [], self._tokens
        return found

    def _next(self, *wanted: str) -> str:
        return self._tokens.pop(0) if self._tokens and self._tokens[0] in wanted else ""

    def _sum(self) -> Range:
        found = self._product()
        while sign := self._next("+", "−"):
            found = found + self._product() if sign == "+" else found - self._product()
        return found

    def _product(self) -> Range:
        found = self._factor()
        while sign := self._next("×", "÷"):
            found = found * self._factor() if sign == "×" else found / self._factor()
        return found

    def _factor(self) -> Range:
        found = self._one()
        while after := self._next("²", "%"):
            found = found.squared() if after == "²" else found * _PERCENT
        return found

    def _one(self) -> Range:
        if self._next("("):
            found = self._sum()
            assert self._next(")")
            return found
        if self._next("|"):
            found = self._sum()
            assert self._next("|")
            return found.absolute()
        if self._next("√"):
            return self._one().root()
        return _written(self._tokens.pop(0))


def _written(digits: str) -> Range:
    value = Fraction(digits)
    if "." not in digits:
        return _exactly(value)
    half = _HALF / 10 ** _places(digits)
    return Range(value - half, value + half)


def _places(digits: str) -> int:
    """Return to how many places a number is written: no zero stands after its last digit."""
    return max(_PLACES, len(digits.partition(".")[2]))


def _each(value: Range, whole: object) -> Range:
    """Return a step's range after it was made whole, or a multiple, in some way."""
    assert callable(whole)
    return Range(Fraction(whole(value.low)), Fraction(whole(value.high)))


def _half_up(value: Fraction) -> int:
    return floor(value + _HALF)


_WHOLE = (
    (re.compile(r"(.*), up to a whole \w+"), ceil),
    (re.compile(r"(.*), whole \w+"), floor),
    (re.compile(r"(.*), to a whole \w+"), _half_up),
)
_MULTIPLE = (
    (re.compile(r"(.*) to the nearest (.*)"), _half_up),
    (re.compile(r"(.*), down to a multiple of (.*)"), floor),
)
_CHOSEN = re.compile(r"the (larger|smaller) of (.*) and (.*)")


def worked_out(expression: str) -> Range:
    """Return what the expression comes to. Raises `NoArithmetic`."""
    if chosen := _CHOSEN.fullmatch(expression):
        pick = max if chosen[1] == "larger" else min
        one, other = worked_out(chosen[2]), worked_out(chosen[3])
        return Range(pick(one.low, other.low), pick(one.high, other.high))
    for pattern, whole in _WHOLE:
        if found := pattern.fullmatch(expression):
            return _each(worked_out(found[1]), whole)
    for pattern, whole in _MULTIPLE:
        if found := pattern.fullmatch(expression):
            step = worked_out(found[2])
            return _each(worked_out(found[1]) / step, whole) * step
    return _Reader(expression).read()


def proved(step: WorkingStep) -> bool:
    """Return whether the written result is what the written arithmetic comes to, to the places written.

    With money two places are meant. Raises `NoArithmetic`.
    """
    expected = worked_out(step.expression)
    text = step.result.lstrip("±+")
    negative, text = text.startswith("−"), text.lstrip("−")
    found = _Reader(text).read()
    middle = (found.low + found.high) / 2 * (-1 if negative else 1)
    cents = re.fullmatch(r"[−$0-9,]+\.[0-9]{2}", step.result) and step.result.startswith("$")
    digits = re.search(r"[0-9]+(?:\.[0-9]+)?", text)
    assert digits is not None
    places = _MONEY_PLACES if cents else _places(digits[0])
    half: Fraction = _HALF / 10**places * (Fraction(1, 100) if text.endswith("%") else 1)
    return expected.low - half <= middle <= expected.high + half
