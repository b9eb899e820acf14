"""How a number is said to a person."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given, strategies

from compounding import wording
from compounding.reading import parse_concentration, parse_mass, parse_number, parse_volume
from tests.compounding.refusals import assert_refused

_AMOUNTS = strategies.decimals(
    min_value=Decimal("0.000001"), max_value=Decimal(9_999_999), places=6
).filter(lambda amount: amount > 0)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("4.5", "4.5"),
        ("4.50", "4.5"),
        ("10", "10"),
        ("10.00", "10"),
        ("100", "100"),
        ("1E+1", "10"),
        ("2.5E+2", "250"),
        ("0.25", "0.25"),
        (".5", "0.5"),
        ("0.0001", "0.0001"),
        ("1E-7", "0.0000001"),
        ("0", "0"),
        ("0.000", "0"),
        ("-0.0", "0"),
        ("-1.50", "-1.5"),
    ],
)
def test_number(value: str, said: str) -> None:
    assert wording.number(Decimal(value)) == said


def test_whole_numbers_are_numbers() -> None:
    assert wording.number(130) == "130"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_never_shown(value: str) -> None:
    assert_refused(
        wording.NotWritable,
        f"{value} is not a number that can be shown.",
        lambda: wording.number(Decimal(value)),
    )


def test_a_number_ends_somewhere() -> None:
    assert len(wording.number(Decimal("1E+120"))) == 121
    for endless in (Decimal("1E+121"), Decimal("1E-121")):
        assert_refused(
            wording.NotWritable,
            "The number is too long to be shown.",
            partial(wording.number, endless),
        )
    assert_refused(
        wording.NotWritable,
        "'4.5' is not a number that can be shown.",
        lambda: wording.number("4.5"),  # type: ignore[arg-type]
    )


def test_rounded_drops_what_is_not_there() -> None:
    assert wording.rounded(Decimal("156.25"), 1) == "156.3"
    assert wording.rounded(Decimal("156.00001"), 1) == "156"


@pytest.mark.parametrize(
    ("mg", "said"),
    [
        ("4.5", "4.5 mg"),
        ("0.5", "0.5 mg"),
        ("0.1", "0.1 mg"),
        ("0.099", "99 micrograms"),
        ("0.0005", "0.5 micrograms"),
        ("0.001", "1 microgram"),
        ("0", "0 mg"),
        ("999.5", "999.5 mg"),
        ("1000", "1,000 mg"),
        ("19352.25", "19,352.25 mg"),
        ("1234567", "1,234,567 mg"),
    ],
)
def test_mass_is_in_micrograms_below_a_tenth_of_a_milligram(mg: str, said: str) -> None:
    assert wording.mass(Decimal(mg)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("999.999999", "999.999999"),
        ("1000", "1,000"),
        ("1000.5", "1,000.5"),
        ("1E+6", "1,000,000"),
        ("-1234.5", "-1,234.5"),
        ("-0.5", "-0.5"),
        ("0", "0"),
    ],
)
def test_thousands_have_their_commas(value: str, said: str) -> None:
    assert wording.grouped(Decimal(value)) == said
    assert wording.number(Decimal(value)) == said.replace(",", "")


def test_every_amount_with_a_unit_has_them() -> None:
    assert wording.grouped(1234) == "1,234"
    assert wording.grams(Decimal(1_234_000)) == "1,234 g"
    assert wording.millilitres(Decimal("1897.2")) == "1,897.2 mL"
    assert wording.concentration(Decimal(1000)) == "1,000 mg/mL"
    assert wording.capsules(1260, Decimal("1.5")) == "1,260 capsules of 1.5 mg"


def test_units_stand_after_a_space() -> None:
    assert wording.milligrams(Decimal("0.001")) == "0.001 mg"
    assert wording.grams(Decimal("19352.0")) == "19.352 g"
    assert wording.millilitres(Decimal("30.0")) == "30 mL"
    assert wording.concentration(Decimal("1.0")) == "1 mg/mL"


@pytest.mark.parametrize(
    ("drops", "said"),
    [
        (None, "0.5 mg (0.4 mL)"),
        (1, "0.5 mg (0.4 mL, 1 drop)"),
        (13, "0.5 mg (0.4 mL, 13 drops)"),
    ],
)
def test_a_liquid_dose_always_says_its_milligrams(drops: int | None, said: str) -> None:
    dose, volume = Decimal("0.50"), Decimal("0.4")
    assert wording.liquid_dose(dose_mg=dose, volume_ml=volume, drops=drops) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "no 1.5 mg capsules"),
        (1, "one 1.5 mg capsule"),
        (2, "two 1.5 mg capsules"),
        (20, "twenty 1.5 mg capsules"),
        (21, "21 capsules of 1.5 mg"),
        (126, "126 capsules of 1.5 mg"),
    ],
)
def test_two_numerals_never_stand_side_by_side(count: int, said: str) -> None:
    assert wording.capsules(count, Decimal("1.5")) == said


def test_count_words_run_from_none_to_twenty() -> None:
    assert " ".join(wording.count_word(count) for count in range(22)) == (
        "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty 21"
    )
    assert wording.count_word(-1) == "-1"


def test_plural() -> None:
    assert [wording.plural(count, "drop") for count in (0, 1, 2)] == ["drops", "drop", "drops"]


def test_percentages() -> None:
    assert wording.percent(Decimal("99.60")) == "99.6%"
    assert wording.percent(Decimal("98.7654")) == "98.77%"
    assert wording.percent(Decimal("98.7654"), 3) == "98.765%"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("4", "+4%"),
        ("-1.5", "−1.5%"),
        ("0", "0%"),
        ("0.04", "0%"),
        ("-0.04", "0%"),
        ("0.05", "+0.1%"),
    ],
)
def test_differences_carry_their_sign(value: str, said: str) -> None:
    assert wording.signed_percent(Decimal(value)) == said
    assert wording.signed_percent(Decimal("1.234"), 2) == "+1.23%"


@pytest.mark.parametrize(
    ("dollars", "said"),
    [
        ("51.87891024", "$51.88"),
        ("0.005", "$0.01"),
        ("1051.9", "$1,051.90"),
        ("-3", "−$3.00"),
        ("-0.001", "$0.00"),
        ("0", "$0.00"),
    ],
)
def test_money(dollars: str, said: str) -> None:
    assert wording.money(Decimal(dollars)) == said


def test_dates_name_the_month() -> None:
    days = [datetime.date(2026, month, 5) for month in range(1, 13)]
    assert [wording.day(on) for on in days] == [
        "5 January",
        "5 February",
        "5 March",
        "5 April",
        "5 May",
        "5 June",
        "5 July",
        "5 August",
        "5 September",
        "5 October",
        "5 November",
        "5 December",
    ]
    assert wording.full_day(days[-1]) == "5 December 2026"


def test_days() -> None:
    assert (wording.days(1), wording.days(14)) == ("1 day", "14 days")


@given(_AMOUNTS)
def test_what_is_said_can_be_read_again(amount: Decimal) -> None:
    assert parse_number(wording.number(amount)) == amount
    said: list[tuple[str, Callable[[str], Decimal]]] = [
        (wording.milligrams(amount), lambda text: parse_mass(text).mg),
        (wording.mass(amount), lambda text: parse_mass(text).mg),
        (wording.grams(amount), lambda text: parse_mass(text).mg),
        (wording.millilitres(amount), lambda text: parse_volume(text).ml),
        (wording.concentration(amount), lambda text: parse_concentration(text).mg_per_ml),
    ]
    for written, read in said:
        # What a person types has no commas: "1,975" may have been meant as 1.975.
        assert read(written.replace(",", "")) == amount


@given(_AMOUNTS)
def test_no_number_is_said_dangerously(amount: Decimal) -> None:
    assert re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", wording.number(amount))
