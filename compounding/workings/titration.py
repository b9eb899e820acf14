"""The working of a titration plan (`compounding.titration`) and of a lower dose (`compounding.step_back`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from compounding import titration, wording
from compounding.step_back import lowered_dose
from compounding.titration import TitrationStep
from compounding.working import WorkingStep
from compounding.workings.figures import mg, ml, number, per_ml


def capsules(
    *, steps: Sequence[TitrationStep], strengths_mg: Sequence[Decimal]
) -> tuple[WorkingStep, ...]:
    """Return the capsules of every step, each day and altogether (`pack_capsules`)."""
    pack = titration.pack_capsules(steps, strengths_mg)
    return tuple(
        WorkingStep(
            mg(each.step.dose_mg),
            f"{counted(each.each_day.items())} × {wording.days(each.step.days)}",
            counted(each.whole_step.items()),
        )
        for each in pack.steps
    )


def counted(counts: Iterable[tuple[Decimal, int]]) -> str:
    """Return "one 1.5 mg capsule and two 3 mg capsules"."""
    return " and ".join(wording.capsules(count, strength) for strength, count in counts)


def liquid(
    *, steps: Sequence[TitrationStep], strength_mg_per_ml: Decimal
) -> tuple[WorkingStep, ...]:
    """Return the volume of every step (`pack_liquid`)."""
    pack = titration.pack_liquid(steps, strength_mg_per_ml=strength_mg_per_ml)
    return tuple(
        WorkingStep(
            mg(each.step.dose_mg),
            f"{mg(each.step.dose_mg)} ÷ {per_ml(strength_mg_per_ml)} × {wording.days(each.step.days)}",
            ml(each.whole_step_ml),
        )
        for each in pack.steps
    )


def lower_dose(
    *, dose_mg: Decimal, factor: Decimal, increment_mg: Decimal | None = None
) -> tuple[WorkingStep, ...]:
    """Return the lower dose, exactly and as it can be given (`lowered_dose`)."""
    found = lowered_dose(dose_mg, factor=factor, increment_mg=increment_mg)
    exact = mg(found.exact_mg)
    step = WorkingStep("Lower dose", f"{mg(dose_mg)} × {number(factor)}", exact)
    if increment_mg is None:
        return (step,)
    given = f"{exact}, down to a multiple of {mg(increment_mg)}"
    return (step, WorkingStep("Given", given, mg(found.dispensable_mg)))
