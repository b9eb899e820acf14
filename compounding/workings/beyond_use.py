"""The working of beyond-use dates (`compounding.beyond_use`)."""

from __future__ import annotations

import datetime

from compounding import beyond_use, wording
from compounding.beyond_use import BeyondUse, DatedLimit, DayCount
from compounding.working import WorkingStep
from compounding.workings.figures import number


def limits(
    *, found: BeyondUse, prepared_on: datetime.date, day_count: DayCount
) -> tuple[WorkingStep, ...]:
    """Return how every limit that competes comes to its date (`beyond_use_date`)."""
    return tuple(_dated(limit, prepared_on, day_count) for limit in found.competing)


def _dated(limit: DatedLimit, prepared_on: datetime.date, day_count: DayCount) -> WorkingStep:
    """A component's date is its own; the others are counted."""
    reached = "its own date"
    if limit.counted:
        first = "day 1" if day_count is DayCount.DAY1 else "day 0"
        reached = f"counted from {wording.full_day(prepared_on)} as {first}"
    return WorkingStep(limit.reason, reached, wording.full_day(limit.date))


def fills(*, days_of_therapy: int, bud_days: int) -> tuple[WorkingStep, ...]:
    """Return how often a preparation is made anew (`fills_needed`)."""
    count = beyond_use.fills_needed(days_of_therapy=days_of_therapy, bud_days=bud_days)
    expression = f"{number(days_of_therapy)} ÷ {number(bud_days)}, up to a whole fill"
    return (WorkingStep("Fills", expression, number(count)),)
