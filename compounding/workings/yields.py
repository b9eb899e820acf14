"""The working of yield and reconciliation (`compounding.yields`)."""

from __future__ import annotations

from decimal import Decimal

from compounding import yields
from compounding.working import WorkingStep
from compounding.workings.figures import number, pct


def reconciled(
    *, theoretical: Decimal, usable: Decimal, destroyed_in_testing: Decimal, waste: Decimal
) -> tuple[WorkingStep, ...]:
    """Return the yield, and what nobody has accounted for (`reconcile`)."""
    found = yields.reconcile(
        theoretical=theoretical,
        usable=usable,
        destroyed_in_testing=destroyed_in_testing,
        waste=waste,
    )
    parts = " + ".join(number(part) for part in (usable, destroyed_in_testing, waste))
    return (
        WorkingStep("Yield", f"{number(usable)} ÷ {number(theoretical)} × 100%", pct(found.pct)),
        WorkingStep(
            "Not accounted for", f"{number(theoretical)} − ({parts})", number(found.unaccounted)
        ),
    )
