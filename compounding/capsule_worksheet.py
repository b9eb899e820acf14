"""The worksheet of a batch of capsules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compounding import second_calculator, wording
from compounding.active_powder import SHOWN_PLACES, powder_mg, powder_steps
from compounding.agreement import agree
from compounding.arithmetic import HUNDRED, ZERO, exactly, round_half_up, settle
from compounding.capsules import Powder, batch_units, filler_mg, fraction_occupied
from compounding.findings import Finding, Severity
from compounding.potency import certificate_findings, potency_factor
from compounding.weighable import PowderToWeigh, check_batch_weighable
from compounding.weighing import least_units
from compounding.working import WorkingStep
from compounding.worksheet_inputs import CapsuleActive, CapsuleInputs, PackedPowder
from compounding.worksheet_lines import counted_line, line_figures, measured_line, rounding_step
from compounding.worksheet_record import (
    LineUnit,
    PotencyFactor,
    Role,
    Worksheet,
    WorksheetKind,
    WorksheetLine,
)

_ALMOST_FULL_PCT = Decimal(95)
_LIGHTEST_G_PER_ML = Decimal("0.1")
_HEAVIEST_G_PER_ML = Decimal(2)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Component:
    """A powder of the batch: as it is, in one capsule and in all of them (mg, unrounded)."""

    key: str
    name: str
    role: Role
    each_mg: Decimal
    batch_mg: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """The first calculator's figures, unrounded."""

    units: int
    components: tuple[_Component, ...]
    taken: Decimal
    fill_mg: Decimal
    gross_mg: Decimal


def plan_capsule_worksheet(inputs: CapsuleInputs) -> Worksheet:
    """Return the worksheet of the batch, worked out twice.

    Raises `CapsuleOverfilled`, `NotWeighable` with a proposal, or `CalculatorsDisagree`.
    """
    plan = _work_out(inputs)
    _check_weighings(inputs, plan)
    lines = _lines(inputs, plan)
    figures = {**_figures(inputs, plan), **line_figures(lines)}
    return Worksheet(
        kind=WorksheetKind.CAPSULES,
        batch_units=plan.units,
        lines=lines,
        potency_factors=tuple(_factor(inputs, active) for active in inputs.actives),
        theoretical_fill_mg=round_half_up(plan.fill_mg, SHOWN_PLACES),
        theoretical_gross_mg=round_half_up(plan.gross_mg, SHOWN_PLACES),
        utilisation_pct=round_half_up(_utilisation_pct(plan), SHOWN_PLACES),
        findings=tuple(_findings(inputs, plan)),
        working=tuple(_working(inputs, plan, lines)),
        agreement=agree(figures, second_calculator.capsule_figures(inputs)),
    )


@exactly
def _work_out(inputs: CapsuleInputs) -> _Plan:
    units = batch_units(inputs.units_wanted, overage_pct=inputs.overage_pct)
    fixed: list[tuple[PackedPowder, Role, Decimal]]
    fixed = [(active, Role.ACTIVE, _each_mg(inputs, active)) for active in inputs.actives]
    fixed += [(extra, Role.EXCIPIENT, extra.mg_per_capsule) for extra in inputs.excipients]
    powders = [Powder(part.name, mg, part.pack_stat_mg) for part, _, mg in fixed]
    room = filler_mg(powders, filler_pack_stat_mg=inputs.filler.pack_stat_mg)
    filler = [(inputs.filler, Role.FILLER, room)] if room > 0 else []
    components = tuple(
        _Component(key=part.key, name=part.name, role=role, each_mg=mg, batch_mg=mg * units)
        for part, role, mg in (*fixed, *filler)
    )
    fill = sum((component.each_mg for component in components), ZERO)
    return _Plan(
        units=units,
        components=components,
        taken=fraction_occupied(powders),
        fill_mg=fill,
        gross_mg=fill + inputs.shell.mean_shell_mg,
    )


def _each_mg(inputs: CapsuleInputs, active: CapsuleActive) -> Decimal:
    return powder_mg(
        active.strength_mg,
        certificate=active.certificate,
        conversion=active.conversion,
        cap_assay_at_100=inputs.cap_assay_at_100,
    )


def _check_weighings(inputs: CapsuleInputs, plan: _Plan) -> None:
    minimum = inputs.minimum_weighable_mg
    powders = [
        PowderToWeigh(
            name=part.name,
            needed_mg=part.batch_mg,
            smallest_batch=Decimal(least_units(as_is_mg_per_unit=part.each_mg, minimum_mg=minimum)),
        )
        for part in plan.components
    ]
    check_batch_weighable(powders, minimum_mg=minimum, batch_unit="capsule")


def _lines(inputs: CapsuleInputs, plan: _Plan) -> tuple[WorksheetLine, ...]:
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


def _factor(inputs: CapsuleInputs, active: CapsuleActive) -> PotencyFactor:
    factor = potency_factor(active.certificate, cap_assay_at_100=inputs.cap_assay_at_100)
    return PotencyFactor(
        key=active.key, name=active.name, factor=round_half_up(factor, SHOWN_PLACES)
    )


@exactly
def _utilisation_pct(plan: _Plan) -> Decimal:
    return settle(plan.taken) * HUNDRED


def _figures(inputs: CapsuleInputs, plan: _Plan) -> dict[str, Decimal]:
    figures = {"batch_units": Decimal(plan.units)}
    for active in inputs.actives:
        figures[f"potency_factor:{active.key}"] = potency_factor(
            active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
    for component in plan.components:
        figures[f"each_mg:{component.key}"] = component.each_mg
        figures[f"batch_mg:{component.key}"] = component.batch_mg
    figures["utilisation_pct"] = _utilisation_pct(plan)
    figures["theoretical_fill_mg"] = plan.fill_mg
    figures["theoretical_gross_mg"] = plan.gross_mg
    return figures


def _findings(inputs: CapsuleInputs, plan: _Plan) -> list[Finding]:
    found: list[Finding] = []
    for active in inputs.actives:
        found += certificate_findings(
            active.name, active.certificate, cap_assay_at_100=inputs.cap_assay_at_100
        )
    return found + _room_findings(plan) + _pack_findings(inputs)


def _room_findings(plan: _Plan) -> list[Finding]:
    used = _utilisation_pct(plan)
    if used <= _ALMOST_FULL_PCT:
        return []
    text = f"Without filler the capsule is already {wording.percent(used, 1)} full. A larger size fills more evenly."
    return [Finding("capsule-almost-full", Severity.CAUTION, text)]


@exactly
def _pack_findings(inputs: CapsuleInputs) -> list[Finding]:
    found: list[Finding] = []
    for part in (*inputs.powders, inputs.filler):
        density = part.pack_stat_mg / inputs.shell.volume_ml / 1000
        if not _LIGHTEST_G_PER_ML <= density <= _HEAVIEST_G_PER_ML:
            text = (
                f"A pack statistic of {wording.number(part.pack_stat_mg)} mg in "
                f"{wording.number(inputs.shell.volume_ml)} mL makes {part.name} weigh "
                f"{wording.rounded(density, 3)} g/mL. Check that it was measured with this size."
            )
            found.append(Finding("pack-statistic-doubtful", Severity.WARNING, text))
    return found


def _working(
    inputs: CapsuleInputs, plan: _Plan, lines: tuple[WorksheetLine, ...]
) -> list[WorkingStep]:
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
    return steps + _filling_steps(inputs, plan) + _batch_steps(inputs, plan, lines)


def _units_step(inputs: CapsuleInputs, plan: _Plan) -> WorkingStep:
    overage = f"(100% + {wording.percent(inputs.overage_pct, SHOWN_PLACES)})"
    made = f"{wording.number(plan.units)} {wording.plural(plan.units, 'capsule')}"
    return WorkingStep(
        "Capsules to make",
        f"{wording.number(inputs.units_wanted)} × {overage}, up to a whole capsule",
        made,
    )


def _filling_steps(inputs: CapsuleInputs, plan: _Plan) -> list[WorkingStep]:
    packs = [powder.pack_stat_mg for powder in inputs.powders]
    taken = wording.rounded(plan.taken, SHOWN_PLACES)
    shares = " + ".join(
        f"{_mg(component.each_mg)} ÷ {_mg(pack)}"
        for component, pack in zip(plan.components, packs, strict=False)
    )
    steps = [WorkingStep("Share of the capsule taken", shares, taken)]
    filler = plan.components[-1]
    if filler.role is Role.FILLER:
        room = f"(1 − {taken}) × {_mg(inputs.filler.pack_stat_mg)}"
        steps.append(WorkingStep(f"{filler.name} in each capsule", room, _mg(filler.each_mg)))
    fill = " + ".join(_mg(component.each_mg) for component in plan.components)
    steps.append(WorkingStep("Theoretical fill", fill, _mg(plan.fill_mg)))
    gross = f"{_mg(plan.fill_mg)} + {_mg(inputs.shell.mean_shell_mg)}"
    steps.append(WorkingStep("Theoretical weight with shell", gross, _mg(plan.gross_mg)))
    return steps


def _batch_steps(
    inputs: CapsuleInputs, plan: _Plan, lines: tuple[WorksheetLine, ...]
) -> list[WorkingStep]:
    steps: list[WorkingStep] = []
    for component, line in zip(plan.components, lines, strict=False):
        times = f"{wording.number(plan.units)} × {_mg(component.each_mg)}"
        label = f"{component.name} for the batch"
        steps.append(WorkingStep(label, times, _mg(component.batch_mg)))
        steps.append(rounding_step(line, exact=component.batch_mg, step=inputs.weigh_to_mg))
    return steps


def _mg(mg: Decimal) -> str:
    return f"{wording.rounded(mg, SHOWN_PLACES)} mg"
