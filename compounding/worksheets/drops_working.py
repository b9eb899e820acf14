"""The arithmetic of a batch of drops, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import wording
from compounding.active_powder import SHOWN_PLACES, powder_steps, triturate_steps
from compounding.arithmetic import round_half_up
from compounding.drops import qs_ad
from compounding.working import WorkingStep
from compounding.worksheets.dose_errors import DoseBudget, error_steps
from compounding.worksheets.drops_plan import DropsPlan, LiquidPart, step_of
from compounding.worksheets.inputs import DropsInputs
from compounding.worksheets.lines import rounding_step
from compounding.worksheets.record import WorksheetLine


def drops_working(
    inputs: DropsInputs,
    plan: DropsPlan,
    lines: tuple[WorksheetLine, ...],
    budgets: Sequence[DoseBudget],
) -> list[WorkingStep]:
    """Return the working in the order in which a person would do it."""
    steps = [_volume_step(inputs, plan)]
    for active in inputs.actives:
        steps += powder_steps(
            active.name,
            active.strength_mg_per_ml,
            certificate=active.certificate,
            conversion=active.conversion,
            cap_assay_at_100=inputs.cap_assay_at_100,
            each="mL",
        )
    for stock in inputs.triturates:
        steps += triturate_steps(
            stock.name,
            stock.strength_mg_per_ml,
            triturate_pct=stock.triturate_pct,
            conversion=stock.conversion,
            each="mL",
        )
    for part, line in zip(plan.components, lines, strict=False):
        batch = _batch_step(part, plan.batch_ml)
        steps += [batch, rounding_step(line, exact=batch.result, step=step_of(inputs, part))]
    steps.append(
        WorkingStep(inputs.vehicle.name, qs_ad(plan.batch_ml), wording.millilitres(plan.batch_ml))
    )
    return [
        *steps,
        *_vehicle_mass_steps(inputs, plan),
        *_drop_steps(inputs, plan),
        *error_steps(budgets),
    ]


def _vehicle_mass_steps(inputs: DropsInputs, plan: DropsPlan) -> list[WorkingStep]:
    vehicle = inputs.vehicle
    if vehicle.density_g_per_ml is None or plan.vehicle_mg is None:
        return []
    density = f"{wording.number(vehicle.density_g_per_ml)} g/mL"
    mass = wording.milligrams(round_half_up(plan.vehicle_mg, SHOWN_PLACES))
    return [
        WorkingStep(f"{vehicle.name}, about", f"{_ml(plan.vehicle_ml)} × {density} × 1000", mass)
    ]


def _volume_step(inputs: DropsInputs, plan: DropsPlan) -> WorkingStep:
    overage = f"(100% + {wording.percent(inputs.process_overage_pct, SHOWN_PLACES)})"
    bottles = f"{wording.number(inputs.bottles)} × {wording.millilitres(inputs.fill_volume_ml)}"
    return WorkingStep("Volume to make", f"{bottles} × {overage}", _ml(plan.batch_ml))


def _batch_step(part: LiquidPart, batch_ml: Decimal) -> WorkingStep:
    unit = part.unit.value
    return WorkingStep(
        f"{part.name} for the batch",
        f"{wording.rounded(part.per_ml, SHOWN_PLACES)} {unit}/mL × {_ml(batch_ml)}",
        f"{wording.grouped(round_half_up(part.amount, SHOWN_PLACES))} {unit}",
    )


def _drop_steps(inputs: DropsInputs, plan: DropsPlan) -> list[WorkingStep]:
    if inputs.dropper is None or plan.drops_per_ml is None or plan.mg_per_drop is None:
        return []
    counted = wording.number(inputs.dropper.drops_counted)
    per_ml = f"{wording.rounded(plan.drops_per_ml, SHOWN_PLACES)} drops/mL"
    strength = wording.concentration(inputs.strength_mg_per_ml)
    return [
        WorkingStep(
            "Drops in each mL", f"{counted} drops ÷ {_ml(inputs.dropper.measured_ml())}", per_ml
        ),
        WorkingStep(
            "Each drop holds",
            f"{strength} ÷ {per_ml}",
            f"{wording.rounded(plan.mg_per_drop, SHOWN_PLACES)} mg",
        ),
    ]


def _ml(ml: Decimal) -> str:
    return wording.millilitres(round_half_up(ml, SHOWN_PLACES))
