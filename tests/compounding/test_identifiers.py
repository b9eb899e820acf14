"""CAS numbers and NDCs."""

from __future__ import annotations

import pytest

from compounding.identifiers import (
    CasWrongCheckDigit,
    CasWrongForm,
    NdcAmbiguous,
    NdcWrongForm,
    cas_weighted_sum,
    check_cas,
    parse_ndc,
)
from tests.compounding.refusals import assert_refused


@pytest.mark.parametrize("cas", ["16590-41-3", "16676-29-2", "7732-18-5", "50-00-0"])
def test_real_cas_numbers(cas: str) -> None:
    assert check_cas(cas) == cas


def test_the_sum_counts_places_from_the_right() -> None:
    assert cas_weighted_sum("16590-41-3") == 113


def test_a_wrong_digit_is_caught() -> None:
    assert_refused(
        CasWrongCheckDigit,
        "16590-41-4 is not a CAS number: one of its digits is wrong.",
        lambda: check_cas("16590-41-4"),
    )


@pytest.mark.parametrize(
    "cas",
    ["", "16590413", "1-00-0", "12345678-00-0", "50-000-0", "50-00-00", "50-00-0 ", "5٠-00-0"],
)
def test_another_form_is_refused(cas: str) -> None:
    assert_refused(
        CasWrongForm,
        f"“{cas}” is not a CAS number such as 16676-29-2.",
        lambda: check_cas(cas),
    )


@pytest.mark.parametrize(
    ("text", "eleven_hyphenated", "twelve"),
    [
        ("0409-3977-03", "00409-3977-03", "000409-3977-03"),
        ("51407-959-01", "51407-0959-01", "051407-0959-01"),
        ("68071-3654-3", "68071-3654-03", "068071-3654-03"),
        (" 51407-0959-01 ", "51407-0959-01", "051407-0959-01"),
        ("051407-0959-01", "51407-0959-01", "051407-0959-01"),
    ],
)
def test_the_short_segment_is_padded(text: str, eleven_hyphenated: str, twelve: str) -> None:
    ndc = parse_ndc(text)
    assert ndc.eleven_hyphenated == eleven_hyphenated
    assert ndc.eleven == eleven_hyphenated.replace("-", "")
    assert ndc.twelve == twelve


def test_ten_digits_without_hyphens_are_ambiguous() -> None:
    assert_refused(
        NdcAmbiguous,
        "0409397703 could be 4-4-2, 5-3-2 or 5-4-1. Write it with its hyphens, as on the package.",
        lambda: parse_ndc("0409397703"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678901",
        "0409-3977",
        "0409-397-03",
        "0409-3977-3",
        "O409-3977-03",
        "0409-3977-03-1",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    assert_refused(
        NdcWrongForm, f"“{text}” is not an NDC such as 51407-959-01.", lambda: parse_ndc(text)
    )


def test_a_labeller_of_six_digits_has_no_eleven() -> None:
    ndc = parse_ndc("151407-0959-01")
    assert ndc.twelve == "151407-0959-01"
    assert_refused(
        NdcWrongForm,
        "The labeller 151407 does not fit into eleven digits.",
        lambda: ndc.eleven,
    )


@pytest.mark.parametrize(
    ("digits", "shape", "eleven"),
    [
        ("0409397703", "4-4-2", "00409-3977-03"),
        ("5140795901", "5-3-2", "51407-0959-01"),
        (" 6807136543 ", " 5-4-1 ", "68071-3654-03"),
        ("51407-959-01", "5-3-2", "51407-0959-01"),
    ],
)
def test_a_stated_shape_says_which_segment_is_short(digits: str, shape: str, eleven: str) -> None:
    assert parse_ndc(digits, shape=shape).eleven_hyphenated == eleven


def test_a_shape_that_is_not_that_of_the_code_is_refused() -> None:
    assert_refused(
        NdcWrongForm,
        "51407-959-01 is not written 5-4-1.",
        lambda: parse_ndc("51407-959-01", shape="5-4-1"),
    )
    assert_refused(
        NdcWrongForm,
        "No NDC is written 3-4-3.",
        lambda: parse_ndc("0409397703", shape="3-4-3"),
    )
    assert_refused(
        NdcAmbiguous,
        "0409397703 could be 4-4-2, 5-3-2 or 5-4-1. Write it with its hyphens, as on the package.",
        lambda: parse_ndc("0409397703", shape="5-4-2"),
    )


def test_a_labeller_of_six_digits_loses_a_leading_zero_alone() -> None:
    assert parse_ndc("051407-0959-01").eleven_hyphenated == "51407-0959-01"
