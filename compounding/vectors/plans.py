"""Topics of titration plans. Each public function answers a topic, unrounded, or refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from compounding import step_back as lowering
from compounding import titration, wording
from compounding.arithmetic import exactly
from compounding.drops import dose_volume_ml
from compounding.reading import parse_mass, parse_volume
from compounding.step_back import HalfDoseRule, Rise
from compounding.titration import TitrationStep
from compounding.vectors.inputs import Answers, VectorInputs, VectorUnreadable, to_text, to_whole

_RISING = re.compile(
    r"(?P<first>[0-9.]+ \S+) rising (?P<rise>[0-9.]+ \S+) every (?P<days>[0-9]+) days "
    r"to (?P<last>[0-9.]+ \S+)"
)
_TO_DAY = re.compile(r"to day ([0-9]+)")
_PAUSE = re.compile(r"half dose for ([0-9]+) days, then .+")
_CLIMB = re.compile(
    r".+ then \+(?P<rise>[0-9.]+ \S+) every (?P<days>[0-9]+) days from the half dose, "
    r"capped at (?P<last>[0-9.]+ \S+)"
)


def capsule_plan(inputs: VectorInputs) -> Answers:
    steps = _steps(inputs)
    pack = titration.pack_capsules(steps, inputs.numbers("capsule_strengths_mg"))
    return {
        "capsules": {wording.number(strength): count for strength, count in pack.totals.items()},
        "total_capsules": pack.total_capsules,
        **_totals(steps),
    }


@exactly
def liquid_plan(inputs: VectorInputs) -> Answers:
    steps = _steps(inputs)
    pack = titration.pack_liquid(
        steps,
        strength_mg_per_ml=inputs.number("strength_mg_per_ml"),
        bottle_ml=inputs.first_number("bottle_ml"),
    )
    return {"total_ml": pack.total_ml, "bottles": pack.bottles, **_totals(steps)}


@exactly
def step_back(inputs: VectorInputs) -> Answers:
    steps = _steps(inputs)
    end = titration.total_days(steps)
    taken = lowering.step_back(
        steps, event_day=inputs.whole("event_day"), rule=_half_dose_rule(inputs.text("rule"))
    )
    total = titration.total_mg(taken)
    return {
        "segments": _segments(taken),
        f"total_mg_to_day_{end}": total,
        "total_ml": dose_volume_ml(
            dose_mg=total, strength_mg_per_ml=inputs.number("strength_mg_per_ml")
        ),
        "planned_total_mg": titration.total_mg(steps),
    }


def half_dose_rounding(inputs: VectorInputs) -> Answers:
    half = lowering.lowered_dose(
        inputs.number("current_dose_mg"),
        factor=inputs.number("factor"),
        increment_mg=inputs.number("available_increment_mg"),
    )
    return {"half_dose_exact_mg": half.exact_mg, "half_dose_dispensable_mg": half.dispensable_mg}


def decomposition(inputs: VectorInputs) -> Answers:
    answers: Answers = {}
    for dose in inputs.numbers("doses_mg"):
        counts = titration.capsules_for_dose(dose, inputs.numbers("capsule_strengths_mg"))
        shown = wording.number(dose)
        answers[f"capsules_for_{shown}mg"] = {
            wording.number(strength): count for strength, count in counts.items()
        }
        answers[f"count_{shown}mg"] = sum(counts.values())
    return answers


@exactly
def very_low_dose(inputs: VectorInputs) -> Answers:
    dose_mg = inputs.number("dose_mg")
    step = TitrationStep(dose_mg, inputs.whole("days"))
    return {
        "total_mg": titration.total_mg([step]),
        "category": titration.dose_category(dose_mg).value,
    }


def _totals(steps: Sequence[TitrationStep]) -> Answers:
    return {
        "steps": len(steps),
        "total_days": titration.total_days(steps),
        "total_drug_mg": titration.total_mg(steps),
    }


def _steps(inputs: VectorInputs) -> tuple[TitrationStep, ...]:
    if isinstance(inputs.raw("schedule"), str):
        return _rising(inputs)
    steps: list[TitrationStep] = []
    taken = 0
    for dose, days in inputs.rows("schedule", 2):
        dose_mg = _dose_mg(to_text(dose, "The dose of a step"), inputs)
        steps.append(TitrationStep(dose_mg, _days(days, taken)))
        taken += steps[-1].days
    return tuple(steps)


def _rising(inputs: VectorInputs) -> tuple[TitrationStep, ...]:
    written = _RISING.fullmatch(inputs.text("schedule"))
    if written is None:
        raise VectorUnreadable(f"“{inputs.text('schedule')}” is not a schedule we can read.")
    if "days_per_step" in inputs and inputs.whole("days_per_step") != int(written["days"]):
        raise VectorUnreadable(f"The schedule says {written['days']} days, days_per_step another.")
    return titration.rising_steps(
        first=_dose_mg(written["first"], inputs),
        rise=_dose_mg(written["rise"], inputs),
        last=_dose_mg(written["last"], inputs),
        days=int(written["days"]),
    )


@exactly
def _dose_mg(text: str, inputs: VectorInputs) -> Decimal:
    """Return the dose in mg; a dose in mL is one of the strength given."""
    if text.lower().endswith("ml"):
        return parse_volume(text).ml * inputs.number("strength_mg_per_ml")
    return parse_mass(text).mg


def _days(written: object, taken: int) -> int:
    """Return the days of a step, which may say "to day 56"."""
    to_day = _TO_DAY.fullmatch(written) if isinstance(written, str) else None
    return to_whole(written, "days") if to_day is None else int(to_day[1]) - taken


def _half_dose_rule(text: str) -> HalfDoseRule:
    pause, climb = _PAUSE.fullmatch(text), _CLIMB.fullmatch(text)
    if pause is None or (climb is None and "restart the interrupted step in full" not in text):
        raise VectorUnreadable(f"“{text}” is not a rule we can read.")
    if climb is None:
        return HalfDoseRule(days=int(pause[1]))
    rise = Rise(
        parse_mass(climb["rise"]).mg, int(climb["days"]), up_to_mg=parse_mass(climb["last"]).mg
    )
    return HalfDoseRule(days=int(pause[1]), rise=rise)


def _segments(steps: Sequence[TitrationStep]) -> list[list[object]]:
    segments: list[list[object]] = []
    first = 1
    for step in steps:
        last = first + step.days - 1
        segments.append([f"{first}-{last}", step.dose_mg])
        first = last + 1
    return segments
