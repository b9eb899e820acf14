"""Reading an amount that a person typed. What could be read in two ways is refused, not guessed."""

from __future__ import annotations

import re
from decimal import Decimal

from compounding import wording
from compounding.arithmetic import exactly, round_half_up
from compounding.errors import Refusal
from compounding.quantity import Concentration, Mass, Volume

_MOST_DIGITS = 15
_FINEST_MG_PLACES = 6
_ZERO = re.compile(r"0{1,15}(?:\.0{1,15})?")
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


class NotWhole(NotUnderstood):
    """A fraction of something that is counted."""


class UnitMissing(NotUnderstood):
    """A number without a unit."""


class UnitUnknown(NotUnderstood):
    """A unit we do not know."""


class WrongUnit(NotUnderstood):
    """A unit we know, but not for this kind of amount."""


def parse_number(text: str) -> Decimal:
    """Return the positive decimal number that a person typed, without any unit: "4.5".

    Raises `NotUnderstood`, or the kind of it that says what is wrong.
    """
    shown = _text(text).strip()
    digits = sum(character in "0123456789" for character in shown)
    if digits > _MOST_DIGITS:
        raise TooManyDigits(
            f"The number has {digits} digits; no amount needs more than {_MOST_DIGITS}."
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


def parse_number_or_zero(text: str) -> Decimal:
    """Return the decimal number that a person typed, where zero means something: "0", "0.8"."""
    return Decimal(0) if _ZERO.fullmatch(_text(text).strip()) else parse_number(text)


def parse_percent(text: str) -> Decimal:
    """Return the percentage that a person typed, with or without its sign: "99.6%", "0"."""
    return parse_number_or_zero(_text(text).strip().removesuffix("%"))


def parse_count(text: str) -> int:
    """Return the whole number of at least 1 that a person typed: "126". Raises `NotUnderstood`, or its kind."""
    number = parse_number(text)
    if "." in text:
        raise NotWhole(f"{text.strip()} is not a whole number.")
    return int(number)


@exactly
def parse_density(text: str) -> Decimal:
    """Return the density (g/mL) that a person typed: "0.55 g/mL", "550 mg/mL"."""
    return parse_concentration(text).mg_per_ml / 1000


@exactly
def parse_mass(text: str) -> Mass:
    """Return the mass that a person typed: "4.5mg", "4.5 MG", "500 mcg", "0.5 µg".

    Raises `NotUnderstood`, or its kind: `UnitMissing`, `WrongUnit`, `TooManyDigits` and the others.
    """
    number, unit = _split(text)
    mg = number * _factor(unit, _MG_IN, "a mass, such as mg")
    if mg != round_half_up(mg, _FINEST_MG_PLACES):
        raise TooManyDigits(
            f"{text.strip()} is finer than the millionth of a milligram that is kept."
        )
    return Mass(mg)


@exactly
def parse_volume(text: str) -> Volume:
    """Return the volume that a person typed: "30 mL", "0.1ml". Raises `NotUnderstood`, or its kind."""
    number, unit = _split(text)
    return Volume(number * _factor(unit, _ML_IN, "a volume, such as mL"))


@exactly
def parse_concentration(text: str) -> Concentration:
    """Return the strength that a person typed: "1 mg/mL", "500 mcg per mL". Raises `NotUnderstood`, or its kind."""
    number, unit = _split(text)
    top, *bottom = re.split("/| per ", unit, maxsplit=1, flags=re.IGNORECASE)
    mg = _factor(top.strip(), _MG_IN if bottom else {}, "a strength, such as mg/mL")
    ml = _factor("".join(bottom).strip(), _ML_IN, "a strength, such as mg/mL")
    return Concentration(number * mg / ml)


def _text(typed: object) -> str:
    """Return the text, if it is one: callers are not all type-checked."""
    if not isinstance(typed, str):
        raise NotUnderstood(f"What was typed must be text, not {typed!r}.")
    return typed


def _split(text: str) -> tuple[Decimal, str]:
    if len(_text(text)) > 4 * _MOST_DIGITS:
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
    return number, typed["unit"]


def _factor(unit: str, factors: dict[str, Decimal], wanted: str) -> Decimal:
    plain = _SAME_AS.get(unit.lower(), unit.lower())
    if plain in factors:
        return factors[plain]
    if plain in _MG_IN or plain in _ML_IN or "/" in plain:
        raise WrongUnit(f"{unit} is not {wanted}.")
    raise UnitUnknown(f"“{unit}” is not a unit we know; write {wanted}.")
