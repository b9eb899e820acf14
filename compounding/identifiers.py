"""Numbers that name a substance or a product: CAS registry numbers and National Drug Codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compounding.errors import Refusal

_CAS = re.compile("([0-9]{2,7})-([0-9]{2})-([0-9])")
_NDC_SHAPES = {(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2), (6, 4, 2)}


class CasWrongForm(Refusal):
    """Not two to seven digits, two digits and one digit."""


class CasWrongCheckDigit(Refusal):
    """The last digit does not follow from the others."""


class NdcAmbiguous(Refusal):
    """Digits without hyphens: nobody can say where the labeller ends."""


class NdcWrongForm(Refusal):
    """Segments of no known length."""


def cas_weighted_sum(cas: str) -> int:
    """Return the sum whose last digit is the check digit: each digit times its place from the right.

    Raises `CasWrongForm`.
    """
    written = _CAS.fullmatch(cas)
    if written is None:
        raise CasWrongForm(f"“{cas}” is not a CAS number such as 16676-29-2.")
    digits = written[1] + written[2]
    return sum(place * int(digit) for place, digit in enumerate(reversed(digits), 1))


def check_cas(cas: str) -> str:
    """Return the CAS number if it can be one. Raises `CasWrongForm` or `CasWrongCheckDigit`."""
    if cas_weighted_sum(cas) % 10 != int(cas[-1]):
        raise CasWrongCheckDigit(f"{cas} is not a CAS number: one of its digits is wrong.")
    return cas


@dataclass(frozen=True, slots=True)
class Ndc:
    """A National Drug Code: labeller, product and package, each as it was written."""

    labeller: str
    product: str
    package: str

    @property
    def eleven_hyphenated(self) -> str:
        """The 5-4-2 form of HIPAA. Raises `NdcWrongForm` for a labeller of six digits that needs them."""
        labeller = self.labeller.removeprefix("0") if len(self.labeller) == 6 else self.labeller
        if len(labeller) == 6:
            raise NdcWrongForm(f"The labeller {self.labeller} does not fit into eleven digits.")
        return f"{labeller:0>5}-{self.product:0>4}-{self.package:0>2}"

    @property
    def eleven(self) -> str:
        """The 5-4-2 form without hyphens."""
        return self.eleven_hyphenated.replace("-", "")

    @property
    def twelve(self) -> str:
        """The 6-4-2 form that replaces all others from 7 March 2033 (91 FR 10749)."""
        return f"{self.labeller:0>6}-{self.product:0>4}-{self.package:0>2}"


def parse_ndc(text: str, *, shape: str | None = None) -> Ndc:
    """Return the code from its hyphenated form, or from bare digits of a stated shape such as "5-3-2".

    The short segment is padded with a zero, and only the hyphens or the shape say which one is short.
    Raises `NdcAmbiguous` or `NdcWrongForm`.
    """
    written = text.strip()
    stated = None if shape is None else _lengths(shape)
    if re.fullmatch("[0-9]{10}", written):
        if stated is None or sum(stated) != len(written):
            raise NdcAmbiguous(
                f"{written} could be 4-4-2, 5-3-2 or 5-4-1. Write it with its hyphens, as on the package."
            )
        first, second, _ = stated
        return Ndc(written[:first], written[first : first + second], written[first + second :])
    segments = written.split("-")
    lengths = tuple(len(segment) for segment in segments)
    if not re.fullmatch("[0-9-]+", written) or lengths not in _NDC_SHAPES:
        raise NdcWrongForm(f"“{text}” is not an NDC such as 51407-959-01.")
    if stated is not None and lengths != stated:
        raise NdcWrongForm(f"{written} is not written {shape}.")
    return Ndc(*segments)


def _lengths(shape: str) -> tuple[int, int, int]:
    for lengths in _NDC_SHAPES:
        if shape.strip() == "-".join(map(str, lengths)):
            return lengths
    raise NdcWrongForm(f"No NDC is written {shape}.")
