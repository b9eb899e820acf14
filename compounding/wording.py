"""Number -> text. The only place that does it, so that no dose is ever misread.

A zero before the point and none after the last digit, no exponent, a space before the unit,
"micrograms" in full, millilitres and drops never without the milligrams, and never two numerals
side by side; an amount of a thousand or more has its commas. These are the rules of ISMP's list of
error-prone dose designations. A bare `number` has no commas: it is what machines and the places of a form are given.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from compounding.arithmetic import exactly, round_half_up, settle
from compounding.errors import Refusal

# fmt: off
_WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
# fmt: on
_NUMBERS = (Decimal, int)
_MOST_DIGITS = 120
_LEAST_MG = Decimal("0.1")
"""Below a tenth of a milligram the mass is said in micrograms."""


class NotWritable(Refusal):
    """Infinity, not a number at all, or more digits than a line holds."""


def number(value: Decimal | int) -> str:
    """Return the number in plain digits: "4.5", "0.25", "10", never "4.50", ".25" or "1E+1".

    Raises `NotWritable` on what is no number.
    """
    if not isinstance(value, _NUMBERS):
        raise NotWritable(f"{value!r} is not a number that can be shown.")
    written = Decimal(value)
    if not written.is_finite():
        raise NotWritable(f"{value} is not a number that can be shown.")
    if not -_MOST_DIGITS <= written.adjusted() <= _MOST_DIGITS:
        raise NotWritable("The number is too long to be shown.")
    text = str(written)
    if "E" in text:
        text = format(written, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def grouped(value: Decimal | int) -> str:
    """Return the number with a comma before every three digits of a thousand or more: "19,352.5"."""
    text = number(value)
    whole, point, rest = text.partition(".")
    return text if len(whole) <= 3 else f"{int(whole):,}{point}{rest}"


def rounded(value: Decimal, places: int) -> str:
    """Return the number, half up to at most that many places."""
    return number(round_half_up(value, places))


def count_word(count: int) -> str:
    """Return "one" to "twenty" as a word, and larger counts in digits."""
    return _WORDS[count] if 0 <= count < len(_WORDS) else number(count)


def plural(count: int, singular: str) -> str:
    """Return the noun as it stands after that count: "drop", "drops"."""
    return singular if count == 1 else f"{singular}s"


def milligrams(mg: Decimal) -> str:
    """Return the mass in milligrams: "4.5 mg", "19,352 mg"."""
    return f"{grouped(mg)} mg"


@exactly
def grams(mg: Decimal) -> str:
    """Return the mass in grams, as a balance shows it: "19.352 g"."""
    return f"{grouped(mg / 1000)} g"


@exactly
def mass(mg: Decimal) -> str:
    """Return the mass in milligrams, or in micrograms in full when it is below 0.1 mg."""
    if settle(mg) == 0 or abs(mg) >= _LEAST_MG:
        return milligrams(mg)
    micrograms = mg * 1000
    return f"{number(micrograms)} {'microgram' if micrograms == 1 else 'micrograms'}"


def millilitres(ml: Decimal) -> str:
    """Return a volume that is not a dose: "30 mL". A dose goes through `liquid_dose`."""
    return f"{grouped(ml)} mL"


def concentration(mg_per_ml: Decimal) -> str:
    """Return a strength per millilitre: "1 mg/mL"."""
    return f"{grouped(mg_per_ml)} mg/mL"


def liquid_dose(*, dose_mg: Decimal, volume_ml: Decimal, drops: int | None = None) -> str:
    """Return "0.5 mg (0.5 mL)", or with drops "0.5 mg (0.5 mL, 13 drops)"."""
    measured = millilitres(volume_ml)
    if drops is not None:
        measured = f"{measured}, {number(drops)} {plural(drops, 'drop')}"
    return f"{mass(dose_mg)} ({measured})"


def capsules(count: int, strength_mg: Decimal) -> str:
    """Return "two 1.5 mg capsules", and above twenty "126 capsules of 1.5 mg"."""
    noun = plural(count, "capsule")
    if count < len(_WORDS):
        return f"{count_word(count)} {mass(strength_mg)} {noun}"
    return f"{grouped(count)} {noun} of {mass(strength_mg)}"


def percent(value: Decimal, places: int = 2) -> str:
    """Return a percentage with at most that many places: "99.6%"."""
    return f"{rounded(value, places)}%"


def signed_percent(value: Decimal, places: int = 1) -> str:
    """Return a difference with its sign: "+4%", "−1.5%", "0%"."""
    shown = round_half_up(value, places)
    if shown == 0:
        return "0%"
    return f"{'+' if shown > 0 else '−'}{number(abs(shown))}%"


def money(dollars: Decimal) -> str:
    """Return dollars and cents: "$1,051.88"."""
    cents = round_half_up(dollars.copy_abs(), 2)
    return f"{'−' if dollars < 0 and cents else ''}${cents:,f}"


def day(on: datetime.date) -> str:
    """Return the day without its year: "5 December"."""
    return f"{on.day} {_MONTHS[on.month - 1]}"


def full_day(on: datetime.date) -> str:
    """Return the day with its year: "5 December 2026"."""
    return f"{day(on)} {on.year}"


def days(count: int) -> str:
    """Return "1 day" or "14 days"."""
    return f"{number(count)} {plural(count, 'day')}"
