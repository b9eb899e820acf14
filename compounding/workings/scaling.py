"""The working of a formula made in another size (`compounding.scaling`)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import scaling
from compounding.scaling import FormulaLine
from compounding.working import WorkingStep
from compounding.workings.figures import number


def scaled(
    *, lines: Sequence[FormulaLine], base: Decimal, target: Decimal
) -> tuple[WorkingStep, ...]:
    """Return the factor (`factor`) and every line times it (`scale`)."""
    times = scaling.factor(base=base, target=target)
    made = scaling.scale(lines, by=times)
    return (
        WorkingStep("Factor", f"{number(target)} ÷ {number(base)}", number(times)),
        *(
            WorkingStep(line.name, f"{amount(line)} × {number(times)}", amount(more))
            for line, more in zip(lines, made, strict=True)
        ),
    )


def amount(line: FormulaLine) -> str:
    """Return what a line of the formula takes: "0.5 g", "q.s. 100 mL"."""
    said = f"{number(line.amount)} {line.unit}"
    return f"q.s. {said}" if line.qs else said
