"""The working of what a balance can weigh (`compounding.weighing`)."""

from __future__ import annotations

from decimal import Decimal

from compounding import weighing
from compounding.potency import as_is_mg
from compounding.working import WorkingStep
from compounding.workings.figures import mg, number, pct, signed_pct


def minimum(
    *, sensitivity_mg: Decimal, max_error_pct: Decimal, amount_mg: Decimal | None = None
) -> tuple[WorkingStep, ...]:
    """Return how `minimum_weighable_mg` comes about, and the error of one amount (`weighing_error_pct`)."""
    least = weighing.minimum_weighable_mg(
        sensitivity_mg=sensitivity_mg, max_error_pct=max_error_pct
    )
    step = WorkingStep(
        "Minimum weighable quantity",
        f"{mg(sensitivity_mg)} × 100 ÷ {number(max_error_pct)}",
        mg(least),
    )
    if amount_mg is None:
        return (step,)
    error = weighing.weighing_error_pct(sensitivity_mg=sensitivity_mg, weighed_mg=amount_mg)
    expression = f"{mg(sensitivity_mg)} ÷ {mg(amount_mg)} × 100%"
    return (step, WorkingStep("Error", expression, pct(error)))


def usp41_minimum(*, sd_mg: Decimal, readability_mg: Decimal) -> tuple[WorkingStep, ...]:
    """Return how the minimum weight of USP <41> comes about (`usp41_minimum`)."""
    found = weighing.usp41_minimum(sd_mg=sd_mg, readability_mg=readability_mg)
    return (
        WorkingStep(
            "Standard deviation that counts",
            f"the larger of {mg(sd_mg)} and 0.41 × {mg(readability_mg)}",
            mg(found.sd_used_mg),
        ),
        WorkingStep("Minimum weight", f"2000 × {mg(found.sd_used_mg)}", mg(found.minimum_mg)),
    )


def smallest_batch(
    *, dose_mg: Decimal, factor: Decimal, minimum_mg: Decimal
) -> tuple[WorkingStep, ...]:
    """Return how the fewest units that can be weighed directly come about (`least_units`)."""
    each = as_is_mg(dose_mg, factor)
    units = weighing.least_units(as_is_mg_per_unit=each, minimum_mg=minimum_mg)
    return (
        WorkingStep("Powder in each unit", f"{mg(dose_mg)} ÷ {number(factor)}", mg(each)),
        WorkingStep("Units", f"{mg(minimum_mg)} ÷ {mg(each)}, up to a whole unit", number(units)),
    )


def error(
    *, wanted_mg: Decimal, actual_mg: Decimal, factor: Decimal | None = None
) -> tuple[WorkingStep, ...]:
    """Return how far a weighing lies from what was wanted (`error_pct`).

    With a potency factor the wanted amount is pure substance, and first becomes powder as it is.
    """
    steps: list[WorkingStep] = []
    wanted = wanted_mg
    if factor is not None:
        wanted = as_is_mg(wanted_mg, factor)
        corrected = f"{mg(wanted_mg)} ÷ {number(factor)}"
        steps.append(WorkingStep("Wanted, as it is", corrected, mg(wanted)))
    off = weighing.error_pct(wanted=wanted, actual=actual_mg)
    expression = f"({mg(actual_mg)} − {mg(wanted)}) ÷ {mg(wanted)} × 100%"
    return (*steps, WorkingStep("Error", expression, signed_pct(off)))
