"""When side effects do not settle: the dose is lowered for some days, and the plan goes on.

Prescriber-authorised text on the patient's sheet, never an automatic change of dose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import exactly, floor_to_step
from compounding.errors import Refusal
from compounding.titration import TitrationStep, rising_steps, total_days


class NotInPlan(Refusal):
    """A day that the plan does not reach."""


class HalfDoseTooSmall(Refusal):
    """Half the dose is less than the smallest amount that can be given."""


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
    index, left = 0, event_day - 1
    while left >= steps[index].days:
        left -= steps[index].days
        index += 1
    begun = [TitrationStep(steps[index].dose_mg, left)] if left else []
    return index, [*steps[:index], *begun]


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
