"""How many typing slips lie between two words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.screening.spelling import letters_mask, slips

WORDS = st.text(alphabet="abcde", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("codeine", "codeine", 0),
        ("codeine", "codiene", 1),
        ("codeine", "codein", 1),
        ("codeine", "kodeine", 1),
        ("codeine", "codeeine", 1),
        ("tramadol", "trazodone", None),
        ("fentanyl", "fentynal", 2),
        ("vitamin", "vicadin", 2),
        ("ab", "ba", 1),
        ("", "ab", 2),
    ],
)
def test_slips_between_words(one: str, other: str, apart: int | None) -> None:
    assert slips(one, other, 2) == apart


@given(WORDS, WORDS)
def test_slips_are_the_same_both_ways(one: str, other: str) -> None:
    assert slips(one, other, 3) == slips(other, one, 3)


@given(WORDS, WORDS)
def test_the_limit_only_hides_what_lies_beyond(one: str, other: str) -> None:
    apart = slips(one, other, 16)
    assert apart is not None
    assert slips(one, other, 2) == (apart if apart <= 2 else None)


@given(WORDS, WORDS)
def test_the_cheap_test_never_throws_out_a_near_word(one: str, other: str) -> None:
    apart = slips(one, other, 16)
    assert apart is not None
    assert (letters_mask(one) ^ letters_mask(other)).bit_count() <= 2 * apart
