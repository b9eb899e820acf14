"""115 calculations worked out by hand and by other programs. Prescribers' numbers are checked elsewhere."""

from __future__ import annotations

import copy
import json
from decimal import ROUND_DOWN, Context, Decimal, Inexact, localcontext
from pathlib import Path
from typing import Any

import pytest

from compounding.vectors import TOPICS, VectorInputs, check_vectors

_ALL: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
)
VECTORS = [vector for vector in _ALL if vector["topic"] in TOPICS]


def _by_id(vectors: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(vector, id=vector["id"]) for vector in vectors]


def test_only_prescribers_numbers_are_left_to_another_room() -> None:
    elsewhere = {vector["topic"] for vector in _ALL} - set(TOPICS)
    assert elsewhere == {
        "npi_check_digit",
        "npi_validate",
        "npi_validate_transposition",
        "npi_luhn_blind_spot",
        "dea_check_digit",
        "dea_validate",
    }
    assert (len(_ALL), len(VECTORS)) == (115, 105)


@pytest.mark.parametrize("vector", _by_id(VECTORS))
def test_vector(vector: dict[str, Any]) -> None:
    report = check_vectors([vector], TOPICS)
    assert [str(mismatch) for mismatch in report.mismatches] == []
    assert report.passed == 1


@pytest.mark.parametrize("vector", _by_id(VECTORS))
def test_vector_does_not_depend_on_the_arithmetic_of_the_process(vector: dict[str, Any]) -> None:
    careless = Context(prec=3, rounding=ROUND_DOWN, traps=[Inexact])
    with localcontext(careless):
        report = check_vectors([vector], TOPICS)
    assert [str(mismatch) for mismatch in report.mismatches] == []


def _wrong_answers(vector: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the vector once for each of its answers, with that answer changed."""
    changed = []
    for key, value in vector["expected"].items():
        other = copy.deepcopy(vector)
        other["expected"][key] = _changed(value)
        changed.append(other)
    return [] if "error" in vector["expected"] else changed


def _changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, list):
        return [*value[:-1], _changed(value[-1])]
    if isinstance(value, dict):
        return {key: _changed(part) for key, part in value.items()}
    if (
        isinstance(value, str)
        and value.replace(".", "").replace("-", "").isdigit()
        and value[0] != "-"
    ):
        return _last_digit_changed(value)
    return f"{value}!"


def _last_digit_changed(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


_MUST_DIFFER = "must_not_equal_mg"


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(changed, id=f"{vector['id']}-{number}")
        for vector in VECTORS
        for number, changed in enumerate(_wrong_answers(vector))
        if _MUST_DIFFER not in vector["expected"]
    ],
)
def test_a_wrong_answer_is_never_passed(vector: dict[str, Any]) -> None:
    assert check_vectors([vector], TOPICS).failed == 1


def test_an_answer_that_must_differ_fails_when_it_does_not() -> None:
    [trap] = [vector for vector in VECTORS if _MUST_DIFFER in vector["expected"]]
    double = {**trap, "expected": {_MUST_DIFFER: trap["expected"]["api_weigh_mg"]}}
    assert check_vectors([double], TOPICS).failed == 1


# The checker itself

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


# Reading inputs


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        ("number", "abc", "it is not a number: 'abc'."),
        ("number", None, "it should be a number, not None."),
        ("number", True, "it should be a number, not True."),
        ("number", "NaN", "it must be a decimal number, not NaN."),
        ("number", "1" * 400, "it is written with more digits than any balance or record holds."),
        ("whole", "1.5", "it is not a whole number: '1.5'."),
        ("text", 5, "The input it should be text, not 5."),
        ("items", "a", "The input it should be a list, not 'a'."),
        ("flag", "yes", "The input it should be true or false, not 'yes'."),
        ("date", "2026-13-01", "The input it is not a date: '2026-13-01'."),
        ("pair", ["1"], "A row of it should hold 2 values: ['1']."),
    ],
)
def test_an_input_that_cannot_be_read_is_refused(read: str, value: Any, sentence: str) -> None:
    def evaluate(inputs: VectorInputs) -> dict[str, Any]:
        return {"it": getattr(inputs, read)("it")}

    vector = {"id": "X", "topic": "t", "inputs": {"it": value}, "expected": {"it": "1"}}
    report = check_vectors([vector], {"t": evaluate})
    assert [mismatch.got for mismatch in report.mismatches] == [f"a refusal: {sentence}"]


def test_a_missing_input_is_refused() -> None:
    vector = {**_MWQ, "inputs": {}, "expected": {"mwq_mg": "1"}}
    assert _lines(vector) == [
        "X: expected mwq_mg=1, got a refusal: The input sensitivity_requirement_mg is missing."
    ]


@pytest.mark.parametrize(
    ("topic", "changes", "sentence"),
    [
        ("potency_correction", {"assay_basis": "guessed"}, "No assay basis is called guessed."),
        (
            "stock_triturate_1_in_100",
            {"strength_w_w": "weak"},
            "“weak” is not a dilution such as 1:100.",
        ),
        (
            "capsule_filler_pack_stat",
            {"dye_pack_stat_mg": "9"},
            "There is no amount for dye_pack_stat_mg.",
        ),
        (
            "capsule_size_selection",
            {"capsule_volumes_ml": []},
            "capsule_volumes_ml should name sizes: [].",
        ),
        ("dose_to_drops_table", {"doses_mg": "many"}, "“many” is not a range of doses."),
        (
            "dose_to_drops_table",
            {"doses_mg": "1 to 2 step 0"},
            "The step between doses must be more than 0.",
        ),
        ("scale_formula", {"formula_100_ml": [["x", "a lot"]]}, "“a lot” is not an amount of x."),
        ("cost_rollup", {"lines": [["x", "1 g", "2/mL"]]}, "1 g of x cannot be priced at 2/mL."),
        ("bud", {"type": "holy"}, "No class of preparation is called holy."),
        (
            "titration_liquid",
            {"schedule": "slowly"},
            "“slowly” is not a schedule we can read.",
        ),
        (
            "titration_drop_to_half_resume_same_step",
            {"rule": "half dose for 7 days, then wait"},
            "“half dose for 7 days, then wait” is not a rule we can read.",
        ),
    ],
)
def test_a_vector_in_another_form_is_refused(
    topic: str, changes: dict[str, Any], sentence: str
) -> None:
    [vector, *_] = [vector for vector in VECTORS if vector["topic"] == topic]
    changed = {**vector, "inputs": {**vector["inputs"], **changes}}
    report = check_vectors([changed], TOPICS)
    assert [mismatch.got for mismatch in report.mismatches] == [f"a refusal: {sentence}"]


def test_a_formula_must_say_for_which_size_it_is() -> None:
    vector = {"id": "X", "topic": "scale_formula", "inputs": {}, "expected": {"factor": "1"}}
    report = check_vectors([vector], TOPICS)
    assert [mismatch.got for mismatch in report.mismatches] == [
        "a refusal: There is no formula to scale."
    ]


def test_plain_numbers_are_read_like_numbers_in_text() -> None:
    vector = {
        **_MWQ,
        "inputs": {"sensitivity_requirement_mg": 6, "max_error_pct": Decimal(5)},
        "expected": {"mwq_mg": 120},
    }
    assert check_vectors([vector], TOPICS).passed == 1
