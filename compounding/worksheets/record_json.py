"""Frozen records to JSON and back, exactly. Every number travels as a string."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from compounding.errors import Refusal

_Record = TypeVar("_Record")


class NotThisRecord(Refusal):
    """The JSON does not hold a record of this shape."""


def to_plain(value: Any) -> Any:
    """Return the record as dicts, lists, strings, booleans and None."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | str):
        return str(value)
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    raise NotThisRecord(f"{value!r} cannot be written as JSON.")


def from_plain(record: type[_Record], plain: Mapping[str, Any]) -> _Record:
    """Return the record that `to_plain` was given. Raises `NotThisRecord` on any other shape.

    What an older record did not hold yet takes its default, so that every frozen record reads back.
    """
    read: _Record = _read_record(record, plain)
    return read


def _read_record(record: Any, plain: object) -> Any:
    hints = _hints(record)
    if not isinstance(plain, Mapping) or not _needed(record) <= set(plain) <= set(hints):
        raise NotThisRecord(f"This is no {record.__name__}: {plain!r}")
    return record(**{name: _read(hints[name], value) for name, value in plain.items()})


@cache
def _needed(record: Any) -> frozenset[str]:
    return frozenset(field.name for field in fields(record) if field.default is MISSING)


@cache
def _hints(record: Any) -> dict[str, Any]:
    hints = get_type_hints(record)
    return {field.name: hints[field.name] for field in fields(record)}


def _read(hint: Any, plain: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return None if plain is None else _read(get_args(hint)[0], plain)
    if get_origin(hint) is tuple:
        if not isinstance(plain, list):
            raise NotThisRecord(f"{plain!r} is not a list.")
        return tuple(_read(get_args(hint)[0], part) for part in plain)
    if is_dataclass(hint) and isinstance(hint, type):
        return _read_record(hint, plain)
    if hint is bool:
        return _boolean(plain)
    if not isinstance(plain, str):
        raise NotThisRecord(f"{plain!r} should be text.")
    try:
        return hint(plain)
    except (InvalidOperation, ValueError):
        raise NotThisRecord(f"{plain!r} is no {hint.__name__}.") from None


def _boolean(plain: object) -> bool:
    if not isinstance(plain, bool):
        raise NotThisRecord(f"{plain!r} should be true or false.")
    return plain
