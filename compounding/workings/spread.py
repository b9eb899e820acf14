"""The working of a mean and a spread (`compounding.spread`)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding.arithmetic import exactly, total
from compounding.spread import mean, sample_sd
from compounding.working import WorkingStep
from compounding.workings.figures import number


@exactly
def readings(*, values: Sequence[Decimal], unit: str = "") -> tuple[WorkingStep, ...]:
    """Return how the mean and the standard deviation of readings come about, in this unit."""
    of_it = f" {unit}" if unit else ""
    sd, middle = sample_sd(values), mean(values)
    squares = total((value - middle) ** 2 for value in values)
    deviations = " + ".join(f"({number(value)} − {number(middle)})²" for value in values)
    return (
        WorkingStep(
            "Mean",
            f"{number(total(values))}{of_it} ÷ {number(len(values))}",
            f"{number(middle)}{of_it}",
        ),
        WorkingStep("Squares of the deviations", deviations, number(squares)),
        WorkingStep(
            "Standard deviation",
            f"√({number(squares)} ÷ {number(len(values) - 1)})",
            f"{number(sd)}{of_it}",
        ),
    )
