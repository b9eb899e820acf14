"""A titration plan: from steps of a dose and days to dates, capsules, millilitres and step-backs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import gcd, lcm

from compounding import given, wording
from compounding.arithmetic import ZERO, exactly, floor_to_step, settle, whole_at_least
from compounding.beyond_use import fills_needed
from compounding.drops import dose_volume_ml, drops_for_dose
from compounding.errors import Refusal

_LARGEST_SEARCH = 1_000_000


class NoSteps(Refusal):
    """A plan without a step."""


class DoseCannotBeMade(Refusal):
    """No number of the given capsules adds up to the dose."""


class NotInPlan(Refusal):
    """A day that the plan does not reach."""


class HalfDoseTooSmall(Refusal):
    """Half the dose is less than the smallest amount that can be given."""


class StrengthsUnusable(Refusal):
    """No strengths were given, or they are so fine that no search can cover them."""


@dataclass(frozen=True, slots=True)
class TitrationStep:
    """A daily dose in mg, for so many days."""

    dose_mg: Decimal
    days: int

    def __post_init__(self) -> None:
        given.positive(self.dose_mg, "The dose of a step")
        given.count(self.days, "The days of a step")


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
                first_on=start_on + datetime.timedelta(days=first_day - 1),
                last_on=start_on + datetime.timedelta(days=last_day - 1),
            )
        )
        first_day = last_day + 1
    return tuple(dated)


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
    return sum((step.dose_mg * step.days for step in steps), ZERO)


def rising_steps(
    *, first: Decimal, rise: Decimal, last: Decimal, days: int
) -> tuple[TitrationStep, ...]:
    """Return steps from the first dose to the last, each higher by the rise, each for so many days."""
    given.positive(rise, "The rise")
    doses: list[Decimal] = []
    dose = given.positive(first, "The first dose")
    while dose < last:
        doses.append(dose)
        dose += rise
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
    """Return the largest strength (mg) of which every dose is a whole number of capsules."""
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
    """The liquid of a whole plan; bottles and fills if a bottle and a beyond-use date were given."""

    steps: tuple[LiquidStep, ...]
    total_ml: Decimal
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

    A bottle may not be used past its beyond-use date, so a plan longer than it needs several fills.
    """
    packed = tuple(_liquid_step(step, strength_mg_per_ml, drops_per_ml) for step in steps)
    total_ml = total_mg(steps) / strength_mg_per_ml
    bottles = (
        None
        if bottle_ml is None
        else whole_at_least(total_ml / given.positive(bottle_ml, "The bottle"))
    )
    plan_days = total_days(steps)
    fills = None if bud_days is None else fills_needed(days_of_therapy=plan_days, bud_days=bud_days)
    return LiquidPack(packed, total_ml, plan_days, bottles, fills)


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


# Stepping back


@dataclass(frozen=True, slots=True)
class Rise:
    """So many mg more, every so many days, up to a dose: the last of the plan unless another is given."""

    mg: Decimal
    days: int
    up_to_mg: Decimal | None = None

    def __post_init__(self) -> None:
        given.positive(self.mg, "The rise")
        given.count(self.days, "The days between rises")
        if self.up_to_mg is not None:
            given.positive(self.up_to_mg, "The dose to rise to")


@dataclass(frozen=True, kw_only=True, slots=True)
class HalfDoseRule:
    """What the prescriber has authorised when side effects do not settle.

    After so many days on the lower dose the plan resumes in one of two ways. Without a rise the
    interrupted step starts again in full and the plan goes on from there; with a rise the dose climbs
    again from the lower dose to the plan's last. `increment_mg` is the smallest dispensable amount.
    """

    days: int
    factor: Decimal = Decimal("0.5")
    increment_mg: Decimal | None = None
    rise: Rise | None = None

    def __post_init__(self) -> None:
        given.count(self.days, "The days on the lower dose")
        if given.positive(self.factor, "The factor") >= 1:
            raise given.OutOfRange(
                f"A factor of {wording.number(self.factor)} does not lower the dose."
            )


@dataclass(frozen=True, slots=True)
class HalfDose:
    """The exact fraction of the dose, and the largest dispensable dose that is not above it (mg)."""

    exact_mg: Decimal
    dispensable_mg: Decimal


@exactly
def lowered_dose(
    dose_mg: Decimal, *, factor: Decimal, increment_mg: Decimal | None = None
) -> HalfDose:
    """Return the lowered dose, rounded down to the increment. Raises `HalfDoseTooSmall`."""
    exact = given.positive(dose_mg, "The dose") * given.positive(factor, "The factor")
    if increment_mg is None:
        return HalfDose(exact, exact)
    dispensable = floor_to_step(exact, given.positive(increment_mg, "The increment"))
    if dispensable == 0:
        raise HalfDoseTooSmall(
            f"{wording.mass(exact)} is less than the smallest dose that can be given, {wording.mass(increment_mg)}."
        )
    return HalfDose(exact, dispensable)


def step_back(
    steps: Sequence[TitrationStep],
    *,
    event_day: int,
    rule: HalfDoseRule,
    through_day: int | None = None,
) -> tuple[TitrationStep, ...]:
    """Return the plan as it goes on when the dose is lowered from the event day.

    The new plan ends on `through_day`, which is the last day of the old plan unless given; its last
    dose is held until then. Raises `NotInPlan` if the event day is not in the plan.
    """
    end = total_days(steps) if through_day is None else through_day
    if not 1 <= event_day <= min(end, total_days(steps)):
        raise NotInPlan(
            f"Day {wording.number(event_day)} is not in a plan of {wording.days(total_days(steps))}."
        )
    index, before = _taken_before(steps, event_day)
    lowered = lowered_dose(steps[index].dose_mg, factor=rule.factor, increment_mg=rule.increment_mg)
    pause = TitrationStep(lowered.dispensable_mg, rule.days)
    after = (
        steps[index:] if rule.rise is None else _climb(pause.dose_mg, steps[-1].dose_mg, rule.rise)
    )
    return _held_to((*before, pause, *after), end)


def _taken_before(
    steps: Sequence[TitrationStep], event_day: int
) -> tuple[int, list[TitrationStep]]:
    """Return the index of the interrupted step, and the steps as taken before the event day."""
    taken: list[TitrationStep] = []
    left = event_day - 1
    for index, step in enumerate(steps):
        if left < step.days:
            return index, taken + ([TitrationStep(step.dose_mg, left)] if left else [])
        taken.append(step)
        left -= step.days
    raise NotInPlan(f"Day {wording.number(event_day)} lies after the plan.")


@exactly
def _climb(from_mg: Decimal, last_mg: Decimal, rise: Rise) -> tuple[TitrationStep, ...]:
    to_mg = last_mg if rise.up_to_mg is None else rise.up_to_mg
    first = min(from_mg + rise.mg, to_mg)
    return rising_steps(first=first, rise=rise.mg, last=to_mg, days=rise.days)


def _held_to(steps: Sequence[TitrationStep], end: int) -> tuple[TitrationStep, ...]:
    """Return the steps cut off at the end day, or with the last one held until then."""
    held: list[TitrationStep] = []
    left = end
    for step in steps[:-1]:
        if left <= 0:
            return tuple(held)
        held.append(TitrationStep(step.dose_mg, min(step.days, left)))
        left -= step.days
    return tuple(held) if left <= 0 else (*held, TitrationStep(steps[-1].dose_mg, left))


def _check_steps(steps: Sequence[TitrationStep]) -> None:
    if not steps:
        raise NoSteps("A titration plan needs at least one step.")


def _listed(strengths: Sequence[Decimal]) -> str:
    return " and ".join(wording.mass(strength) for strength in strengths)
