"""The worksheet of a batch of drops or another oral liquid."""

from __future__ import annotations

from decimal import Decimal

from compounding import second_calculator
from compounding.active_powder import SHOWN_PLACES
from compounding.arithmetic import exactly, round_half_up
from compounding.potency import potency_factor
from compounding.weighable import BatchUnit, PowderToWeigh
from compounding.worksheets.agreement import agree
from compounding.worksheets.dose_errors import drops_budgets, error_figures, shown_errors
from compounding.worksheets.drops_findings import drops_findings
from compounding.worksheets.drops_plan import (
    DoseRow,
    DropsPlan,
    step_of,
    work_out_drops,
)
from compounding.worksheets.drops_working import drops_working
from compounding.worksheets.inputs import DropsInputs, LiquidActive
from compounding.worksheets.lines import (
    check_weighings,
    counted_line,
    line_figures,
    measure_findings,
    measured_line,
    vehicle_line,
)
from compounding.worksheets.record import (
    DropRow,
    LineUnit,
    PotencyFactor,
    Role,
    Worksheet,
    WorksheetKind,
    WorksheetLine,
)


@exactly
def plan_drops_worksheet(inputs: DropsInputs) -> Worksheet:
    """Return the worksheet of the batch, worked out twice.

    Raises `FillBelowLabel`, `NoRoomForVehicle`, `LessThanOneDrop`, `NotWeighable` or `BalanceTooCoarse` with a
    proposal, or `CalculatorsDisagree`.
    """
    plan = work_out_drops(inputs)
    lines = _lines(inputs, plan)
    check_weighings(inputs, _powders(inputs, plan), lines, batch_unit=BatchUnit.ML)
    budgets = drops_budgets(inputs, plan)
    figures = {**_figures(inputs, plan), **line_figures(lines), **error_figures(budgets)}
    return Worksheet(
        kind=WorksheetKind.DROPS,
        batch_volume_ml=_shown(plan.batch_ml),
        lines=lines,
        potency_factors=tuple(_factor(inputs, active) for active in inputs.actives),
        drops_per_ml=_shown_or_none(plan.drops_per_ml),
        mg_per_drop=_shown_or_none(plan.mg_per_drop),
        drop_table=tuple(_shown_row(row) for row in plan.rows),
        vehicle_estimate_ml=_shown(plan.vehicle_ml),
        vehicle_estimate_mg=_shown_or_none(plan.vehicle_mg),
        findings=(*drops_findings(inputs, plan), *measure_findings(lines)),
        working=tuple(drops_working(inputs, plan, lines, budgets)),
        agreement=agree(figures, second_calculator.drops_figures(inputs)),
        dose_errors=shown_errors(budgets),
    )


def _powders(inputs: DropsInputs, plan: DropsPlan) -> list[PowderToWeigh]:
    dissolves = {
        active.key: None if inputs.vehicle.suspends else active.solubility_mg_per_ml
        for active in inputs.actives
    }
    return [
        PowderToWeigh(
            name=part.name,
            needed_mg=part.amount,
            per_unit_mg=part.per_ml,
            solubility_mg_per_ml=dissolves.get(part.key),
        )
        for part in plan.components
        if part.unit is LineUnit.MG
    ]


def _lines(inputs: DropsInputs, plan: DropsPlan) -> tuple[WorksheetLine, ...]:
    measured = [
        measured_line(
            key=part.key,
            name=part.name,
            role=part.role,
            exact=part.amount,
            unit=part.unit,
            step=step_of(inputs, part),
            tolerance_pct=inputs.weighing_tolerance_pct,
        )
        for part in plan.components
    ]
    vehicle, container = inputs.vehicle, inputs.container
    return (
        *measured,
        vehicle_line(
            key=vehicle.key, name=vehicle.name, batch_ml=plan.batch_ml, step=inputs.measure_to_ml
        ),
        counted_line(
            key=container.key, name=container.name, role=Role.CONTAINER, count=inputs.bottles
        ),
    )


def _factor(inputs: DropsInputs, active: LiquidActive) -> PotencyFactor:
    factor = potency_factor(active.certificate, cap_assay_at_100=inputs.cap_assay_at_100)
    return PotencyFactor(key=active.key, name=active.name, factor=_shown(factor))


def _figures(inputs: DropsInputs, plan: DropsPlan) -> dict[str, Decimal]:
    figures = {"batch_volume_ml": plan.batch_ml, "vehicle_estimate_ml": plan.vehicle_ml}
    for active in inputs.actives:
        figures[f"potency_factor:{active.key}"] = potency_factor(
            active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
    for part in plan.components:
        figures[f"batch_{part.unit.lower()}:{part.key}"] = part.amount
    if plan.vehicle_mg is not None:
        figures["vehicle_estimate_mg"] = plan.vehicle_mg
    if plan.drops_per_ml is not None and plan.mg_per_drop is not None:
        figures["drops_per_ml"] = plan.drops_per_ml
        figures["mg_per_drop"] = plan.mg_per_drop
    for number, row in enumerate(plan.rows, 1):
        figures |= _row_figures(number, row)
    return figures


def _row_figures(number: int, row: DoseRow) -> dict[str, Decimal]:
    figures = {f"dose_ml:{number}": row.volume_ml}
    if row.drops is not None and row.delivered_mg is not None and row.error_pct is not None:
        figures[f"drops:{number}"] = Decimal(row.drops)
        figures[f"delivered_mg:{number}"] = row.delivered_mg
        figures[f"error_pct:{number}"] = row.error_pct
    return figures


def _shown(value: Decimal) -> Decimal:
    return round_half_up(value, SHOWN_PLACES)


def _shown_or_none(value: Decimal | None) -> Decimal | None:
    return None if value is None else _shown(value)


def _shown_row(row: DoseRow) -> DropRow:
    return DropRow(
        dose_mg=row.dose_mg,
        volume_ml=_shown(row.volume_ml),
        drops=row.drops,
        delivered_mg=_shown_or_none(row.delivered_mg),
        error_pct=_shown_or_none(row.error_pct),
    )
