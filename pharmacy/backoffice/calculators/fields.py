"""Fields that are read as a person types them: an amount with its unit, a figure, readings, lines of a table.

What could be read in two ways is refused beside the field, with the sentence of `compounding.reading`.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from compounding.beyond_use import parse_expiry
from compounding.errors import Refusal
from compounding.reading import (
    parse_concentration,
    parse_count,
    parse_mass,
    parse_number,
    parse_number_or_zero,
    parse_volume,
)

Read = Callable[[str], Any]
Label = Any
"""A label or a hint: text, or text that is translated when it is shown."""

_MOST_CHARACTERS = 4000
_MOST_LINES = 60
_YEARS = range(2000, 2101)


class NotRead(Refusal):
    """What was typed is not what this field asks for."""


class Typed(forms.CharField):
    """Text that is read as one value. Cleans to what `read` returns, or to None when it is empty and may be."""

    def __init__(self, read: Read, *, rows: int = 1, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false"}
        widget = (
            forms.Textarea(attrs={**attrs, "rows": rows}) if rows > 1 else forms.TextInput(attrs)
        )
        super().__init__(widget=widget, **kwargs)
        self.read = read

    def clean(self, value: Any) -> Any:
        """Return what was read. Raises `ValidationError` with the sentence of the refusal."""
        typed = str(super().clean(value) or "")
        if not typed:
            return None
        try:
            if len(typed) > _MOST_CHARACTERS:
                raise NotRead(_("This is longer than a calculation needs. Write it shorter."))
            return self.read(typed)
        except Refusal as refusal:
            raise ValidationError(str(refusal), code="refused") from refusal


def mass(label: Label, hint: Label = "", *, required: bool = True) -> Typed:
    """A mass with its unit, "4.5 mg" or "500 mcg". Cleans to mg."""
    return Typed(read_mass, label=label, help_text=hint, required=required)


def volume(label: Label, hint: Label = "", *, required: bool = True) -> Typed:
    """A volume with its unit, "30 mL". Cleans to mL."""
    return Typed(read_volume, label=label, help_text=hint, required=required)


def concentration(label: Label, hint: Label = "", *, required: bool = True) -> Typed:
    """A strength with its unit, "1 mg/mL". Cleans to mg/mL."""
    return Typed(read_concentration, label=label, help_text=hint, required=required)


def figure(
    label: Label, unit: str = "", hint: Label = "", *, zero: bool = False, required: bool = True
) -> Typed:
    """A number whose unit the label says; the unit may be typed too. Cleans to a Decimal."""
    return Typed(figure_in(unit, zero=zero), label=label, help_text=hint, required=required)


def percent(label: Label, hint: Label = "", *, zero: bool = False, required: bool = True) -> Typed:
    """A percentage, typed with or without its sign. Cleans to a Decimal."""
    return figure(label, "%", hint, zero=zero, required=required)


def whole(label: Label, hint: Label = "", *, required: bool = True) -> Typed:
    """A whole number of things, at least 1. Cleans to an int."""
    return Typed(parse_count, label=label, help_text=hint, required=required)


def day(label: Label, hint: Label = "", *, required: bool = True) -> Typed:
    """A day, "2026-11-22". Cleans to a date."""
    return Typed(read_day, label=label, help_text=hint, required=required)


def readings(label: Label, read: Read, hint: Label = "", *, required: bool = True) -> Typed:
    """Several values with spaces or line ends between them. Cleans to a tuple."""
    return Typed(_each(read), rows=4, label=label, help_text=hint, required=required)


def table(
    label: Label,
    columns: Iterable[Read],
    hint: Label = "",
    *,
    between: str = ";",
    required: bool = True,
) -> Typed:
    """Lines of a table, a line a row, `between` (a pattern) its cells. Cleans to a tuple of tuples."""
    return Typed(
        _lines(tuple(columns), between, hint),
        rows=4,
        label=label,
        help_text=hint,
        required=required,
    )


def words(label: Label, hint: Label = "", *, required: bool = True) -> Typed:
    """A short text such as a name or a number with hyphens. Cleans to a str."""
    return Typed(read_words, label=label, help_text=hint, required=required)


def choice(label: Label, choices: Iterable[tuple[str, Label]], hint: Label = "") -> forms.Field:
    """One of a few. Cleans to the key."""
    offered: Any = list(choices)
    return forms.ChoiceField(label=label, choices=offered, help_text=hint, initial=offered[0][0])


def tick(label: Label, hint: Label = "") -> forms.Field:
    """Yes when ticked. Cleans to a bool."""
    return forms.BooleanField(label=label, help_text=hint, required=False)


# Reading one value


def read_mass(text: str) -> Decimal:
    """Return a mass in mg."""
    return parse_mass(text).mg


def read_mass_or_mg(text: str) -> Decimal:
    """Return a mass in mg from a list whose label already says mg: "100.02" or "100.02mg"."""
    found: Decimal = figure_in("mg")(text)
    return found


def read_volume(text: str) -> Decimal:
    """Return a volume in mL."""
    return parse_volume(text).ml


def read_concentration(text: str) -> Decimal:
    """Return a strength in mg/mL."""
    return parse_concentration(text).mg_per_ml


def figure_in(unit: str, *, zero: bool = False) -> Read:
    """Return a reader of numbers that may carry this one unit, such as "99.6%" or "0.5 g/mL"."""

    def read(text: str) -> Decimal:
        number = text.strip()
        if unit and number.lower().endswith(unit.lower()):
            number = number[: -len(unit)].rstrip()
        return parse_number_or_zero(number) if zero else parse_number(number)

    return read


def read_words(text: str) -> str:
    """Return a name of at most eighty characters."""
    if len(text) > 80:
        raise NotRead(_("Eighty characters are enough here."))
    return text.strip()


def read_day(text: str) -> date:
    """Return a day written 2026-11-22."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
        raise NotRead(_("Write the day as year, month and day: 2026-11-22."))
    return _of_our_time(parse_expiry(text))


def read_expiry(text: str) -> date:
    """Return the last day of use, written as a day or as a month: 2027-03-31 or 2027-03."""
    return _of_our_time(parse_expiry(text))


def _of_our_time(on: date) -> date:
    if on.year not in _YEARS:
        raise NotRead(_("Is the year right? It lies before 2000 or after 2100."))
    return on


# Reading several


def _each(read: Read) -> Read:
    def each(text: str) -> tuple[Any, ...]:
        typed = [part.rstrip(",") for part in re.split(r"[\s;]+", text.strip(" ;\n\r\t")) if part]
        if len(typed) > _MOST_LINES:
            raise NotRead(_("More than sixty values are more than any of these tests asks for."))
        return tuple(_read_at(number, read, part) for number, part in enumerate(typed, 1))

    return each


def _lines(columns: tuple[Read, ...], between: str, hint: Label) -> Read:
    def lines(text: str) -> tuple[tuple[Any, ...], ...]:
        typed = [line for line in text.splitlines() if line.strip()]
        if len(typed) > _MOST_LINES:
            raise NotRead(_("More than sixty lines are more than one batch has."))
        return tuple(
            _read_at(number, lambda line: _cells(line, columns, between, hint), line, _("Line"))
            for number, line in enumerate(typed, 1)
        )

    return lines


def _cells(line: str, columns: tuple[Read, ...], between: str, hint: Label) -> tuple[Any, ...]:
    cells = [cell.strip() for cell in re.split(between, line)]
    if len(cells) != len(columns) or not all(cells):
        raise NotRead(
            _("“%(line)s” is not complete. %(hint)s") % {"line": line.strip()[:60], "hint": hint}
        )
    return tuple(read(cell) for read, cell in zip(columns, cells, strict=True))


def _read_at(number: int, read: Read, text: str, noun: str = "") -> Any:
    """Read one of several; a refusal says which it was."""
    try:
        return read(text)
    except Refusal as refusal:
        raise NotRead(
            _("%(noun)s %(number)s: %(why)s")
            % {"noun": noun or _("Number"), "number": number, "why": refusal}
        ) from refusal
