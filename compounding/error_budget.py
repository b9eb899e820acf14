"""How far a dose may lie from its label, from everything that is not exact about making it.

Each source of error is a limit in percent. In the worst case all of them point one way and multiply;
what is expected is the root of the sum of their squares, which holds for errors that do not know of
one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import HUNDRED, ONE, ZERO, exactly, settle, settle_difference, total


@dataclass(frozen=True, slots=True)
class ErrorSource:
    """One source of error: what it is, and its limit in percent of the dose."""

    name: str
    limit_pct: Decimal

    def __post_init__(self) -> None:
        given.not_negative(self.limit_pct, f"The error of {self.name}")

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


@dataclass(frozen=True, kw_only=True, slots=True)
class PartOfDose:
    """A part of a dose that is weighed apart, as from a lot of its own: its share (a fraction), and its errors."""

    name: str
    share: Decimal
    sources: tuple[ErrorSource, ...]

    def __post_init__(self) -> None:
        given.positive(self.share, f"The share of {self.name}")
        given.count(len(self.sources), f"The number of sources of error of {self.name}")


@exactly
def error_budget(sources: Sequence[ErrorSource]) -> ErrorBudget:
    """Return what these errors come to in the worst case and as expected; no dose is less than nothing."""
    given.count(len(sources), "The number of sources of error")
    return _budget(sources, [(ONE, sources)], ())


@exactly
def error_budget_of_parts(
    parts: Sequence[PartOfDose], *, common: Sequence[ErrorSource]
) -> ErrorBudget:
    """Return what the errors come to where parts make up the dose: those of a part count by its share.

    An error of one part moves the dose by its share of it, so the parts add and only the common errors
    multiply. The shares make one whole.
    """
    given.count(len(parts), "The number of parts of the dose")
    whole = total(part.share for part in parts)
    if settle(whole) != ONE:
        raise given.OutOfRange(
            f"The shares of the parts must make 1, and they make {wording.rounded(whole, 6)}."
        )
    if len(parts) == 1:
        return error_budget([*parts[0].sources, *common])
    sources = [
        ErrorSource(f"{source.name} ({part.name})", part.share * source.limit_pct)
        for part in parts
        for source in part.sources
    ]
    weighed = [(part.share, part.sources) for part in parts]
    return _budget([*sources, *common], weighed, common)


def _budget(
    sources: Sequence[ErrorSource],
    parts: Sequence[tuple[Decimal, Sequence[ErrorSource]]],
    common: Sequence[ErrorSource],
) -> ErrorBudget:
    low = total(share * _lowest(errors) for share, errors in parts) * _lowest(common)
    high = total(share * _highest(errors) for share, errors in parts) * _highest(common)
    squares = total(source.limit_pct * source.limit_pct for source in sources)
    return ErrorBudget(
        sources=tuple(sorted(sources, key=lambda source: settle(source.limit_pct), reverse=True)),
        worst_low_pct=settle_difference((low - ONE) * HUNDRED),
        worst_high_pct=settle_difference((high - ONE) * HUNDRED),
        expected_pct=settle_difference(squares.sqrt()),
    )


def _lowest(sources: Sequence[ErrorSource]) -> Decimal:
    low = ONE
    for source in sources:
        low *= max(ZERO, HUNDRED - source.limit_pct) / HUNDRED
    return low


def _highest(sources: Sequence[ErrorSource]) -> Decimal:
    high = ONE
    for source in sources:
        high *= (HUNDRED + source.limit_pct) / HUNDRED
    return high


@exactly
def weighing_source(name: str, *, uncertainty_mg: Decimal, weighed_mg: Decimal) -> ErrorSource:
    """Return the error of one weighing from the balance's uncertainty (mg)."""
    return _relative(name, uncertainty_mg, weighed_mg)


@exactly
def volume_source(name: str, *, tolerance_ml: Decimal, volume_ml: Decimal) -> ErrorSource:
    """Return the error of one measured volume from the tolerance of the measure (mL)."""
    return _relative(name, tolerance_ml, volume_ml)


@exactly
def divided_by_source(name: str, *, off: Decimal, amount: Decimal) -> ErrorSource:
    """Return the error of what is divided by an amount (mL made up, mg mixed) that may be off by so much.

    A tenth too little makes the strength a ninth too high, so the limit is off ÷ (amount − off).
    """
    given.positive(amount, f"The amount of {name}")
    if given.not_negative(off, f"The uncertainty of {name}") >= amount:
        raise given.OutOfRange(
            f"The uncertainty of {name} must be below the amount, {wording.number(amount)}."
        )
    return ErrorSource(name, off * HUNDRED / (amount - off))


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
    """How exact the bench is; what is None is not known and not counted.

    Of the balance in mg, of the measure that makes a batch up and of the oral syringe in mL; in percent,
    how far one drop, one capsule's fill and one part of a triturate may lie from their mean.
    """

    balance_mg: Decimal | None = None
    measure_ml: Decimal | None = None
    drop_pct: Decimal | None = None
    fill_pct: Decimal | None = None
    syringe_ml: Decimal | None = None
    triturate_pct: Decimal | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                given.not_negative(value, f"The tolerance {field.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodComparison:
    """Two ways to the same dose: the closer one, the other, and how many times as far off the other is."""

    closer: str
    other: str
    times: Decimal | None

    def __str__(self) -> str:
        if self.times is None:
            return f"{self.closer} is exact, and {self.other} is not."
        if self.times == ONE:
            return f"{self.closer} and {self.other} are equally close to the dose."
        return (
            f"{self.closer} is the closer: {self.other} is expected to be off by "
            f"{wording.rounded(self.times, 1)} times as much."
        )


@exactly
def compare_methods(
    one: str, budget: ErrorBudget, other: str, other_budget: ErrorBudget
) -> MethodComparison:
    """Return which of two methods is expected to lie closer to the dose; of two equal ones, the first."""
    first, second = settle(budget.expected_pct), settle(other_budget.expected_pct)
    if second < first:
        one, other, first, second = other, one, second, first
    if first == second:
        return MethodComparison(closer=one, other=other, times=ONE)
    return MethodComparison(closer=one, other=other, times=second / first if first else None)
