"""The worksheet of a batch of drops or another oral liquid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compounding import second_calculator, wording
from compounding.active_powder import SHOWN_PLACES, powder_mg, powder_steps
from compounding.agreement import agree
from compounding.arithmetic import HUNDRED, exactly, round_half_up, round_up, settle
from compounding.drops import (
    batch_volume_ml,
    dose_volume_ml,
    drops_for_dose,
    mg_per_drop,
    qs_ad,
    vehicle_estimate,
)
from compounding.findings import Finding, Severity
from compounding.potency import certificate_findings, potency_factor
from compounding.weighable import PowderToWeigh, check_batch_weighable
from compounding.working import WorkingStep
from compounding.worksheet_inputs import AmountUnit, DropsInputs, LiquidActive, LiquidExcipient
from compounding.worksheet_lines import (
    counted_line,
    line_figures,
    measured_line,
    rounding_step,
    vehicle_line,
)
from compounding.worksheet_record import (
    DropRow,
    LineUnit,
    PotencyFactor,
    Role,
    Worksheet,
    WorksheetKind,
    WorksheetLine,
)

_FEWEST_DROPS_COUNTED = 20
_BATCH_PLACES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class _Component:
    """A component of the batch, unrounded, with what one millilitre of the batch holds of it."""

    key: str
    name: str
    role: Role
    unit: LineUnit
    per_ml: Decimal
    amount: Decimal
    displacement_ml_per_g: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """A dose of the table, unrounded."""

    dose_mg: Decimal
    volume_ml: Decimal
    drops: int | None = None
    delivered_mg: Decimal | None = None
    error_pct: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """The first calculator's figures, unrounded."""

    batch_ml: Decimal
    components: tuple[_Component, ...]
    vehicle_ml: Decimal
    drops_per_ml: Decimal | None
    mg_per_drop: Decimal | None
    rows: tuple[_Row, ...]


def plan_drops_worksheet(inputs: DropsInputs) -> Worksheet:
    """Return the worksheet of the batch, worked out twice.

    Raises `FillBelowLabel`, `NoRoomForVehicle`, `LessThanOneDrop`, `NotWeighable` with a proposal,
    or `CalculatorsDisagree`.
    """
    plan = _work_out(inputs)
    _check_weighings(inputs, plan)
    lines = _lines(inputs, plan)
    figures = {**_figures(inputs, plan), **line_figures(lines)}
    return Worksheet(
        kind=WorksheetKind.DROPS,
        batch_volume_ml=_shown(plan.batch_ml),
        lines=lines,
        potency_factors=tuple(_factor(inputs, active) for active in inputs.actives),
        drops_per_ml=_shown_or_none(plan.drops_per_ml),
        mg_per_drop=_shown_or_none(plan.mg_per_drop),
        drop_table=tuple(_shown_row(row) for row in plan.rows),
        vehicle_estimate_ml=_shown(plan.vehicle_ml),
        findings=tuple(_findings(inputs, plan)),
        working=tuple(_working(inputs, plan, lines)),
        agreement=agree(figures, second_calculator.drops_figures(inputs)),
    )


@exactly
def _work_out(inputs: DropsInputs) -> _Plan:
    batch_ml = batch_volume_ml(
        bottles=inputs.bottles,
        label_volume_ml=inputs.label_volume_ml,
        fill_volume_ml=inputs.fill_volume_ml,
        process_overage_pct=inputs.process_overage_pct,
    )
    components = (
        *(_active(inputs, active, batch_ml) for active in inputs.actives),
        *(_excipient(excipient, batch_ml) for excipient in inputs.excipients),
    )
    per_ml = None if inputs.dropper is None else inputs.dropper.drops_per_ml()
    strength = inputs.strength_mg_per_ml
    return _Plan(
        batch_ml=batch_ml,
        components=components,
        vehicle_ml=_vehicle_ml(batch_ml, components),
        drops_per_ml=per_ml,
        mg_per_drop=None
        if per_ml is None
        else mg_per_drop(strength_mg_per_ml=strength, drops_per_ml=per_ml),
        rows=tuple(_row(dose, strength, per_ml) for dose in inputs.doses_mg),
    )


def _active(inputs: DropsInputs, active: LiquidActive, batch_ml: Decimal) -> _Component:
    per_ml = powder_mg(
        active.strength_mg_per_ml,
        certificate=active.certificate,
        conversion=active.conversion,
        cap_assay_at_100=inputs.cap_assay_at_100,
    )
    return _Component(
        key=active.key,
        name=active.name,
        role=Role.ACTIVE,
        unit=LineUnit.MG,
        per_ml=per_ml,
        amount=per_ml * batch_ml,
        displacement_ml_per_g=active.displacement_ml_per_g,
    )


def _excipient(excipient: LiquidExcipient, batch_ml: Decimal) -> _Component:
    in_grams = excipient.unit is AmountUnit.G
    per_ml = excipient.amount_per_100_ml * (1000 if in_grams else 1) / HUNDRED
    return _Component(
        key=excipient.key,
        name=excipient.name,
        role=Role.EXCIPIENT,
        unit=LineUnit.ML if excipient.unit is AmountUnit.ML else LineUnit.MG,
        per_ml=per_ml,
        amount=per_ml * batch_ml,
        displacement_ml_per_g=excipient.displacement_ml_per_g,
    )


def _vehicle_ml(batch_ml: Decimal, components: tuple[_Component, ...]) -> Decimal:
    """Return the vehicle to have at hand (mL); a powder without a displacement value displaces nothing."""
    liquids = [part.amount for part in components if part.unit is LineUnit.ML]
    powders = [
        (part.amount / 1000, part.displacement_ml_per_g)
        for part in components
        if part.unit is LineUnit.MG and part.displacement_ml_per_g is not None
    ]
    return vehicle_estimate(batch_ml=batch_ml, liquids_ml=liquids, powders=powders).vehicle_ml


def _row(dose_mg: Decimal, strength_mg_per_ml: Decimal, drops_per_ml: Decimal | None) -> _Row:
    if drops_per_ml is None:
        volume = dose_volume_ml(dose_mg=dose_mg, strength_mg_per_ml=strength_mg_per_ml)
        return _Row(dose_mg=dose_mg, volume_ml=volume)
    dose = drops_for_dose(
        dose_mg=dose_mg, strength_mg_per_ml=strength_mg_per_ml, drops_per_ml=drops_per_ml
    )
    return _Row(
        dose_mg=dose_mg,
        volume_ml=dose.volume_ml,
        drops=dose.drops,
        delivered_mg=dose.delivered_mg,
        error_pct=dose.error_pct,
    )


@exactly
def _check_weighings(inputs: DropsInputs, plan: _Plan) -> None:
    minimum = inputs.minimum_weighable_mg
    solubility = {active.key: active.solubility_mg_per_ml for active in inputs.actives}
    powders = [
        PowderToWeigh(
            name=part.name,
            needed_mg=part.amount,
            smallest_batch=round_up(minimum / part.per_ml, _BATCH_PLACES),
            solubility_mg_per_ml=solubility.get(part.key),
        )
        for part in plan.components
        if part.unit is LineUnit.MG
    ]
    check_batch_weighable(powders, minimum_mg=minimum, batch_unit="mL")


def _lines(inputs: DropsInputs, plan: _Plan) -> tuple[WorksheetLine, ...]:
    measured = [
        measured_line(
            key=part.key,
            name=part.name,
            role=part.role,
            exact=part.amount,
            unit=part.unit,
            step=_step_of(inputs, part),
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


def _step_of(inputs: DropsInputs, part: _Component) -> Decimal:
    return inputs.measure_to_ml if part.unit is LineUnit.ML else inputs.weigh_to_mg


def _factor(inputs: DropsInputs, active: LiquidActive) -> PotencyFactor:
    factor = potency_factor(active.certificate, cap_assay_at_100=inputs.cap_assay_at_100)
    return PotencyFactor(key=active.key, name=active.name, factor=_shown(factor))


def _figures(inputs: DropsInputs, plan: _Plan) -> dict[str, Decimal]:
    figures = {"batch_volume_ml": plan.batch_ml, "vehicle_estimate_ml": plan.vehicle_ml}
    for active in inputs.actives:
        figures[f"potency_factor:{active.key}"] = potency_factor(
            active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
    for part in plan.components:
        figures[f"batch_{part.unit.lower()}:{part.key}"] = part.amount
    if plan.drops_per_ml is not None and plan.mg_per_drop is not None:
        figures["drops_per_ml"] = plan.drops_per_ml
        figures["mg_per_drop"] = plan.mg_per_drop
    for number, row in enumerate(plan.rows, 1):
        figures |= _row_figures(number, row)
    return figures


def _row_figures(number: int, row: _Row) -> dict[str, Decimal]:
    figures = {f"dose_ml:{number}": row.volume_ml}
    if row.drops is not None and row.delivered_mg is not None and row.error_pct is not None:
        figures[f"drops:{number}"] = Decimal(row.drops)
        figures[f"delivered_mg:{number}"] = row.delivered_mg
        figures[f"error_pct:{number}"] = row.error_pct
    return figures


def _findings(inputs: DropsInputs, plan: _Plan) -> list[Finding]:
    found: list[Finding] = []
    for active in inputs.actives:
        found += certificate_findings(
            active.name, active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
        found += _solubility_findings(active)
    found += _dropper_findings(inputs)
    for row in plan.rows:
        found += _row_findings(row, inputs.drop_error_limit_pct)
    return found


def _solubility_findings(active: LiquidActive) -> list[Finding]:
    limit = active.solubility_mg_per_ml
    if limit is None or active.strength_mg_per_ml <= limit:
        return []
    text = (
        f"{wording.concentration(active.strength_mg_per_ml)} of {active.name} is more than the "
        f"{wording.concentration(limit)} that dissolves: this is a suspension."
    )
    return [Finding("does-not-dissolve", Severity.WARNING, text)]


def _dropper_findings(inputs: DropsInputs) -> list[Finding]:
    if inputs.dropper is None or inputs.dropper.drops_counted >= _FEWEST_DROPS_COUNTED:
        return []
    text = (
        f"The dropper was calibrated with {wording.number(inputs.dropper.drops_counted)} drops; "
        f"count at least {wording.number(_FEWEST_DROPS_COUNTED)}."
    )
    return [Finding("few-drops-counted", Severity.CAUTION, text)]


def _row_findings(row: _Row, limit_pct: Decimal) -> list[Finding]:
    if row.drops is None or row.error_pct is None or row.delivered_mg is None:
        return []
    if abs(settle(row.error_pct)) <= limit_pct:
        return []
    text = (
        f"{wording.mass(row.dose_mg)} in {wording.number(row.drops)} {wording.plural(row.drops, 'drop')} comes to "
        f"{wording.rounded(row.delivered_mg, 3)} mg ({wording.signed_percent(row.error_pct)}). Use an oral syringe."
    )
    return [Finding("drops-inexact", Severity.CAUTION, text)]


def _working(
    inputs: DropsInputs, plan: _Plan, lines: tuple[WorksheetLine, ...]
) -> list[WorkingStep]:
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
    for part, line in zip(plan.components, lines, strict=False):
        steps.append(_batch_step(part, plan.batch_ml))
        steps.append(rounding_step(line, exact=part.amount, step=_step_of(inputs, part)))
    steps.append(
        WorkingStep(inputs.vehicle.name, qs_ad(plan.batch_ml), wording.millilitres(plan.batch_ml))
    )
    return steps + _drop_steps(inputs, plan)


def _volume_step(inputs: DropsInputs, plan: _Plan) -> WorkingStep:
    overage = f"(100% + {wording.percent(inputs.process_overage_pct, SHOWN_PLACES)})"
    bottles = f"{wording.number(inputs.bottles)} × {wording.millilitres(inputs.fill_volume_ml)}"
    return WorkingStep("Volume to make", f"{bottles} × {overage}", _ml(plan.batch_ml))


def _batch_step(part: _Component, batch_ml: Decimal) -> WorkingStep:
    unit = part.unit.value
    return WorkingStep(
        f"{part.name} for the batch",
        f"{wording.rounded(part.per_ml, SHOWN_PLACES)} {unit}/mL × {_ml(batch_ml)}",
        f"{wording.rounded(part.amount, SHOWN_PLACES)} {unit}",
    )


def _drop_steps(inputs: DropsInputs, plan: _Plan) -> list[WorkingStep]:
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
    return f"{wording.rounded(ml, SHOWN_PLACES)} mL"


def _shown(value: Decimal) -> Decimal:
    return round_half_up(value, SHOWN_PLACES)


def _shown_or_none(value: Decimal | None) -> Decimal | None:
    return None if value is None else _shown(value)


def _shown_row(row: _Row) -> DropRow:
    return DropRow(
        dose_mg=row.dose_mg,
        volume_ml=_shown(row.volume_ml),
        drops=row.drops,
        delivered_mg=_shown_or_none(row.delivered_mg),
        error_pct=_shown_or_none(row.error_pct),
    )
