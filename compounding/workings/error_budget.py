"""The working of an error budget (`compounding.error_budget`)."""

from __future__ import annotations

from collections.abc import Sequence

from compounding import error_budget
from compounding.arithmetic import HUNDRED
from compounding.error_budget import ErrorSource
from compounding.working import WorkingStep
from compounding.workings.figures import number, pct, signed_pct


def budget(*, sources: Sequence[ErrorSource]) -> tuple[WorkingStep, ...]:
    """Return the expected error and the worst ones of all sources together (`error_budget`).

    A source takes away no more than the whole: no dose is less than nothing.
    """
    found = error_budget.error_budget(sources)
    limits = [number(source.limit_pct) for source in found.sources]
    lost = [number(min(source.limit_pct, HUNDRED)) for source in found.sources]
    return (
        WorkingStep(
            "Expected",
            f"√({' + '.join(f'{limit}²' for limit in limits)})%",
            f"±{pct(found.expected_pct)}",
        ),
        WorkingStep(
            "Lowest",
            f"{' × '.join(f'(1 − {limit}%)' for limit in lost)} − 1",
            signed_pct(found.worst_low_pct),
        ),
        WorkingStep(
            "Highest",
            f"{' × '.join(f'(1 + {limit}%)' for limit in limits)} − 1",
            signed_pct(found.worst_high_pct),
        ),
    )
