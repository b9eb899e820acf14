"""A prescriber's numbers: NPI and DEA.

A right check digit is not proof of a real number: it cannot see 09 written for 90. Naltrexone is not
a controlled substance, so an NPI is needed and a DEA number is not; it is checked where it is given.
"""

from __future__ import annotations

import re

from compounding.errors import Refusal

_NPI_PREFIX_SUM = 24
"""What the prefix 80840 of the card number adds to the Luhn sum (CMS, NPI check digit)."""


class NpiWrongLength(Refusal):
    """Not ten digits."""


class NpiWrongStart(Refusal):
    """An NPI begins with 1 or 2."""


class NpiWrongCheckDigit(Refusal):
    """The tenth digit does not follow from the first nine."""


class DeaWrongForm(Refusal):
    """Not two characters and seven digits."""


class DeaWrongCheckDigit(Refusal):
    """The seventh digit does not follow from the first six."""


def npi_sum(first_nine: str) -> int:
    """Return the Luhn sum over 80840 and the nine digits; the tenth digit makes it up to the next ten.

    Raises `NpiWrongLength` on anything but nine digits, `NpiWrongStart` on another start than 1 or 2.
    """
    if not re.fullmatch("[0-9]{9}", first_nine):
        raise NpiWrongLength(f"“{first_nine}” is not nine digits.")
    _check_npi_start(first_nine)
    doubled = sum(_digit_sum(2 * int(digit)) for digit in first_nine[::2])
    kept = sum(int(digit) for digit in first_nine[1::2])
    return doubled + kept + _NPI_PREFIX_SUM


def npi_check_digit(first_nine: str) -> int:
    """Return the tenth digit of an NPI. Raises what `npi_sum` raises."""
    return -npi_sum(first_nine) % 10


def check_npi(npi: str) -> str:
    """Return the NPI if it can be one.

    Raises `NpiWrongLength`, `NpiWrongStart` or `NpiWrongCheckDigit`. The sentence names no expected
    digit: a person should read the number again, not make it fit.
    """
    if not re.fullmatch("[0-9]{10}", npi):
        raise NpiWrongLength(f"An NPI has ten digits, and “{npi}” is not that.")
    _check_npi_start(npi)
    if npi_check_digit(npi[:9]) != int(npi[9]):
        raise NpiWrongCheckDigit(f"{npi} is not an NPI: one of its digits is wrong.")
    return npi


def dea_sum(six_digits: str) -> int:
    """Return (d1 + d3 + d5) + 2 (d2 + d4 + d6); its last digit is the check digit."""
    if not re.fullmatch("[0-9]{6}", six_digits):
        raise DeaWrongForm(f"“{six_digits}” is not six digits.")
    digits = [int(digit) for digit in six_digits]
    return sum(digits[0::2]) + 2 * sum(digits[1::2])


def dea_check_digit(six_digits: str) -> int:
    """Return the seventh digit of a DEA number."""
    return dea_sum(six_digits) % 10


def check_dea(dea: str) -> str:
    """Return the DEA number, in capitals, if it can be one.

    Raises `DeaWrongForm` or `DeaWrongCheckDigit`.
    """
    written = dea.upper()
    if not re.fullmatch("[A-Z][A-Z9][0-9]{7}", written):
        raise DeaWrongForm(
            f"A DEA number has two letters and seven digits, and “{dea}” is not that."
        )
    if dea_check_digit(written[2:8]) != int(written[8]):
        raise DeaWrongCheckDigit(f"{written} is not a DEA number: one of its digits is wrong.")
    return written


def dea_letter_matches(dea: str, *, last_name: str) -> bool:
    """Return whether the second letter is the registrant's initial, or the 9 of a business."""
    return check_dea(dea)[1] in (last_name.strip()[:1].upper(), "9")


def _check_npi_start(digits: str) -> None:
    if digits[0] not in "12":
        raise NpiWrongStart(f"An NPI begins with 1 or 2, and {digits} does not.")


def _digit_sum(number: int) -> int:
    return number // 10 + number % 10
