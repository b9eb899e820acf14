"""NPI and DEA numbers, and the worked calculations about them."""

from collections.abc import Callable
from typing import Any

import pytest

from compounding.errors import Refusal
from compounding.prescriber_numbers import (
    DeaWrongCheckDigit,
    DeaWrongForm,
    NpiWrongCheckDigit,
    NpiWrongLength,
    NpiWrongStart,
    check_dea,
    check_npi,
    dea_check_digit,
    dea_letter_matches,
    dea_sum,
    npi_check_digit,
)
from compounding.vectors import TOPICS, check_vectors


def _is_npi(npi: str) -> bool:
    try:
        check_npi(npi)
    except Refusal:
        return False
    return True


def test_every_single_wrong_digit_is_caught() -> None:
    right = "1234567893"
    wrong = [
        right[:place] + digit + right[place + 1 :]
        for place in range(10)
        for digit in "0123456789"
        if digit != right[place]
    ]
    assert _is_npi(right)
    assert not any(_is_npi(npi) for npi in wrong)


def test_neighbours_swapped_are_caught_but_for_nine_and_nought() -> None:
    assert _is_npi("1234567893")
    assert not _is_npi("1243567893")
    assert _is_npi("1090000005")
    assert _is_npi("1900000005")


def test_check_digits() -> None:
    assert npi_check_digit("123456789") == 3
    assert npi_check_digit("234567891") == 8
    assert dea_check_digit("123456") == 3
    assert dea_sum("583672") == 47


def test_a_dea_number_is_given_back_in_capitals() -> None:
    assert check_dea("ap5836727") == "AP5836727"
    assert check_dea("A95836727") == "A95836727"


def test_the_second_letter_is_the_registrants_initial() -> None:
    assert dea_letter_matches("AJ5184279", last_name="Jones")
    assert dea_letter_matches("AJ5184279", last_name=" jones")
    assert dea_letter_matches("A95184279", last_name="Jones")
    assert not dea_letter_matches("AJ5184279", last_name="Smith")
    assert not dea_letter_matches("AJ5184279", last_name="")


_REFUSED: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        NpiWrongCheckDigit,
        "1234567890 is not an NPI: one of its digits is wrong.",
        lambda: check_npi("1234567890"),
    ),
    (
        NpiWrongStart,
        "An NPI begins with 1 or 2, and 3234567893 does not.",
        lambda: check_npi("3234567893"),
    ),
    (
        NpiWrongStart,
        "An NPI begins with 1 or 2, and 323456789 does not.",
        lambda: npi_check_digit("323456789"),
    ),
    (NpiWrongLength, "“12345678” is not nine digits.", lambda: npi_check_digit("12345678")),
    (
        DeaWrongCheckDigit,
        "AB4523763 is not a DEA number: one of its digits is wrong.",
        lambda: check_dea("AB4523763"),
    ),
    (DeaWrongForm, "“12345” is not six digits.", lambda: dea_sum("12345")),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _REFUSED)
def test_what_is_refused(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    with pytest.raises(kind) as refused:
        act()
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "npi",
    ["", "123456789", "12345678933", "123456789x", " 1234567893", "１234567893", "1234567893\n"],
)
def test_an_npi_is_ten_digits(npi: str) -> None:
    with pytest.raises(NpiWrongLength, match="has ten digits"):
        check_npi(npi)


@pytest.mark.parametrize(
    "dea", ["", "A5836727", "1P5836727", "AP583672", "AP58367270", "APx836727"]
)
def test_a_dea_number_is_two_letters_and_seven_digits(dea: str) -> None:
    with pytest.raises(DeaWrongForm, match="two letters and seven digits"):
        check_dea(dea)


@pytest.mark.parametrize(
    ("topic", "inputs", "expected"),
    [
        ("npi_validate", {"npi": "12"}, {"valid": False}),
        ("npi_validate", {"npi": "12"}, {"error": "ten digits"}),
        ("dea_validate", {"dea": "AP"}, {"valid": False}),
        ("dea_validate", {"dea": "AP"}, {"error": "nine characters"}),
        ("npi_check_digit", {"first_nine": "12"}, {"error": "nine digits"}),
        ("dea_check_digit", {"letters": "AB", "six": "12"}, {"error": "six digits"}),
    ],
)
def test_a_number_of_another_form_is_not_valid(
    topic: str, inputs: dict[str, str], expected: dict[str, Any]
) -> None:
    vector = {"id": "X", "topic": topic, "inputs": inputs, "expected": expected}
    assert check_vectors([vector], TOPICS).passed == 1
