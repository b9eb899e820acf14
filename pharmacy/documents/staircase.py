"""The dose plan as a staircase over dates: the geometry of one picture, the same on pages and papers.

`templates/components/staircase.svg` draws what `draw` returns. The text that says the same as the picture
is part of it, because a picture alone tells a screen reader nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from compounding import wording

_WIDTH = Decimal(360)
_LEFT, _RIGHT, _TOP, _FLOOR = Decimal(64), Decimal(352), Decimal(16), Decimal(168)
_LABEL_GAP = Decimal(62)
"""Two labels nearer than this would run into each other at the size they are drawn."""
_RUNG_GAP = Decimal(19)


@dataclass(frozen=True, slots=True)
class Tread:
    """One step of a plan: so many days on one daily dose."""

    days: int
    dose_mg: Decimal


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis. `anchor` is SVG's text-anchor."""

    at: str
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Staircase:
    """Everything the template needs, in the units of its viewBox."""

    key: str
    title: str
    description: str
    line: str
    area: str
    rungs: tuple[Tick, ...]
    ticks: tuple[Tick, ...]


def draw(treads: Sequence[Tread], *, starts_on: date | None = None, key: str = "plan") -> Staircase:
    """Return the picture of a plan, over dates from `starts_on` or over numbered days when none is known.

    `key` keeps the ids of two pictures on one page apart. Raises `ValueError` for a plan without days.
    """
    days = sum(tread.days for tread in treads)
    highest = max((tread.dose_mg for tread in treads), default=Decimal(0))
    if days <= 0 or highest <= 0:
        raise ValueError("a plan needs at least one day and one dose")
    corners = _corners(treads, days, highest)
    line = " ".join(f"{'M' if place == 0 else 'L'}{x} {y}" for place, (x, y) in enumerate(corners))
    first, last = corners[0][0], corners[-1][0]
    return Staircase(
        key=key,
        title=_("Your dose, step by step"),
        description=describe(treads, starts_on=starts_on),
        line=line,
        area=f"{line} L{last} {_FLOOR} L{first} {_FLOOR} Z",
        rungs=_rungs(treads, highest),
        ticks=_ticks(treads, days, starts_on),
    )


def describe(treads: Sequence[Tread], *, starts_on: date | None = None) -> str:
    """Return the plan in words: "1.5 mg from 22 November to 5 December, then 3 mg from ..."."""
    said = []
    begun = 0
    for tread in treads:
        ended = begun + tread.days
        words = {"dose": wording.mass(tread.dose_mg)}
        if starts_on is None:
            words |= {"first": str(begun + 1), "last": str(ended)}
            said.append(_("%(dose)s from day %(first)s to day %(last)s") % words)
        else:
            words |= {
                "first": wording.day(starts_on + timedelta(days=begun)),
                "last": wording.day(starts_on + timedelta(days=ended - 1)),
            }
            said.append(_("%(dose)s from %(first)s to %(last)s") % words)
        begun = ended
    return _(", then ").join(said) + "."


def _corners(treads: Sequence[Tread], days: int, highest: Decimal) -> list[tuple[str, str]]:
    corners = []
    begun = 0
    for tread in treads:
        y = _placed(_height(tread.dose_mg, highest))
        corners.append((_placed(_along(begun, days)), y))
        begun += tread.days
        corners.append((_placed(_along(begun, days)), y))
    return corners


def _rungs(treads: Sequence[Tread], highest: Decimal) -> tuple[Tick, ...]:
    """The ground and every dose, from the highest down, less those whose labels would overlap."""
    rungs = [Tick(at=_placed(_FLOOR), text=wording.milligrams(Decimal(0)))]
    free_from = _TOP
    for dose in sorted({tread.dose_mg for tread in treads}, reverse=True):
        y = _height(dose, highest)
        if free_from <= y <= _FLOOR - _RUNG_GAP:
            rungs.append(Tick(at=_placed(y), text=wording.mass(dose)))
            free_from = y + _RUNG_GAP
    return tuple(rungs)


def _ticks(treads: Sequence[Tread], days: int, starts_on: date | None) -> tuple[Tick, ...]:
    """The first day of each step and the last day of all, less those that would run into another."""
    last = Tick(at=_placed(_RIGHT), text=_day_label(days, starts_on, last=True), anchor="end")
    ticks = []
    begun = 0
    free_from = Decimal(0)
    for tread in treads:
        x = _along(begun, days)
        if begun == 0 or free_from <= x <= _RIGHT - 2 * _LABEL_GAP:
            ticks.append(Tick(at=_placed(x), text=_day_label(begun, starts_on)))
            free_from = x + _LABEL_GAP
        begun += tread.days
    return (*ticks, last)


def _day_label(days_in: int, starts_on: date | None, *, last: bool = False) -> str:
    if starts_on is None:
        return _("day %(number)s") % {"number": days_in if last else days_in + 1}
    on = starts_on + timedelta(days=days_in - 1 if last else days_in)
    return date_format(on, "j M")


def _along(days_in: int, days: int) -> Decimal:
    return _LEFT + (_RIGHT - _LEFT) * Decimal(days_in) / Decimal(days)


def _height(dose_mg: Decimal, highest: Decimal) -> Decimal:
    return _FLOOR - (_FLOOR - _TOP) * dose_mg / highest


def _placed(value: Decimal) -> str:
    return f"{value:.1f}"
