"""115 calculations worked out by hand and by other programs. Prescribers' numbers are checked elsewhere."""

from __future__ import annotations

import copy
import json
from decimal import ROUND_DOWN, Context, Inexact, localcontext
from pathlib import Path
from typing import Any

import pytest

from compounding.errors import Refusal
from compounding.vectors import TOPICS, VectorInputs, check_vectors

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
)


def _by_id(vectors: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(vector, id=vector["id"]) for vector in vectors]


def test_every_topic_has_its_rule() -> None:
    assert {vector["topic"] for vector in VECTORS} == set(TOPICS)
    assert len(VECTORS) == 115


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


MORE: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("more_vectors.json").read_text(encoding="utf-8")
)
"""Other numbers in every topic, worked out in fractions without this package; a quarter must be refused."""


def test_more_vectors_cover_every_topic() -> None:
    assert {vector["topic"] for vector in MORE} >= {vector["topic"] for vector in VECTORS}
    assert len({vector["id"] for vector in MORE}) == len(MORE) == 319
    assert sum("error" in vector["expected"] for vector in MORE) == 84


@pytest.mark.parametrize("vector", _by_id(MORE))
def test_one_more_vector(vector: dict[str, Any]) -> None:
    report = check_vectors([vector], TOPICS)
    assert [str(mismatch) for mismatch in report.mismatches] == []


def test_a_wrong_answer_to_one_more_vector_is_never_passed() -> None:
    for vector in MORE:
        for changed in _wrong_answers(vector):
            if _MUST_DIFFER not in vector["expected"]:
                assert check_vectors([changed], TOPICS).failed == 1, changed


def test_what_must_be_refused_is_refused_by_name() -> None:
    for vector in MORE:
        if "error" in vector["expected"]:
            assert len(_why_not(vector)) > 20, vector["id"]


def _why_not(vector: dict[str, Any]) -> str:
    """Return the sentence of the refusal, or of the answer that a number is not valid."""
    try:
        answers = TOPICS[vector["topic"]](VectorInputs(vector["inputs"]))
    except Refusal as refusal:
        return "" if type(refusal) is Refusal else str(refusal)
    assert answers["valid"] is False
    return str(answers["reason"])
