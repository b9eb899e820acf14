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


MORE: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("more_vectors.json").read_text(encoding="utf-8")
)
"""Other numbers in every topic, worked out in fractions without this package; a quarter must be refused."""
OURS = [vector for vector in MORE if vector["topic"] in TOPICS]


def test_more_vectors_cover_every_topic() -> None:
    assert {vector["topic"] for vector in MORE} >= {vector["topic"] for vector in _ALL}
    assert len({vector["id"] for vector in MORE}) == len(MORE) == 319
    assert sum("error" in vector["expected"] for vector in MORE) == 84


@pytest.mark.parametrize("vector", _by_id(OURS))
def test_one_more_vector(vector: dict[str, Any]) -> None:
    report = check_vectors([vector], TOPICS)
    assert [str(mismatch) for mismatch in report.mismatches] == []


def test_a_wrong_answer_to_one_more_vector_is_never_passed() -> None:
    for vector in OURS:
        for changed in _wrong_answers(vector):
            if _MUST_DIFFER not in vector["expected"]:
                assert check_vectors([changed], TOPICS).failed == 1, changed


def test_what_must_be_refused_is_refused_by_name() -> None:
    for vector in OURS:
        if "error" in vector["expected"]:
            with pytest.raises(Refusal) as refused:
                TOPICS[vector["topic"]](VectorInputs(vector["inputs"]))
            assert type(refused.value) is not Refusal
            assert len(str(refused.value)) > 20, vector["id"]
