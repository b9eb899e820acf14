"""The worksheet of a stock triturate."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import second_calculator
from compounding.active_powder import SHOWN_PLACES
from compounding.arithmetic import exactly, round_half_up
from compounding.findings import Finding
from compounding.potency import certificate_findings, potency_factor
from compounding.weighable import BatchUnit, PowderToWeigh
from compounding.worksheets.agreement import agree
from compounding.worksheets.blending import blend_figures, blending
from compounding.worksheets.dose_errors import error_figures, shown_errors, triturate_budgets
from compounding.worksheets.lines import check_weighings, counted_line, line_figures, measured_line
from compounding.worksheets.record import (
    LineUnit,
    PotencyFactor,
    Role,
    Worksheet,
    WorksheetKind,
    WorksheetLine,
)
from compounding.worksheets.triturate_inputs import TriturateActive, TriturateInputs
from compounding.worksheets.triturate_plan import TrituratePlan, work_out_triturate
from compounding.worksheets.triturate_working import triturate_working


@exactly
def plan_triturate_worksheet(inputs: TriturateInputs) -> Worksheet:
    """Return the worksheet of the triturate, worked out twice.

    Potency is corrected here, once: what is made from the triturate goes by its labelled strength.
    Raises `NoRoomForDiluent`, `NotWeighable` or `BalanceTooCoarse` with a proposal, or `CalculatorsDisagree`.
    """
    plan = work_out_triturate(inputs)
    lines = _lines(inputs, plan)
    check_weighings(inputs, _powders(plan), lines, batch_unit=BatchUnit.GRAM)
    steps, budgets = blending(lines), triturate_budgets(inputs, plan)
    figures = {
        **_figures(inputs, plan),
        **line_figures(lines),
        **blend_figures(steps),
        **error_figures(budgets),
    }
    return Worksheet(
        kind=WorksheetKind.TRITURATE,
        batch_mg=round_half_up(plan.batch_mg, SHOWN_PLACES),
        lines=lines,
        potency_factors=tuple(_factor(inputs, active) for active in inputs.actives),
        findings=tuple(_findings(inputs)),
        working=tuple(triturate_working(inputs, plan, lines, steps, budgets)),
        agreement=agree(figures, second_calculator.triturate_figures(inputs)),
        blending=steps,
        dose_errors=shown_errors(budgets),
    )


@exactly
def _powders(plan: TrituratePlan) -> list[PowderToWeigh]:
    return [
        PowderToWeigh(name=part.name, needed_mg=part.batch_mg, per_unit_mg=part.in_100_mg * 10)
        for part in plan.parts
    ]


def _lines(inputs: TriturateInputs, plan: TrituratePlan) -> tuple[WorksheetLine, ...]:
    weighed = [
        measured_line(
            key=part.key,
            name=part.name,
            role=part.role,
            exact=part.batch_mg,
            unit=LineUnit.MG,
            step=inputs.weigh_to_mg,
            tolerance_pct=inputs.weighing_tolerance_pct,
        )
        for part in plan.parts
    ]
    container = inputs.container
    if container is None:
        return tuple(weighed)
    jars = counted_line(
        key=container.key, name=container.name, role=Role.CONTAINER, count=inputs.containers
    )
    return (*weighed, jars)


def _factor(inputs: TriturateInputs, active: TriturateActive) -> PotencyFactor:
    factor = potency_factor(active.certificate, cap_assay_at_100=inputs.cap_assay_at_100)
    return PotencyFactor(
        key=active.key, name=active.name, factor=round_half_up(factor, SHOWN_PLACES)
    )


def _figures(inputs: TriturateInputs, plan: TrituratePlan) -> dict[str, Decimal]:
    figures = {"batch_mg": plan.batch_mg}
    for active in inputs.actives:
        figures[f"potency_factor:{active.key}"] = potency_factor(
            active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
    for part in plan.parts:
        figures[f"batch_mg:{part.key}"] = part.batch_mg
    return figures


def _findings(inputs: TriturateInputs) -> Sequence[Finding]:
    return [
        finding
        for active in inputs.actives
        for finding in certificate_findings(
            active.name, active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
    ]
