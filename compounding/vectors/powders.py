"""Topics of potency, salts, weighing and triturates. Each public function answers a topic, unrounded, or refuses."""

from __future__ import annotations

import re
from decimal import Decimal

from compounding import given, weighing
from compounding.alligation import diluted_mg_per_ml
from compounding.arithmetic import exactly, settle
from compounding.drops import dose_volume_ml
from compounding.potency import (
    AssayBasis,
    Certificate,
    as_is_mg,
    dose_from_weighing_mg,
    potency_factor,
    theoretical_water_pct,
)
from compounding.spread import mean, sample_sd
from compounding.strength import UnknownSubstance, equivalent_mg
from compounding.uniformity import check_assay
from compounding.vectors.inputs import Answers, VectorInputs, VectorUnreadable, to_number

_THOUSAND = Decimal(1000)
_LIMITS_PCT = (Decimal(90), Decimal(110))
_PERCENT = re.compile(r"([0-9.]+)\s*%")
_ONE_IN = re.compile(r"([0-9.]+)\s*:\s*([0-9.]+)")


def _certificate(inputs: VectorInputs) -> Certificate:
    basis = inputs.text("assay_basis")
    if basis not in AssayBasis.__members__.values():
        raise VectorUnreadable(f"No assay basis is called {basis}.")
    return Certificate(
        assay_pct=inputs.number("assay_pct"),
        basis=AssayBasis(basis),
        water_pct=inputs.first_number("water_pct", "water_pct_kf"),
        lod_pct=inputs.first_number("lod_pct"),
        solvents_pct=inputs.first_number("residual_solvents_pct", "solvents_pct"),
    )


def _check_substances(inputs: VectorInputs, *names: str) -> None:
    """Raise `UnknownSubstance` if the vector names a substance of nothing, or one it does not know."""
    for name in names:
        if name in inputs and inputs.text(name).strip().lower() in ("", "unknown", "?"):
            raise UnknownSubstance(f"{name} names no substance that we know.")


@exactly
def potency_correction(inputs: VectorInputs) -> Answers:
    _check_substances(inputs, "strength_expressed_as", "api_supplied_as")
    theoretical = inputs.number("dose_mg") * inputs.whole("units")
    certificate = _certificate(inputs)
    factor = potency_factor(certificate, cap_assay_at_100=False)
    capped = potency_factor(certificate, cap_assay_at_100=True)
    weigh = as_is_mg(theoretical, factor)
    return {
        "theoretical_mg": theoretical,
        "potency_factor": factor,
        "api_weigh_mg": weigh,
        "potency_factor_uncapped": factor,
        "api_weigh_mg_uncapped": weigh,
        "potency_factor_capped_100": capped,
        "api_weigh_mg_capped_100": as_is_mg(theoretical, capped),
        "must_not_equal_mg": weigh,
    }


@exactly
def potency_correction_reverse(inputs: VectorInputs) -> Answers:
    factor = potency_factor(_certificate(inputs), cap_assay_at_100=False)
    dose = dose_from_weighing_mg(
        inputs.number("actual_weighed_mg"), factor=factor, units=inputs.whole("units")
    )
    label = inputs.number("label_dose_mg")
    assay = check_assay(label_mg=label, found_mg=dose, limits_pct=_LIMITS_PCT)
    return {"actual_dose_mg": dose, "pct_of_label": assay.pct, "within_90_110": assay.passes}


def hydrate_water(inputs: VectorInputs) -> Answers:
    weights = [name for name in inputs if name.startswith("mw_")]
    anhydrous = next((name for name in weights if "anhydrous" in name), "mw_anhydrous")
    hydrate = next((name for name in weights if "anhydrous" not in name), "mw_hydrate")
    pct = theoretical_water_pct(
        anhydrous_mw=inputs.number(anhydrous), hydrate_mw=inputs.number(hydrate)
    )
    return {"theoretical_water_pct": pct}


def salt_conversion(inputs: VectorInputs) -> Answers:
    _check_substances(inputs, "from_form", "to_form")
    equivalent = equivalent_mg(
        inputs.number("amount_mg"), from_mw=inputs.number("from_mw"), to_mw=inputs.number("to_mw")
    )
    return {"equivalent_mg": equivalent}


@exactly
def salt_conversion_plus_potency(inputs: VectorInputs) -> Answers:
    _check_substances(inputs, "strength_expressed_as", "api")
    hydrochloride = equivalent_mg(
        inputs.number("dose_mg") * inputs.whole("units"),
        from_mw=inputs.number("mw_base"),
        to_mw=inputs.number("mw_hcl"),
    )
    factor = potency_factor(_certificate(inputs), cap_assay_at_100=False)
    return {"hcl_pure_mg": hydrochloride, "api_weigh_mg": as_is_mg(hydrochloride, factor)}


def minimum_weighable_quantity(inputs: VectorInputs) -> Answers:
    minimum = weighing.minimum_weighable_mg(
        sensitivity_mg=inputs.number("sensitivity_requirement_mg"),
        max_error_pct=inputs.number("max_error_pct"),
    )
    return {"mwq_mg": minimum}


def percent_weighing_error(inputs: VectorInputs) -> Answers:
    error = weighing.weighing_error_pct(
        sensitivity_mg=inputs.number("sensitivity_requirement_mg"),
        weighed_mg=inputs.number("amount_weighed_mg"),
    )
    return {"pct_error": error}


@exactly
def usp41_min_weight(inputs: VectorInputs) -> Answers:
    minimum = weighing.usp41_minimum(
        sd_mg=inputs.number("repeatability_sd_mg"), readability_mg=inputs.number("readability_d_mg")
    )
    return {
        "sd_used_mg": minimum.sd_used_mg,
        "sd_used_g": minimum.sd_used_mg / _THOUSAND,
        "min_weight_mg": minimum.minimum_mg,
    }


def usp41_min_weight_from_readings(inputs: VectorInputs) -> Answers:
    readings = inputs.numbers("readings_mg")
    minimum = weighing.usp41_minimum_from_readings(
        readings, readability_mg=inputs.number("readability_d_mg")
    )
    return {
        "mean_mg": mean(readings),
        "sd_mg": sample_sd(readings),
        "sd_used_mg": minimum.sd_used_mg,
        "min_weight_mg": minimum.minimum_mg,
    }


def min_batch_units_direct_weighing(inputs: VectorInputs) -> Answers:
    each = as_is_mg(inputs.number("dose_mg"), inputs.number_or("potency_factor", Decimal(1)))
    least = weighing.least_units(as_is_mg_per_unit=each, minimum_mg=inputs.number("mwq_mg"))
    return {"min_units": least}


def solid_aliquot(inputs: VectorInputs) -> Answers:
    aliquot = weighing.solid_aliquot(
        needed_mg=inputs.number("drug_needed_mg"),
        minimum_mg=inputs.number("mwq_mg"),
        aliquot_mg=inputs.number("aliquot_mg"),
    )
    return {
        "multiple": aliquot.multiple,
        "weigh_drug_mg": aliquot.weigh_drug_mg,
        "total_triturate_mg": aliquot.total_mg,
        "diluent_mg": aliquot.diluent_mg,
        "drug_in_aliquot_mg": aliquot.drug_in_aliquot_mg,
    }


def liquid_aliquot(inputs: VectorInputs) -> Answers:
    stock = weighing.liquid_aliquot(
        needed_mg=inputs.number("drug_needed_mg"),
        minimum_mg=inputs.number("mwq_mg"),
        aliquot_ml=inputs.number("aliquot_ml"),
        solubility_mg_per_ml=inputs.number("solubility_mg_per_ml"),
    )
    return {
        "multiple": stock.multiple,
        "weigh_drug_mg": stock.weigh_drug_mg,
        "stock_volume_ml": stock.stock_volume_ml,
        "stock_mg_per_ml": stock.stock_mg_per_ml,
        "soluble": stock.soluble,
        "drug_in_aliquot_mg": stock.drug_in_aliquot_mg,
    }


@exactly
def stock_triturate(inputs: VectorInputs) -> Answers:
    part, whole = _dilution(inputs.text("strength_w_w"))
    triturate = weighing.stock_triturate(
        total_mg=inputs.number("triturate_total_g") * _THOUSAND,
        strength_pct=weighing.serial_strength_pct([(part, whole)]),
        factor=inputs.number_or("potency_factor", Decimal(1)),
    )
    return {
        "pure_drug_mg": triturate.pure_mg,
        "api_weigh_mg": triturate.weigh_mg,
        "diluent_mg": triturate.diluent_mg,
    }


def capsules_from_triturate(inputs: VectorInputs) -> Answers:
    batch = weighing.capsules_from_triturate(
        dose_mg=inputs.number("dose_mg"),
        units=inputs.whole("units"),
        strength_pct=inputs.number("triturate_strength_pct_w_w"),
    )
    answers: Answers = {
        "pure_drug_mg": batch.pure_mg,
        "triturate_mg": batch.triturate_mg,
        "triturate_per_capsule_mg": batch.per_capsule_mg,
    }
    if "capsule_capacity_mg_of_triturate" in inputs:
        capacity = _capacity_mg(inputs)
        answers["fits"] = settle(batch.per_capsule_mg) <= capacity
    if "alternative_strength_pct_w_w" in inputs:
        answers |= _alternative_triturate(inputs)
    return answers


def _capacity_mg(inputs: VectorInputs) -> Decimal:
    name = "capsule_capacity_mg_of_triturate"
    return given.positive(inputs.number(name), name)


@exactly
def _alternative_triturate(inputs: VectorInputs) -> Answers:
    capacity = _capacity_mg(inputs)
    batch = weighing.capsules_from_triturate(
        dose_mg=inputs.number("dose_mg"),
        units=inputs.whole("units"),
        strength_pct=inputs.number("alternative_strength_pct_w_w"),
    )
    return {
        "alternative_triturate_per_capsule_mg": batch.per_capsule_mg,
        "alternative_fits": settle(batch.per_capsule_mg) <= capacity,
        "alternative_total_triturate_mg": batch.triturate_mg,
        "filler_needed_per_capsule_mg": capacity - batch.per_capsule_mg,
    }


@exactly
def serial_trituration(inputs: VectorInputs) -> Answers:
    count = sum(name.startswith("dilution_") for name in inputs)
    names = [f"dilution_{number}" for number in range(1, max(count, 2) + 1)]
    strength = weighing.serial_strength_pct([_dilution(inputs.text(name)) for name in names])
    batch = weighing.capsules_from_triturate(
        dose_mg=inputs.number("dose_mg"), units=inputs.whole("units"), strength_pct=strength
    )
    return {
        "final_triturate_pct_w_w": strength,
        "pure_drug_mg": batch.pure_mg,
        "final_triturate_mg": batch.triturate_mg,
        "final_triturate_per_capsule_mg": batch.per_capsule_mg,
    }


@exactly
def serial_liquid_dilution(inputs: VectorInputs) -> Answers:
    strength = diluted_mg_per_ml(
        stock_mg_per_ml=inputs.number("stock_mg_per_ml"),
        stock_ml=inputs.number("stock_taken_ml"),
        final_volume_ml=inputs.number("final_volume_ml"),
    )
    return {
        "final_ug_per_ml": strength * _THOUSAND,
        "dose_volume_ml": dose_volume_ml(
            dose_mg=inputs.number("dose_mg"), strength_mg_per_ml=strength
        ),
    }


@exactly
def geometric_dilution_steps(inputs: VectorInputs) -> Answers:
    drug, diluent = inputs.number("drug_mg"), inputs.number("diluent_mg")
    additions = weighing.geometric_additions(drug_mg=drug, diluent_mg=diluent)
    return {
        "additions_mg": list(additions),
        "steps": len(additions),
        "final_mixture_mg": drug + diluent,
    }


@exactly
def percent_error(inputs: VectorInputs) -> Answers:
    if "target_mg" in inputs:
        wanted, actual = inputs.number("target_mg"), inputs.number("actual_mg")
    else:
        wanted = as_is_mg(inputs.number("pure_target_mg"), inputs.number("potency_factor"))
        actual = inputs.number("actual_weighed_mg")
    tolerance = inputs.number("tolerance_pct")
    return {
        "pct_error": weighing.error_pct(wanted=wanted, actual=actual),
        "within": weighing.within_tolerance(wanted=wanted, actual=actual, tolerance_pct=tolerance),
    }


def _dilution(text: str) -> tuple[Decimal, Decimal]:
    """Return the part and the whole of "1:100", of "1 %", or of both when they say the same."""
    said = [tuple(pair) for pair in _ONE_IN.findall(text)]
    said += [(pct, "100") for pct in _PERCENT.findall(text)]
    read = [(to_number(part, "dilution"), to_number(whole, "dilution")) for part, whole in said]
    if not read:
        raise VectorUnreadable(f"“{text}” is not a dilution such as 1:100.")
    part, whole = read[0]
    if any(part * other_whole != whole * other for other, other_whole in read):
        raise VectorUnreadable(f"“{text}” says two strengths.")
    return part, whole
