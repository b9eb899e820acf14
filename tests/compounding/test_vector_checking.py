"""The checker: what counts as the right answer, and what it says of a wrong one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from compounding.vectors import TOPICS, check_vectors

_MWQ = {
    "id": "X",
    "topic": "minimum_weighable_quantity",
    "inputs": {"sensitivity_requirement_mg": "6", "max_error_pct": "7"},
    "rounding": "0.1 mg",
}


def _lines(vector: dict[str, Any]) -> list[str]:
    report = check_vectors([vector], TOPICS)
    assert report.failed == 1
    return [str(mismatch) for mismatch in report.mismatches]


def test_a_mismatch_says_what_was_expected_and_what_came_out() -> None:
    assert _lines({**_MWQ, "expected": {"mwq_mg": "85.8"}}) == [
        "X: expected mwq_mg=85.8, got 85.714285714286"
    ]


def test_the_report_counts_vectors_and_not_answers() -> None:
    right = {**_MWQ, "expected": {"mwq_mg": "85.7"}}
    wrong = {**_MWQ, "expected": {"mwq_mg": "85.8", "mwq_g": "0.0857"}}
    report = check_vectors([right, wrong, right], TOPICS)
    assert str(report) == "2 passed, 1 failed"
    assert len(report.mismatches) == 2


def test_an_answer_that_nobody_gives_is_a_mismatch() -> None:
    assert _lines({**_MWQ, "expected": {"mwq_kg": "1"}}) == [
        "X: expected mwq_kg=1, got no such answer"
    ]


def test_a_number_where_an_error_is_expected_is_a_mismatch() -> None:
    assert _lines({**_MWQ, "expected": {"error": "too small"}}) == [
        "X: expected error=too small, got mwq_mg=85.714285714286"
    ]


def test_an_error_where_a_number_is_expected_is_a_mismatch() -> None:
    vector = {**_MWQ, "inputs": {"sensitivity_requirement_mg": "0", "max_error_pct": "7"}}
    assert _lines({**vector, "expected": {"mwq_mg": "85.7"}}) == [
        "X: expected mwq_mg=85.7, got a refusal: The sensitivity requirement must be more than 0, not 0."
    ]
    assert check_vectors([{**vector, "expected": {"error": "zero"}}], TOPICS).passed == 1


def test_a_topic_without_a_rule_is_a_mismatch() -> None:
    assert _lines({**_MWQ, "topic": "astrology", "expected": {"sign": "Leo"}}) == [
        "X: expected sign=Leo, got no rule for astrology"
    ]


def test_a_vector_that_expects_nothing_is_a_mismatch() -> None:
    assert _lines({**_MWQ, "expected": {}}) == ["X: expected something, got nothing to check"]


def test_a_vector_with_parts_missing_is_a_mismatch() -> None:
    assert _lines({"id": "X", "topic": "bud"}) == ["X: expected inputs, expected, got nothing"]
    assert _lines({"topic": "bud", "inputs": [], "expected": {}}) == [
        "a vector without id: expected inputs and expected by name, got something else"
    ]


def test_an_exact_answer_must_agree_in_every_place() -> None:
    exact = {**_MWQ, "inputs": {"sensitivity_requirement_mg": "6", "max_error_pct": "5.12"}}
    rounded_up = {**exact, "expected": {"mwq_mg": "117"}}
    assert check_vectors([rounded_up], TOPICS).passed == 1
    assert check_vectors([{**rounded_up, "rounding": "exact"}], TOPICS).failed == 1
    to_the_end = {**exact, "rounding": "exact", "expected": {"mwq_mg": "117.1875"}}
    assert check_vectors([to_the_end], TOPICS).passed == 1


def test_an_exact_answer_that_never_ends_is_rounded() -> None:
    vector = {**_MWQ, "rounding": "exact", "expected": {"mwq_mg": "85.71"}}
    assert check_vectors([vector], TOPICS).passed == 1


@pytest.mark.parametrize(
    ("expected", "answer", "passes"),
    [
        ("1.2150 g", "1.215 g", True),
        ("1.2151 g", "1.215 g", False),
        (None, None, True),
        (None, "", False),
        (True, True, True),
        (True, 1, False),
        ("1", True, False),
        ("text", Decimal(1), False),
        (5, Decimal("5.2"), True),
        (Decimal("5.2"), Decimal("5.24"), True),
        (["1", "2"], (Decimal(1), Decimal(2)), True),
        (["1"], (Decimal(1), Decimal(2)), False),
        ({"1.50": "2"}, {"1.5": 2}, True),
        ({"1.5": "2"}, {"1.5": 2, "3": 1}, False),
        ({"a": "1"}, ["a"], False),
        (["1"], Decimal(1), False),
    ],
)
def test_what_counts_as_the_same_answer(expected: Any, answer: Any, passes: bool) -> None:
    vector = {"id": "X", "topic": "t", "inputs": {}, "expected": {"it": expected}}
    report = check_vectors([vector], {"t": lambda _: {"it": answer}})
    assert (report.passed, report.failed) == ((1, 0) if passes else (0, 1))


def test_an_invalid_number_counts_as_refused() -> None:
    vector = {"id": "X", "topic": "t", "inputs": {}, "expected": {"error": "no such number"}}
    assert check_vectors([vector], {"t": lambda _: {"valid": False}}).passed == 1
    assert check_vectors([vector], {"t": lambda _: {"valid": True}}).failed == 1


def test_answers_are_shown_in_plain_digits() -> None:
    answer = {"list": [Decimal("1E+2"), None], "pair": (True, "x"), "map": {"1.5": Decimal("0.50")}}
    vector = {"id": "X", "topic": "t", "inputs": {}, "expected": {"error": "none"}}
    report = check_vectors([vector], {"t": lambda _: answer})
    assert [str(mismatch) for mismatch in report.mismatches] == [
        "X: expected error=none, got list=[100, None]; pair=[True, x]; map={1.5: 0.5}"
    ]
