"""Which rule answers which topic."""

from __future__ import annotations

from collections.abc import Mapping

from compounding.vectors import (
    capsule_batches,
    checks,
    dates,
    liquids,
    mixtures,
    plans,
    powders,
    prescribers,
)
from compounding.vectors.inputs import Evaluator

TOPICS: Mapping[str, Evaluator] = {
    # potency, salts and hydrates
    "potency_correction": powders.potency_correction,
    "potency_correction_hydrate_trap": powders.potency_correction,
    "potency_correction_reverse": powders.potency_correction_reverse,
    "hydrate_water": powders.hydrate_water,
    "salt_conversion": powders.salt_conversion,
    "salt_conversion_plus_potency": powders.salt_conversion_plus_potency,
    # weighing
    "minimum_weighable_quantity": powders.minimum_weighable_quantity,
    "percent_weighing_error": powders.percent_weighing_error,
    "usp41_min_weight": powders.usp41_min_weight,
    "usp41_min_weight_from_readings": powders.usp41_min_weight_from_readings,
    "min_batch_units_direct_weighing": powders.min_batch_units_direct_weighing,
    "percent_error": powders.percent_error,
    # aliquots and triturates
    "solid_aliquot": powders.solid_aliquot,
    "solid_aliquot_smallest_integer_multiple": powders.solid_aliquot,
    "liquid_aliquot": powders.liquid_aliquot,
    "stock_triturate_1_in_100": powders.stock_triturate,
    "capsules_from_triturate": powders.capsules_from_triturate,
    "capsules_from_triturate_fit_check": powders.capsules_from_triturate,
    "serial_trituration": powders.serial_trituration,
    "serial_liquid_dilution": powders.serial_liquid_dilution,
    "geometric_dilution_steps": powders.geometric_dilution_steps,
    # capsules
    "capsule_filler_pack_stat": capsule_batches.capsule_filler,
    "capsule_filler_overage": capsule_batches.capsule_filler,
    "capsule_filler_potency_corrected": capsule_batches.capsule_filler,
    "capsule_filler_multi_component": capsule_batches.capsule_filler,
    "capsule_filler_tapped_density": capsule_batches.capsule_filler_tapped_density,
    "capsule_size_selection": capsule_batches.capsule_size_selection,
    "capsule_max_dose_for_triturate": capsule_batches.capsule_max_dose_for_triturate,
    "pack_stat_measurement": capsule_batches.pack_stat_measurement,
    # liquids and drops
    "liquid_strength": liquids.liquid_strength,
    "liquid_batch_overfill": liquids.liquid_batch_overfill,
    "drop_calibration_gravimetric": liquids.drop_calibration,
    "drop_calibration_volumetric": liquids.drop_calibration,
    "dose_to_drops_table": liquids.dose_to_drops_table,
    "strength_for_target_drop": liquids.strength_for_target_drop,
    "vehicle_estimate_powder_displacement": liquids.vehicle_estimate,
    "drops_days_supply": liquids.drops_days_supply,
    "c1v1": mixtures.c1v1,
    "oral_syringe_dose": liquids.oral_syringe_dose,
    "dropper_tolerance": liquids.dropper_tolerance,
    # mixing, scaling, yield and cost
    "alligation_alternate": mixtures.alligation_alternate,
    "alligation_infeasible": mixtures.alligation_alternate,
    "alligation_medial": mixtures.alligation_medial,
    "scale_formula": mixtures.scale_formula,
    "scale_formula_capsules": mixtures.scale_formula_capsules,
    "yield": mixtures.yield_of_batch,
    "cost_rollup": mixtures.cost_rollup,
    "cost_per_unit_actual_yield": mixtures.cost_per_unit_actual_yield,
    # beyond-use dates
    "bud": dates.bud,
    "bud_extended": dates.bud,
    "bud_hard_stop": dates.bud,
    "fills_needed_for_bud": dates.fills_needed_for_bud,
    # weight, content and identifiers
    "weight_variation_theoretical": checks.weight_variation,
    "weight_variation_theoretical_fail": checks.weight_variation,
    "usp2091_stage1": checks.usp2091_intact,
    "usp2091_stage2": checks.usp2091_net_contents,
    "usp2091_stage3_trigger": checks.usp2091_net_contents,
    "usp905_acceptance_value": checks.usp905_acceptance_value,
    "usp905_acceptance_value_stage2": checks.usp905_acceptance_value_stage2,
    "usp905_method_choice": checks.usp905_method_choice,
    "assay_release": checks.assay_release,
    "cas_check_digit": checks.cas_check_digit,
    "ndc_convert": checks.ndc_convert,
    "ndc_convert_ambiguous": checks.ndc_convert,
    "npi_check_digit": prescribers.npi_check_digit_of,
    "npi_validate": prescribers.npi_validate,
    "npi_validate_transposition": prescribers.npi_validate,
    "npi_luhn_blind_spot": prescribers.npi_blind_spot,
    "dea_check_digit": prescribers.dea_check_digit_of,
    "dea_validate": prescribers.dea_validate,
    # titration
    "titration_capsules_single_strength": plans.capsule_plan,
    "titration_capsules_mixed_greedy": plans.capsule_plan,
    "titration_liquid": plans.liquid_plan,
    "titration_liquid_sensitive": plans.liquid_plan,
    "titration_drop_to_half_resume_same_step": plans.step_back,
    "titration_drop_to_half_retitrate": plans.step_back,
    "titration_half_dose_rounding": plans.half_dose_rounding,
    "titration_decomposition_greedy_fails": plans.decomposition,
    "vldn_unit_conversion": plans.very_low_dose,
}
