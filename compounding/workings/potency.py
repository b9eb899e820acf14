"""The working of potency, salts and hydrates (`compounding.potency`, `compounding.strength`)."""

from __future__ import annotations

from decimal import Decimal

from compounding import potency
from compounding.active_powder import potency_step, powder_mg, powder_steps
from compounding.arithmetic import round_to_step
from compounding.potency import Certificate
from compounding.quantity import Mass
from compounding.strength import Conversion, equivalent_mg
from compounding.uniformity import assay_pct
from compounding.working import WorkingStep
from compounding.workings.figures import mg, number, pct

_POWDER = "the powder"


def powder_to_weigh(
    *,
    dose_mg: Decimal,
    units: int,
    certificate: Certificate,
    conversion: Conversion | None,
    cap_assay_at_100: bool,
    weigh_to_mg: Decimal,
) -> tuple[WorkingStep, ...]:
    """Return the way from so many doses to the powder on the balance (`powder_mg`), corrected once."""
    pure = (Mass(dose_mg) * units).mg
    weigh = powder_mg(
        pure,
        certificate=certificate,
        conversion=conversion,
        cap_assay_at_100=cap_assay_at_100,
    )
    steps = powder_steps(
        _POWDER,
        pure,
        certificate=certificate,
        conversion=conversion,
        cap_assay_at_100=cap_assay_at_100,
        each="batch",
    )
    return (
        WorkingStep("Doses together", f"{mg(dose_mg)} × {number(units)}", mg(pure)),
        *steps,
        WorkingStep(
            "To weigh",
            f"{mg(weigh)} to the nearest {mg(weigh_to_mg)}",
            mg(round_to_step(weigh, weigh_to_mg)),
        ),
    )


def dose_from_weighing(
    *,
    weighed_mg: Decimal,
    units: int,
    label_mg: Decimal,
    certificate: Certificate,
    cap_assay_at_100: bool,
) -> tuple[WorkingStep, ...]:
    """Return the way from the powder on the balance to the dose in each unit (`dose_from_weighing_mg`)."""
    factor = potency.potency_factor(certificate, cap_assay_at_100=cap_assay_at_100)
    pure = potency.pure_mg(weighed_mg, factor)
    dose = potency.dose_from_weighing_mg(weighed_mg, factor=factor, units=units)
    return (
        potency_step(_POWDER, certificate, cap_assay_at_100=cap_assay_at_100),
        WorkingStep("Pure substance", f"{mg(weighed_mg)} × {number(factor)}", mg(pure)),
        WorkingStep("In each unit", f"{mg(pure)} ÷ {number(units)}", mg(dose)),
        WorkingStep(
            "Of the label",
            f"{mg(dose)} ÷ {mg(label_mg)} × 100%",
            pct(assay_pct(label_mg=label_mg, found_mg=dose)),
        ),
    )


def salt(*, amount_mg: Decimal, from_mw: Decimal, to_mw: Decimal) -> tuple[WorkingStep, ...]:
    """Return the same number of molecules as another form of the substance (`equivalent_mg`)."""
    other = equivalent_mg(amount_mg, from_mw=from_mw, to_mw=to_mw)
    expression = f"{mg(amount_mg)} × {number(to_mw)} ÷ {number(from_mw)}"
    return (WorkingStep("Equivalent", expression, mg(other)),)


def hydrate_water(*, anhydrous_mw: Decimal, hydrate_mw: Decimal) -> tuple[WorkingStep, ...]:
    """Return the water that a pure hydrate holds (`theoretical_water_pct`)."""
    water = potency.theoretical_water_pct(anhydrous_mw=anhydrous_mw, hydrate_mw=hydrate_mw)
    hydrate = number(hydrate_mw)
    expression = f"({hydrate} − {number(anhydrous_mw)}) ÷ {hydrate} × 100%"
    return (WorkingStep("Water", expression, pct(water)),)
