"""Topics of capsules, liquids, drops, mixing, scaling, yield and cost."""

from __future__ import annotations

import re
from decimal import Decimal

from compounding import alligation, capsules, costing, drops, scaling, wording, yields
from compounding.arithmetic import HUNDRED, ZERO, exactly, settle
from compounding.potency import as_is_mg
from compounding.reading import parse_concentration, parse_volume
from compounding.strength import percent_w_v, ratio_strength
from compounding.vectors.inputs import Answers, VectorInputs, VectorUnreadable, to_number

_ONE = Decimal(1)
_THOUSAND = Decimal(1000)
_AMOUNT = re.compile(r"(?P<qs>q\.s\.\s+(?:ad\s+)?)?(?P<number>[0-9.]+)\s*(?P<unit>[a-zA-Z]+)")
_PRICE = re.compile(r"(?P<number>[0-9.]+)\s*/\s*(?P<unit>[a-zA-Z]+)")
_RANGE = re.compile(r"([0-9.]+) to ([0-9.]+) step ([0-9.]+)")
_PACK_STAT = "_pack_stat_mg"


# Capsules


@exactly
def capsule_filler(inputs: VectorInputs) -> Answers:
    units = capsules.batch_units(
        inputs.whole("units"), overage_pct=inputs.number_or("overage_pct", ZERO)
    )
    each = as_is_mg(inputs.number("dose_mg"), inputs.number_or("potency_factor", _ONE))
    powders = [
        capsules.Powder("the active", each, inputs.number("api_pack_stat_mg")),
        *_other_powders(inputs),
    ]
    filler = capsules.filler_mg(powders, filler_pack_stat_mg=inputs.number("filler_pack_stat_mg"))
    fill = sum((powder.mg for powder in powders), filler)
    return {
        "batch_units": units,
        "fraction_occupied": capsules.fraction_occupied(powders),
        "api_as_is_per_capsule_mg": each,
        "filler_per_capsule_mg": filler,
        "total_api_mg": each * units,
        "total_filler_mg": filler * units,
        "total_powder_mg": fill * units,
        "theoretical_fill_per_capsule_mg": fill,
    }


def _other_powders(inputs: VectorInputs) -> list[capsules.Powder]:
    """Return every other powder: `tracer_dye_mg` goes with `tracer_pack_stat_mg`."""
    stems = [name.removesuffix(_PACK_STAT) for name in inputs if name.endswith(_PACK_STAT)]
    return [
        capsules.Powder(
            stem, inputs.number(_amount_of(inputs, stem)), inputs.number(stem + _PACK_STAT)
        )
        for stem in stems
        if stem not in ("api", "filler")
    ]


def _amount_of(inputs: VectorInputs, stem: str) -> str:
    for name in inputs:
        if name.startswith(stem) and name.endswith("_mg") and not name.endswith(_PACK_STAT):
            return name
    raise VectorUnreadable(f"There is no amount for {stem}{_PACK_STAT}.")


@exactly
def capsule_filler_tapped_density(inputs: VectorInputs) -> Answers:
    volume, dose = inputs.number("capsule_volume_ml"), inputs.number("dose_mg")
    api_density = inputs.number("api_tapped_density_g_per_ml")
    api_full = capsules.pack_stat_from_density_mg(tapped_g_per_ml=api_density, volume_ml=volume)
    filler_full = capsules.pack_stat_from_density_mg(
        tapped_g_per_ml=inputs.number("filler_tapped_density_g_per_ml"), volume_ml=volume
    )
    powders = [capsules.Powder("the active", dose, api_full)]
    filler = capsules.filler_mg(powders, filler_pack_stat_mg=filler_full)
    api_volume = capsules.fraction_occupied(powders) * volume
    units = inputs.whole("units")
    return {
        "api_volume_ml": api_volume,
        "free_volume_ml": volume - api_volume,
        "filler_per_capsule_mg": filler,
        "total_api_g": dose * units / _THOUSAND,
        "total_filler_g": filler * units / _THOUSAND,
    }


def capsule_size_selection(inputs: VectorInputs) -> Answers:
    volumes = inputs.raw("capsule_volumes_ml")
    if not isinstance(volumes, dict):
        raise VectorUnreadable(f"capsule_volumes_ml should name sizes: {volumes!r}.")
    choice = capsules.choose_size(
        fill_mg=inputs.number("fill_weight_mg"),
        tapped_g_per_ml=inputs.number("tapped_density_g_per_ml"),
        volumes_ml={size: to_number(volume, size) for size, volume in volumes.items()},
    )
    return {
        "volume_needed_ml": choice.needed_ml,
        "smallest_size": choice.size,
        "utilisation_pct": choice.utilisation_pct,
    }


def capsule_max_dose_for_triturate(inputs: VectorInputs) -> Answers:
    capacity = capsules.capacity_mg(
        volume_ml=inputs.number("capsule_volume_ml"),
        tapped_g_per_ml=inputs.number("triturate_tapped_density_g_per_ml"),
    )
    strength = inputs.number("triturate_strength_pct_w_w")
    largest = capsules.largest_dose_mg(capacity_mg=capacity, strength_pct=strength)
    return {"fill_capacity_mg": capacity, "max_dose_mg": largest}


@exactly
def pack_stat_measurement(inputs: VectorInputs) -> Answers:
    pack_stat = capsules.pack_stat_mg(
        net_powder_mg=inputs.number("net_powder_to_fill_g") * _THOUSAND,
        capsules_filled=inputs.whole("capsules_filled"),
    )
    return {"pack_stat_mg": pack_stat}


# Liquids


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
        "ratio": f"1:{wording.number(ratio_strength(strength))}",
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
            {"dose_mg": row.dose_mg, "drops": row.drops, "ml": row.volume_ml} for row in table
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
    doses = []
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


def c1v1(inputs: VectorInputs) -> Answers:
    volume = inputs.number("target_volume_ml")
    stock = alligation.stock_needed_ml(
        stock_mg_per_ml=inputs.number("stock_mg_per_ml"),
        target_mg_per_ml=inputs.number("target_mg_per_ml"),
        target_volume_ml=volume,
    )
    return {"stock_ml": stock, "diluent_qs_to_ml": volume}


def oral_syringe_dose(inputs: VectorInputs) -> Answers:
    strength = inputs.number("strength_mg_per_ml")
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
        "within_limit": settle(error).copy_abs() <= inputs.number("limit_pct"),
    }


# Mixing and scaling


@exactly
def alligation_alternate(inputs: VectorInputs) -> Answers:
    high, low = inputs.number("high_pct"), inputs.number("low_pct")
    parts = alligation.alternate(high=high, low=low, target=inputs.number("target_pct"))
    answers: Answers = {"parts_high": parts.high, "parts_low": parts.low}
    for unit in ("ml", "g"):
        if f"total_{unit}" in inputs:
            of_high, of_low = parts.of_total(inputs.number(f"total_{unit}"))
            answers[f"high_{unit}"] = of_high
            answers[f"low_{unit}"] = of_low
            answers["check_drug_g"] = (of_high * high + of_low * low) / HUNDRED
    return answers


def alligation_medial(inputs: VectorInputs) -> Answers:
    parts = [
        (parse_volume(volume).ml, parse_concentration(strength).mg_per_ml)
        for volume, strength in inputs.rows("mix", 2)
    ]
    return {"final_mg_per_ml": alligation.medial(parts)}


def scale_formula(inputs: VectorInputs) -> Answers:
    for name in inputs:
        base = re.fullmatch(r"formula_([0-9.]+)_(ml|g)", name)
        if base is not None:
            size = to_number(base[1], name)
            return _scaled(inputs, name, size, inputs.number(f"target_{base[2]}"))
    raise VectorUnreadable("There is no formula to scale.")


def scale_formula_capsules(inputs: VectorInputs) -> Answers:
    return _scaled(inputs, "base", inputs.number("base_units"), inputs.number("target_units"))


def _scaled(inputs: VectorInputs, name: str, base: Decimal, target: Decimal) -> Answers:
    by = scaling.factor(base=base, target=target)
    lines = [_formula_line(component, amount) for component, amount in inputs.rows(name, 2)]
    return {
        "factor": by,
        "quantities": [[line.name, str(line)] for line in scaling.scale(lines, by=by)],
    }


def _formula_line(name: str, text: str) -> scaling.FormulaLine:
    written = _AMOUNT.fullmatch(text)
    if written is None:
        raise VectorUnreadable(f"“{text}” is not an amount of {name}.")
    return scaling.FormulaLine(
        name, to_number(written["number"], name), written["unit"], written["qs"] is not None
    )


# Yield and cost


def yield_of_batch(inputs: VectorInputs) -> Answers:
    result = yields.reconcile(
        theoretical=inputs.number("theoretical_units"),
        usable=inputs.number("usable_units"),
        destroyed_in_testing=inputs.number_or("qc_destroyed_units", ZERO),
        waste=inputs.number_or("waste_units", ZERO),
    )
    return {"yield_pct": result.pct, "reconciled": result.reconciled}


def cost_rollup(inputs: VectorInputs) -> Answers:
    cost = costing.batch_cost(
        [_cost_line(*row) for row in inputs.rows("lines", 3)],
        labour_minutes=inputs.number("labour_min"),
        labour_rate_per_hour=inputs.number("labour_rate_per_h"),
        overhead_pct=inputs.number("overhead_pct"),
    )
    units = inputs.whole("units_yielded")
    price = costing.price(
        cost.total,
        markup_factor=inputs.number("markup_factor"),
        dispensing_fee=inputs.number("dispensing_fee"),
    )
    return {
        "materials": cost.materials,
        "labour": cost.labour,
        "overhead": cost.overhead,
        "total_cost": cost.total,
        "cost_per_unit": costing.cost_per_unit(cost.total, units_yielded=units),
        "price": price,
    }


def _cost_line(name: str, amount: str, price: str) -> costing.CostLine:
    bought, priced = _AMOUNT.fullmatch(amount), _PRICE.fullmatch(price)
    if bought is None or priced is None or bought["unit"] != priced["unit"]:
        raise VectorUnreadable(f"{amount} of {name} cannot be priced at {price}.")
    return costing.CostLine(
        name, to_number(bought["number"], name), to_number(priced["number"], name)
    )


def cost_per_unit_actual_yield(inputs: VectorInputs) -> Answers:
    each = costing.cost_per_unit(
        inputs.number("total_cost_unrounded"), units_yielded=inputs.whole("units_yielded")
    )
    return {"cost_per_unit": each}
