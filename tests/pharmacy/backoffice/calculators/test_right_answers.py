"""Every family gives the answers of the vectors, on its page."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from compounding import wording
from pharmacy.backoffice.calculators.families import FAMILIES
from tests.architecture.source import ROOT
from tests.pharmacy.backoffice.calculators.sheet import Sheet, opened, read

VECTORS = {
    vector["id"]: vector
    for vector in json.loads((ROOT / "tests/compounding/vectors.json").read_text(encoding="utf-8"))
}
Given = dict[str, Any]
Typed = Callable[[Given], dict[str, str]]
Said = Callable[[Sheet], str]


def headline(sheet: Sheet) -> str:
    return sheet.headline


def under(sheet: Sheet) -> str:
    return sheet.under


def fact(label: str) -> Said:
    return lambda sheet: sheet.facts.get(label, f"no {label}")


def certificate(given: Given) -> dict[str, str]:
    """The certificate of a vector; the cap is off unless a test turns it on."""
    return {
        "assay": given["assay_pct"],
        "basis": given["assay_basis"],
        "water": given.get("water_pct") or given.get("water_pct_kf") or "",
        "solvents": given.get("residual_solvents_pct") or "",
        "lod": given.get("lod_pct") or "",
        "cap": "no",
    }


def powder(given: Given) -> dict[str, str]:
    made = {"dose": f"{given['dose_mg']} mg", "units": given["units"], "weigh_to": "0.1 mg"}
    weights = {"strength_mw": given.get("mw_base", ""), "supplied_mw": given.get("mw_hcl", "")}
    return {**certificate(given), **made, **weights}


def capsules(given: Given) -> dict[str, str]:
    factor = Decimal(given["potency_factor"])
    return {
        "name": "drug",
        "dose": f"{given['dose_mg']} mg",
        "units": given["units"],
        "overage": given.get("overage_pct", "0"),
        "pack": f"{given['api_pack_stat_mg']} mg",
        "assay": wording.number(factor * 100),
        "basis": "as_is",
        "cap": "no",
        "filler": "filler",
        "filler_pack": f"{given['filler_pack_stat_mg']} mg",
        "size": "3",
        "volume": "0.3 mL",
        "shell": "48 mg",
        "minimum": "20 mg",
        "tolerance": "2",
        "weigh_to": "0.1 mg",
    }


def bottles(given: Given) -> dict[str, str]:
    return {
        "name": "drug",
        "strength": f"{given['strength_mg_per_ml']} mg/mL",
        "bottles": given["bottles"],
        "label_volume": f"{given['label_volume_ml']} mL",
        "fill_volume": f"{given['fill_volume_ml']} mL",
        "overage": given["process_overage_pct"],
        "assay": wording.number(Decimal(given["potency_factor"]) * 100),
        "basis": "as_is",
        "cap": "no",
        "vehicle": "water",
        "drops": "",
        "drops_volume": "",
        "minimum": "20 mg",
        "weigh_to": "0.1 mg",
    }


def table(rows: list[list[str]], *units: str) -> str:
    """Lines as they are typed, each cell with its unit."""
    cells = ([f"{cell}{unit}" for cell, unit in zip(row, units, strict=True)] for row in rows)
    return "\n".join("; ".join(line) for line in cells)


def plan(given: Given, days: int = 28) -> str:
    return "\n".join(
        f"{dose} for {length if isinstance(length, int) else days} days"
        for dose, length in given["schedule"]
    )


def bud(given: Given) -> dict[str, str]:
    kind = {"nonaqueous_oral_liquid": "nonaqueous_liquid"}.get(given["type"], given["type"])
    ticks = {
        "indicating": given.get("stability_indicating"),
        "same": given.get("same_formulation_and_container"),
        "antimicrobial": given.get("antimicrobial_effectiveness_51_documented"),
    }
    return {
        "prepared_on": given["prepared_on"],
        "kind": kind,
        "day_count": "day1",
        "components": table(given["component_expiries"], "", ""),
        "study": given.get("stability_study_days", ""),
        "storage": given.get("study_storage", ""),
        **{name: "on" for name, ticked in ticks.items() if ticked},
    }


Case = tuple[str, str, Typed, dict[str, Said], dict[str, str]]
CASES: list[Case] = []
"""Vector, calculator, what is typed, where each expected figure is read, and how it is written there."""


def case(
    vector: str, key: str, typed: Typed, read_at: dict[str, Said], as_: dict[str, str]
) -> None:
    """Add a case."""
    CASES.append((vector, key, typed, read_at, as_))


for vector in ("PC-01", "PC-02", "PC-03", "PC-05", "PC-07", "SC-06"):
    case(
        vector,
        "powder-to-weigh",
        powder,
        {"api_weigh_mg": headline},
        {"api_weigh_mg": "Weigh {} mg"},
    )
case(
    "PC-04",
    "powder-to-weigh",
    lambda g: {**powder(g), "cap": "yes"},
    {"api_weigh_mg_capped_100": headline},
    {"api_weigh_mg_capped_100": "Weigh {} mg"},
)
case(
    "PC-06",
    "dose-from-weighing",
    lambda g: {
        **certificate(g),
        "weighed": f"{g['actual_weighed_mg']} mg",
        "units": g["units"],
        "label_dose": f"{g['label_dose_mg']} mg",
        "low": "90",
        "high": "110",
    },
    {"actual_dose_mg": headline, "pct_of_label": under},
    {"actual_dose_mg": "{} mg in each unit", "pct_of_label": "{}% of the label"},
)
case(
    "PC-08",
    "hydrate-water",
    lambda g: {"anhydrous_mw": g["mw_anhydrous_hcl"], "hydrate_mw": g["mw_dihydrate"]},
    {"theoretical_water_pct": headline},
    {"theoretical_water_pct": "{}% water"},
)
for vector in ("SC-01", "SC-02", "SC-03", "SC-04", "SC-05"):
    case(
        vector,
        "salt",
        lambda g: {
            "amount": f"{g['amount_mg']} mg",
            "from_mw": g["from_mw"],
            "to_mw": g["to_mw"],
        },
        {"equivalent_mg": headline},
        {"equivalent_mg": "{} mg"},
    )
for vector in ("W-01", "W-02", "W-03"):
    case(
        vector,
        "minimum-weighable",
        lambda g: {
            "sensitivity": f"{g['sensitivity_requirement_mg']} mg",
            "error": g["max_error_pct"],
        },
        {"mwq_mg": headline},
        {"mwq_mg": "No less than {} mg"},
    )
for vector in ("W-06", "W-07"):
    case(
        vector,
        "usp-41",
        lambda g: {
            "readability": f"{g['readability_d_mg']} mg",
            "sd": f"{g['repeatability_sd_mg']} mg",
        },
        {"min_weight_mg": headline, "sd_used_mg": fact("Standard deviation that counts")},
        {"min_weight_mg": "No less than {} mg", "sd_used_mg": "{} mg"},
    )
case(
    "W-08",
    "usp-41",
    lambda g: {
        "readability": f"{g['readability_d_mg']} mg",
        "readings": " ".join(g["readings_mg"]),
    },
    {"min_weight_mg": headline, "sd_mg": fact("Standard deviation")},
    {"min_weight_mg": "No less than {} mg", "sd_mg": "{} mg"},
)
case(
    "W-09",
    "smallest-batch",
    lambda g: {
        "dose": f"{g['dose_mg']} mg",
        "factor": g["potency_factor"],
        "minimum": f"{g['mwq_mg']} mg",
    },
    {"min_units": headline},
    {"min_units": "At least {} units"},
)
case(
    "E-01",
    "weighing-error",
    lambda g: {
        "wanted": f"{g['pure_target_mg']} mg",
        "actual": f"{g['actual_weighed_mg']} mg",
        "tolerance": g["tolerance_pct"],
        "factor": g["potency_factor"],
    },
    {"pct_error": headline},
    {"pct_error": "+{}%"},
)
for vector in ("T-01", "T-02"):
    case(
        vector,
        "solid-aliquot",
        lambda g: {
            "needed": f"{g['drug_needed_mg']} mg",
            "minimum": f"{g['mwq_mg']} mg",
            "aliquot": f"{g['aliquot_mg']} mg",
        },
        {
            "weigh_drug_mg": fact("Weigh drug"),
            "diluent_mg": fact("Weigh diluent"),
            "total_triturate_mg": fact("Mixture"),
        },
        {},
    )
case(
    "T-07",
    "liquid-aliquot",
    lambda g: {
        "needed": f"{g['drug_needed_mg']} mg",
        "minimum": f"{g['mwq_mg']} mg",
        "aliquot": f"{g['aliquot_ml']} mL",
        "solubility": f"{g['solubility_mg_per_ml']} mg/mL",
    },
    {
        "weigh_drug_mg": fact("Weigh drug"),
        "stock_volume_ml": fact("Make up to"),
        "stock_mg_per_ml": fact("Strength of the stock"),
    },
    {"stock_volume_ml": "{} mL", "stock_mg_per_ml": "{} mg/mL"},
)
case(
    "T-08",
    "dilution",
    lambda g: {
        "stock": f"{g['stock_mg_per_ml']} mg/mL",
        "taken": f"{g['stock_taken_ml']} mL",
        "made_up_to": f"{g['final_volume_ml']} mL",
        "dose": f"{g['dose_ug']} mcg",
    },
    {"dose_volume_ml": fact("Volume of 2 micrograms")},
    {"dose_volume_ml": "{} mL"},
)
case(
    "T-04",
    "capsules-from-triturate",
    lambda g: {
        "dose": f"{g['dose_mg']} mg",
        "units": g["units"],
        "strength": g["triturate_strength_pct_w_w"],
    },
    {"triturate_mg": headline, "triturate_per_capsule_mg": fact("Triturate in each capsule")},
    {"triturate_mg": "Take {} mg of triturate"},
)
case(
    "T-06",
    "serial-trituration",
    lambda g: {
        "dilutions": f"{g['dilution_1']}\n{g['dilution_2']}",
        "dose": f"{g['dose_ug']} mcg",
        "units": g["units"],
    },
    {
        "final_triturate_mg": headline,
        "final_triturate_pct_w_w": fact("Strength of the last mixture"),
    },
    {"final_triturate_mg": "Take {} mg of the last mixture", "final_triturate_pct_w_w": "{}%"},
)
case(
    "T-09",
    "geometric-dilution",
    lambda g: {"drug": f"{g['drug_mg']} mg", "diluent": f"{g['diluent_mg']} mg"},
    {"final_mixture_mg": under},
    {"final_mixture_mg": "to {} mg of mixture"},
)
for vector in ("C-01", "C-02", "C-03"):
    case(
        vector,
        "capsule-worksheet",
        capsules,
        {"total_api_mg": headline, "total_filler_mg": under},
        {
            "total_api_mg": "Weigh {} mg of drug",
            "total_filler_mg": "and {} mg of filler, for 100 capsules of 4.5 mg",
        },
    )
case(
    "C-04",
    "filler-by-density",
    lambda g: {
        "volume": f"{g['capsule_volume_ml']} mL",
        "powders": f"drug; {g['dose_mg']} mg; {g['api_tapped_density_g_per_ml']}",
        "filler_density": g["filler_tapped_density_g_per_ml"],
        "units": g["units"],
    },
    {},
    {},
)
case(
    "C-05",
    "capsule-worksheet",
    lambda g: {
        **capsules({**g, "potency_factor": "1"}),
        "others": f"dye; {g['tracer_dye_mg']} mg; {g['tracer_pack_stat_mg']} mg",
    },
    {"total_filler_mg": under},
    {"total_filler_mg": "and {} mg of filler, for 100 capsules of 4.5 mg"},
)
case(
    "C-06",
    "capsule-size",
    lambda g: {
        "fill": f"{g['fill_weight_mg']} mg",
        "density": g["tapped_density_g_per_ml"],
        "sizes": table(
            [[size, volume] for size, volume in g["capsule_volumes_ml"].items()], "", " mL"
        ),
    },
    {
        "smallest_size": headline,
        "utilisation_pct": under,
        "volume_needed_ml": fact("Volume needed"),
    },
    {"smallest_size": "Size {}", "utilisation_pct": "{}% full", "volume_needed_ml": "{} mL"},
)
case(
    "L-01",
    "liquid-strength",
    lambda g: {
        "strength": f"{g['strength_mg_per_ml']} mg/mL",
        "volume": f"{g['volume_ml']} mL",
        "factor": g["potency_factor"],
    },
    {"api_weigh_mg": headline, "percent_w_v": fact("As percent w/v")},
    {"api_weigh_mg": "Weigh {} mg", "percent_w_v": "{}%"},
)
case(
    "L-02",
    "liquid-worksheet",
    bottles,
    {"api_weigh_mg": headline, "batch_volume_ml": fact("Volume of the batch")},
    {"api_weigh_mg": "Weigh {} mg of drug", "batch_volume_ml": "{} mL"},
)
case(
    "L-03",
    "dropper",
    lambda g: {
        "drops": g["drops_counted"],
        "mass": g["mass_g"],
        "density": g["density_g_per_ml"],
        "strength": f"{g['strength_mg_per_ml']} mg/mL",
    },
    {"drops_per_ml": headline, "mg_per_drop": fact("In each drop")},
    {"drops_per_ml": "{} drops/mL"},
)
case(
    "L-03",
    "dose",
    lambda g: {
        "strength": f"{g['strength_mg_per_ml']} mg/mL",
        "dose": f"{g['dose_mg']} mg",
        "drops": "25",
    },
    {
        "exact_drops": fact("Exactly"),
        "delivered_mg": fact("Delivered by whole drops"),
        "dose_error_pct": fact("Off by"),
    },
    {"exact_drops": "{} drops", "dose_error_pct": "+{}%"},
)
case(
    "L-05",
    "dropper",
    lambda g: {
        "drops": g["drops_counted"],
        "volume": f"{g['volume_ml']} mL",
        "strength": f"{g['strength_mg_per_ml']} mg/mL",
    },
    {"drops_per_ml": headline, "mg_per_drop": fact("In each drop")},
    {"drops_per_ml": "{} drops/mL"},
)
case(
    "L-06",
    "drop-strength",
    lambda g: {
        "each": f"{g['target_mg_per_drop']} mg",
        "drops": g["drops_per_ml"],
        "volume": f"{g['volume_ml']} mL",
    },
    {"strength_mg_per_ml": headline},
    {"strength_mg_per_ml": "Make it {} mg/mL"},
)
case(
    "L-07",
    "vehicle",
    lambda g: {
        "batch": f"{g['batch_ml']} mL",
        "liquids": f"glycerin; {g['glycerin_ml']} mL",
        "powders": table(g["powders_g_and_dv_ml_per_g"], "", "", ""),
    },
    {"water_estimate_ml": headline, "powder_displacement_ml": fact("Displaced by powders")},
    {"water_estimate_ml": "About {} mL of vehicle", "powder_displacement_ml": "{} mL"},
)
case(
    "L-08",
    "days-supply",
    lambda g: {
        "bottle": f"{g['bottle_ml']} mL",
        "drops": g["drops_per_ml"],
        "per_dose": g["drops_per_dose"],
        "per_day": g["doses_per_day"],
        "bud": g["bud_days"],
    },
    {
        "days_supply_limited_by_bud": headline,
        "days_supply_by_volume": fact("By volume"),
        "total_drops": fact("In the bottle"),
    },
    {
        "days_supply_limited_by_bud": "{} days",
        "days_supply_by_volume": "{} days",
        "total_drops": "{} drops",
    },
)
case(
    "L-09",
    "dilute",
    lambda g: {
        "stock": f"{g['stock_mg_per_ml']} mg/mL",
        "target": f"{g['target_mg_per_ml']} mg/mL",
        "volume": f"{g['target_volume_ml']} mL",
    },
    {"stock_ml": headline, "diluent_qs_to_ml": under},
    {"stock_ml": "Take {} mL of the stock", "diluent_qs_to_ml": "and make it up to {} mL"},
)
case(
    "L-10",
    "dose",
    lambda g: {
        "strength": f"{g['strength_mg_per_ml']} mg/mL",
        "volume": f"{g['volume_ml']} mL",
    },
    {"dose_mg": headline},
    {},
)
case(
    "L-11",
    "dose",
    lambda g: {"strength": f"{g['strength_mg_per_ml']} mg/mL", "dose": f"{g['dose_mg']} mg"},
    {"volume_ml": headline},
    {"volume_ml": "{} mL"},
)
case(
    "A-01",
    "alligation",
    lambda g: {
        "high": g["high_pct"],
        "low": g["low_pct"],
        "target": g["target_pct"],
        "total": g["total_ml"],
    },
    {"high_ml": fact("Of the higher strength"), "low_ml": fact("Of the lower strength")},
    {"high_ml": "{}", "low_ml": "{}"},
)
case(
    "A-02",
    "alligation",
    lambda g: {
        "high": g["high_pct"],
        "low": g["low_pct"],
        "target": g["target_pct"],
        "total": g["total_g"],
    },
    {"high_g": fact("Of the higher strength"), "low_g": fact("Of the lower strength")},
    {"high_g": "{}", "low_g": "{}"},
)
case(
    "A-03",
    "mixture",
    lambda g: {"parts": table(g["mix"], "", "")},
    {"final_mg_per_ml": headline},
    {"final_mg_per_ml": "{} mg/mL"},
)
case(
    "S-01",
    "scale",
    lambda g: {
        "lines": table(g["formula_100_ml"], "", ""),
        "base": "100",
        "target": g["target_ml"],
    },
    {"factor": headline},
    {"factor": "Times {}"},
)
case(
    "V-01",
    "fill-weights",
    lambda g: {
        "weights": " ".join(g["gross_mg"]),
        "shell": f"{g['average_empty_shell_mg']} mg",
        "theoretical": f"{g['theoretical_fill_mg']} mg",
    },
    {
        "rsd_pct": fact("Relative standard deviation"),
        "mean_pct": fact("Mean"),
        "sd_mg": fact("Standard deviation"),
    },
    {"rsd_pct": "{}%", "mean_pct": "{}%"},
)
case(
    "V-02",
    "fill-weights",
    lambda g: {
        "weights": " ".join(g["gross_mg"]),
        "shell": f"{g['average_empty_shell_mg']} mg",
        "theoretical": f"{g['theoretical_fill_mg']} mg",
    },
    {
        "failing_unit_index_1based": fact("Capsules outside their limits"),
        "rsd_pct": fact("Relative standard deviation"),
    },
    {"failing_unit_index_1based": "{}", "rsd_pct": "{}%: outside its limit"},
)
case(
    "V-03",
    "usp-2091-intact",
    lambda g: {"weights": " ".join(g["intact_weights_mg"]), "low": "90", "high": "110"},
    {
        "average_mg": fact("Average"),
        "low_limit_mg": fact("Lowest allowed"),
        "high_limit_mg": fact("Highest allowed"),
    },
    {},
)
for vector in ("V-04", "V-05"):
    case(
        vector,
        "usp-2091-net",
        lambda g: {"weights": " ".join(g["net_contents_mg"])},
        {
            "average_net_mg": fact("Average net content"),
            "count_over_10pct": fact("Over 10% from the average"),
        },
        {"count_over_10pct": "{}"},
    )
for vector in ("V-06", "V-07", "V-08", "V-09", "V-12"):
    case(
        vector,
        "acceptance-value",
        lambda g: {
            "mean": g["mean_pct_of_label"],
            "sd": g["sd_pct"],
            "k": g["k"],
            "limit": g["L1"],
            "target": g["T"],
        },
        {"acceptance_value": headline, "M": fact("Reference value M")},
        {"acceptance_value": "Acceptance value {}", "M": "{}%"},
    )
case(
    "V-10",
    "weight-or-content",
    lambda g: {"drug": f"{g['drug_mg']} mg", "fill": f"{g['fill_mg']} mg"},
    {"drug_pct_of_fill": under},
    {"drug_pct_of_fill": "the drug is {}% of the fill"},
)
case(
    "V-11",
    "assay",
    lambda g: {"label": f"{g['label_mg']} mg", "found": f"{g['assay_result_mg']} mg"},
    {"pct_label": headline},
    {"pct_label": "{}%"},
)
case(
    "E-03",
    "yield",
    lambda g: {
        "theoretical": g["theoretical_units"],
        "usable": g["usable_units"],
        "destroyed": g["qc_destroyed_units"],
        "waste": g["waste_units"],
    },
    {"yield_pct": headline},
    {"yield_pct": "Yield {}%"},
)
case(
    "B-13",
    "fills",
    lambda g: {"therapy": g["days_of_therapy"], "bud": g["bud_days"]},
    {"minimum_fills": headline},
    {"minimum_fills": "{} fills"},
)
case(
    "TP-01",
    "titration-capsules",
    lambda g: {"plan": plan(g), "strengths": "1.5 mg", "start_on": "2026-11-22"},
    {"total_days": fact("Days"), "total_drug_mg": fact("Drug in the whole plan")},
    {"total_days": "{}"},
)
case(
    "TP-04",
    "titration-liquid",
    lambda g: {
        "plan": plan(g),
        "strength": f"{g['strength_mg_per_ml']} mg/mL",
        "bottle": f"{g['bottle_ml']} mL",
    },
    {"total_ml": fact("Doses together"), "total_days": fact("Days")},
    {"total_ml": "{} mL", "total_days": "{}"},
)
case(
    "K-01",
    "cost",
    lambda g: {
        "lines": table(g["lines"], "", "", ""),
        "minutes": g["labour_min"],
        "rate": g["labour_rate_per_h"],
        "overhead": g["overhead_pct"],
        "units": g["units_yielded"],
        "markup": g["markup_factor"],
        "fee": g["dispensing_fee"],
    },
    {"materials": fact("Materials")},
    {"materials": "${}"},
)


@pytest.mark.parametrize(
    ("vector", "key", "typed", "places", "written"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES]
)
def test_it_answers_as_the_vector_says(
    vector: str,
    key: str,
    typed: Typed,
    places: dict[str, Said],
    written: dict[str, str],
    technician: Client,
) -> None:
    expected = VECTORS[vector]["expected"]
    answer = opened(technician, key, typed(VECTORS[vector]["inputs"]))
    sheet = read(answer)
    assert answer.status_code == 200, sheet.text[-2000:]
    said = {name: place(sheet) for name, place in places.items()}
    assert said == {
        name: written.get(name, "{} mg").format(wording.grouped(Decimal(expected[name])))
        if name != "smallest_size"
        else f"Size {expected[name]}"
        for name in places
    }
    assert sheet.headline


def test_every_family_is_asked() -> None:
    asked = {case[1] for case in CASES} | {"beyond-use-date", "identifiers", "error-budget"}
    assert [
        family.key
        for family in FAMILIES
        if not asked & {calculator.key for calculator in family.calculators}
    ] == []


@pytest.mark.parametrize("vector", [f"B-{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 11)])
def test_the_earliest_of_all_dates_is_used(vector: str, technician: Client) -> None:
    entry = VECTORS[vector]
    sheet = read(opened(technician, "beyond-use-date", bud(entry["inputs"])))
    day1 = wording.full_day(date.fromisoformat(entry["expected"]["bud_day1"]))
    assert sheet.headline == f"Use until {day1}"


@pytest.mark.parametrize(
    ("vector", "title"), [("TP-07", "same step again"), ("TP-10", "Or then climb again")]
)
def test_a_plan_resumes_in_both_ways(vector: str, title: str, technician: Client) -> None:
    entry = VECTORS[vector]
    typed = {
        "plan": plan(entry["inputs"]),
        "event_day": entry["inputs"]["event_day"],
        "through_day": "56",
        "days": "7",
        "factor": "0.5",
        "rise": "1 mg",
        "rise_days": "7",
        "up_to": "4.5 mg",
        "start_on": "2026-11-22",
    }
    sheet = read(opened(technician, "step-back", typed))
    part = Sheet(sheet.text.split(title, 1)[1].split("</section>", 1)[0])
    assert [(row[0].replace(" to ", "-"), row[2]) for row in part.rows] == [
        (days, f"{wording.number(Decimal(dose))} mg")
        for days, dose in entry["expected"]["segments"]
    ]


def test_the_worksheet_is_worked_out_twice_and_says_so(technician: Client) -> None:
    vector = VECTORS["C-01"]
    sheet = read(opened(technician, "capsule-worksheet", capsules(vector["inputs"])))
    assert "Two calculators agree on all" in sheet.text
    assert "How far a dose may lie from its label" in sheet.text
    assert sheet.working[0] == "100 × (100% + 0%), up to a whole capsule = 100 capsules"


def test_numbers_with_a_check(technician: Client) -> None:
    typed = {
        "npi": VECTORS["ID-02"]["inputs"]["npi"],
        "dea": VECTORS["ID-07"]["inputs"]["dea"],
        "last_name": VECTORS["ID-07"]["inputs"]["prescriber_last_name"],
        "ndc": VECTORS["ID-11"]["inputs"]["ndc10"],
        "cas": VECTORS["ID-14"]["inputs"]["cas"],
    }
    sheet = read(opened(technician, "identifiers", typed))
    assert sheet.headline == "Nothing is wrong with them"
    written = [row[1] for row in sheet.rows]
    assert VECTORS["ID-11"]["expected"]["ndc11_hyphenated"] in written
    assert VECTORS["ID-11"]["expected"]["ndc12"] in written
    wrong = {"npi": VECTORS["ID-03"]["inputs"]["npi"], "dea": VECTORS["ID-08"]["inputs"]["dea"]}
    sheet = read(opened(technician, "identifiers", wrong))
    assert "one of its digits is wrong" in sheet.beside("npi")
    assert "one of its digits is wrong" in sheet.beside("dea")


def test_the_error_budget_multiplies_at_worst_and_squares_as_expected(technician: Client) -> None:
    sheet = read(opened(technician, "error-budget", {"sources": "a; 3%\nb; 4%"}))
    assert sheet.headline == "±5%"
    assert sheet.facts["At worst"] == "−6.88% to +7.12%"
