"""The working of the dropper, of doses in mL and drops, and of how long a bottle lasts (`compounding.drops`)."""

from __future__ import annotations

from decimal import Decimal

from compounding import drops, wording
from compounding.quantity import Concentration, Volume
from compounding.working import WorkingStep
from compounding.workings import figures
from compounding.workings.figures import drops_per_ml as per_each_ml
from compounding.workings.figures import mg, ml, number, per_ml, signed_pct


def calibration(*, dropper: drops.DropperCalibration) -> tuple[WorkingStep, ...]:
    """Return how the drops in a millilitre come about (`DropperCalibration.drops_per_ml`)."""
    measured = ml(dropper.measured_ml())
    counted = WorkingStep(
        "Drops in a mL",
        f"{figures.drops(dropper.drops_counted)} ÷ {measured}",
        per_each_ml(dropper.drops_per_ml()),
    )
    if dropper.mass_g is None or dropper.density_g_per_ml is None:
        return (counted,)
    expression = f"{number(dropper.mass_g)} g ÷ {figures.density(dropper.density_g_per_ml)}"
    return (WorkingStep("Volume of the drops", expression, measured), counted)


def drop(*, strength_mg_per_ml: Decimal, drops_per_ml: Decimal) -> tuple[WorkingStep, ...]:
    """Return what each drop holds (`mg_per_drop`)."""
    each = drops.mg_per_drop(strength_mg_per_ml=strength_mg_per_ml, drops_per_ml=drops_per_ml)
    expression = f"{per_ml(strength_mg_per_ml)} ÷ {per_each_ml(drops_per_ml)}"
    return (WorkingStep("In each drop", expression, mg(each)),)


def nominal(
    *, nominal_drops_per_ml: Decimal, measured_drops_per_ml: Decimal
) -> tuple[WorkingStep, ...]:
    """Return how far a drop lies from the nominal one (`dropper_error_pct`)."""
    off = drops.dropper_error_pct(
        nominal_drops_per_ml=nominal_drops_per_ml, measured_drops_per_ml=measured_drops_per_ml
    )
    measured = number(measured_drops_per_ml)
    expression = f"({number(nominal_drops_per_ml)} − {measured}) ÷ {measured} × 100%"
    return (WorkingStep("A drop against the nominal one", expression, signed_pct(off)),)


def strength(
    *, wanted_mg_per_drop: Decimal, drops_per_ml: Decimal, volume_ml: Decimal
) -> tuple[WorkingStep, ...]:
    """Return the strength at which a drop holds a dose (`strength_for_drop`), and the substance it takes."""
    made = drops.strength_for_drop(wanted_mg_per_drop=wanted_mg_per_drop, drops_per_ml=drops_per_ml)
    pure = (Concentration(made) * Volume(volume_ml)).mg
    expression = f"{mg(wanted_mg_per_drop)} × {per_each_ml(drops_per_ml)}"
    return (
        WorkingStep("Strength", expression, per_ml(made)),
        WorkingStep("Pure substance", f"{per_ml(made)} × {ml(volume_ml)}", mg(pure)),
    )


def volume(*, volume_ml: Decimal, strength_mg_per_ml: Decimal) -> tuple[WorkingStep, ...]:
    """Return the dose in a volume (`dose_in_volume_mg`)."""
    held = drops.dose_in_volume_mg(volume_ml=volume_ml, strength_mg_per_ml=strength_mg_per_ml)
    return (WorkingStep("Dose", f"{ml(volume_ml)} × {per_ml(strength_mg_per_ml)}", mg(held)),)


def dose(
    *, dose_mg: Decimal, strength_mg_per_ml: Decimal, drops_per_ml: Decimal | None = None
) -> tuple[WorkingStep, ...]:
    """Return a dose in mL (`dose_volume_ml`), and in whole drops with their error (`drops_for_dose`)."""
    measured = drops.dose_volume_ml(dose_mg=dose_mg, strength_mg_per_ml=strength_mg_per_ml)
    said = per_ml(strength_mg_per_ml)
    step = WorkingStep("Volume", f"{mg(dose_mg)} ÷ {said}", ml(measured))
    if drops_per_ml is None:
        return (step,)
    found = drops.drops_for_dose(
        dose_mg=dose_mg, strength_mg_per_ml=strength_mg_per_ml, drops_per_ml=drops_per_ml
    )
    each_ml, exact, whole = per_each_ml(drops_per_ml), number(found.exact_drops), found.drops
    return (
        step,
        WorkingStep("Drops, exactly", f"{ml(measured)} × {each_ml}", f"{exact} drops"),
        WorkingStep("Drops", f"{exact} drops, to a whole drop", figures.drops(whole)),
        WorkingStep(
            "Delivered", f"{figures.drops(whole)} ÷ {each_ml} × {said}", mg(found.delivered_mg)
        ),
        WorkingStep(
            "Off by",
            f"({figures.drops(whole)} − {exact} drops) ÷ {exact} drops × 100%",
            signed_pct(found.error_pct),
        ),
    )


def days_supply(
    *,
    bottle_ml: Decimal,
    drops_per_ml: Decimal,
    drops_per_dose: int,
    doses_per_day: int,
    bud_days: int,
) -> tuple[WorkingStep, ...]:
    """Return how long one bottle lasts (`days_supply`)."""
    found = drops.days_supply(
        bottle_ml=bottle_ml,
        drops_per_ml=drops_per_ml,
        drops_per_dose=drops_per_dose,
        doses_per_day=doses_per_day,
        bud_days=bud_days,
    )
    total, by_volume = figures.drops(found.total_drops), wording.days(found.days_by_volume)
    each_day = f"({figures.drops(drops_per_dose)} × {number(doses_per_day)})"
    return (
        WorkingStep(
            "Drops in the bottle",
            f"{ml(bottle_ml)} × {per_each_ml(drops_per_ml)}, whole drops",
            total,
        ),
        WorkingStep("Days by volume", f"{total} ÷ {each_day}, whole days", by_volume),
        WorkingStep(
            "Days",
            f"the smaller of {by_volume} and {wording.days(bud_days)}",
            wording.days(found.days),
        ),
    )
