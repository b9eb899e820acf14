"""A strength, and of which substance it is a strength.

A strength of low-dose naltrexone is by convention milligrams of naltrexone *hydrochloride*. It is
stored, never inferred. Where the powder on the shelf is another salt or a hydrate of it, molecular
weights convert, and water of hydration may be counted only once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import exactly, settle
from compounding.errors import Refusal
from compounding.potency import AssayBasis, Certificate
from compounding.quantity import Concentration, Mass

_WATER_MW = Decimal("18.015")
_HYDRATE = re.compile(r"hydrate\b", re.IGNORECASE)
_AS_GOOD_AS_WHOLE = Decimal("0.01")


class HydrateWaterCountedTwice(Refusal):
    """The assay already leaves the water out, and the conversion would take it out again."""


class StrengthWithoutSubstance(Refusal):
    """A strength does not say of which substance it is."""


class UnknownSubstance(Refusal):
    """A strength, or a powder, of a substance whose molecular weight nobody has given."""


@dataclass(frozen=True, slots=True)
class Strength:
    """So much of a named substance in each capsule (a Mass) or in each millilitre (a Concentration)."""

    amount: Mass | Concentration
    substance: str

    def __post_init__(self) -> None:
        given.positive(self.amount.amount, "A strength")
        if not self.substance.strip():
            raise StrengthWithoutSubstance(
                f"A strength of {self.amount} must say of which substance."
            )

    def __str__(self) -> str:
        return f"{self.substance} {self.amount}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversion:
    """From the substance of the strength to the substance that the certificate's assay counts."""

    strength_mw: Decimal
    supplied_mw: Decimal
    supplied_mw_holds_hydrate_water: bool = False

    def __post_init__(self) -> None:
        given.positive(self.strength_mw, "The molecular weight of the strength's substance")
        given.positive(self.supplied_mw, "The molecular weight of the supplied substance")

    @exactly
    def holds_hydrate_water(self) -> bool:
        """Return whether the conversion counts water of hydration, as said or as the weights show."""
        waters = (self.supplied_mw - self.strength_mw) / _WATER_MW
        nearest = waters.to_integral_value()
        shows = nearest >= 1 and abs(waters - nearest) < _AS_GOOD_AS_WHOLE
        return self.supplied_mw_holds_hydrate_water or shows


def conversion_between(
    *, strength_of: str, supplied_as: str, weights: Mapping[str, Decimal]
) -> Conversion | None:
    """Return the conversion between two named substances, or None if they are the same.

    The molecular weights are handed in by name. Raises `UnknownSubstance` for a name that is not there.
    """
    for name in (strength_of, supplied_as):
        if name not in weights:
            known = " and ".join(weights) or "none"
            raise UnknownSubstance(f"“{name}” is not a substance we know; known: {known}.")
    if strength_of == supplied_as:
        return None
    return Conversion(
        strength_mw=weights[strength_of],
        supplied_mw=weights[supplied_as],
        supplied_mw_holds_hydrate_water=names_a_hydrate(supplied_as),
    )


def names_a_hydrate(name: str) -> bool:
    """Return whether a substance is named as a hydrate: "naltrexone hydrochloride dihydrate".

    Between a base and the hydrate of its salt the weights alone do not show the water.
    """
    return _HYDRATE.search(name) is not None


def check_conversion(conversion: Conversion, certificate: Certificate) -> None:
    """Raise `HydrateWaterCountedTwice` if certificate and conversion would both remove the water."""
    if certificate.basis is not AssayBasis.AS_IS and conversion.holds_hydrate_water():
        raise HydrateWaterCountedTwice(
            f"The assay is on the {certificate.basis.replace('_', ' ')} basis and already leaves the "
            f"water of hydration out; the ratio {wording.number(conversion.supplied_mw)} to "
            f"{wording.number(conversion.strength_mw)} would take it out a second time."
        )


@exactly
def equivalent_mg(amount_mg: Decimal, *, from_mw: Decimal, to_mw: Decimal) -> Decimal:
    """Return how much of the other form holds the same number of molecules (mg, unrounded)."""
    given.positive(amount_mg, "The amount")
    given.positive(from_mw, "The molecular weight converted from")
    given.positive(to_mw, "The molecular weight converted to")
    return amount_mg * to_mw / from_mw


@exactly
def percent_w_v(mg_per_ml: Decimal) -> Decimal:
    """Return the strength in grams per 100 mL."""
    return given.positive(mg_per_ml, "The strength") / 10


@exactly
def ratio_strength(mg_per_ml: Decimal) -> Decimal:
    """Return the n of a 1:n strength: millilitres that hold one gram (unrounded)."""
    return settle(1000 / given.positive(mg_per_ml, "The strength"))
