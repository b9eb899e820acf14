"""The working of cost and price (`compounding.costing`)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import costing, wording
from compounding.costing import CostLine
from compounding.working import WorkingStep
from compounding.workings.figures import dollars, number, pct


def cost(
    *,
    lines: Sequence[CostLine],
    labour_minutes: Decimal,
    labour_rate_per_hour: Decimal,
    overhead_pct: Decimal,
) -> tuple[WorkingStep, ...]:
    """Return how the cost of a batch comes about (`batch_cost`)."""
    found = costing.batch_cost(
        lines,
        labour_minutes=labour_minutes,
        labour_rate_per_hour=labour_rate_per_hour,
        overhead_pct=overhead_pct,
    )
    each = [f"{number(line.amount)} × {dollars(line.price_each)}" for line in lines]
    materials, labour = dollars(found.materials), dollars(found.labour)
    overhead = dollars(found.overhead)
    return (
        WorkingStep("Materials", " + ".join(each) or "no materials", materials),
        WorkingStep(
            "Labor",
            f"{number(labour_minutes)} min × {dollars(labour_rate_per_hour)}/h ÷ 60",
            labour,
        ),
        WorkingStep("Overhead", f"({materials} + {labour}) × {pct(overhead_pct)}", overhead),
        WorkingStep(
            "Cost of the batch", f"{materials} + {labour} + {overhead}", dollars(found.total)
        ),
    )


def price(
    *, total: Decimal, units_yielded: int, markup_factor: Decimal, dispensing_fee: Decimal
) -> tuple[WorkingStep, ...]:
    """Return the cost of each unit (`cost_per_unit`) and the price (`price`), rounded here to cents."""
    each = costing.cost_per_unit(total, units_yielded=units_yielded)
    asked = costing.price(total, markup_factor=markup_factor, dispensing_fee=dispensing_fee)
    return (
        WorkingStep(
            "Cost of each unit", f"{dollars(total)} ÷ {number(units_yielded)}", dollars(each)
        ),
        WorkingStep(
            "Price",
            f"{dollars(total)} × {number(markup_factor)} + {wording.money(dispensing_fee)}",
            wording.money(asked),
        ),
    )
