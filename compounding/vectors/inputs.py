"""Reading the inputs of a vector. Whatever cannot be read is refused, never guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from compounding import given
from compounding.arithmetic import exactly
from compounding.errors import Refusal

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_MOST_DIGITS = 60
_MOST_SHOWN = 80
_MG_IN = {"ug": Decimal("0.001"), "mcg": Decimal("0.001"), "g": Decimal(1000)}

Answers: TypeAlias = dict[str, Any]
"""The answers of one vector: unrounded numbers, booleans, text, or lists and dicts of them."""


class VectorUnreadable(Refusal):
    """A vector lacks an input, or holds it in a form nobody can read."""


class VectorInputs:
    """The inputs of one vector, read by name and kind."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self._inputs = inputs

    def __contains__(self, name: str) -> bool:
        return name in self._inputs

    def __iter__(self) -> Iterator[str]:
        return iter(self._inputs)

    def raw(self, name: str) -> Any:
        """Return the input as it stands. Raises `VectorUnreadable` if there is none."""
        if name not in self._inputs:
            raise VectorUnreadable(f"The input {name} is missing.")
        return self._inputs[name]

    def text(self, name: str) -> str:
        """Return a text."""
        return to_text(self.raw(name), f"The input {name}")

    def digits(self, name: str) -> str:
        """Return a text, or the digits of a number that names something and counts nothing."""
        value = self.raw(name)
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return str(value) if is_whole else self.text(name)

    @exactly
    def number(self, name: str) -> Decimal:
        """Return a number. What is asked for as `dose_mg` may be given as `dose_ug` or `dose_g`."""
        stem = name.removesuffix("_mg")
        others = [unit for unit in _MG_IN if stem != name and f"{stem}_{unit}" in self]
        if not others:
            return to_number(self.raw(name), name)
        if name in self or len(others) > 1:
            raise VectorUnreadable(f"The input {name} is given in two units.")
        given_as = f"{stem}_{others[0]}"
        return to_number(self.raw(given_as), given_as) * _MG_IN[others[0]]

    def number_or(self, name: str, default: Decimal) -> Decimal:
        """Return a number, or the default if the input is not there."""
        return self.number(name) if name in self else default

    def first_number(self, *names: str) -> Decimal | None:
        """Return the first of these inputs that is there, or None."""
        return next((self.number(name) for name in names if name in self), None)

    def whole(self, name: str) -> int:
        """Return a whole number."""
        return to_whole(self.raw(name), name)

    def numbers(self, name: str) -> list[Decimal]:
        """Return a list of numbers."""
        return [to_number(value, name) for value in self.items(name)]

    def pair(self, name: str) -> tuple[Decimal, Decimal]:
        """Return two numbers."""
        first, second = self.tuples(name, 2, self.items(name))[0]
        return to_number(first, name), to_number(second, name)

    def rows(self, name: str, width: int) -> list[tuple[Any, ...]]:
        """Return a list of rows of that width."""
        return self.tuples(name, width, *self.items(name))

    def text_rows(self, name: str, width: int) -> list[tuple[str, ...]]:
        """Return a list of rows of that width that hold nothing but text."""
        rows = self.rows(name, width)
        return [tuple(to_text(value, f"A row of {name}") for value in row) for row in rows]

    def items(self, name: str) -> list[Any]:
        """Return a list as it stands."""
        value = self.raw(name)
        if not isinstance(value, list):
            raise VectorUnreadable(f"The input {name} should be a list, not {_shown(value)}.")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a yes or no."""
        value = self._inputs.get(name, default)
        if not isinstance(value, bool):
            raise VectorUnreadable(
                f"The input {name} should be true or false, not {_shown(value)}."
            )
        return value

    def date(self, name: str) -> datetime.date:
        """Return a date."""
        try:
            return datetime.date.fromisoformat(self.text(name))
        except ValueError:
            raise VectorUnreadable(
                f"The input {name} is not a date: {_shown(self.raw(name))}."
            ) from None

    @staticmethod
    def tuples(name: str, width: int, *rows: Any) -> list[tuple[Any, ...]]:
        """Return the rows as tuples of that width."""
        for row in rows:
            if not isinstance(row, list) or len(row) != width:
                raise VectorUnreadable(
                    f"A row of {name} should hold {width} values: {_shown(row)}."
                )
        return [tuple(row) for row in rows]


Evaluator: TypeAlias = Callable[[VectorInputs], Answers]
"""Answers the vectors of a topic, unrounded, or raises a `Refusal`."""


def to_text(value: object, name: str) -> str:
    """Return the text."""
    if not isinstance(value, str):
        raise VectorUnreadable(f"{name} should be text, not {_shown(value)}.")
    return value


def to_number(value: object, name: str) -> Decimal:
    """Return the number that was written, as plain digits in a text or as a number.

    A text with an exponent, a comma, a blank or a digit of another script is not read: a person
    could have meant something else.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise VectorUnreadable(f"{name} should be a number, not {_shown(value)}.")
    if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
        raise VectorUnreadable(f"{name} has more than {_MOST_DIGITS} digits.")
    if isinstance(value, str) and (
        len(value) > _MOST_DIGITS or not _PLAIN.fullmatch(value.strip())
    ):
        raise VectorUnreadable(f"{name} is not a number: {_shown(value)}.")
    return given.finite(Decimal(value), name)


def _shown(value: object) -> str:
    """Return the value as it was written, or its beginning."""
    written = repr(value)
    return written if len(written) <= _MOST_SHOWN else f"{written[:_MOST_SHOWN]}…"


def to_whole(value: object, name: str) -> int:
    """Return the whole number that a text or a number holds."""
    number = to_number(value, name)
    if number != number.to_integral_value():
        raise VectorUnreadable(f"{name} is not a whole number: {_shown(value)}.")
    return int(number)
