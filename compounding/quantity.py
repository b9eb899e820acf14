"""Amounts that carry their unit, refuse to be mixed, and can be read from what a person typed.

Far less than a units library, and so easier to trust: four kinds of amount, each kept in one unit
(mg, mL, mg/mL, whole things), multiplied and divided only where the result has a meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self, overload

from compounding import given, wording
from compounding.arithmetic import exactly, settle
from compounding.errors import Refusal


class UnitsDoNotMix(Refusal):
    """Two amounts of different kinds were added, subtracted or compared."""


class NotUnderstood(Refusal):
    """The text is not a number followed by a unit."""


class CommaInNumber(NotUnderstood):
    """A comma, which one reader takes for a decimal point and another for thousands."""


class ExponentInNumber(NotUnderstood):
    """Scientific notation, which nobody writes on a prescription on purpose."""


class NakedPoint(NotUnderstood):
    """A decimal point with no digit before or after it, which is easily overlooked."""


class TooManyDigits(NotUnderstood):
    """More digits than any strength, balance or bottle has."""


class NotPositive(NotUnderstood):
    """Zero or a negative amount."""


class UnitMissing(NotUnderstood):
    """A number without a unit."""


class UnitUnknown(NotUnderstood):
    """A unit we do not know."""


class WrongUnit(NotUnderstood):
    """A unit we know, but not for this kind of amount."""


@dataclass(frozen=True, slots=True)
class _Amount:
    """A non-negative amount in the one unit of its kind."""

    amount: Decimal
    unit: ClassVar[str]
    noun: ClassVar[str]

    def __post_init__(self) -> None:
        given.not_negative(self.amount, f"A {self.noun}")

    def __str__(self) -> str:
        return f"{wording.number(self.amount)} {self.unit}"

    @exactly
    def __add__(self, other: Self) -> Self:
        return type(self)(self.amount + self._same_kind(other))

    @exactly
    def __sub__(self, other: Self) -> Self:
        return type(self)(self.amount - self._same_kind(other))

    def __lt__(self, other: Self) -> bool:
        return settle(self.amount) < settle(self._same_kind(other))

    def __le__(self, other: Self) -> bool:
        return settle(self.amount) <= settle(self._same_kind(other))

    def _same_kind(self, other: _Amount) -> Decimal:
        if type(other) is not type(self):
            raise UnitsDoNotMix(f"{self} and {other} are not the same kind of amount.")
        return other.amount


@dataclass(frozen=True, slots=True)
class Mass(_Amount):
    """A mass, in milligrams."""

    unit = "mg"
    noun = "mass"

    @property
    def mg(self) -> Decimal:
        """The mass in milligrams."""
        return self.amount

    @exactly
    def __mul__(self, times: Decimal | int) -> Mass:
        return Mass(self.amount * _plain(times, self))

    @overload
    def __truediv__(self, by: Mass) -> Decimal: ...
    @overload
    def __truediv__(self, by: Volume) -> Concentration: ...
    @overload
    def __truediv__(self, by: Concentration) -> Volume: ...
    @overload
    def __truediv__(self, by: Decimal | int) -> Mass: ...
    @exactly
    def __truediv__(
        self, by: Mass | Volume | Concentration | Decimal | int
    ) -> Decimal | Concentration | Volume | Mass:
        divisor = by.amount if isinstance(by, _Amount) else _plain(by, self)
        quotient = settle(self.amount / given.positive(divisor, "What a mass is divided by"))
        if isinstance(by, Mass):
            return quotient
        if isinstance(by, Volume):
            return Concentration(quotient)
        return Volume(quotient) if isinstance(by, Concentration) else Mass(quotient)


@dataclass(frozen=True, slots=True)
class Volume(_Amount):
    """A volume, in millilitres."""

    unit = "mL"
    noun = "volume"

    @property
    def ml(self) -> Decimal:
        """The volume in millilitres."""
        return self.amount

    @exactly
    def __mul__(self, times: Decimal | int) -> Volume:
        return Volume(self.amount * _plain(times, self))


@dataclass(frozen=True, slots=True)
class Concentration(_Amount):
    """A mass in each millilitre, in mg/mL."""

    unit = "mg/mL"
    noun = "concentration"

    @property
    def mg_per_ml(self) -> Decimal:
        """The concentration in milligrams per millilitre."""
        return self.amount

    @exactly
    def __mul__(self, volume: Volume) -> Mass:
        if not isinstance(volume, Volume):
            raise UnitsDoNotMix(f"{self} times {volume} is no amount of anything.")
        return Mass(self.amount * volume.amount)


@dataclass(frozen=True, slots=True)
class Count(_Amount):
    """So many whole things: capsules, drops, bottles."""

    thing: str
    unit = "each"
    noun = "count"

    def __post_init__(self) -> None:
        given.not_negative(self.amount, "A count")
        if self.amount != self.amount.to_integral_value():
            raise given.NotANumber(
                f"{wording.number(self.amount)} {self.thing}s is not a whole count."
            )

    def __str__(self) -> str:
        return f"{wording.number(self.amount)} {wording.plural(int(self.amount), self.thing)}"


def _plain(value: object, amount: _Amount) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    raise UnitsDoNotMix(f"{amount} cannot be multiplied or divided by {value!r}.")


# Reading what a person typed

_MOST_DIGITS = 15
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_TYPED = re.compile(
    r"\s*(?P<number>[+\-−]?[0-9.,]*(?:[eE][+\-]?[0-9]+)?)\s*(?P<unit>[^0-9\s](?:.*\S)?)?\s*"
)
_MG_IN = {
    "mg": Decimal(1),
    "g": Decimal(1000),
    "kg": Decimal(1_000_000),
    "microgram": Decimal("0.001"),
}
_ML_IN = {"ml": Decimal(1), "l": Decimal(1000)}
_SAME_AS = {
    "mcg": "microgram",
    "ug": "microgram",
    "µg": "microgram",  # the micro sign
    "μg": "microgram",  # the Greek letter
    "micrograms": "microgram",
    "milligram": "mg",
    "milligrams": "mg",
    "mgs": "mg",
    "gram": "g",
    "grams": "g",
    "milliliter": "ml",
    "milliliters": "ml",
    "millilitre": "ml",
    "millilitres": "ml",
    "mls": "ml",
    "cc": "ml",
    "liter": "l",
    "litre": "l",
}


def parse_number(text: str) -> Decimal:
    """Return the positive decimal number that a person typed, without any unit.

    Raises `NotUnderstood`, or the kind of it that says what is wrong.
    """
    shown = text.strip()
    if len(shown) > _MOST_DIGITS + 2:
        raise TooManyDigits(
            f"The number has {len(shown)} characters; no amount needs more than {_MOST_DIGITS}."
        )
    if "," in shown:
        raise CommaInNumber(f"Write {shown} with a decimal point and without commas.")
    if re.fullmatch(r"[+\-−]?[0-9.]+[eE][+\-]?[0-9]+", shown):
        raise ExponentInNumber(f"Write {shown} out in full, without an exponent.")
    if re.fullmatch(r"[\-−][0-9]*\.?[0-9]*", shown):
        raise NotPositive(f"{shown} is negative; an amount must be more than 0.")
    if re.fullmatch(r"\.[0-9]+|[0-9]+\.", shown):
        raise NakedPoint(f"Write {shown} with a digit on both sides of the point, as in 0.5.")
    if not _NUMBER.fullmatch(shown):
        raise NotUnderstood(f"“{shown}” is not a number.")
    value = Decimal(shown)
    if value == 0:
        raise NotPositive(f"{shown} is zero; an amount must be more than 0.")
    return value


def parse_mass(text: str) -> Mass:
    """Return the mass that a person typed: "4.5mg", "4.5 MG", "500 mcg", "0.5 µg"."""
    number, unit = _split(text)
    return Mass(_times(number, _factor(unit, _MG_IN, "a mass, such as mg")))


def parse_volume(text: str) -> Volume:
    """Return the volume that a person typed: "30 mL", "0.1ml"."""
    number, unit = _split(text)
    return Volume(_times(number, _factor(unit, _ML_IN, "a volume, such as mL")))


def parse_concentration(text: str) -> Concentration:
    """Return the strength that a person typed: "1 mg/mL", "500 mcg per mL"."""
    number, unit = _split(text)
    top, slash, bottom = unit.replace(" per ", "/").partition("/")
    if not slash:
        _factor(unit, {}, "a strength, such as mg/mL")
    mg = _factor(top.strip(), _MG_IN, "a strength, such as mg/mL")
    ml = _factor(bottom.strip(), _ML_IN, "a strength, such as mg/mL")
    return Concentration(_per(_times(number, mg), ml))


@exactly
def _times(number: Decimal, factor: Decimal) -> Decimal:
    return number * factor


@exactly
def _per(mass: Decimal, volume: Decimal) -> Decimal:
    return mass / volume


def _split(text: str) -> tuple[Decimal, str]:
    if len(text) > 4 * _MOST_DIGITS:
        raise TooManyDigits(f"The amount has {len(text)} characters; write it shorter.")
    typed = _TYPED.fullmatch(text)
    if typed is None or not typed["number"]:
        raise NotUnderstood(
            f"“{text.strip()}” is not an amount; write a number and a unit, as in 4.5 mg."
        )
    number = parse_number(typed["number"])
    if typed["unit"] is None:
        raise UnitMissing(
            f"{wording.number(number)} of what? Add the unit, as in {wording.number(number)} mg."
        )
    return number, typed["unit"].lower()


def _factor(unit: str, factors: dict[str, Decimal], wanted: str) -> Decimal:
    plain = _SAME_AS.get(unit, unit)
    if plain in factors:
        return factors[plain]
    if plain in _MG_IN or plain in _ML_IN or "/" in plain:
        raise WrongUnit(f"{unit} is not {wanted}.")
    raise UnitUnknown(f"“{unit}” is not a unit we know; write {wanted}.")
