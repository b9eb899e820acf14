"""The working of what a liquid holds and of its vehicle (`compounding.potency`, `compounding.drops`)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding.drops import vehicle_estimate
from compounding.potency import as_is_mg
from compounding.quantity import Concentration, Volume
from compounding.working import WorkingStep
from compounding.workings.figures import mg, ml, number, per_ml


def powder(
    *, strength_mg_per_ml: Decimal, volume_ml: Decimal, factor: Decimal
) -> tuple[WorkingStep, ...]:
    """Return what a liquid holds, and the powder as it is that gives it (`as_is_mg`)."""
    pure = (Concentration(strength_mg_per_ml) * Volume(volume_ml)).mg
    return (
        WorkingStep("Pure substance", f"{per_ml(strength_mg_per_ml)} × {ml(volume_ml)}", mg(pure)),
        WorkingStep(
            "Powder as it is", f"{mg(pure)} ÷ {number(factor)}", mg(as_is_mg(pure, factor))
        ),
    )


def vehicle(
    *, batch_ml: Decimal, liquids_ml: Sequence[Decimal], powders: Sequence[tuple[Decimal, Decimal]]
) -> tuple[WorkingStep, ...]:
    """Return the vehicle left beside liquids (mL) and powders (g, mL displaced per g) (`vehicle_estimate`)."""
    found = vehicle_estimate(batch_ml=batch_ml, liquids_ml=liquids_ml, powders=powders)
    shares = [f"{number(grams)} g × {number(each)} mL/g" for grams, each in powders]
    displaced = ml(found.displaced_ml)
    rest = [ml(batch_ml), *(ml(volume) for volume in liquids_ml), displaced]
    return (
        WorkingStep("Displaced by powders", " + ".join(shares) or "no powder", displaced),
        WorkingStep("Vehicle", " − ".join(rest), ml(found.vehicle_ml)),
    )
