"""A titration plan: from steps of a dose and days to dates, capsules, millilitres and drops."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate
from math import gcd, lcm

from compounding import given, wording
from compounding.arithmetic import ZERO, exactly, settle, total, whole_at_least
from compounding.beyond_use import days_after, fills_needed
from compounding.drops import dose_volume_ml, drops_for_dose
from compounding.errors import Refusal

_LARGEST_SEARCH = 200_000
_MOST_STEPS = 1000
_MOST_DAYS = 3660


class NoSteps(Refusal):
    """A plan without a step."""


class DoseCannotBeMade(Refusal):
    """No number of the given capsules adds up to the dose."""


class StepsUnending(Refusal):
    """Steps that lead downward, or that are too small ever to arrive."""


class StrengthsUnusable(Refusal):
    """No strengths were given, or they are so fine that no search can cover them."""


@dataclass(frozen=True, slots=True)
class TitrationStep:
    """A daily dose in mg, for so many days."""

    dose_mg: Decimal
    days: int

    def __post_init__(self) -> None:
        given.positive(self.dose_mg, "The dose of a step")
        if given.count(self.days, "The days of a step") > _MOST_DAYS:
            raise given.OutOfRange(f"A step of {wording.days(self.days)} is longer than ten years.")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedStep:
    """A step with its number, its first and last day of the plan, and the dates of both."""

    number: int
    dose_mg: Decimal
    days: int
    first_day: int
    last_day: int
    first_on: datetime.date
    last_on: datetime.date


def plan_schedule(
    steps: Sequence[TitrationStep], *, start_on: datetime.date
) -> tuple[DatedStep, ...]:
    """Return the steps with their dates, each beginning the day after the one before it ends."""
    _check_steps(steps)
    dated: list[DatedStep] = []
    first_day = 1
    for number, step in enumerate(steps, 1):
        last_day = first_day + step.days - 1
        dated.append(
            DatedStep(
                number=number,
                dose_mg=step.dose_mg,
                days=step.days,
                first_day=first_day,
                last_day=last_day,
                first_on=days_after(start_on, first_day - 1),
                last_on=days_after(start_on, last_day - 1),
            )
        )
        first_day = last_day + 1
    return tuple(dated)


def dose_on_day(steps: Sequence[TitrationStep], day: int) -> Decimal:
    """Return the dose (mg) of a day of the plan, counted from 1; after its end its last dose goes on."""
    _check_steps(steps)
    given.count(day, "The day")
    ends = accumulate(step.days for step in steps)
    return next(
        (step.dose_mg for step, end in zip(steps, ends, strict=True) if day <= end),
        steps[-1].dose_mg,
    )


class DoseCategory(StrEnum):
    """What a daily dose of naltrexone is called (Toljan & Vrooman, Med Sci 2018;6:82)."""

    ULTRA_LOW = "ULDN (<1 ug)"
    VERY_LOW = "VLDN (1 ug to <1 mg)"
    LOW = "LDN (1 to 5 mg)"
    ABOVE_LOW = "above low dose (>5 mg)"


def dose_category(dose_mg: Decimal) -> DoseCategory:
    """Return the category of a daily dose."""
    given.positive(dose_mg, "The dose")
    if dose_mg < Decimal("0.001"):
        return DoseCategory.ULTRA_LOW
    if dose_mg < 1:
        return DoseCategory.VERY_LOW
    return DoseCategory.LOW if dose_mg <= 5 else DoseCategory.ABOVE_LOW


def total_days(steps: Sequence[TitrationStep]) -> int:
    """Return the days of the whole plan."""
    _check_steps(steps)
    return sum(step.days for step in steps)


@exactly
def total_mg(steps: Sequence[TitrationStep]) -> Decimal:
    """Return the drug in the whole plan (mg)."""
    _check_steps(steps)
    return total(step.dose_mg * step.days for step in steps)


@exactly
def rising_steps(
    *, first: Decimal, rise: Decimal, last: Decimal, days: int
) -> tuple[TitrationStep, ...]:
    """Return steps from the first dose to the last, each higher by the rise, each for so many days.

    The last step may rise by less. Raises `StepsUnending` if the rise is too small for the way to go.
    """
    given.positive(rise, "The rise")
    rises = whole_at_least((last - given.positive(first, "The first dose")) / rise)
    if not 0 <= rises < _MOST_STEPS:
        raise StepsUnending(
            f"From {wording.mass(first)} to {wording.mass(last)} by {wording.mass(rise)} is no plan of "
            f"1 to {wording.number(_MOST_STEPS)} steps."
        )
    doses = [first + rise * number for number in range(rises)]
    return tuple(TitrationStep(dose, days) for dose in (*doses, last))


# Capsules


@exactly
def capsules_for_dose(dose_mg: Decimal, strengths_mg: Sequence[Decimal]) -> dict[Decimal, int]:
    """Return the fewest capsules that make the dose exactly: strength in mg -> count, strongest first.

    The search is exact: taking the largest first fails on 2 mg from 1, 1.5 and 2.5 mg.
    Raises `DoseCannotBeMade` with the strength that would help, or `StrengthsUnusable`.
    """
    given.positive(dose_mg, "The dose")
    if not strengths_mg:
        raise StrengthsUnusable("No capsule strengths were given.")
    strengths = sorted(
        {given.positive(strength, "A capsule strength") for strength in strengths_mg}, reverse=True
    )
    sizes, dose = _in_whole_parts(strengths, dose_mg)
    picked = _fewest(dose, sizes)
    if picked is None:
        fitting = wording.mass(strength_that_fits([dose_mg, *strengths]))
        raise DoseCannotBeMade(
            f"{wording.mass(dose_mg)} cannot be made from capsules of {_listed(strengths)}; "
            f"capsules of {fitting} would make it."
        )
    counts = {strength: picked.count(index) for index, strength in enumerate(strengths)}
    return {strength: count for strength, count in counts.items() if count}


@exactly
def strength_that_fits(doses_mg: Sequence[Decimal]) -> Decimal:
    """Return the largest strength (mg) of which every dose is a whole number of capsules. Raises `NoSteps`."""
    if not doses_mg:
        raise NoSteps("There are no doses to fit a strength to.")
    parts = [Fraction(given.positive(dose, "A dose")) for dose in doses_mg]
    denominator = lcm(*(part.denominator for part in parts))
    whole = gcd(*(int(part * denominator) for part in parts))
    return Decimal(whole) / denominator


def _in_whole_parts(strengths: Sequence[Decimal], dose_mg: Decimal) -> tuple[list[int], int]:
    part = strength_that_fits([*strengths, dose_mg])
    sizes = [int(settle(strength / part)) for strength in strengths]
    dose = int(settle(dose_mg / part))
    if dose > _LARGEST_SEARCH:
        raise StrengthsUnusable(
            f"{wording.mass(dose_mg)} from capsules of {_listed(strengths)} is too fine a division to search."
        )
    return sizes, dose


def _fewest(dose: int, sizes: Sequence[int]) -> list[int] | None:
    """Return the indexes of the fewest sizes that add up to the dose, or None (by dynamic programming)."""
    fewest: list[int | None] = [0] + [None] * dose
    last: list[int] = [0] * (dose + 1)
    for reached in range(1, dose + 1):
        for index, size in enumerate(sizes):
            before = fewest[reached - size] if size <= reached else None
            best = fewest[reached]
            if before is not None and (best is None or before + 1 < best):
                fewest[reached], last[reached] = before + 1, index
    if fewest[dose] is None:
        return None
    picked: list[int] = []
    while dose:
        picked.append(last[dose])
        dose -= sizes[last[dose]]
    return picked


@dataclass(frozen=True, slots=True)
class CapsuleStep:
    """A step, the capsules of each dose (strength -> count), and the same for all its days."""

    step: TitrationStep
    each_day: Mapping[Decimal, int]
    whole_step: Mapping[Decimal, int]


@dataclass(frozen=True, slots=True)
class CapsulePack:
    """The capsules of a whole plan: by step, and in total by strength."""

    steps: tuple[CapsuleStep, ...]
    totals: Mapping[Decimal, int]

    @property
    def total_capsules(self) -> int:
        """All capsules of the plan."""
        return sum(self.totals.values())


def pack_capsules(steps: Sequence[TitrationStep], strengths_mg: Sequence[Decimal]) -> CapsulePack:
    """Return the capsules for every step and for the plan; totals in the order of the strengths given.

    Raises `DoseCannotBeMade` for the first step that these strengths do not make.
    """
    _check_steps(steps)
    for strength in strengths_mg:
        given.positive(strength, "A capsule strength")
    packed: list[CapsuleStep] = []
    totals = dict.fromkeys(strengths_mg, 0)
    for step in steps:
        each_day = capsules_for_dose(step.dose_mg, strengths_mg)
        whole_step = {strength: count * step.days for strength, count in each_day.items()}
        packed.append(CapsuleStep(step, each_day, whole_step))
        for strength, count in whole_step.items():
            totals[strength] += count
    return CapsulePack(
        tuple(packed), {strength: count for strength, count in totals.items() if count}
    )


# Liquids


@dataclass(frozen=True, slots=True)
class LiquidStep:
    """A step in mL: each dose and the whole step, and with a calibrated dropper also in drops."""

    step: TitrationStep
    dose_ml: Decimal
    whole_step_ml: Decimal
    drops: int | None
    delivered_mg: Decimal | None
    error_pct: Decimal | None


@dataclass(frozen=True, slots=True)
class LiquidPack:
    """The liquid of a whole plan; bottles and fills if a bottle and a beyond-use date were given.

    `dropped_ml` is what the whole drops of all days come to, which may be more than the doses.
    """

    steps: tuple[LiquidStep, ...]
    total_ml: Decimal
    dropped_ml: Decimal | None
    total_days: int
    bottles: int | None
    fills: int | None


@exactly
def pack_liquid(
    steps: Sequence[TitrationStep],
    *,
    strength_mg_per_ml: Decimal,
    drops_per_ml: Decimal | None = None,
    bottle_ml: Decimal | None = None,
    bud_days: int | None = None,
) -> LiquidPack:
    """Return millilitres (unrounded), drops, bottles and fills for the plan.

    There are bottles enough for the doses and for the drops. A bottle may not be used past its
    beyond-use date, so a plan longer than it needs several fills.
    """
    packed = tuple(_liquid_step(step, strength_mg_per_ml, drops_per_ml) for step in steps)
    total_ml = total_mg(steps) / strength_mg_per_ml
    dropped_ml = None if drops_per_ml is None else _all_drops(packed) / drops_per_ml
    plan_days = total_days(steps)
    return LiquidPack(
        steps=packed,
        total_ml=total_ml,
        dropped_ml=dropped_ml,
        total_days=plan_days,
        bottles=_bottles(max(total_ml, dropped_ml or ZERO), bottle_ml),
        fills=None
        if bud_days is None
        else fills_needed(days_of_therapy=plan_days, bud_days=bud_days),
    )


def _liquid_step(
    step: TitrationStep, strength_mg_per_ml: Decimal, drops_per_ml: Decimal | None
) -> LiquidStep:
    dose_ml = dose_volume_ml(dose_mg=step.dose_mg, strength_mg_per_ml=strength_mg_per_ml)
    whole_ml = step.dose_mg * step.days / strength_mg_per_ml
    if drops_per_ml is None:
        return LiquidStep(step, dose_ml, whole_ml, None, None, None)
    dose = drops_for_dose(
        dose_mg=step.dose_mg, strength_mg_per_ml=strength_mg_per_ml, drops_per_ml=drops_per_ml
    )
    return LiquidStep(step, dose_ml, whole_ml, dose.drops, dose.delivered_mg, dose.error_pct)


def _all_drops(steps: Sequence[LiquidStep]) -> Decimal:
    counted = (step.drops * step.step.days for step in steps if step.drops is not None)
    return Decimal(sum(counted))


def _bottles(volume_ml: Decimal, bottle_ml: Decimal | None) -> int | None:
    if bottle_ml is None:
        return None
    return whole_at_least(volume_ml / given.positive(bottle_ml, "The bottle"))


def _check_steps(steps: Sequence[TitrationStep]) -> None:
    if not steps:
        raise NoSteps("A titration plan needs at least one step.")


def _listed(strengths: Sequence[Decimal]) -> str:
    return " and ".join(wording.mass(strength) for strength in strengths)
