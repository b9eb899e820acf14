"""Amounts refuse to be mixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import Any

import pytest

from compounding.given import NotANumber, OutOfRange
from compounding.quantity import Concentration, Count, Mass, UnitsDoNotMix, Volume
from tests.compounding.refusals import assert_refused

_MG = Mass(Decimal("4.5"))
_ML = Volume(Decimal(30))
_MG_PER_ML = Concentration(Decimal("1.5"))


def test_amounts_say_their_unit() -> None:
    assert [str(amount) for amount in (_MG, _ML, _MG_PER_ML)] == ["4.5 mg", "30 mL", "1.5 mg/mL"]
    assert (_MG.mg, _ML.ml, _MG_PER_ML.mg_per_ml) == (Decimal("4.5"), Decimal(30), Decimal("1.5"))


def test_like_adds_to_like() -> None:
    assert _MG + Mass(Decimal("0.5")) == Mass(Decimal(5))
    assert _MG - Mass(Decimal("0.5")) == Mass(Decimal(4))
    assert Volume(Decimal(1)) + _ML == Volume(Decimal(31))


def test_like_compares_with_like() -> None:
    assert Mass(Decimal(1)) < Mass(Decimal(2)) <= Mass(Decimal(2))
    assert not Mass(Decimal(2)) < Mass(Decimal(2))
    assert not Mass(Decimal(3)) <= Mass(Decimal(2))
    assert {Mass(Decimal(1)), Volume(Decimal(1))} > {Mass(Decimal("1.0"))}


def test_products_and_quotients_that_mean_something() -> None:
    assert Mass(Decimal("1.5")) * 126 == Mass(Decimal(189))
    assert Mass(Decimal("1.5")) * Decimal("0.5") == Mass(Decimal("0.75"))
    assert Mass(Decimal(3)) / Mass(Decimal("1.5")) == Decimal(2)
    assert Mass(Decimal(3)) / 2 == Mass(Decimal("1.5"))
    assert Mass(Decimal(30)) / _ML == Concentration(Decimal(1))
    assert Mass(Decimal(3)) / _MG_PER_ML == Volume(Decimal(2))
    assert Mass(Decimal(45)) == _MG_PER_ML * _ML
    assert Volume(Decimal(60)) == _ML * 2


def test_a_third_of_a_mass_can_be_put_together_again() -> None:
    third = Mass(Decimal(1)) / 3
    assert str(third) == "0." + "3" * 40 + " mg"


_ANY: dict[str, Any] = {"mg": _MG, "mL": _ML, "mg/mL": _MG_PER_ML}


@pytest.mark.parametrize(
    ("mix", "sentence"),
    [
        (lambda any_: any_["mg"] + any_["mL"], "4.5 mg and 30 mL are not the same kind of amount."),
        (lambda any_: any_["mg"] - any_["mL"], "4.5 mg and 30 mL are not the same kind of amount."),
        (lambda any_: any_["mg"] < any_["mL"], "4.5 mg and 30 mL are not the same kind of amount."),
        (
            lambda any_: any_["mg/mL"] <= any_["mg"],
            "1.5 mg/mL and 4.5 mg are not the same kind of amount.",
        ),
        (
            lambda any_: any_["mg/mL"] * any_["mg"],
            "1.5 mg/mL times 4.5 mg is no amount of anything.",
        ),
        (lambda any_: any_["mg"] * 0.5, "4.5 mg cannot be multiplied or divided by 0.5."),
        (lambda any_: any_["mg"] / True, "4.5 mg cannot be multiplied or divided by True."),
        (lambda any_: any_["mL"] * "2", "30 mL cannot be multiplied or divided by '2'."),
    ],
)
def test_what_does_not_mix_is_refused(
    mix: Callable[[dict[str, Any]], object], sentence: str
) -> None:
    assert_refused(UnitsDoNotMix, sentence, lambda: mix(_ANY))


def test_nothing_is_divided_by_nothing() -> None:
    sentence = "What a mass is divided by must be more than 0, not 0."
    assert_refused(OutOfRange, sentence, lambda: _MG / Mass(Decimal(0)))
    assert_refused(OutOfRange, sentence, lambda: _MG / 0)


def test_no_amount_is_negative() -> None:
    assert_refused(OutOfRange, "A mass must not be negative, and -1 is.", lambda: Mass(Decimal(-1)))
    assert_refused(
        OutOfRange,
        "A volume must not be negative, and -1 is.",
        lambda: Volume(Decimal(1)) - Volume(Decimal(2)),
    )
    assert_refused(
        OutOfRange,
        "A concentration must not be negative, and -1 is.",
        lambda: Concentration(Decimal(-1)),
    )


def test_an_amount_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        _MG.amount = Decimal(5)  # type: ignore[misc]


def test_counts_are_whole() -> None:
    assert [str(Count(Decimal(number), "drop")) for number in (0, 1, 13)] == [
        "0 drops",
        "1 drop",
        "13 drops",
    ]
    assert Count(Decimal(1), "drop") + Count(Decimal(2), "drop") == Count(Decimal(3), "drop")
    drops: Any = Count(Decimal(3), "drop")
    assert_refused(
        UnitsDoNotMix,
        "3 drops and 1 capsule are not the same kind of amount.",
        lambda: drops - Count(Decimal(1), "capsule"),
    )
    assert_refused(
        UnitsDoNotMix,
        "3 drops and 4.5 mg are not the same kind of amount.",
        lambda: drops - _MG,
    )
    assert_refused(
        NotANumber, "1.5 drops is not a whole count.", lambda: Count(Decimal("1.5"), "drop")
    )
    assert_refused(
        OutOfRange, "A count must not be negative, and -1 is.", lambda: Count(Decimal(-1), "drop")
    )
