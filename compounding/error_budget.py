"""How far a dose may lie from its label, from everything that is not exact about making it.

Each source of error is a limit in percent. In the worst case all of them point one way and multiply;
what is expected is the root of the sum of their squares, which holds for errors that do not know of
one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import HUNDRED, ONE, exactly, settle, total
from compounding.worksheets.record import DropRow, Worksheet


@dataclass(frozen=True, slots=True)
class ErrorSource:
    """One source of error: what it is, and its limit in percent of the dose."""

    name: str
    limit_pct: Decimal

    def __post_init__(self) -> None:
        given.share(self.limit_pct, f"The error of {self.name}")

    def __str__(self) -> str:
        return f"{self.name} ±{wording.percent(self.limit_pct)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorBudget:
    """The sources, largest first, and what they come to (percent of the dose, unrounded)."""

    sources: tuple[ErrorSource, ...]
    worst_low_pct: Decimal
    worst_high_pct: Decimal
    expected_pct: Decimal

    @exactly
    def dose_range_mg(self, dose_mg: Decimal) -> tuple[Decimal, Decimal]:
        """Return the lowest and the highest dose in the worst case (mg, unrounded)."""
        given.positive(dose_mg, "The dose")
        low = dose_mg * (HUNDRED + self.worst_low_pct) / HUNDRED
        return low, dose_mg * (HUNDRED + self.worst_high_pct) / HUNDRED


@exactly
def error_budget(sources: Sequence[ErrorSource]) -> ErrorBudget:
    """Return what these errors come to in the worst case and as expected."""
    given.count(len(sources), "The number of sources of error")
    low = high = ONE
    for source in sources:
        low *= (HUNDRED - source.limit_pct) / HUNDRED
        high *= (HUNDRED + source.limit_pct) / HUNDRED
    squares = total(source.limit_pct**2 for source in sources)
    return ErrorBudget(
        sources=tuple(sorted(sources, key=lambda source: source.limit_pct, reverse=True)),
        worst_low_pct=(low - ONE) * HUNDRED,
        worst_high_pct=(high - ONE) * HUNDRED,
        expected_pct=squares.sqrt(),
    )


@exactly
def weighing_source(name: str, *, uncertainty_mg: Decimal, weighed_mg: Decimal) -> ErrorSource:
    """Return the error of one weighing from the balance's uncertainty (mg)."""
    return _relative(name, uncertainty_mg, weighed_mg)


@exactly
def volume_source(name: str, *, tolerance_ml: Decimal, volume_ml: Decimal) -> ErrorSource:
    """Return the error of one measured volume from the tolerance of the measure (mL)."""
    return _relative(name, tolerance_ml, volume_ml)


@exactly
def drop_rounding_source(name: str, *, exact_drops: Decimal, drops: int) -> ErrorSource:
    """Return the error of giving whole drops."""
    off = abs(given.count(drops, "The number of drops") - exact_drops)
    return _relative(name, settle(off), exact_drops)


def _relative(name: str, uncertainty: Decimal, amount: Decimal) -> ErrorSource:
    given.not_negative(uncertainty, f"The uncertainty of {name}")
    return ErrorSource(
        name, uncertainty * HUNDRED / given.positive(amount, f"The amount of {name}")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchTolerances:
    """How exact the bench is: balance in mg, measure in mL, drops and capsule fills in percent."""

    balance_mg: Decimal
    measure_ml: Decimal
    drop_pct: Decimal
    fill_pct: Decimal


@dataclass(frozen=True, slots=True)
class DoseBudget:
    """A dose of a batch (mg; None for the capsule itself), and how far it may lie from its label."""

    dose_mg: Decimal | None
    budget: ErrorBudget


def dose_budgets(worksheet: Worksheet, bench: BenchTolerances) -> tuple[DoseBudget, ...]:
    """Return the error budget of every dose of the batch's first active.

    A capsule is weighed and filled; a drop is weighed, made up to volume, dropped, and rounded to a
    whole drop. A dose taken in mL has the first two of these alone.
    """
    weighed = weighing_source(
        "weighing", uncertainty_mg=bench.balance_mg, weighed_mg=worksheet.lines[0].amount
    )
    if worksheet.batch_volume_ml is None:
        fill = ErrorSource("filling", bench.fill_pct)
        return (DoseBudget(None, error_budget([weighed, fill])),)
    made_up = volume_source(
        "volume", tolerance_ml=bench.measure_ml, volume_ml=worksheet.batch_volume_ml
    )
    return tuple(
        DoseBudget(row.dose_mg, error_budget([weighed, made_up, *_drop_sources(row, bench)]))
        for row in worksheet.drop_table
    )


def _drop_sources(row: DropRow, bench: BenchTolerances) -> list[ErrorSource]:
    if row.error_pct is None:
        return []
    return [
        ErrorSource("drops", bench.drop_pct),
        ErrorSource("whole drops", row.error_pct.copy_abs()),
    ]
