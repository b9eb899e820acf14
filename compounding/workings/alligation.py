"""The working of mixing strengths (`compounding.alligation`)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import alligation
from compounding.working import WorkingStep
from compounding.workings.figures import ml, number, per_ml


def medial(*, parts: Sequence[tuple[Decimal, Decimal]]) -> tuple[WorkingStep, ...]:
    """Return the strength of a mixture of volumes (mL) and strengths (mg/mL) (`medial`)."""
    made = alligation.medial(parts)
    content = " + ".join(f"{ml(volume)} × {per_ml(strength)}" for volume, strength in parts)
    volumes = " + ".join(ml(volume) for volume, _strength in parts)
    return (WorkingStep("Strength", f"({content}) ÷ ({volumes})", per_ml(made)),)


def alternate(
    *, high: Decimal, low: Decimal, target: Decimal, total: Decimal | None = None
) -> tuple[WorkingStep, ...]:
    """Return the parts of two strengths (`alternate`), and of a total (`Parts.of_total`)."""
    found = alligation.alternate(high=high, low=low, target=target)
    of_high, of_low = number(found.high), number(found.low)
    parts = (
        WorkingStep("Parts of the higher", f"{number(target)} − {number(low)}", of_high),
        WorkingStep("Parts of the lower", f"{number(high)} − {number(target)}", of_low),
    )
    if total is None:
        return parts
    more, less = found.of_total(total)
    both = f"({of_high} + {of_low})"
    return (
        *parts,
        WorkingStep(
            "Of the higher strength", f"{number(total)} × {of_high} ÷ {both}", number(more)
        ),
        WorkingStep("Of the lower strength", f"{number(total)} × {of_low} ÷ {both}", number(less)),
    )


def stock(
    *, stock_mg_per_ml: Decimal, target_mg_per_ml: Decimal, target_volume_ml: Decimal
) -> tuple[WorkingStep, ...]:
    """Return the stock to be made up to a volume, C1V1 = C2V2 (`stock_needed_ml`)."""
    taken = alligation.stock_needed_ml(
        stock_mg_per_ml=stock_mg_per_ml,
        target_mg_per_ml=target_mg_per_ml,
        target_volume_ml=target_volume_ml,
    )
    expression = f"{per_ml(target_mg_per_ml)} × {ml(target_volume_ml)} ÷ {per_ml(stock_mg_per_ml)}"
    return (WorkingStep("Stock", expression, ml(taken)),)
