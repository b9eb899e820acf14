"""A units library as an independent second opinion. It never comes near a label."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.quantity import Concentration, Mass, UnitsDoNotMix, Volume
from compounding.reading import parse_concentration, parse_mass, parse_volume
from tests.compounding.plans import amounts

_UNITS: Any = pint.UnitRegistry(non_int_type=Decimal)
_AMOUNTS = amounts("0.001", "5000", 3)


def _in(unit: str, number: Decimal, of: str) -> Decimal:
    return Decimal((number * _UNITS(of)).to(unit).magnitude)


@given(_AMOUNTS, st.sampled_from(["mg", "g", "microgram", "kg"]))
def test_masses_are_converted_alike(number: Decimal, unit: str) -> None:
    typed = f"{number} {unit}"
    assert parse_mass(typed).mg == _in("milligram", number, unit)


@given(_AMOUNTS, st.sampled_from(["mL", "L"]))
def test_volumes_are_converted_alike(number: Decimal, unit: str) -> None:
    assert parse_volume(f"{number} {unit}").ml == _in("milliliter", number, unit)


@given(_AMOUNTS, st.sampled_from(["mg/mL", "g/L", "microgram/mL", "mg/L"]))
def test_concentrations_are_converted_alike(number: Decimal, unit: str) -> None:
    ours = parse_concentration(f"{number} {unit}").mg_per_ml
    assert ours == _in("milligram/milliliter", number, unit)


@given(_AMOUNTS, _AMOUNTS)
def test_products_and_quotients_are_alike(first: Decimal, second: Decimal) -> None:
    mg, ml = first * _UNITS("milligram"), second * _UNITS("milliliter")
    strength = Mass(first) / Volume(second)
    assert abs(strength.mg_per_ml - (mg / ml).magnitude) < Decimal("1E-20")
    dissolved = (second * _UNITS("milligram/milliliter") * (first * _UNITS("milliliter"))).to("mg")
    assert (Concentration(second) * Volume(first)).mg == dissolved.magnitude
    assert (Mass(first) + Mass(second)).mg == (mg + second * _UNITS("milligram")).magnitude


def test_what_pint_refuses_we_refuse() -> None:
    with pytest.raises(pint.DimensionalityError):
        1 * _UNITS("milligram") + 1 * _UNITS("milliliter")
    with pytest.raises(UnitsDoNotMix):
        Mass(Decimal(1)) + Volume(Decimal(1))  # type: ignore[operator]
