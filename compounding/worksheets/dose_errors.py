"""How far the doses of a planned batch may lie from their label, as figures of the worksheet.

A weighing may lie anywhere within its limits, and the balance itself is not exact: both count. Lots of one substance
are weighed apart, so each moves the dose by its share of it, and no two of them err alike. Of two
ways to take a dose, in drops or with an oral syringe, both are worked out. Amounts are unrounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import wording
from compounding.active_powder import SHOWN_PLACES
from compounding.arithmetic import HUNDRED, exactly, round_half_up, total
from compounding.error_budget import (
    ErrorBudget,
    ErrorSource,
    PartOfDose,
    divided_by_source,
    error_budget_of_parts,
    volume_source,
    weighing_source,
)
from compounding.working import WorkingStep
from compounding.worksheets.capsule_plan import CapsulePlan
from compounding.worksheets.drops_plan import DropsPlan
from compounding.worksheets.inputs import CapsuleInputs, DropsInputs, Triturated
from compounding.worksheets.lots import Drug, by_substance
from compounding.worksheets.record import DoseError, ErrorShare, Role
from compounding.worksheets.triturate_inputs import TriturateInputs
from compounding.worksheets.triturate_plan import TrituratePlan

CAPSULE = "in each capsule"
DROPS = "in drops"
SYRINGE = "with an oral syringe"
TRITURATE = "in each part of the triturate"


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseBudget:
    """A way to take a dose of a substance (mg; None for the unit itself), and its error budget, unrounded.

    `parts` are the lots that bring the dose, each with errors of its own; the common ones are the whole dose's.
    """

    key: str
    name: str
    method: str
    parts: tuple[PartOfDose, ...]
    common: tuple[ErrorSource, ...]
    budget: ErrorBudget
    dose_mg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Lot:
    """A lot of a drug: what it brings of the strength (in the strength's unit), and its own errors."""

    drug: Drug
    strength: Decimal
    sources: tuple[ErrorSource, ...]


def capsule_budgets(inputs: CapsuleInputs, plan: CapsulePlan) -> tuple[DoseBudget, ...]:
    """Return the budget of every substance of a capsule: weighed, mixed if it is a triturate, and filled."""
    weighed = {part.key: part.batch_mg for part in plan.components}
    common = _stated("filling", inputs.bench.fill_pct)
    return tuple(
        _budget(
            CAPSULE,
            [_lot(inputs, drug, drug.strength_mg, weighed[drug.key]) for drug in drugs],
            common,
        )
        for drugs in by_substance(inputs.drugs)
    )


def triturate_budgets(inputs: TriturateInputs, plan: TrituratePlan) -> tuple[DoseBudget, ...]:
    """Return the budget of every substance of a triturate: weighed, diluted and mixed."""
    weighed = {part.key: part.batch_mg for part in plan.parts}
    common = [_diluted(inputs, plan), *_stated("mixing", inputs.bench.triturate_pct)]
    return tuple(
        _budget(
            TRITURATE,
            [_lot(inputs, drug, drug.strength_pct, weighed[drug.key]) for drug in drugs],
            common,
        )
        for drugs in by_substance(inputs.drugs)
    )


def drops_budgets(inputs: DropsInputs, plan: DropsPlan) -> tuple[DoseBudget, ...]:
    """Return the budget of every dose of the first substance, in drops and with an oral syringe."""
    bench, weighed = inputs.bench, {part.key: part.amount for part in plan.components}
    dosed, *_ = by_substance(inputs.drugs)
    lots = [_lot(inputs, drug, drug.strength_mg_per_ml, weighed[drug.key]) for drug in dosed]
    made: list[ErrorSource] = []
    if bench.measure_ml is not None:
        made.append(divided_by_source("volume", off=bench.measure_ml, amount=plan.batch_ml))
    budgets: list[DoseBudget] = []
    for row in plan.rows:
        if row.error_pct is not None:
            off = ErrorSource("whole drops", row.error_pct.copy_abs())
            dropped = [*made, *_stated("drops", bench.drop_pct), off]
            budgets.append(_budget(DROPS, lots, dropped, row.dose_mg))
        if bench.syringe_ml is not None:
            drawn = volume_source("syringe", tolerance_ml=bench.syringe_ml, volume_ml=row.volume_ml)
            budgets.append(_budget(SYRINGE, lots, [*made, drawn], row.dose_mg))
    return tuple(budgets)


@exactly
def _budget(
    method: str,
    lots: Sequence[_Lot],
    common: Sequence[ErrorSource],
    dose_mg: Decimal | None = None,
) -> DoseBudget:
    first, whole = lots[0].drug, total(lot.strength for lot in lots)
    parts = tuple(
        PartOfDose(name=lot.drug.name, share=lot.strength / whole, sources=lot.sources)
        for lot in lots
    )
    return DoseBudget(
        key=first.key,
        name=first.substance or first.name,
        method=method,
        parts=parts,
        common=tuple(common),
        budget=error_budget_of_parts(parts, common=common),
        dose_mg=dose_mg,
    )


def _lot(
    inputs: CapsuleInputs | DropsInputs | TriturateInputs,
    drug: Drug,
    strength: Decimal,
    weighed_mg: Decimal,
) -> _Lot:
    bench = inputs.bench
    sources = [ErrorSource("weighing limits", inputs.weighing_tolerance_pct)]
    if bench.balance_mg is not None:
        sources.append(
            weighing_source("balance", uncertainty_mg=bench.balance_mg, weighed_mg=weighed_mg)
        )
    if isinstance(drug, Triturated):
        sources += _stated("triturate as made", drug.error_pct)
        sources += _stated("part of the triturate", bench.triturate_pct)
    return _Lot(drug, strength, tuple(sources))


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
        squares = " + ".join(f"({limit})²" for limit in limits)
        steps += [
            WorkingStep(f"{what}, lowest", _worst(each, "−"), _signed(each.budget.worst_low_pct)),
            WorkingStep(f"{what}, highest", _worst(each, "+"), _signed(each.budget.worst_high_pct)),
            WorkingStep(
                f"{what}, expected",
                f"√({squares})",
                f"±{wording.percent(each.budget.expected_pct, SHOWN_PLACES)}",
            ),
        ]
    return steps


def _worst(each: DoseBudget, sign: str) -> str:
    """Return the product of all errors, less the dose; several lots are added by their shares first."""
    if len(each.parts) == 1:
        return f"{_product(each.budget.sources, sign)} − 1"
    added = " + ".join(
        " × ".join((wording.rounded(part.share, SHOWN_PLACES), _product(part.sources, sign)))
        for part in each.parts
    )
    common = [_product(each.common, sign)] if each.common else []
    return f"{' × '.join((f'({added})', *common))} − 1"


def _product(sources: Sequence[ErrorSource], sign: str) -> str:
    limits = [source.limit_pct for source in sources]
    if sign == "−":
        limits = [min(limit, HUNDRED) for limit in limits]
    return " × ".join(f"(1 {sign} {wording.percent(limit, SHOWN_PLACES)})" for limit in limits)


def _stated(name: str, limit_pct: Decimal | None) -> list[ErrorSource]:
    return [] if limit_pct is None else [ErrorSource(name, limit_pct)]


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
