"""The patient's own dated plan: what to take tonight, the table of all steps, the staircase."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from compounding.titration import DatedStep
from pharmacy.documents.contexts.parts import Context
from pharmacy.documents.staircase import Tread, draw
from pharmacy.formulations.models import DosageForm
from pharmacy.orders.models import TimeOfDay
from pharmacy.orders.plans import Plan, PlannedStep


@dataclass(frozen=True)
class DropCount:
    """Whole drops, and the milligrams that they hold."""

    drops: int
    holds_mg: Decimal


Drops = Mapping[Decimal, DropCount]
"""For a dose in mg, its drops with this batch and its dropper."""


def dose_words(plan: Plan, step: PlannedStep, drops: Drops) -> str:
    """Return "one 1.5 mg capsule" or "0.5 mg (0.5 mL, 13 drops)"; milligrams are always there."""
    if plan.formula.dosage_form == DosageForm.CAPSULE:
        return wording.capsules(int(step.units), plan.strength)
    counted = drops.get(step.dose_mg)
    return wording.liquid_dose(
        dose_mg=step.dose_mg,
        volume_ml=step.units,
        drops=None if counted is None else counted.drops,
    )


def take_words(plan: Plan, step: PlannedStep, when: str) -> str:
    """Return the one sentence of a step: "Take one 1.5 mg capsule by mouth at bedtime"."""
    words = {"dose": dose_words(plan, step, {}), "route": plan.formula.route, "when": when}
    if plan.formula.dosage_form != DosageForm.DROPS:
        return _("Take %(dose)s %(route)s %(when)s") % words
    return _("Place %(dose)s %(route)s %(when)s") % words


def time_words(time_of_day: str) -> str:
    """Return "at bedtime" or "in the morning"."""
    return str(TimeOfDay(time_of_day).label)


def first_direction(plan: Plan, *, start_on: date, time_of_day: str) -> str:
    """Return the directions of the first step alone, for a label that cannot hold them all."""
    first = plan.dated(start_on)[0]
    sentence = take_words(plan, plan.steps[0], time_words(time_of_day))
    if len(plan.steps) == 1:
        return f"{sentence}."
    return _("%(take)s until %(day)s. Then follow your dated plan.") % {
        "take": sentence,
        "day": wording.day(first.last_on),
    }


def plan_context(
    plan: Plan, *, start_on: date, filled_on: date, time_of_day: str, drops: Drops
) -> Context:
    """Return the box that comes first, the rows of the table with their headings, and the picture."""
    dated = plan.dated(start_on)
    when = time_words(time_of_day)
    return {
        "today": {
            "when": _first_days(dated, filled_on=filled_on, time_of_day=time_of_day),
            "what": take_words(plan, plan.steps[0], when),
        },
        "heading": _("Your plan"),
        "columns": _columns(plan, when),
        "rows": [
            _row(plan, step, days, drops) for step, days in zip(plan.steps, dated, strict=True)
        ],
        "measuring": _measuring(plan, drops),
        "staircase": asdict(
            draw([Tread(step.days, step.dose_mg) for step in plan.steps], starts_on=start_on)
        ),
    }


def _first_days(dated: tuple[DatedStep, ...], *, filled_on: date, time_of_day: str) -> str:
    first = dated[0]
    in_the_morning = time_of_day == TimeOfDay.MORNING
    words = {"start": wording.day(first.first_on), "end": wording.day(first.last_on)}
    if len(dated) == 1:
        return _first_days_without_end(
            words, in_the_morning, starts_now=first.first_on == filled_on
        )
    if in_the_morning:
        return _("From %(start)s, every morning until %(end)s") % words
    if first.first_on == filled_on:
        return _("Tonight, and every night until %(end)s") % words
    return _("From %(start)s, every night until %(end)s") % words


def _first_days_without_end(
    words: Mapping[str, str], in_the_morning: bool, *, starts_now: bool
) -> str:
    if in_the_morning:
        return _("From %(start)s, every morning") % words
    return _("Tonight, and every night") if starts_now else _("From %(start)s, every night") % words


def _columns(plan: Plan, when: str) -> list[str]:
    columns = [_("From"), _("To"), when[:1].upper() + when[1:]]
    return [*columns, _("Dose")] if plan.formula.dosage_form == DosageForm.CAPSULE else columns


def _row(plan: Plan, step: PlannedStep, days: DatedStep, drops: Drops) -> list[str]:
    """A row for drops is a row of the drop table too: milligrams, millilitres and drops in one cell."""
    dates = [wording.day(days.first_on), wording.day(days.last_on)]
    if plan.formula.is_liquid:
        return [*dates, dose_words(plan, step, drops)]
    count = int(step.units)
    amount = f"{wording.count_word(count)} {wording.plural(count, 'capsule')}"
    return [*dates, amount, wording.mass(step.dose_mg)]


def _measuring(plan: Plan, drops: Drops) -> str:
    """What whole drops really hold, and that a syringe is more exact; nothing for capsules."""
    if plan.formula.dosage_form != DosageForm.DROPS:
        return ""
    counted = [drops[step.dose_mg] for step in plan.steps if step.dose_mg in drops]
    held = ", ".join(
        _("%(count)s %(drops)s hold %(mass)s")
        % {
            "count": wording.number(each.drops),
            "drops": wording.plural(each.drops, "drop"),
            "mass": wording.mass(each.holds_mg),
        }
        for each in dict.fromkeys(counted)
    )
    exact = _("The oral syringe is more exact than drops.")
    return f"{held}. {exact}" if held else exact
