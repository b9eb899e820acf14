"""The arithmetic of a batch of capsules, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import wording
from compounding.active_powder import SHOWN_PLACES, powder_steps, triturate_steps
from compounding.arithmetic import round_half_up
from compounding.working import WorkingStep
from compounding.worksheets.blending import blend_working
from compounding.worksheets.capsule_plan import CapsulePlan
from compounding.worksheets.dose_errors import DoseBudget, error_steps
from compounding.worksheets.inputs import CapsuleInputs
from compounding.worksheets.lines import rounding_step
from compounding.worksheets.record import BlendStep, Role, WorksheetLine


def capsule_working(
    inputs: CapsuleInputs,
    plan: CapsulePlan,
    lines: tuple[WorksheetLine, ...],
    blend: Sequence[BlendStep],
    budgets: Sequence[DoseBudget],
) -> list[WorkingStep]:
    """Return the working in the order in which a person would do it."""
    steps = [_units_step(inputs, plan)]
    for active in inputs.actives:
        steps += powder_steps(
            active.name,
            active.strength_mg,
            certificate=active.certificate,
            conversion=active.conversion,
            cap_assay_at_100=inputs.cap_assay_at_100,
            each="capsule",
        )
    for stock in inputs.triturates:
        steps += triturate_steps(
            stock.name,
            stock.strength_mg,
            triturate_pct=stock.triturate_pct,
            conversion=stock.conversion,
            each="capsule",
        )
    steps += _powder_steps(inputs, plan, lines)
    return [*steps, *blend_working(blend), *error_steps(budgets)]


def _units_step(inputs: CapsuleInputs, plan: CapsulePlan) -> WorkingStep:
    overage = f"(100% + {wording.percent(inputs.overage_pct, SHOWN_PLACES)})"
    made = f"{wording.number(plan.units)} {wording.plural(plan.units, 'capsule')}"
    return WorkingStep(
        "Capsules to make",
        f"{wording.number(inputs.units_wanted)} × {overage}, up to a whole capsule",
        made,
    )


def _powder_steps(
    inputs: CapsuleInputs, plan: CapsulePlan, lines: tuple[WorksheetLine, ...]
) -> list[WorkingStep]:
    """Return what fills one capsule, and then the batch."""
    each = [_mg(component.each_mg) for component in plan.components]
    packs = [_mg(powder.pack_stat_mg) for powder in inputs.powders]
    taken = wording.rounded(plan.taken, SHOWN_PLACES)
    shares = " + ".join(f"{mg} ÷ {pack}" for mg, pack in zip(each, packs, strict=False))
    steps = [WorkingStep("Share of the capsule taken", shares, taken)]
    if plan.components[-1].role is Role.FILLER:
        steps += [
            WorkingStep(
                f"{filler.name} in each capsule",
                f"(1 − {taken}) × {_mg(filler.pack_stat_mg)}",
                each[-1],
            )
            for filler in inputs.fillers
        ]
    fill = WorkingStep("Theoretical fill", " + ".join(each), _mg(plan.fill_mg))
    gross = f"{fill.result} + {_mg(inputs.shell.mean_shell_mg)}"
    return [
        *steps,
        fill,
        WorkingStep("Theoretical weight with shell", gross, _mg(plan.gross_mg)),
        *_batch_steps(inputs, plan, lines, each),
    ]


def _batch_steps(
    inputs: CapsuleInputs,
    plan: CapsulePlan,
    lines: tuple[WorksheetLine, ...],
    each: Sequence[str],
) -> list[WorkingStep]:
    units = wording.number(plan.units)
    steps: list[WorkingStep] = []
    for component, line, mg in zip(plan.components, lines, each, strict=False):
        times = f"{units} × {mg}"
        batch = WorkingStep(f"{component.name} for the batch", times, _mg(component.batch_mg))
        steps += [batch, rounding_step(line, exact=batch.result, step=inputs.weigh_to_mg)]
    return steps


def _mg(mg: Decimal) -> str:
    return wording.milligrams(round_half_up(mg, SHOWN_PLACES))
