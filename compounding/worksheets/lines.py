"""From an unrounded amount to a line of the worksheet: rounded once, with its limits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import wording
from compounding.arithmetic import (
    HUNDRED,
    exactly,
    round_down,
    round_to_step,
    round_up,
)
from compounding.findings import Finding, Severity
from compounding.weighable import (
    BatchUnit,
    PowderToWeigh,
    Reading,
    check_batch_readable,
    check_batch_weighable,
)
from compounding.working import WorkingStep
from compounding.worksheets.inputs import CapsuleInputs, DropsInputs
from compounding.worksheets.record import LineUnit, Role, WorksheetLine
from compounding.worksheets.triturate_inputs import TriturateInputs

_LIMIT_PLACES = 6


Inputs = CapsuleInputs | DropsInputs | TriturateInputs


@exactly
def measured_line(
    *,
    key: str,
    name: str,
    role: Role,
    exact: Decimal,
    unit: LineUnit,
    step: Decimal,
    tolerance_pct: Decimal,
) -> WorksheetLine:
    """Return a line to weigh or measure; its limits are rounded inward, so none is ever widened."""
    return WorksheetLine(
        key=key,
        name=name,
        role=role,
        amount=round_to_step(exact, step),
        unit=unit,
        low=round_up(exact * (HUNDRED - tolerance_pct) / HUNDRED, _LIMIT_PLACES),
        high=round_down(exact * (HUNDRED + tolerance_pct) / HUNDRED, _LIMIT_PLACES),
    )


def check_weighings(
    inputs: Inputs,
    powders: Sequence[PowderToWeigh],
    lines: Sequence[WorksheetLine],
    *,
    batch_unit: BatchUnit,
) -> None:
    """Raise `NotWeighable` for what the balance cannot weigh, `BalanceTooCoarse` for what it cannot show.

    The powders are those of the lines in mg, in their order.
    """
    bench, tolerance_pct = inputs.bench, inputs.weighing_tolerance_pct
    check_batch_weighable(
        powders,
        minimum_mg=inputs.minimum_weighable_mg,
        batch_unit=batch_unit,
        tolerance_pct=tolerance_pct,
        bench=bench,
    )
    weighed = [line for line in lines if line.unit is LineUnit.MG]
    check_batch_readable(
        [
            Reading(powder=powder, shown_mg=line.amount, low_mg=line.low, high_mg=line.high)
            for powder, line in zip(powders, weighed, strict=True)
        ],
        step_mg=inputs.weigh_to_mg,
        minimum_mg=inputs.minimum_weighable_mg,
        batch_unit=batch_unit,
        tolerance_pct=tolerance_pct,
        bench=bench,
    )


def measure_findings(lines: Sequence[WorksheetLine]) -> list[Finding]:
    """Return a warning for each volume that, as far as the measure can show it, lies outside its own limits."""
    return [
        Finding(
            "amount-outside-limits",
            Severity.WARNING,
            f"{wording.number(line.amount)} {line.unit.value} of {line.name} is the nearest that can be shown, and "
            f"lies outside its limits of {wording.number(line.low)} to {wording.number(line.high)} "
            f"{line.unit.value}. It needs a finer step or a larger batch.",
        )
        for line in lines
        if not line.low <= line.amount <= line.high
    ]


def rounding_step(line: WorksheetLine, *, exact: str, step: Decimal) -> WorkingStep:
    """Return the one line of arithmetic in which the amount is rounded, to what the bench can show.

    `exact` is the amount as the line above it ended, with its unit.
    """
    unit = line.unit.value
    done = "measure" if line.unit is LineUnit.ML else "weigh"
    return WorkingStep(
        f"{line.name} to {done}",
        f"{exact} to the nearest {wording.number(step)} {unit}",
        f"{wording.grouped(line.amount)} {unit}",
    )


def counted_line(*, key: str, name: str, role: Role, count: int) -> WorksheetLine:
    """Return a line to count out."""
    amount = Decimal(count)
    return WorksheetLine(
        key=key, name=name, role=role, amount=amount, unit=LineUnit.EACH, low=amount, high=amount
    )


def vehicle_line(*, key: str, name: str, batch_ml: Decimal, step: Decimal) -> WorksheetLine:
    """Return the q.s. ad line: the volume that the batch is made up to."""
    amount = round_to_step(batch_ml, step)
    return WorksheetLine(
        key=key,
        name=name,
        role=Role.VEHICLE,
        amount=amount,
        unit=LineUnit.ML,
        low=amount,
        high=amount,
        qs_ad=True,
    )


def line_figures(lines: tuple[WorksheetLine, ...]) -> dict[str, Decimal]:
    """Return every number that the lines tell a person, under the names both calculators use."""
    figures: dict[str, Decimal] = {}
    for line in lines:
        figures[f"amount:{line.key}"] = line.amount
        figures[f"low:{line.key}"] = line.low
        figures[f"high:{line.key}"] = line.high
    return figures
