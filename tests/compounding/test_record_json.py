"""Frozen records to JSON and back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from compounding.worksheets.record_json import NotThisRecord, from_plain, to_plain
from tests.compounding.refusals import assert_refused


class _Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class _Part:
    amount: Decimal


@dataclass(frozen=True)
class _Record:
    name: str
    count: int
    kept: bool
    colour: _Colour
    parts: tuple[_Part, ...]
    spare: Decimal | None = None


_RECORD = _Record("drug", 3, True, _Colour.RED, (_Part(Decimal("1E+2")), _Part(Decimal("0.50"))))
_PLAIN: dict[str, Any] = {
    "name": "drug",
    "count": "3",
    "kept": True,
    "colour": "red",
    "parts": [{"amount": "100"}, {"amount": "0.50"}],
    "spare": None,
}


def test_numbers_travel_as_strings() -> None:
    assert to_plain(_RECORD) == _PLAIN
    assert from_plain(_Record, _PLAIN) == _RECORD
    assert from_plain(_Record, {**_PLAIN, "spare": "1.5"}).spare == Decimal("1.5")


def test_a_whole_number_comes_back_as_one() -> None:
    assert type(from_plain(_Record, _PLAIN).count) is int


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"parts": "none"}, "'none' is not a list."),
        ({"count": 3}, "3 should be text."),
        ({"kept": "yes"}, "'yes' should be true or false."),
        ({"parts": ["x"]}, "This is no _Part: 'x'"),
        ({"parts": [{}]}, "This is no _Part: {}"),
        (
            {"parts": [{"amount": "1", "more": "1"}]},
            "This is no _Part: {'amount': '1', 'more': '1'}",
        ),
    ],
)
def test_another_shape_is_refused(change: dict[str, Any], sentence: str) -> None:
    assert_refused(NotThisRecord, sentence, lambda: from_plain(_Record, {**_PLAIN, **change}))


def test_what_json_cannot_hold_is_refused() -> None:
    assert_refused(
        NotThisRecord, "0.5 cannot be written as JSON.", lambda: to_plain((Decimal(1), 0.5))
    )
    assert_refused(NotThisRecord, f"{_Part!r} cannot be written as JSON.", lambda: to_plain(_Part))


def test_a_number_that_is_none_is_refused() -> None:
    assert_refused(
        NotThisRecord,
        "'much' is no Decimal.",
        lambda: from_plain(_Record, {**_PLAIN, "spare": "much"}),
    )
    assert_refused(
        NotThisRecord,
        "'green' is no _Colour.",
        lambda: from_plain(_Record, {**_PLAIN, "colour": "green"}),
    )
    assert_refused(
        NotThisRecord, "'1.5' is no int.", lambda: from_plain(_Record, {**_PLAIN, "count": "1.5"})
    )


def test_what_has_a_default_may_be_missing_and_nothing_else() -> None:
    older = {name: value for name, value in _PLAIN.items() if name != "spare"}
    assert from_plain(_Record, older) == _RECORD
    del older["count"]
    with pytest.raises(NotThisRecord):
        from_plain(_Record, older)
    with pytest.raises(NotThisRecord):
        from_plain(_Record, {**_PLAIN, "more": "1"})
