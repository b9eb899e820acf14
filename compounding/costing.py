"""What a batch costs and what it is sold for. Worked out unrounded; cents appear only in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given
from compounding.arithmetic import HUNDRED, exactly, total

_MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class CostLine:
    """An amount and its price per unit of that amount, in dollars."""

    name: str
    amount: Decimal
    price_each: Decimal

    def __post_init__(self) -> None:
        given.positive(self.amount, f"The amount of {self.name}")
        given.not_negative(self.price_each, f"The price of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """The cost of a batch in dollars, unrounded, so that the parts add up to the total."""

    materials: Decimal
    labour: Decimal
    overhead: Decimal
    total: Decimal


@exactly
def batch_cost(
    lines: Sequence[CostLine],
    *,
    labour_minutes: Decimal,
    labour_rate_per_hour: Decimal,
    overhead_pct: Decimal,
) -> Cost:
    """Return the cost of materials and labour, with overhead on both."""
    given.not_negative(labour_minutes, "The minutes of labour")
    given.not_negative(labour_rate_per_hour, "The hourly rate")
    materials = total(line.amount * line.price_each for line in lines)
    labour = labour_minutes * labour_rate_per_hour / _MINUTES_AN_HOUR
    overhead = (materials + labour) * given.not_negative(overhead_pct, "The overhead") / HUNDRED
    return Cost(
        materials=materials, labour=labour, overhead=overhead, total=materials + labour + overhead
    )


@exactly
def cost_per_unit(total: Decimal, *, units_yielded: int) -> Decimal:
    """Return the cost of each usable unit (dollars, unrounded)."""
    given.not_negative(total, "The total cost")
    return total / given.count(units_yielded, "The number of usable units")


@exactly
def price(total: Decimal, *, markup_factor: Decimal, dispensing_fee: Decimal) -> Decimal:
    """Return the price (dollars, unrounded): the cost times the markup, and the dispensing fee."""
    given.not_negative(total, "The total cost")
    given.positive(markup_factor, "The markup")
    return total * markup_factor + given.not_negative(dispensing_fee, "The dispensing fee")
