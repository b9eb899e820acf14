"""Mixing the powders of a batch by geometric dilution: what to add at each step."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import wording
from compounding.arithmetic import ZERO, exactly, total
from compounding.weighing import geometric_additions
from compounding.working import WorkingStep
from compounding.worksheets.record import BlendStep, LineUnit, Role, WorksheetLine


@exactly
def blending(lines: Sequence[WorksheetLine]) -> tuple[BlendStep, ...]:
    """Return the steps from the weighed actives to the whole powder; none if nothing else is weighed.

    Worked out from the amounts to weigh, so that the steps use up exactly what lies on the bench.
    """
    weighed = [line for line in lines if line.unit is LineUnit.MG]
    mixture = total(line.amount for line in weighed if line.role is Role.ACTIVE)
    left = total(line.amount for line in weighed if line.role is not Role.ACTIVE)
    if ZERO in (mixture, left):
        return ()
    steps: list[BlendStep] = []
    for number, addition in enumerate(geometric_additions(drug_mg=mixture, diluent_mg=left), 1):
        mixture += addition
        steps.append(BlendStep(number=number, add_mg=addition, mixture_mg=mixture))
    return tuple(steps)


def blend_figures(steps: Sequence[BlendStep]) -> dict[str, Decimal]:
    """Return the mixture after each step, under the names both calculators use."""
    return {f"blend_mg:{step.number}": step.mixture_mg for step in steps}


@exactly
def blend_working(steps: Sequence[BlendStep]) -> list[WorkingStep]:
    """Return the arithmetic of mixing: as much again at each step, and the rest at the last."""
    working: list[WorkingStep] = []
    for step in steps:
        before_mg = step.mixture_mg - step.add_mg
        before = working[-1].result if working else wording.milligrams(before_mg)
        added = before if step.add_mg == before_mg else wording.milligrams(step.add_mg)
        working.append(
            WorkingStep(
                f"Mixing, step {wording.number(step.number)}",
                f"{before} + {added}",
                wording.milligrams(step.mixture_mg),
            )
        )
    return working
