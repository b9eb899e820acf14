"""Vectors in other forms, with other numbers, and with odd ones."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies

from compounding.errors import Refusal
from compounding.vectors import TOPICS, VectorInputs, check_vectors

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
)

_MWQ = {
    "id": "X",
    "topic": "minimum_weighable_quantity",
    "inputs": {"sensitivity_requirement_mg": "6", "max_error_pct": "7"},
    "rounding": "0.1 mg",
}


def _lines(vector: dict[str, Any]) -> list[str]:
    report = check_vectors([vector], TOPICS)
    assert report.failed == 1
    return [str(mismatch) for mismatch in report.mismatches]


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        ("number", "abc", "it is not a number: 'abc'."),
        ("number", None, "it should be a number, not None."),
        ("number", True, "it should be a number, not True."),
        ("number", "NaN", "it is not a number: 'NaN'."),
        ("number", Decimal("NaN"), "it must be a decimal number, not NaN."),
        ("number", "1" * 400, f"it is not a number: '{'1' * 79}…."),
        ("number", "1" * 61, f"it is not a number: '{'1' * 61}'."),
        ("number", 10**60, "it has more than 60 digits."),
        ("number", -(10**60), "it has more than 60 digits."),
        (
            "number",
            10**60 - 1,
            "it is written with more digits than any balance or record holds.",
        ),
        ("number", "1e3", "it is not a number: '1e3'."),
        ("number", "1_000", "it is not a number: '1_000'."),
        ("number", "1,5", "it is not a number: '1,5'."),
        ("number", ".5", "it is not a number: '.5'."),
        ("number", "5.", "it is not a number: '5.'."),
        ("number", "4.5 mg", "it is not a number: '4.5 mg'."),
        ("number", "\u0665", "it is not a number: '\u0665'."),
        ("digits", 1.5, "The input it should be text, not 1.5."),
        ("digits", True, "The input it should be text, not True."),
        ("whole", "1.5", "it is not a whole number: '1.5'."),
        ("text", 5, "The input it should be text, not 5."),
        ("items", "a", "The input it should be a list, not 'a'."),
        ("flag", "yes", "The input it should be true or false, not 'yes'."),
        ("text_rows", [["a", 1]], "A row of it should be text, not 1."),
        ("date", "2026-13-01", "The input it is not a date: '2026-13-01'."),
        ("pair", ["1"], "A row of it should hold 2 values: ['1']."),
    ],
)
def test_an_input_that_cannot_be_read_is_refused(read: str, value: Any, sentence: str) -> None:
    def evaluate(inputs: VectorInputs) -> dict[str, Any]:
        width = (2,) if read == "text_rows" else ()
        return {"it": getattr(inputs, read)("it", *width)}

    vector = {"id": "X", "topic": "t", "inputs": {"it": value}, "expected": {"it": "1"}}
    report = check_vectors([vector], {"t": evaluate})
    assert [mismatch.got for mismatch in report.mismatches] == [f"a refusal: {sentence}"]


def test_a_missing_input_is_refused() -> None:
    vector = {**_MWQ, "inputs": {}, "expected": {"mwq_mg": "1"}}
    assert _lines(vector) == [
        "X: expected mwq_mg=1, got a refusal: The input sensitivity_requirement_mg is missing."
    ]


@pytest.mark.parametrize(
    ("topic", "changes", "sentence"),
    [
        ("potency_correction", {"assay_basis": "guessed"}, "No assay basis is called guessed."),
        (
            "stock_triturate_1_in_100",
            {"strength_w_w": "weak"},
            "“weak” is not a dilution such as 1:100.",
        ),
        (
            "capsule_filler_pack_stat",
            {"dye_pack_stat_mg": "9"},
            "There is no amount for dye_pack_stat_mg.",
        ),
        (
            "capsule_size_selection",
            {"capsule_volumes_ml": []},
            "capsule_volumes_ml should name sizes: [].",
        ),
        ("dose_to_drops_table", {"doses_mg": "many"}, "“many” is not a range of doses."),
        (
            "dose_to_drops_table",
            {"doses_mg": "1 to 2 step 0"},
            "The step between doses must be more than 0.",
        ),
        (
            "alligation_medial",
            {"mix": [["5 lb", "2%"]]},
            "“lb” is not a unit we know; write a mass, such as mg.",
        ),
        (
            "titration_liquid",
            {"schedule": [[1.5, 7]]},
            "The dose of a step should be text, not 1.5.",
        ),
        ("scale_formula", {"formula_100_ml": [["x", "a lot"]]}, "“a lot” is not an amount of x."),
        (
            "cost_rollup",
            {"lines": [["x", "1 g", "2/mL"]]},
            "What comes by the g has no price by the mL.",
        ),
        ("cost_rollup", {"lines": [["x", "1 g", "a lot"]]}, "1 g of x cannot be priced at a lot."),
        ("bud", {"type": "holy"}, "No class of preparation is called holy."),
        (
            "titration_liquid",
            {"schedule": "slowly"},
            "“slowly” is not a schedule we can read.",
        ),
        (
            "titration_drop_to_half_resume_same_step",
            {"rule": "half dose for 7 days, then wait"},
            "“half dose for 7 days, then wait” is not a rule we can read.",
        ),
    ],
)
def test_a_vector_in_another_form_is_refused(
    topic: str, changes: dict[str, Any], sentence: str
) -> None:
    [vector, *_] = [vector for vector in VECTORS if vector["topic"] == topic]
    changed = {**vector, "inputs": {**vector["inputs"], **changes}}
    report = check_vectors([changed], TOPICS)
    assert [mismatch.got for mismatch in report.mismatches] == [f"a refusal: {sentence}"]


def test_a_formula_must_say_for_which_size_it_is() -> None:
    vector = {"id": "X", "topic": "scale_formula", "inputs": {}, "expected": {"factor": "1"}}
    report = check_vectors([vector], TOPICS)
    assert [mismatch.got for mismatch in report.mismatches] == [
        "a refusal: There is no formula to scale."
    ]


_OTHER_FORMS: list[dict[str, Any]] = [
    {
        "topic": "alligation_medial",
        "inputs": {"mix": [["50 g", "2 %"], ["150 g", "10%"]]},
        "expected": {"final_pct": "8"},
    },
    {
        "topic": "stock_triturate_1_in_100",
        "inputs": {"triturate_total_g": "10", "strength_w_w": "10 % w/w", "potency_factor": "1"},
        "expected": {"api_weigh_mg": "1000.0"},
    },
    {
        "topic": "liquid_strength",
        "inputs": {"strength_mg_per_ml": "3", "volume_ml": "30"},
        "expected": {"ratio": "1:333", "percent_w_v": "0.3"},
    },
    {
        "topic": "hydrate_water",
        "inputs": {"mw_anhydrous": "100", "mw_monohydrate": "118.015"},
        "expected": {"theoretical_water_pct": "15.265"},
    },
    {
        "topic": "titration_decomposition_greedy_fails",
        "inputs": {"doses_mg": ["2.0"], "capsule_strengths_mg": ["1"]},
        "expected": {"capsules_for_2.0mg": {"1.0": "2"}},
    },
    {
        "topic": "dose_to_drops_table",
        "inputs": {"strength_mg_per_ml": "5", "drops_per_ml": "20", "doses_mg": ["0.5"]},
        "expected": {"table": [{"dose_mg": "0.50", "drops": "2", "ml": "0.1"}]},
    },
    {
        "topic": "titration_liquid",
        "inputs": {"strength_mg_per_ml": "2", "schedule": [["0.5 mL", 10], ["500 mcg", "4"]]},
        "expected": {"total_drug_mg": "12", "total_ml": "6"},
    },
    {
        "topic": "usp2091_stage1",
        "inputs": {"intact_weights_mg": ["100"] * 19 + ["120"], "limits_pct": ["90", "110"]},
        "expected": {"passes": False, "next_stage": "weigh the net contents of the same 20"},
    },
    {
        "topic": "usp905_acceptance_value_stage2",
        "inputs": {
            "mean_pct_of_label": "100",
            "sd_pct": "5",
            "k": "2.0",
            "min_unit_pct": "74.9",
            "max_unit_pct": "101",
        },
        "expected": {"acceptance_value": "10", "passes": False},
    },
    {
        "topic": "weight_variation_theoretical",
        "inputs": {
            "gross_mg": ["156", "157"],
            "average_empty_shell_mg": "50",
            "theoretical_fill_mg": "100",
            "limits_pct": ["90", "110"],
            "mean_limit_pct": "5",
        },
        "expected": {"rsd_ok": True, "failing_unit_index_1based": None, "passes": False},
    },
    {
        "topic": "vldn_unit_conversion",
        "inputs": {"dose_ug": "0.5", "days": "2"},
        "expected": {"total_mg": "0.001", "category": "ULDN (<1 ug)"},
    },
    {
        "topic": "yield",
        "inputs": {"theoretical_units": "10", "usable_units": "10"},
        "expected": {"yield_pct": "100", "reconciled": True},
    },
    {
        "topic": "capsules_from_triturate_fit_check",
        "inputs": {
            "dose_mg": "1.5",
            "units": "1",
            "triturate_strength_pct_w_w": "1",
            "capsule_capacity_mg_of_triturate": "150",
            "alternative_strength_pct_w_w": "0.5",
        },
        "expected": {"fits": True, "alternative_fits": False},
    },
    {
        "topic": "liquid_batch_overfill",
        "inputs": {
            "strength_mg_per_ml": "1",
            "bottles": "1",
            "label_volume_ml": "30",
            "fill_volume_ml": "30",
        },
        "expected": {"batch_volume_ml": "30", "api_weigh_mg": "30.0"},
    },
    {
        "topic": "min_batch_units_direct_weighing",
        "inputs": {"dose_mg": "4", "mwq_mg": "120"},
        "expected": {"min_units": "30"},
    },
    {
        "topic": "bud",
        "inputs": {
            "prepared_on": "2026-11-02",
            "type": "nonaqueous_other",
            "component_expiries": [["API (no vendor expiry)", "2026-12-01"]],
        },
        "expected": {
            "limited_by": "component_no_vendor_expiry:receipt+1y",
            "bud_day1": "2026-12-01",
            "allow": True,
        },
    },
]


@pytest.mark.parametrize("vector", [pytest.param(form, id=form["topic"]) for form in _OTHER_FORMS])
def test_other_numbers_in_other_forms(vector: dict[str, Any]) -> None:
    report = check_vectors([{"id": "X", **vector}], TOPICS)
    assert [str(mismatch) for mismatch in report.mismatches] == []


_ODD: strategies.SearchStrategy[Any] = strategies.sampled_from(
    [
        *("0", "-1", "", "abc", "NaN", "Infinity", "1e3", "1E-30", "9" * 400, "1e999999", "1,5"),
        *("0.000001", "100", "101", "999999999999999", "2026-02-30", "1:0", "0:0", "\u0663", "mg"),
        *("0 mg", "1 mg", "q.s. 0 mL", None, True, False, 5, 4.5, [], {}, ["1"]),
    ]
)


def _disturbed(value: Any, data: strategies.DataObject) -> Any:
    """Return the value with one thing in it replaced by something odd, or left out."""
    if not value or not isinstance(value, dict | list):
        return data.draw(_ODD)
    copied = copy.copy(value)
    place = data.draw(strategies.sampled_from(_places(value)))
    if data.draw(strategies.booleans()):
        copied[place] = _disturbed(copied[place], data)
    else:
        del copied[place]
    return copied


def _places(value: Any) -> list[Any]:
    return list(value) if isinstance(value, dict) else list(range(len(value)))


@given(strategies.sampled_from(VECTORS), strategies.data())
def test_nothing_but_a_refusal_comes_of_odd_inputs(
    vector: dict[str, Any], data: strategies.DataObject
) -> None:
    inputs = _disturbed(vector["inputs"], data)
    with suppress(Refusal):
        TOPICS[vector["topic"]](VectorInputs(inputs))


def test_plain_numbers_are_read_like_numbers_in_text() -> None:
    vector = {
        **_MWQ,
        "inputs": {"sensitivity_requirement_mg": 6, "max_error_pct": Decimal(5)},
        "expected": {"mwq_mg": 120},
    }
    assert check_vectors([vector], TOPICS).passed == 1
