"""Topics of liquids and drops. Each public function answers a topic, unrounded, or refuses."""

from __future__ import annotations

import re
from decimal import Decimal

from compounding import drops, wording
from compounding.arithmetic import ZERO, exactly
from compounding.potency import as_is_mg
from compounding.strength import percent_w_v, ratio_strength
from compounding.vectors.inputs import Answers, VectorInputs, VectorUnreadable, to_number

_ONE = Decimal(1)
_MOST_DOSES = 1000
_RANGE = re.compile(r"([0-9.]+) to ([0-9.]+) step ([0-9.]+)")


@exactly
def liquid_strength(inputs: VectorInputs) -> Answers:
    strength = inputs.number("strength_mg_per_ml")
    pure = drops.dose_in_volume_mg(
        volume_ml=inputs.number("volume_ml"), strength_mg_per_ml=strength
    )
    return {
        "pure_drug_mg": pure,
        "api_weigh_mg": as_is_mg(pure, inputs.number_or("potency_factor", _ONE)),
        "percent_w_v": percent_w_v(strength),
        "ratio": f"1:{wording.rounded(ratio_strength(strength), 0)}",
    }


@exactly
def liquid_batch_overfill(inputs: VectorInputs) -> Answers:
    volume = drops.batch_volume_ml(
        bottles=inputs.whole("bottles"),
        label_volume_ml=inputs.number("label_volume_ml"),
        fill_volume_ml=inputs.number("fill_volume_ml"),
        process_overage_pct=inputs.number_or("process_overage_pct", ZERO),
    )
    strength = inputs.number("strength_mg_per_ml")
    pure = drops.dose_in_volume_mg(volume_ml=volume, strength_mg_per_ml=strength)
    return {
        "batch_volume_ml": volume,
        "pure_drug_mg": pure,
        "api_weigh_mg": as_is_mg(pure, inputs.number_or("potency_factor", _ONE)),
    }


def drop_calibration(inputs: VectorInputs) -> Answers:
    calibration = drops.DropperCalibration(
        drops_counted=inputs.whole("drops_counted"),
        volume_ml=inputs.first_number("volume_ml"),
        mass_g=inputs.first_number("mass_g"),
        density_g_per_ml=inputs.first_number("density_g_per_ml"),
    )
    per_ml, strength = calibration.drops_per_ml(), inputs.number("strength_mg_per_ml")
    dose = drops.drops_for_dose(
        dose_mg=inputs.number("dose_mg"), strength_mg_per_ml=strength, drops_per_ml=per_ml
    )
    return {
        "drops_per_ml": per_ml,
        "mg_per_drop": drops.mg_per_drop(strength_mg_per_ml=strength, drops_per_ml=per_ml),
        "exact_drops": dose.exact_drops,
        "drops_rounded": dose.drops,
        "delivered_mg": dose.delivered_mg,
        "dose_error_pct": dose.error_pct,
    }


def dose_to_drops_table(inputs: VectorInputs) -> Answers:
    strength, per_ml = inputs.number("strength_mg_per_ml"), inputs.number("drops_per_ml")
    table = [
        drops.drops_for_dose(dose_mg=dose, strength_mg_per_ml=strength, drops_per_ml=per_ml)
        for dose in _doses(inputs)
    ]
    return {
        "mg_per_drop": drops.mg_per_drop(strength_mg_per_ml=strength, drops_per_ml=per_ml),
        "table": [
            {
                "dose_mg": row.dose_mg,
                "drops": row.drops,
                "ml": row.volume_ml,
                "delivered_mg": row.delivered_mg,
                "error_pct": row.error_pct,
            }
            for row in table
        ],
    }


@exactly
def _doses(inputs: VectorInputs) -> list[Decimal]:
    if isinstance(inputs.raw("doses_mg"), list):
        return inputs.numbers("doses_mg")
    written = _RANGE.fullmatch(inputs.text("doses_mg"))
    if written is None:
        raise VectorUnreadable(f"“{inputs.text('doses_mg')}” is not a range of doses.")
    dose, last, step = (to_number(part, "doses_mg") for part in written.groups())
    if step <= 0:
        raise VectorUnreadable("The step between doses must be more than 0.")
    if last < dose:
        raise VectorUnreadable(f"{inputs.text('doses_mg')} holds no dose.")
    doses: list[Decimal] = []
    if (last - dose) / step >= _MOST_DOSES:
        raise VectorUnreadable(f"{inputs.text('doses_mg')} are too many doses for a table.")
    while dose <= last:
        doses.append(dose)
        dose += step
    return doses


@exactly
def strength_for_target_drop(inputs: VectorInputs) -> Answers:
    strength = drops.strength_for_drop(
        wanted_mg_per_drop=inputs.number("target_mg_per_drop"),
        drops_per_ml=inputs.number("drops_per_ml"),
    )
    pure = drops.dose_in_volume_mg(
        volume_ml=inputs.number("volume_ml"), strength_mg_per_ml=strength
    )
    return {"strength_mg_per_ml": strength, "pure_drug_mg": pure}


def vehicle_estimate(inputs: VectorInputs) -> Answers:
    batch = inputs.number("batch_ml")
    liquids = [
        inputs.number(name) for name in inputs if name.endswith("_ml") and name != "batch_ml"
    ]
    liquids = [volume for volume in liquids if volume != ZERO]
    powders = [
        (to_number(grams, "grams"), to_number(displaced, "displacement"))
        for _, grams, displaced in inputs.rows("powders_g_and_dv_ml_per_g", 3)
    ]
    estimate = drops.vehicle_estimate(batch_ml=batch, liquids_ml=liquids, powders=powders)
    return {
        "powder_displacement_ml": estimate.displaced_ml,
        "water_estimate_ml": estimate.vehicle_ml,
        "instruction": drops.qs_ad(batch),
    }


def drops_days_supply(inputs: VectorInputs) -> Answers:
    supply = drops.days_supply(
        bottle_ml=inputs.number("bottle_ml"),
        drops_per_ml=inputs.number("drops_per_ml"),
        drops_per_dose=inputs.whole("drops_per_dose"),
        doses_per_day=inputs.whole("doses_per_day"),
        bud_days=inputs.whole("bud_days"),
    )
    return {
        "total_drops": supply.total_drops,
        "days_supply_by_volume": supply.days_by_volume,
        "days_supply_limited_by_bud": supply.days,
    }


def oral_syringe_dose(inputs: VectorInputs) -> Answers:
    strength = inputs.number("strength_mg_per_ml")
    if "volume_ml" in inputs and "dose_mg" in inputs:
        raise VectorUnreadable("Give the volume or the dose, not both.")
    if "volume_ml" in inputs:
        volume = inputs.number("volume_ml")
        return {"dose_mg": drops.dose_in_volume_mg(volume_ml=volume, strength_mg_per_ml=strength)}
    dose = inputs.number("dose_mg")
    return {"volume_ml": drops.dose_volume_ml(dose_mg=dose, strength_mg_per_ml=strength)}


def dropper_tolerance(inputs: VectorInputs) -> Answers:
    error = drops.dropper_error_pct(
        nominal_drops_per_ml=inputs.number("nominal_drops_per_ml"),
        measured_drops_per_ml=inputs.number("measured_drops_per_ml"),
    )
    return {
        "volume_per_drop_error_pct": error,
        "within_limit": drops.within_drop_limit(
            error_pct=error, limit_pct=inputs.number("limit_pct")
        ),
    }
