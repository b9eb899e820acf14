"""The working of capsule size, of filler by tapped density and of the pack statistic (`compounding.capsule_fill`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from compounding import capsule_fill
from compounding.capsule_fill import Powder
from compounding.working import WorkingStep
from compounding.workings.figures import density, mg, ml, number, pct


def size(
    *, fill_mg: Decimal, tapped_g_per_ml: Decimal, volumes_ml: Mapping[str, Decimal]
) -> tuple[WorkingStep, ...]:
    """Return the volume of a fill, and how full the smallest capsule is with it (`choose_size`)."""
    chosen = capsule_fill.choose_size(
        fill_mg=fill_mg, tapped_g_per_ml=tapped_g_per_ml, volumes_ml=volumes_ml
    )
    needed = ml(chosen.needed_ml)
    return (
        WorkingStep(
            "Volume needed", f"{mg(fill_mg)} ÷ ({density(tapped_g_per_ml)} × 1000)", needed
        ),
        WorkingStep(
            "Of the capsule",
            f"{needed} ÷ {ml(volumes_ml[chosen.size])} × 100%",
            pct(chosen.utilisation_pct),
        ),
    )


def by_density(
    *,
    volume_ml: Decimal,
    powders: Sequence[tuple[str, Decimal, Decimal]],
    filler_g_per_ml: Decimal,
) -> tuple[WorkingStep, ...]:
    """Return the filler that the room left takes (`filler_mg`), from name, mg and tapped density of each powder."""
    packed = [Powder(name, amount, _pack_mg(tapped, volume_ml)) for name, amount, tapped in powders]
    filler_pack = _pack_mg(filler_g_per_ml, volume_ml)
    filler = capsule_fill.filler_mg(packed, filler_pack_stat_mg=filler_pack)
    taken = number(capsule_fill.fraction_occupied(packed))
    shares = " + ".join(f"{mg(powder.mg)} ÷ {mg(powder.pack_stat_mg)}" for powder in packed)
    return (
        *(_alone(name, volume_ml, tapped) for name, _amount, tapped in powders),
        _alone("Filler", volume_ml, filler_g_per_ml),
        WorkingStep("Share taken", shares or "no powder", taken),
        WorkingStep("Filler in each capsule", f"(1 − {taken}) × {mg(filler_pack)}", mg(filler)),
    )


def pack_statistic(*, net_powder_mg: Decimal, capsules_filled: int) -> tuple[WorkingStep, ...]:
    """Return the pack statistic that was measured (`pack_stat_mg`)."""
    each = capsule_fill.pack_stat_mg(net_powder_mg=net_powder_mg, capsules_filled=capsules_filled)
    expression = f"{mg(net_powder_mg)} ÷ {number(capsules_filled)}"
    return (WorkingStep("Pack statistic", expression, mg(each)),)


def _alone(name: str, volume_ml: Decimal, tapped_g_per_ml: Decimal) -> WorkingStep:
    return WorkingStep(
        f"{name} alone would fill it with",
        f"{ml(volume_ml)} × {density(tapped_g_per_ml)} × 1000",
        mg(_pack_mg(tapped_g_per_ml, volume_ml)),
    )


def _pack_mg(tapped_g_per_ml: Decimal, volume_ml: Decimal) -> Decimal:
    return capsule_fill.pack_stat_from_density_mg(
        tapped_g_per_ml=tapped_g_per_ml, volume_ml=volume_ml
    )
