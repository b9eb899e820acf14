"""Comparing answers with what a vector expects of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compounding import wording
from compounding.arithmetic import exactly, round_half_up, settle
from compounding.errors import Refusal
from compounding.vectors.inputs import Answers, Evaluator, VectorInputs, to_number

_MOST_EXACT_PLACES = 12
_MOST_SHOWN = 200
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_MUST_DIFFER = "must_not_equal_"
_REFUSING_VERDICTS = ("valid", "soluble")
"""A number that is not valid, a stock that does not dissolve: said, and therefore refused."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One answer that is not what its vector expects."""

    vector_id: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.vector_id}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True, slots=True)
class Report:
    """How many vectors passed and failed, and every mismatch."""

    passed: int
    failed: int
    mismatches: tuple[Mismatch, ...]

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


def check_vectors(vectors: Iterable[Mapping[str, Any]], topics: Mapping[str, Evaluator]) -> Report:
    """Return the report on these vectors. A vector that expects an error must be refused."""
    passed = failed = 0
    found: list[Mismatch] = []
    for vector in vectors:
        mismatches = _check(vector, topics)
        found += mismatches
        passed, failed = (passed, failed + 1) if mismatches else (passed + 1, failed)
    return Report(passed, failed, tuple(found))


def _check(vector: Mapping[str, Any], topics: Mapping[str, Evaluator]) -> list[Mismatch]:
    vector_id = str(vector.get("id", "a vector without id"))
    lacking = [part for part in ("topic", "inputs", "expected") if part not in vector]
    if lacking:
        return [Mismatch(vector_id, ", ".join(lacking), "nothing")]
    if not isinstance(vector["inputs"], Mapping) or not isinstance(vector["expected"], Mapping):
        return [Mismatch(vector_id, "inputs and expected by name", "something else")]
    expected, topic = vector["expected"], vector["topic"]
    evaluate = topics.get(topic) if isinstance(topic, str) else None
    if evaluate is None:
        return [Mismatch(vector_id, _listed(expected), f"no rule for {_shown(topic)}")]
    try:
        answers = evaluate(VectorInputs(vector["inputs"]))
    except Refusal as refusal:
        if "error" in expected:
            return []
        return [Mismatch(vector_id, _listed(expected), f"a refusal: {refusal}")]
    if "error" in expected:
        refused = any(answers.get(verdict) is False for verdict in _REFUSING_VERDICTS)
        return [] if refused else [Mismatch(vector_id, _listed(expected), _listed(answers))]
    exact = vector.get("rounding") == "exact"
    return _compare(vector_id, expected, answers, exact=exact)


def _compare(
    vector_id: str, expected: Mapping[str, Any], answers: Answers, *, exact: bool
) -> list[Mismatch]:
    mismatches: list[Mismatch] = []
    given = {_plain_key(key): answer for key, answer in answers.items()}
    for key, value in expected.items():
        wanted = f"{key}={_shown(value)}"
        if _plain_key(key) not in given:
            mismatches.append(Mismatch(vector_id, wanted, "no such answer"))
            continue
        answer = given[_plain_key(key)]
        if _agrees(value, answer, exact=exact) is key.startswith(_MUST_DIFFER):
            mismatches.append(Mismatch(vector_id, wanted, _shown(answer)))
    return mismatches or (
        [] if expected else [Mismatch(vector_id, "something", "nothing to check")]
    )


def _agrees(expected: Any, answer: Any, *, exact: bool) -> bool:
    if expected is None or isinstance(expected, bool) or isinstance(answer, bool):
        return expected is answer
    if isinstance(expected, Mapping):
        return isinstance(answer, Mapping) and _all_agree(expected, answer, exact=exact)
    if isinstance(expected, list):
        return isinstance(answer, list | tuple) and _each_agrees(expected, answer, exact=exact)
    if isinstance(answer, Decimal | int):
        return _number_agrees(expected, Decimal(answer), exact=exact)
    return _text_agrees(str(expected), str(answer))


def _all_agree(expected: Mapping[str, Any], answer: Mapping[str, Any], *, exact: bool) -> bool:
    """Compare name by name; a count of nothing may be left out on either side."""
    wanted = {_plain_key(key): value for key, value in expected.items()}
    got = {_plain_key(key): value for key, value in answer.items()}
    return all(_agrees(wanted.get(key, 0), got.get(key, 0), exact=exact) for key in {*wanted, *got})


def _each_agrees(expected: Sequence[Any], answer: Sequence[Any], *, exact: bool) -> bool:
    """Compare one by one; of a row that is named, only what is expected of it."""
    return len(expected) == len(answer) and all(
        _agrees(wanted, _as_far_as(wanted, got), exact=exact)
        for wanted, got in zip(expected, answer, strict=True)
    )


def _as_far_as(wanted: Any, got: Any) -> Any:
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        return {key: value for key, value in got.items() if key in wanted}
    return got


@exactly
def _number_agrees(expected: object, answer: Decimal, *, exact: bool) -> bool:
    """Compare with as many places as are expected; an exact answer that ends must agree in all."""
    try:
        wanted = to_number(expected, "The expected number")
    except Refusal:
        return False
    settled = settle(answer)
    if exact and _places(settled.normalize()) <= _MOST_EXACT_PLACES:
        return settled == wanted
    return round_half_up(settled, _places(wanted)) == wanted


def _text_agrees(expected: str, answer: str) -> bool:
    """Compare texts; decimals inside them count as numbers, so that 1.2150 g is 1.215 g.

    Whole numbers do not: the zeros that lead a National Drug Code belong to it.
    """
    return _with_plain_numbers(expected) == _with_plain_numbers(answer)


def _with_plain_numbers(text: str) -> str:
    return _DECIMAL.sub(lambda found: wording.number(Decimal(found[0])), text)


def _plain_key(key: object) -> str:
    return _with_plain_numbers(str(key))


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _shown(value: Any) -> str:
    if (
        isinstance(value, Decimal)
        and value.is_finite()
        and (value == 0 or abs(value.adjusted()) <= _MOST_EXACT_PLACES * 2)
    ):
        return wording.rounded(value, _MOST_EXACT_PLACES)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_shown(part) for part in value) + "]"
    written = str(value)
    return written if len(written) <= _MOST_SHOWN else f"{written[:_MOST_SHOWN]}…"


def _listed(answers: Mapping[str, Any]) -> str:
    return "; ".join(f"{key}={_shown(value)}" for key, value in answers.items())
