"""How far the doses of a planned batch may lie from their label, as figures of the worksheet.

A weighing may lie anywhere within its limits, and the balance itself is not exact: both count. Of two
ways to take a dose, in drops or with an oral syringe, both are worked out. Amounts are unrounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import wording
from compounding.active_powder import SHOWN_PLACES
from compounding.arithmetic import exactly, round_half_up, total
from compounding.error_budget import (
    BenchTolerances,
    ErrorBudget,
    ErrorSource,
    divided_by_source,
    error_budget,
    volume_source,
    weighing_source,
)
from compounding.working import WorkingStep
from compounding.worksheets.capsule_plan import CapsulePlan
from compounding.worksheets.drops_plan import DropsPlan
from compounding.worksheets.inputs import CapsuleInputs, DropsInputs, Triturated
from compounding.worksheets.record import DoseError, ErrorShare, Role
from compounding.worksheets.triturate_inputs import TriturateInputs
from compounding.worksheets.triturate_plan import TrituratePlan

CAPSULE = "in each capsule"
DROPS = "in drops"
SYRINGE = "with an oral syringe"
TRITURATE = "in each part of the triturate"


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseBudget:
    """A way to take a dose of an active (mg; None for the unit itself), and its error budget, unrounded."""

    key: str
    name: str
    method: str
    budget: ErrorBudget
    dose_mg: Decimal | None = None


def capsule_budgets(inputs: CapsuleInputs, plan: CapsulePlan) -> tuple[DoseBudget, ...]:
    """Return the budget of every active of a capsule: weighed, mixed if it is a triturate, and filled."""
    bench = inputs.bench
    return tuple(
        DoseBudget(
            key=part.key,
            name=part.name,
            method=CAPSULE,
            budget=error_budget(
                [
                    *_weighed(part.batch_mg, inputs.weighing_tolerance_pct, bench),
                    *_from_triturate(inputs.triturates, part.key, bench),
                    *_stated("filling", bench.fill_pct),
                ]
            ),
        )
        for part in plan.components
        if part.role is Role.ACTIVE
    )


def triturate_budgets(inputs: TriturateInputs, plan: TrituratePlan) -> tuple[DoseBudget, ...]:
    """Return the budget of every active of a triturate: weighed, diluted and mixed."""
    bench = inputs.bench
    return tuple(
        DoseBudget(
            key=part.key,
            name=part.name,
            method=TRITURATE,
            budget=error_budget(
                [
                    *_weighed(part.batch_mg, inputs.weighing_tolerance_pct, bench),
                    _diluted(inputs, plan),
                    *_from_triturate(inputs.triturates, part.key, bench),
                    *_stated("mixing", bench.triturate_pct),
                ]
            ),
        )
        for part in plan.parts
        if part.role is Role.ACTIVE
    )


def drops_budgets(inputs: DropsInputs, plan: DropsPlan) -> tuple[DoseBudget, ...]:
    """Return the budget of every dose of the first active, in drops and with an oral syringe."""
    bench, active = inputs.bench, plan.components[0]
    made = _weighed(active.amount, inputs.weighing_tolerance_pct, bench)
    if bench.measure_ml is not None:
        made.append(divided_by_source("volume", off=bench.measure_ml, amount=plan.batch_ml))
    budgets: list[DoseBudget] = []
    for row in plan.rows:
        ways: dict[str, list[ErrorSource]] = {}
        if row.error_pct is not None:
            off = ErrorSource("whole drops", row.error_pct.copy_abs())
            ways[DROPS] = [*_stated("drops", bench.drop_pct), off]
        if bench.syringe_ml is not None:
            drawn = volume_source("syringe", tolerance_ml=bench.syringe_ml, volume_ml=row.volume_ml)
            ways[SYRINGE] = [drawn]
        budgets += [
            DoseBudget(
                key=active.key,
                name=active.name,
                method=method,
                budget=error_budget([*made, *sources]),
                dose_mg=row.dose_mg,
            )
            for method, sources in ways.items()
        ]
    return tuple(budgets)


def shown_errors(budgets: Sequence[DoseBudget]) -> tuple[DoseError, ...]:
    """Return the budgets as they stand on the worksheet: to six places, largest source first."""
    return tuple(
        DoseError(
            key=each.key,
            name=each.name,
            method=each.method,
            dose_mg=each.dose_mg,
            sources=tuple(
                ErrorShare(name=source.name, limit_pct=_shown(source.limit_pct))
                for source in each.budget.sources
            ),
            worst_low_pct=_shown(each.budget.worst_low_pct),
            worst_high_pct=_shown(each.budget.worst_high_pct),
            expected_pct=_shown(each.budget.expected_pct),
        )
        for each in budgets
    )


def error_figures(budgets: Sequence[DoseBudget]) -> dict[str, Decimal]:
    """Return the figures of the budgets, under the names both calculators use."""
    figures: dict[str, Decimal] = {}
    for number, each in enumerate(budgets, 1):
        figures[f"worst_low_pct:{number}"] = each.budget.worst_low_pct
        figures[f"worst_high_pct:{number}"] = each.budget.worst_high_pct
        figures[f"expected_pct:{number}"] = each.budget.expected_pct
    return figures


def error_steps(budgets: Sequence[DoseBudget]) -> list[WorkingStep]:
    """Return the arithmetic of every budget: at worst, and as expected."""
    steps: list[WorkingStep] = []
    for each in budgets:
        dose = "" if each.dose_mg is None else f"{wording.mass(each.dose_mg)} of "
        what = f"{dose}{each.name} {each.method}"
        limits = [wording.percent(source.limit_pct, SHOWN_PLACES) for source in each.budget.sources]
        low = " × ".join(f"(1 − {limit})" for limit in limits)
        high = " × ".join(f"(1 + {limit})" for limit in limits)
        squares = " + ".join(f"({limit})²" for limit in limits)
        steps += [
            WorkingStep(f"{what}, lowest", f"{low} − 1", _signed(each.budget.worst_low_pct)),
            WorkingStep(f"{what}, highest", f"{high} − 1", _signed(each.budget.worst_high_pct)),
            WorkingStep(
                f"{what}, expected",
                f"√({squares})",
                f"±{wording.percent(each.budget.expected_pct, SHOWN_PLACES)}",
            ),
        ]
    return steps


def _weighed(
    amount_mg: Decimal, tolerance_pct: Decimal, bench: BenchTolerances
) -> list[ErrorSource]:
    sources = [ErrorSource("weighing limits", tolerance_pct)]
    if bench.balance_mg is not None:
        sources.append(
            weighing_source("balance", uncertainty_mg=bench.balance_mg, weighed_mg=amount_mg)
        )
    return sources


def _stated(name: str, limit_pct: Decimal | None) -> list[ErrorSource]:
    return [] if limit_pct is None else [ErrorSource(name, limit_pct)]


def _from_triturate(
    triturates: Sequence[Triturated], key: str, bench: BenchTolerances
) -> list[ErrorSource]:
    for part in triturates:
        if part.key == key:
            made = _stated("triturate as made", part.error_pct)
            return [*made, *_stated("part of the triturate", bench.triturate_pct)]
    return []


@exactly
def _diluted(inputs: TriturateInputs, plan: TrituratePlan) -> ErrorSource:
    """Return what the limits of everything that dilutes the actives do to the strength."""
    diluting = [part.batch_mg for part in plan.parts if part.role is not Role.ACTIVE]
    off = total(diluting) * inputs.weighing_tolerance_pct / 100
    if inputs.bench.balance_mg is not None:
        off += inputs.bench.balance_mg * len(diluting)
    return divided_by_source("diluent", off=off, amount=plan.batch_mg)


def _shown(value: Decimal) -> Decimal:
    return round_half_up(value, SHOWN_PLACES)


def _signed(pct: Decimal) -> str:
    return wording.signed_percent(pct, SHOWN_PLACES)
