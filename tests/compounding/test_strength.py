"""A strength is of a named substance, and water of hydration counts once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from compounding.given import OutOfRange
from compounding.potency import AssayBasis, Certificate
from compounding.quantity import Concentration, Mass
from compounding.strength import (
    Conversion,
    HydrateWaterCountedTwice,
    Strength,
    StrengthWithoutSubstance,
    UnknownSubstance,
    check_conversion,
    conversion_between,
    equivalent_mg,
    names_a_hydrate,
    percent_w_v,
    ratio_strength,
)
from tests.compounding.refusals import assert_refused

_BASE = Decimal("341.40")
_HYDROCHLORIDE = Decimal("377.86")
_DIHYDRATE = Decimal("413.89")


def test_a_strength_says_of_what() -> None:
    assert str(Strength(Mass(Decimal("4.5")), "naltrexone hydrochloride")) == (
        "naltrexone hydrochloride 4.5 mg"
    )
    assert str(Strength(Concentration(Decimal(1)), "naltrexone hydrochloride")) == (
        "naltrexone hydrochloride 1 mg/mL"
    )
    assert_refused(
        StrengthWithoutSubstance,
        "A strength of 4.5 mg must say of which substance.",
        lambda: Strength(Mass(Decimal("4.5")), " "),
    )
    assert_refused(
        OutOfRange,
        "A strength must be more than 0, not 0.",
        lambda: Strength(Mass(Decimal(0)), "naltrexone"),
    )


def _certificate(basis: AssayBasis) -> Certificate:
    return Certificate(
        assay_pct=Decimal("100.2"),
        basis=basis,
        water_pct=Decimal("8.7"),
        lod_pct=Decimal("8.7"),
        solvents_pct=Decimal(0),
    )


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        (AssayBasis.DRIED, "dried"),
        (AssayBasis.ANHYDROUS, "anhydrous"),
        (AssayBasis.ANHYDROUS_SOLVENT_FREE, "anhydrous solvent free"),
    ],
)
def test_water_of_hydration_is_not_counted_twice(basis: AssayBasis, said: str) -> None:
    assert_refused(
        HydrateWaterCountedTwice,
        f"The assay is on the {said} basis and already leaves the water of hydration out; the ratio "
        "413.89 to 377.86 would take it out a second time.",
        lambda: check_conversion(
            Conversion(strength_mw=_HYDROCHLORIDE, supplied_mw=_DIHYDRATE), _certificate(basis)
        ),
    )


def test_an_assay_as_is_may_count_the_hydrate() -> None:
    hydrate = Conversion(strength_mw=_HYDROCHLORIDE, supplied_mw=_DIHYDRATE)
    check_conversion(hydrate, _certificate(AssayBasis.AS_IS))


@pytest.mark.parametrize(
    ("strength_mw", "supplied_mw", "said", "holds"),
    [
        (_HYDROCHLORIDE, _DIHYDRATE, False, True),
        (_HYDROCHLORIDE, Decimal("395.875"), False, True),
        (Decimal(100), Decimal("118.19514"), False, True),
        (Decimal(100), Decimal("118.19515"), False, False),
        (_BASE, _HYDROCHLORIDE, False, False),
        (_HYDROCHLORIDE, _BASE, False, False),
        (_HYDROCHLORIDE, _HYDROCHLORIDE, False, False),
        (_BASE, _DIHYDRATE, False, False),
        (_BASE, _DIHYDRATE, True, True),
        (_DIHYDRATE, _HYDROCHLORIDE, False, False),
    ],
)
def test_a_hydrate_is_known_by_its_weight_or_said_to_be_one(
    strength_mw: Decimal, supplied_mw: Decimal, said: bool, holds: bool
) -> None:
    conversion = Conversion(
        strength_mw=strength_mw, supplied_mw=supplied_mw, supplied_mw_holds_hydrate_water=said
    )
    assert conversion.holds_hydrate_water() is holds


def test_a_salt_may_be_converted_on_any_basis() -> None:
    salt = Conversion(strength_mw=_BASE, supplied_mw=_HYDROCHLORIDE)
    for basis in AssayBasis:
        check_conversion(salt, _certificate(basis))


def test_molecular_weights_are_positive() -> None:
    assert_refused(
        OutOfRange,
        "The molecular weight of the strength's substance must be more than 0, not 0.",
        lambda: Conversion(strength_mw=Decimal(0), supplied_mw=_BASE),
    )
    assert_refused(
        OutOfRange,
        "The molecular weight of the supplied substance must be more than 0, not 0.",
        lambda: Conversion(strength_mw=_BASE, supplied_mw=Decimal(0)),
    )


@pytest.mark.parametrize(
    ("amount", "from_mw", "to_mw", "sentence"),
    [
        ("0", "1", "1", "The amount must be more than 0, not 0."),
        ("1", "0", "1", "The molecular weight converted from must be more than 0, not 0."),
        ("1", "1", "0", "The molecular weight converted to must be more than 0, not 0."),
    ],
)
def test_conversions_need_positive_numbers(
    amount: str, from_mw: str, to_mw: str, sentence: str
) -> None:
    assert_refused(
        OutOfRange,
        sentence,
        lambda: equivalent_mg(Decimal(amount), from_mw=Decimal(from_mw), to_mw=Decimal(to_mw)),
    )


def test_percent_and_ratio_strength() -> None:
    assert percent_w_v(Decimal(1)) == Decimal("0.1")
    assert ratio_strength(Decimal(1)) == 1000
    assert str(ratio_strength(Decimal(3))) == "333." + "3" * 37
    for ask in (percent_w_v, ratio_strength):
        assert_refused(
            OutOfRange,
            "The strength must be more than 0, not 0.",
            lambda ask=ask: ask(Decimal(0)),  # type: ignore[misc]
        )


_WEIGHTS = {"base": _BASE, "hydrochloride": _HYDROCHLORIDE}


def test_a_conversion_is_found_by_the_names_of_both_substances() -> None:
    found = conversion_between(strength_of="base", supplied_as="hydrochloride", weights=_WEIGHTS)
    assert found == Conversion(strength_mw=_BASE, supplied_mw=_HYDROCHLORIDE)
    assert conversion_between(strength_of="base", supplied_as="base", weights=_WEIGHTS) is None


@pytest.mark.parametrize("basis", [basis for basis in AssayBasis if basis is not AssayBasis.AS_IS])
def test_a_hydrate_is_known_by_its_name_where_the_weights_do_not_show_it(basis: AssayBasis) -> None:
    found = conversion_between(
        strength_of="base",
        supplied_as="Hydrochloride Dihydrate",
        weights={**_WEIGHTS, "Hydrochloride Dihydrate": _DIHYDRATE},
    )
    assert found is not None
    with pytest.raises(HydrateWaterCountedTwice):
        check_conversion(found, _certificate(basis))
    check_conversion(found, _certificate(AssayBasis.AS_IS))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lactose monohydrate", True),
        ("lactose monohydrate, NF", True),
        ("anhydrous lactose", False),
    ],
)
def test_a_name_says_whether_it_is_a_hydrate(name: str, says: bool) -> None:
    assert names_a_hydrate(name) is says


@pytest.mark.parametrize(("strength_of", "supplied_as"), [("sulfate", "base"), ("base", "sulfate")])
def test_a_strength_of_an_unknown_substance_is_refused(strength_of: str, supplied_as: str) -> None:
    assert_refused(
        UnknownSubstance,
        "“sulfate” is not a substance we know; known: base and hydrochloride.",
        lambda: conversion_between(
            strength_of=strength_of, supplied_as=supplied_as, weights=_WEIGHTS
        ),
    )


def test_without_weights_no_substance_is_known() -> None:
    assert_refused(
        UnknownSubstance,
        "“base” is not a substance we know; known: none.",
        lambda: conversion_between(strength_of="base", supplied_as="base", weights={}),
    )
