"""The worksheet of a batch of capsules."""

from __future__ import annotations

from decimal import Decimal

from compounding import second_calculator
from compounding.active_powder import SHOWN_PLACES
from compounding.arithmetic import exactly, round_half_up
from compounding.weighable import BatchUnit, PowderToWeigh, RoomInCapsule
from compounding.worksheets.agreement import agree
from compounding.worksheets.blending import blend_figures, blending
from compounding.worksheets.capsule_findings import capsule_findings
from compounding.worksheets.capsule_plan import CapsulePart, CapsulePlan, work_out_capsules
from compounding.worksheets.capsule_working import capsule_working
from compounding.worksheets.dose_errors import capsule_budgets, error_figures, shown_errors
from compounding.worksheets.inputs import CapsuleInputs
from compounding.worksheets.lines import check_weighings, counted_line, line_figures, measured_line
from compounding.worksheets.record import (
    LineUnit,
    PotencyFactor,
    Role,
    Worksheet,
    WorksheetKind,
    WorksheetLine,
)


@exactly
def plan_capsule_worksheet(inputs: CapsuleInputs) -> Worksheet:
    """Return the worksheet of the batch, worked out twice.

    Raises `CapsuleOverfilled`, `NotWeighable` or `BalanceTooCoarse` with a proposal, or `CalculatorsDisagree`.
    """
    plan = work_out_capsules(inputs)
    lines = _lines(inputs, plan)
    check_weighings(inputs, _powders(inputs, plan), lines, batch_unit=BatchUnit.CAPSULE)
    steps, budgets = blending(lines), capsule_budgets(inputs, plan)
    figures = {
        **_figures(inputs, plan),
        **line_figures(lines),
        **blend_figures(steps),
        **error_figures(budgets),
    }
    return Worksheet(
        kind=WorksheetKind.CAPSULES,
        batch_units=plan.units,
        lines=lines,
        potency_factors=tuple(
            PotencyFactor(
                key=active.key, name=active.name, factor=round_half_up(factor, SHOWN_PLACES)
            )
            for active, factor in zip(inputs.actives, plan.factors, strict=True)
        ),
        theoretical_fill_mg=round_half_up(plan.fill_mg, SHOWN_PLACES),
        theoretical_gross_mg=round_half_up(plan.gross_mg, SHOWN_PLACES),
        utilisation_pct=round_half_up(plan.utilisation_pct, SHOWN_PLACES),
        findings=tuple(capsule_findings(inputs, plan)),
        working=tuple(capsule_working(inputs, plan, lines, steps, budgets)),
        agreement=agree(figures, second_calculator.capsule_figures(inputs)),
        blending=steps,
        dose_errors=shown_errors(budgets),
    )


def _powders(inputs: CapsuleInputs, plan: CapsulePlan) -> list[PowderToWeigh]:
    return [
        PowderToWeigh(
            name=part.name,
            needed_mg=part.batch_mg,
            per_unit_mg=part.each_mg,
            room=_room(inputs, plan, part) if part.role is Role.FILLER else None,
        )
        for part in plan.components
    ]


def _room(inputs: CapsuleInputs, plan: CapsulePlan, filler: CapsulePart) -> RoomInCapsule:
    (packed,) = inputs.fillers
    return RoomInCapsule(
        volume_ml=inputs.shell.volume_ml,
        others_mg=plan.fill_mg - filler.each_mg,
        taken=plan.taken,
        pack_stat_mg=packed.pack_stat_mg,
    )


def _lines(inputs: CapsuleInputs, plan: CapsulePlan) -> tuple[WorksheetLine, ...]:
    weighed = [
        measured_line(
            key=component.key,
            name=component.name,
            role=component.role,
            exact=component.batch_mg,
            unit=LineUnit.MG,
            step=inputs.weigh_to_mg,
            tolerance_pct=inputs.weighing_tolerance_pct,
        )
        for component in plan.components
    ]
    shells = counted_line(
        key=inputs.shell.key, name=inputs.shell.name, role=Role.SHELL, count=plan.units
    )
    return (*weighed, shells)


def _figures(inputs: CapsuleInputs, plan: CapsulePlan) -> dict[str, Decimal]:
    figures = {"batch_units": Decimal(plan.units)}
    for active, factor in zip(inputs.actives, plan.factors, strict=True):
        figures[f"potency_factor:{active.key}"] = factor
    for component in plan.components:
        figures[f"each_mg:{component.key}"] = component.each_mg
        figures[f"batch_mg:{component.key}"] = component.batch_mg
    figures["utilisation_pct"] = plan.utilisation_pct
    figures["theoretical_fill_mg"] = plan.fill_mg
    figures["theoretical_gross_mg"] = plan.gross_mg
    return figures
