"""Topics of weight variation, content uniformity, assay, CAS numbers and NDCs.

Each public function answers a topic, unrounded, or refuses.
"""

from __future__ import annotations

from decimal import Decimal

from compounding import identifiers, uniformity
from compounding.arithmetic import HUNDRED
from compounding.vectors.inputs import Answers, VectorInputs, VectorUnreadable

_L1 = Decimal(15)
_L2 = Decimal(25)


def weight_variation(inputs: VectorInputs) -> Answers:
    verdict = uniformity.check_fill_weights(
        inputs.numbers("gross_mg"),
        mean_shell_mg=inputs.number("average_empty_shell_mg"),
        theoretical_fill_mg=inputs.number("theoretical_fill_mg"),
        limits_pct=inputs.pair("limits_pct"),
        rsd_limit_pct=inputs.first_number("rsd_limit_pct"),
        mean_limit_pct=inputs.first_number("mean_limit_pct"),
    )
    first = verdict.failing[0] if verdict.failing else None
    return {
        "net_mg": [unit.net_mg for unit in verdict.units],
        "pct_of_theoretical": [unit.pct for unit in verdict.units],
        "mean_net_mg": verdict.mean_net_mg,
        "sd_mg": verdict.sd_mg,
        "rsd_pct": verdict.rsd_pct,
        "mean_pct": verdict.mean_pct,
        "rsd_ok": verdict.rsd_ok,
        "failing_unit_index_1based": first.number if first else None,
        "failing_pct": first.pct if first else None,
        "passes": verdict.passes,
    }


def usp2091_intact(inputs: VectorInputs) -> Answers:
    verdict = uniformity.check_intact_weights(
        inputs.numbers("intact_weights_mg"), limits_pct=inputs.pair("limits_pct")
    )
    return {
        "average_mg": verdict.average_mg,
        "low_limit_mg": verdict.low_mg,
        "high_limit_mg": verdict.high_mg,
        "passes": verdict.passes,
        "next_stage": verdict.next_stage,
    }


def usp2091_net_contents(inputs: VectorInputs) -> Answers:
    verdict = uniformity.check_net_contents(inputs.numbers("net_contents_mg"))
    return {
        "average_net_mg": verdict.average_mg,
        "count_over_10pct": verdict.over_10_pct,
        "count_over_25pct": verdict.over_25_pct,
        "passes": verdict.passes,
        "next_stage": verdict.next_stage,
    }


def usp905_acceptance_value(inputs: VectorInputs) -> Answers:
    result = _acceptance_value(inputs)
    more = "test 20 more units, n=30, k=2.0, L2=25.0"
    return {
        "M": result.reference_pct,
        "acceptance_value": result.value,
        "passes_stage1": result.passes,
        "action": "accept" if result.passes else more,
    }


def usp905_acceptance_value_stage2(inputs: VectorInputs) -> Answers:
    result = _acceptance_value(inputs)
    limits = uniformity.unit_limits(
        reference_pct=result.reference_pct, l2_pct=inputs.number_or("L2", _L2)
    )
    units_hold = limits.hold(
        lowest_pct=inputs.number("min_unit_pct"), highest_pct=inputs.number("max_unit_pct")
    )
    return {
        "M": result.reference_pct,
        "acceptance_value": result.value,
        "unit_low_limit_pct": limits.low_pct,
        "unit_high_limit_pct": limits.high_pct,
        "passes": result.passes and units_hold,
        "action": "accept" if result.passes and units_hold else "reject",
    }


def _acceptance_value(inputs: VectorInputs) -> uniformity.AcceptanceValue:
    return uniformity.acceptance_value(
        mean_pct=inputs.number("mean_pct_of_label"),
        sd_pct=inputs.number("sd_pct"),
        k=_acceptability_constant(inputs),
        limit=inputs.number_or("L1", _L1),
        target_pct=inputs.number_or("T", HUNDRED),
    )


def _acceptability_constant(inputs: VectorInputs) -> Decimal:
    if "n" not in inputs:
        return inputs.number("k")
    k = uniformity.acceptability_constant(inputs.whole("n"))
    if inputs.number_or("k", k) != k:
        raise VectorUnreadable(f"For {inputs.whole('n')} units k is {k}, not {inputs.number('k')}.")
    return k


def usp905_method_choice(inputs: VectorInputs) -> Answers:
    method = uniformity.uniformity_method(
        drug_mg=inputs.number("drug_mg"), fill_mg=inputs.number("fill_mg")
    )
    return {
        "drug_pct_of_fill": method.drug_pct,
        "weight_variation_allowed": method.weight_variation_allowed,
        "required_method": method.required,
    }


def assay_release(inputs: VectorInputs) -> Answers:
    result = uniformity.check_assay(
        label_mg=inputs.number("label_mg"),
        found_mg=inputs.number("assay_result_mg"),
        limits_pct=inputs.pair("limits_pct"),
    )
    return {"pct_label": result.pct, "passes": result.passes}


def cas_check_digit(inputs: VectorInputs) -> Answers:
    cas = inputs.text("cas")
    total = identifiers.cas_weighted_sum(cas)
    return {"valid": total % 10 == int(cas[-1]), "weighted_sum": total}


def ndc_convert(inputs: VectorInputs) -> Answers:
    shape = inputs.text("format") if "format" in inputs else None
    ndc = identifiers.parse_ndc(inputs.digits("ndc10"), shape=shape)
    return {
        "ndc11_hyphenated": ndc.eleven_hyphenated,
        "ndc11": ndc.eleven,
        "ndc12": ndc.twelve,
    }
