"""Numbers and dates of a record as they are said elsewhere in the house: 1.5, not 1.500000; 5 December 2026."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime

from compounding import wording

_WORDS: dict[type, Callable[[Any], str]] = {
    models.DecimalField: wording.number,
    models.DateField: wording.full_day,
    models.DateTimeField: lambda at: date_format(localtime(at), "j F Y, H:i"),
}


def in_words(model: type[models.Model], columns: Iterable[Any]) -> list[Any]:
    """Return the columns, with each that holds a number or a date replaced by a function that says it."""
    return [_said(model, column) for column in columns]


def _said(model: type[models.Model], column: Any) -> Any:
    if not isinstance(column, str):
        return column
    try:
        field = model._meta.get_field(column)
    except FieldDoesNotExist:
        return column
    words = _WORDS.get(type(field))
    if words is None:
        return column

    def said(record: models.Model) -> str:
        value = getattr(record, column)
        return "–" if value is None else words(value)

    said.__name__ = column
    said.short_description = getattr(field, "verbose_name", column)  # type: ignore[attr-defined]
    return said
