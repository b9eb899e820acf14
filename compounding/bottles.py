"""The bottles of a liquid plan: on which days each is used, and how long before its beyond-use date.

A bottle may not be used past the beyond-use date of the fill it belongs to. On the first day that date has
passed, a new fill is made, and what is left of the old one is thrown away.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from compounding import given, wording
from compounding.arithmetic import exactly, settle
from compounding.beyond_use import days_after
from compounding.titration import LiquidStep, TitrationStep, pack_liquid, total_days

_MOST_BOTTLES = 10_000
_MOST_DAYS = 36_600


@dataclass(frozen=True, kw_only=True, slots=True)
class BottleUse:
    """A bottle: its number and fill, first and last day of use, the last day it may be used, what is left (mL).

    Days are days of the plan, from 1. `days_to_spare` are the days between its last day of use and the last
    day it may be used.
    """

    number: int
    fill: int
    first_day: int
    last_day: int
    use_by_day: int
    left_ml: Decimal

    @property
    def days_to_spare(self) -> int:
        """The days that the beyond-use date would still allow."""
        return self.use_by_day - self.last_day

    def dates(self, start_on: datetime.date) -> tuple[datetime.date, datetime.date, datetime.date]:
        """Return the dates of the first day, the last day, and the last day it may be used."""
        first, last, use_by = (
            days_after(start_on, day - 1)
            for day in (self.first_day, self.last_day, self.use_by_day)
        )
        return first, last, use_by


def bottles_of_plan(
    steps: Sequence[TitrationStep],
    *,
    strength_mg_per_ml: Decimal,
    bottle_ml: Decimal,
    bud_days: int,
    drops_per_ml: Decimal | None = None,
) -> tuple[BottleUse, ...]:
    """Return the bottles of the plan in the order of their use; with a dropper, whole drops are counted.

    The day a fill is made is its day 1, so it may be used on `bud_days` days. A dose may be taken from the
    end of one bottle and the beginning of the next.
    """
    given.positive(bottle_ml, "The bottle")
    given.count(bud_days, "The beyond-use days")
    if total_days(steps) > _MOST_DAYS:
        raise given.OutOfRange(
            f"A plan of {wording.days(total_days(steps))} is longer than a life."
        )
    pack = pack_liquid(steps, strength_mg_per_ml=strength_mg_per_ml, drops_per_ml=drops_per_ml)
    each_day = [
        _dose_ml(step, strength_mg_per_ml, drops_per_ml)
        for step in pack.steps
        for _ in range(step.step.days)
    ]
    if sum(each_day) > _MOST_BOTTLES * Fraction(bottle_ml):
        raise given.OutOfRange(
            f"The plan empties more than {wording.number(_MOST_BOTTLES)} bottles of "
            f"{wording.millilitres(bottle_ml)}."
        )
    return tuple(_shown(bottle) for bottle in _used(each_day, Fraction(bottle_ml), bud_days))


@dataclass(slots=True)
class _Bottle:
    """A bottle while it is in use. Fractions, so that three thirds of a millilitre empty it."""

    number: int
    fill: int
    first_day: int
    last_day: int
    use_by_day: int
    left_ml: Fraction


def _dose_ml(
    step: LiquidStep, strength_mg_per_ml: Decimal, drops_per_ml: Decimal | None
) -> Fraction:
    if step.drops is None or drops_per_ml is None:
        return Fraction(step.step.dose_mg) / Fraction(strength_mg_per_ml)
    return step.drops / Fraction(drops_per_ml)


def _used(each_day: Sequence[Fraction], bottle_ml: Fraction, bud_days: int) -> list[_Bottle]:
    bottles: list[_Bottle] = []
    fill, use_by_day = 0, 0
    for day, dose_ml in enumerate(each_day, 1):
        if day > use_by_day:
            fill, use_by_day = fill + 1, day + bud_days - 1
            bottles.append(_Bottle(len(bottles) + 1, fill, day, day, use_by_day, bottle_ml))
        needed = dose_ml
        while needed > bottles[-1].left_ml:
            needed -= _emptied(bottles[-1], day)
            bottles.append(_Bottle(len(bottles) + 1, fill, day, day, use_by_day, bottle_ml))
        bottles[-1].left_ml -= needed
        bottles[-1].last_day = day
    return bottles


def _emptied(bottle: _Bottle, day: int) -> Fraction:
    """Return what was left, and leave nothing; a bottle that was empty has not been used on this day."""
    left, bottle.left_ml = bottle.left_ml, Fraction(0)
    if left:
        bottle.last_day = day
    return left


@exactly
def _shown(bottle: _Bottle) -> BottleUse:
    left = settle(Decimal(bottle.left_ml.numerator) / bottle.left_ml.denominator)
    return BottleUse(
        number=bottle.number,
        fill=bottle.fill,
        first_day=bottle.first_day,
        last_day=bottle.last_day,
        use_by_day=bottle.use_by_day,
        left_ml=left,
    )
