"""A dose plan as a page shows it: the picture, the steps in words, and what they add up to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from compounding.titration import DatedStep
from pharmacy.documents.staircase import Staircase, Tread, draw
from pharmacy.orders.plans import Plan, PlannedStep


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step: when it runs, what is taken each day, what the whole step takes."""

    when: str
    days: str
    dose: str
    amount: str
    whole: str
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A plan, with everything worked out and nothing typed."""

    steps: tuple[ShownStep, ...]
    staircase: Staircase
    total_days: str
    total_mg: str
    quantity: str
    volume: str
    directions: str
    has_dates: bool


def shown_plan(
    plan: Plan, *, starts_on: date | None = None, today: date | None = None
) -> ShownPlan:
    """Return the plan for a page; with dates when the first dose has one, and today's step marked."""
    treads = [Tread(days=step.days, dose_mg=step.dose_mg) for step in plan.steps]
    return ShownPlan(
        steps=tuple(_shown_steps(plan, starts_on, today)),
        staircase=draw(treads, starts_on=starts_on),
        total_days=wording.days(plan.total_days),
        total_mg=wording.milligrams(plan.total_mg),
        quantity=plan.quantity_words,
        volume="" if plan.volume_ml is None else wording.millilitres(plan.volume_ml),
        directions=plan.directions,
        has_dates=starts_on is not None,
    )


def _shown_steps(plan: Plan, starts_on: date | None, today: date | None) -> list[ShownStep]:
    """The steps, dated by the same schedule as the papers."""
    dated = plan.dated(starts_on or date(2000, 1, 1))
    return [
        ShownStep(
            when=_dates(on) if starts_on else _numbered(on),
            days=wording.days(step.days),
            dose=wording.mass(step.dose_mg),
            amount=step.amount,
            whole=_whole(plan, step),
            is_now=bool(starts_on and today and on.first_on <= today <= on.last_on),
        )
        for step, on in zip(plan.steps, dated, strict=True)
    ]


def _whole(plan: Plan, step: PlannedStep) -> str:
    """What a step takes from its first day to its last: "28 capsules", "21 mL"."""
    total: Decimal = step.units * step.days
    if plan.volume_ml is not None:
        return wording.millilitres(total)
    return f"{wording.number(total)} {wording.plural(int(total), _('capsule'))}"


def _dates(step: DatedStep) -> str:
    """Return "22 November to 5 December"."""
    first, last = wording.day(step.first_on), wording.day(step.last_on)
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def _numbered(step: DatedStep) -> str:
    """Return "days 1 to 14"."""
    first, last = step.first_day, step.last_day
    if first == last:
        return _("day %(number)s") % {"number": first}
    return _("days %(first)s to %(last)s") % {"first": first, "last": last}
