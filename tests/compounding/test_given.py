"""What a number handed in must be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from compounding import given
from compounding.given import NamedTwice, NotANumber, OutOfRange
from tests.compounding.refusals import assert_refused


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (4.5, "It must be a decimal number, not 4.5."),
        ("4.5", "It must be a decimal number, not '4.5'."),
        (5, "It must be a decimal number, not 5."),
        (True, "It must be a decimal number, not True."),
        (None, "It must be a decimal number, not None."),
        (Decimal("NaN"), "It must be a decimal number, not NaN."),
        (Decimal("Infinity"), "It must be a decimal number, not Infinity."),
        (Decimal("1" * 51), "It is written with more digits than any balance or record holds."),
        (Decimal("1E+16"), "It is written with more digits than any balance or record holds."),
        (Decimal("1E+999999"), "It is written with more digits than any balance or record holds."),
    ],
)
def test_only_finite_decimals_of_sensible_length(value: Decimal, sentence: str) -> None:
    assert_refused(NotANumber, sentence, lambda: given.finite(value, "It"))
    assert_refused(NotANumber, sentence, lambda: given.positive(value, "It"))
    assert_refused(NotANumber, sentence, lambda: given.not_negative(value, "It"))
    assert_refused(NotANumber, sentence, lambda: given.share(value, "It"))


def test_the_longest_numbers_that_are_taken() -> None:
    assert given.finite(Decimal("1" * 15 + "." + "1" * 35), "It")
    assert given.finite(Decimal("1E+15"), "It")
    assert given.finite(Decimal("0E-48"), "It") == 0
    assert given.finite(Decimal("1E-200"), "It")


def test_positive_is_more_than_zero() -> None:
    assert given.positive(Decimal("0.000001"), "It") == Decimal("0.000001")
    assert_refused(
        OutOfRange, "It must be more than 0, not 0.", lambda: given.positive(Decimal(0), "It")
    )
    assert_refused(
        OutOfRange,
        "It must be more than 0, not -1.5.",
        lambda: given.positive(Decimal("-1.5"), "It"),
    )


def test_not_negative_may_be_zero() -> None:
    assert given.not_negative(Decimal(0), "It") == 0
    assert_refused(
        OutOfRange,
        "It must not be negative, and -0.5 is.",
        lambda: given.not_negative(Decimal("-0.5"), "It"),
    )


def test_a_share_is_below_a_hundred_percent() -> None:
    assert given.share(Decimal(0), "It") == 0
    assert given.share(Decimal("99.99"), "It") == Decimal("99.99")
    assert_refused(
        OutOfRange, "It must be below 100%, not 100%.", lambda: given.share(Decimal(100), "It")
    )
    assert_refused(
        OutOfRange, "It must not be negative, and -1 is.", lambda: given.share(Decimal(-1), "It")
    )


def test_a_count_is_a_whole_number_from_one() -> None:
    assert given.count(1, "It") == 1
    assert given.count(10**15 - 1, "It") == 10**15 - 1
    assert_refused(OutOfRange, "It must be at least 1, not 0.", lambda: given.count(0, "It"))
    assert_refused(
        NotANumber,
        "It is larger than anything that is ever made.",
        lambda: given.count(10**15, "It"),
    )
    for value in (1.0, "1", True, Decimal(1)):
        assert_refused(
            NotANumber,
            f"It must be a whole number, not {value!r}.",
            lambda value=value: given.count(value, "It"),  # type: ignore[misc]
        )


def test_no_key_stands_twice() -> None:
    given.no_repeats(["a", "b"], "The component")
    assert_refused(
        NamedTwice,
        "The component a is listed twice.",
        lambda: given.no_repeats(["a", "b", "a"], "The component"),
    )
