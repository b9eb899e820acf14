"""The arithmetic of a stock triturate, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import wording
from compounding.active_powder import SHOWN_PLACES, powder_steps, triturate_steps
from compounding.arithmetic import round_half_up
from compounding.working import WorkingStep
from compounding.worksheets.blending import blend_working
from compounding.worksheets.dose_errors import DoseBudget, error_steps
from compounding.worksheets.lines import rounding_step
from compounding.worksheets.record import BlendStep, WorksheetLine
from compounding.worksheets.triturate_inputs import TriturateInputs
from compounding.worksheets.triturate_plan import TrituratePart, TrituratePlan

_EACH = "100 mg"


def triturate_working(
    inputs: TriturateInputs,
    plan: TrituratePlan,
    lines: Sequence[WorksheetLine],
    blend: Sequence[BlendStep],
    budgets: Sequence[DoseBudget],
) -> list[WorkingStep]:
    """Return the working in the order in which a person would do it."""
    steps = [_mass_step(inputs, plan)]
    for active in inputs.actives:
        steps += powder_steps(
            active.name,
            active.strength_pct,
            certificate=active.certificate,
            conversion=active.conversion,
            cap_assay_at_100=inputs.cap_assay_at_100,
            each=_EACH,
        )
    for stock in inputs.triturates:
        steps += triturate_steps(
            stock.name,
            stock.strength_pct,
            triturate_pct=stock.triturate_pct,
            conversion=stock.conversion,
            each=_EACH,
        )
    steps.append(_rest_step(plan))
    for part, line in zip(plan.parts, lines, strict=False):
        batch = _batch_step(part, plan.batch_mg)
        steps += [batch, rounding_step(line, exact=batch.result, step=inputs.weigh_to_mg)]
    return [*steps, *blend_working(blend), *error_steps(budgets)]


def _mass_step(inputs: TriturateInputs, plan: TrituratePlan) -> WorkingStep:
    overage = f"(100% + {wording.percent(inputs.overage_pct, SHOWN_PLACES)})"
    return WorkingStep(
        "Triturate to make", f"{_mg(inputs.total_mg)} × {overage}", _mg(plan.batch_mg)
    )


def _rest_step(plan: TrituratePlan) -> WorkingStep:
    *others, diluent = plan.parts
    taken = " − ".join(_mg(part.in_100_mg) for part in others)
    return WorkingStep(
        f"{diluent.name} in each {_EACH}", f"{_EACH} − {taken}", _mg(diluent.in_100_mg)
    )


def _batch_step(part: TrituratePart, batch_mg: Decimal) -> WorkingStep:
    return WorkingStep(
        f"{part.name} for the batch",
        f"{_mg(part.in_100_mg)} ÷ {_EACH} × {_mg(batch_mg)}",
        _mg(part.batch_mg),
    )


def _mg(mg: Decimal) -> str:
    return wording.milligrams(round_half_up(mg, SHOWN_PLACES))
