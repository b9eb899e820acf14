"""Reading what a person typed, and refusing what could be read in two ways."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding import reading
from compounding.errors import Refusal
from compounding.reading import (
    CommaInNumber,
    ExponentInNumber,
    NakedPoint,
    NotPositive,
    NotUnderstood,
    NotWhole,
    TooManyDigits,
    UnitMissing,
    UnitUnknown,
    WrongUnit,
    parse_concentration,
    parse_count,
    parse_density,
    parse_mass,
    parse_number,
    parse_number_or_zero,
    parse_percent,
    parse_volume,
)
from tests.compounding.refusals import assert_refused


@pytest.mark.parametrize(
    ("typed", "mg"),
    [
        ("4.5 mg", "4.5"),
        ("4.5mg", "4.5"),
        ("4.5 MG", "4.5"),
        ("  4.50  mg  ", "4.5"),
        ("500 mcg", "0.5"),
        ("500 ug", "0.5"),
        ("0.5 \u00b5g", "0.0005"),
        ("0.5 \u03bcg", "0.0005"),
        ("1 microgram", "0.001"),
        ("4 micrograms", "0.004"),
        ("1 milligram", "1"),
        ("2 Milligrams", "2"),
        ("2 mgs", "2"),
        ("1.5 g", "1500"),
        ("1 gram", "1000"),
        ("2 grams", "2000"),
        ("1 kg", "1000000"),
        ("0.000001 mg", "0.000001"),
    ],
)
def test_masses(typed: str, mg: str) -> None:
    assert parse_mass(typed).mg == Decimal(mg)


@pytest.mark.parametrize(
    ("typed", "ml"),
    [
        ("30 mL", "30"),
        ("0.1ml", "0.1"),
        ("30 ML", "30"),
        ("5 cc", "5"),
        ("5 mls", "5"),
        ("1 milliliter", "1"),
        ("2 milliliters", "2"),
        ("1 millilitre", "1"),
        ("2 millilitres", "2"),
        ("1 L", "1000"),
        ("1 liter", "1000"),
        ("1 litre", "1000"),
    ],
)
def test_volumes(typed: str, ml: str) -> None:
    assert parse_volume(typed).ml == Decimal(ml)


@pytest.mark.parametrize(
    ("typed", "mg_per_ml"),
    [
        ("1 mg/mL", "1"),
        ("1mg / ml", "1"),
        ("500 mcg per mL", "0.5"),
        ("1 g/L", "1"),
        ("1 MG PER ML", "1"),
        ("0.25 mg/mL", "0.25"),
    ],
)
def test_concentrations(typed: str, mg_per_ml: str) -> None:
    assert parse_concentration(typed).mg_per_ml == Decimal(mg_per_ml)


def test_plain_numbers() -> None:
    assert parse_number(" 4.50 ") == Decimal("4.5")
    assert parse_number("007") == Decimal(7)
    assert parse_number("1234567890.12345") == Decimal("1234567890.12345")
    assert parse_number("0" * 14 + "7") == Decimal(7)


@pytest.mark.parametrize(
    ("typed", "kind", "sentence"),
    [
        ("1,5", CommaInNumber, "Write 1,5 with a decimal point and without commas."),
        ("1,50", CommaInNumber, "Write 1,50 with a decimal point and without commas."),
        ("1,5000", CommaInNumber, "Write 1,5000 with a decimal point and without commas."),
        ("0,500", CommaInNumber, "Write 0,500 with a decimal point and without commas."),
        ("1234,567", CommaInNumber, "Write 1234,567 with a decimal point and without commas."),
        ("1.500,0", CommaInNumber, "Write 1.500,0 with a decimal point and without commas."),
        ("19,352", CommaInNumber, "Write 19,352 with a decimal point and without commas."),
        ("1,975", CommaInNumber, "Write 1,975 with a decimal point and without commas."),
        ("12,34,567", CommaInNumber, "Write 12,34,567 with a decimal point and without commas."),
        ("1,234.", CommaInNumber, "Write 1,234. with a decimal point and without commas."),
        (",500", CommaInNumber, "Write ,500 with a decimal point and without commas."),
        ("-1,500", CommaInNumber, "Write -1,500 with a decimal point and without commas."),
        ("1e3", ExponentInNumber, "Write 1e3 out in full, without an exponent."),
        ("-1.5E-3", ExponentInNumber, "Write -1.5E-3 out in full, without an exponent."),
        ("-1", NotPositive, "-1 is negative; an amount must be more than 0."),
        ("−0.5", NotPositive, "−0.5 is negative; an amount must be more than 0."),
        ("-", NotPositive, "- is negative; an amount must be more than 0."),
        ("0", NotPositive, "0 is zero; an amount must be more than 0."),
        ("0.00", NotPositive, "0.00 is zero; an amount must be more than 0."),
        (".5", NakedPoint, "Write .5 with a digit on both sides of the point, as in 0.5."),
        ("5.", NakedPoint, "Write 5. with a digit on both sides of the point, as in 0.5."),
        ("text", NotUnderstood, "“text” is not a number."),
        ("", NotUnderstood, "“” is not a number."),
        ("NaN", NotUnderstood, "“NaN” is not a number."),
        ("Infinity", NotUnderstood, "“Infinity” is not a number."),
        ("1.2.3", NotUnderstood, "“1.2.3” is not a number."),
        ("1_000", NotUnderstood, "“1_000” is not a number."),
        ("1 2", NotUnderstood, "“1 2” is not a number."),
        ("+5", NotUnderstood, "“+5” is not a number."),
        ("\uff14.5", NotUnderstood, "“\uff14.5” is not a number."),
        ("\u0664", NotUnderstood, "“\u0664” is not a number."),
        ("1" * 16, TooManyDigits, "The number has 16 digits; no amount needs more than 15."),
        ("1" * 400, TooManyDigits, "The number has 400 digits; no amount needs more than 15."),
    ],
)
def test_numbers_that_are_refused(typed: str, kind: type[Refusal], sentence: str) -> None:
    assert_refused(kind, sentence, lambda: parse_number(typed))


def _unreadable(text: str) -> str:
    return f"“{text}” is not an amount; write a number and a unit, as in 4.5 mg."


@pytest.mark.parametrize(
    ("read", "typed", "kind", "sentence"),
    [
        (parse_mass, "a little", NotUnderstood, _unreadable("a little")),
        (parse_mass, "mg", NotUnderstood, _unreadable("mg")),
        (parse_mass, " ", NotUnderstood, _unreadable("")),
        (
            parse_mass,
            "4.5 mg 2",
            UnitUnknown,
            "“mg 2” is not a unit we know; write a mass, such as mg.",
        ),
        (parse_mass, "4 5 mg", NotUnderstood, _unreadable("4 5 mg")),
        (parse_mass, "4.5", UnitMissing, "4.5 of what? Add the unit, as in 4.5 mg."),
        (parse_mass, "4.5 mL", WrongUnit, "mL is not a mass, such as mg."),
        (parse_mass, "1 mg/mL", WrongUnit, "mg/mL is not a mass, such as mg."),
        (
            parse_mass,
            "2 drops",
            UnitUnknown,
            "“drops” is not a unit we know; write a mass, such as mg.",
        ),
        (parse_mass, "1,5 mg", CommaInNumber, "Write 1,5 with a decimal point and without commas."),
        (parse_mass, "1e3 mg", ExponentInNumber, "Write 1e3 out in full, without an exponent."),
        (parse_mass, "-1 mg", NotPositive, "-1 is negative; an amount must be more than 0."),
        (parse_mass, "0 mg", NotPositive, "0 is zero; an amount must be more than 0."),
        (
            parse_mass,
            "0.0005 mcg",
            TooManyDigits,
            "0.0005 mcg is finer than the millionth of a milligram that is kept.",
        ),
        (parse_mass, "1" * 61, TooManyDigits, "The amount has 61 characters; write it shorter."),
        (parse_volume, "30 mg", WrongUnit, "mg is not a volume, such as mL."),
        (
            parse_volume,
            "30 fl",
            UnitUnknown,
            "“fl” is not a unit we know; write a volume, such as mL.",
        ),
        (parse_concentration, "1 mg", WrongUnit, "mg is not a strength, such as mg/mL."),
        (parse_concentration, "1 mg/g", WrongUnit, "g is not a strength, such as mg/mL."),
        (parse_concentration, "1 mL/mg", WrongUnit, "mL is not a strength, such as mg/mL."),
        (parse_concentration, "1 mg/mL/mL", WrongUnit, "mL/mL is not a strength, such as mg/mL."),
        (
            parse_concentration,
            "1 mg/",
            UnitUnknown,
            "“” is not a unit we know; write a strength, such as mg/mL.",
        ),
    ],
)
def test_amounts_that_are_refused(
    read: Callable[[str], object], typed: str, kind: type[Refusal], sentence: str
) -> None:
    assert_refused(kind, sentence, lambda: read(typed))


def test_sixty_characters_are_still_read() -> None:
    assert parse_mass("4.5" + " " * 55 + "mg").mg == Decimal("4.5")


def test_every_way_of_not_understanding_is_one() -> None:
    kinds = [
        kind
        for kind in vars(reading).values()
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
    ]
    assert len(kinds) == 10
    assert all(issubclass(kind, NotUnderstood) for kind in kinds)


@pytest.mark.parametrize(
    ("typed", "number"), [("0", "0"), (" 0.00 ", "0"), ("000", "0"), ("0.8", "0.8"), ("12", "12")]
)
def test_zero_is_read_where_it_means_something(typed: str, number: str) -> None:
    assert parse_number_or_zero(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "number"), [("99.6%", "99.6"), (" 99.6 % ", "99.6"), ("0%", "0"), ("101.2", "101.2")]
)
def test_percentages(typed: str, number: str) -> None:
    assert parse_percent(typed) == Decimal(number)


@pytest.mark.parametrize(
    "typed", ["%", "1,5%", "1e3%", "-1%", "5%%", "0.0.0", "." + "0" * 3, "0" * 16]
)
def test_percentages_that_are_refused(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_percent(typed)


def test_counts() -> None:
    assert (parse_count("126"), type(parse_count(" 1 "))) == (126, int)
    assert_refused(NotWhole, "1.5 is not a whole number.", lambda: parse_count(" 1.5 "))
    assert_refused(NotWhole, "2.0 is not a whole number.", lambda: parse_count("2.0"))
    assert_refused(
        NotPositive, "0 is zero; an amount must be more than 0.", lambda: parse_count("0")
    )


@pytest.mark.parametrize(
    ("typed", "density"), [("0.55 g/mL", "0.55"), ("550 mg/mL", "0.55"), ("1.1875 g/ml", "1.1875")]
)
def test_densities(typed: str, density: str) -> None:
    assert parse_density(typed) == Decimal(density)


def test_a_density_needs_both_units() -> None:
    with pytest.raises(WrongUnit):
        parse_density("0.55 g")


@pytest.mark.parametrize(
    "read", [parse_number, parse_percent, parse_count, parse_mass, parse_volume]
)
@pytest.mark.parametrize("typed", [None, 4.5, 4, b"4.5 mg", ["4.5 mg"], Decimal("4.5")])
def test_what_is_no_text_is_refused(read: Callable[..., object], typed: object) -> None:
    with pytest.raises(NotUnderstood, match="must be text"):
        read(typed)
