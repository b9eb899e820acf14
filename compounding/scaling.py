"""A formula for one size of batch, made for another. Every line is multiplied by the same factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import exactly, settle


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """A component and its amount; a q.s. line is made up *to* its amount."""

    name: str
    amount: Decimal
    unit: str
    qs: bool = False

    def __post_init__(self) -> None:
        given.positive(self.amount, f"The amount of {self.name}")

    @exactly
    def scaled(self, factor: Decimal) -> FormulaLine:
        """Return the same line for a batch that is so many times as large."""
        return FormulaLine(self.name, settle(self.amount * factor), self.unit, self.qs)

    def __str__(self) -> str:
        amount = f"{wording.number(self.amount)} {self.unit}"
        return f"q.s. {amount}" if self.qs else amount


@exactly
def factor(*, base: Decimal, target: Decimal) -> Decimal:
    """Return how many times as large the target batch is (unrounded)."""
    given.positive(base, "The size of the formula")
    return given.positive(target, "The size of the batch") / base


def scale(lines: Sequence[FormulaLine], *, by: Decimal) -> tuple[FormulaLine, ...]:
    """Return the formula for a batch that is so many times as large."""
    given.count(len(lines), "The number of lines")
    given.positive(by, "The factor")
    return tuple(line.scaled(by) for line in lines)
