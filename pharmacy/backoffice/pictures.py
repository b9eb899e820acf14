"""The geometry of the bench's pictures: a weighing within its limits, the competing dates, ten capsules, one capsule.

The templates in templates/admin/pictures draw what these return. Positions are text with one decimal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from compounding import wording
from compounding.arithmetic import round_half_up

_WIDTH = Decimal(240)


def _placed(value: Decimal) -> str:
    return format(round_half_up(value, 1), "f")


@dataclass(frozen=True)
class Gauge:
    """An amount on a line with its limits. `said` is the same in words, `tone` is "ok" or "bad"."""

    low: str
    width: str
    at: str
    said: str
    tone: str


def gauge(*, amount: Decimal, low: Decimal, high: Decimal, unit: str) -> Gauge:
    """Return where an amount lies between its limits; the limits take up the middle half of the line."""
    start, room = _WIDTH / 4, _WIDTH / 2
    # Counted pieces have one limit: no more and no fewer. One too many stands at the end of the line.
    span = high - low or Decimal(1)
    begin = start if high > low else _WIDTH / 2
    place = begin + room * (amount - low) / span
    within = low <= amount <= high
    return Gauge(
        low=_placed(start),
        width=_placed(room),
        at=_placed(min(max(place, Decimal(4)), _WIDTH - 4)),
        said=_("within its limits") if within else _outside(amount, low, high, unit),
        tone="ok" if within else "bad",
    )


def _outside(amount: Decimal, low: Decimal, high: Decimal, unit: str) -> str:
    said = {"off": wording.grouped(max(low - amount, amount - high)), "unit": unit}
    if amount < low:
        return _("%(off)s %(unit)s too little") % said
    return _("%(off)s %(unit)s too much") % said


@dataclass(frozen=True)
class LimitBar:
    """One of the dates that compete, as a bar from the day of compounding."""

    reason: str
    day: str
    width: str
    wins: bool


@dataclass(frozen=True)
class Limits:
    """The beyond-use date as the earliest of several."""

    bars: tuple[LimitBar, ...]
    said: str


def limits_picture(limits: Sequence[Mapping[str, Any]], *, made_on: date) -> Limits | None:
    """Return the bars of the competing dates, the earliest first; None when there are none."""
    if not limits:
        return None
    days = [(date.fromisoformat(limit["date"]) - made_on).days for limit in limits]
    longest = Decimal(max(*days, 1))
    bars = tuple(
        LimitBar(
            reason=str(limit["reason"]),
            day=wording.full_day(date.fromisoformat(limit["date"])),
            width=_placed(max(Decimal(100) * max(count, 0) / longest, Decimal(1))),
            wins=number == 0,
        )
        for number, (limit, count) in enumerate(zip(limits, days, strict=True))
    )
    said = _("The earliest of these dates counts: %(day)s. %(reason)s.") % {
        "day": bars[0].day,
        "reason": bars[0].reason,
    }
    return Limits(bars=bars, said=said)


@dataclass(frozen=True)
class Dot:
    """One capsule on the strip of ten."""

    number: str
    x: str
    label: str
    within: bool


@dataclass(frozen=True)
class Strip:
    """Ten capsules between their limits, in percent of the theoretical fill."""

    dots: tuple[Dot, ...]
    low_x: str
    high_x: str
    low: str
    high: str


def strip_of(units: Sequence[Mapping[str, Any]], *, low_pct: Decimal, high_pct: Decimal) -> Strip:
    """Return where each capsule's fill lies; the limits stand at a fifth and four fifths of the line."""
    start, room = Decimal(112), Decimal(336)

    def x(pct: Decimal) -> str:
        place = start + room * (pct - low_pct) / (high_pct - low_pct)
        return _placed(min(max(place, Decimal(8)), Decimal(552)))

    return Strip(
        dots=tuple(
            Dot(
                number=str(unit["number"]),
                x=x(Decimal(unit["pct"])),
                label=wording.percent(Decimal(unit["pct"])),
                within=bool(unit["within"]),
            )
            for unit in units
        ),
        low_x=x(low_pct),
        high_x=x(high_pct),
        low=wording.percent(low_pct),
        high=wording.percent(high_pct),
    )


@dataclass(frozen=True)
class CapsuleFill:
    """A capsule and how much of it the medicine and fixed ingredients take up; filler is the rest, or nothing is."""

    x: str
    said: str
    filler: bool = True


def capsule_fill(utilisation_pct: Decimal) -> CapsuleFill:
    """Return how far a capsule is filled before the filler."""
    share = min(max(utilisation_pct, Decimal(0)), Decimal(100))
    return CapsuleFill(
        x=_placed(Decimal(116) * share / 100),
        said=_("%(share)s of the capsule; filler takes the rest")
        % {"share": wording.percent(utilisation_pct, 1)},
    )
