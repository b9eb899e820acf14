"""The working of every rule: as it is written, and that the written arithmetic comes to the written result."""

from __future__ import annotations

import datetime
import importlib
import inspect
import pkgutil
import random
import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from types import MappingProxyType

import pytest

from compounding import workings
from compounding.arithmetic import ARITHMETIC
from compounding.beyond_use import BudLimit, ComponentDate, DayCount, beyond_use_date
from compounding.capsule_fill import Powder, occupied_pct
from compounding.costing import CostLine
from compounding.drops import DropperCalibration, within_drop_limit
from compounding.error_budget import ErrorSource
from compounding.errors import Refusal
from compounding.given import OutOfRange
from compounding.potency import AssayBasis, Certificate
from compounding.scaling import FormulaLine
from compounding.spread import sample_sd
from compounding.strength import Conversion
from compounding.titration import NoSteps, TitrationStep, dose_on_day
from compounding.uniformity import FillWeights, assay_pct, check_fill_weights
from compounding.weighing import can_be_weighed
from compounding.working import WorkingStep
from compounding.workings import figures
from compounding.worksheet import (
    Worksheet,
    plan_capsule_worksheet,
    plan_drops_worksheet,
    plan_triturate_worksheet,
)
from tests.compounding.evaluator import NoArithmetic, proved
from tests.compounding.examples import capsule_inputs, drops_inputs, triturate_inputs
from tests.compounding.refusals import assert_refused

D = Decimal
_COA = Certificate(
    assay_pct=D("99.6"),
    basis=AssayBasis.ANHYDROUS_SOLVENT_FREE,
    water_pct=D("0.8"),
    solvents_pct=D(0),
)
_STRONG = Certificate(assay_pct=D("101.5"), basis=AssayBasis.AS_IS)
_READINGS = tuple(
    D(reading)
    for reading in [
        "100.02",
        "100.05",
        "99.98",
        "100.01",
        "100.04",
        "99.97",
        "100.00",
        "100.03",
        "99.99",
        "100.01",
    ]
)
_PLAN = (TitrationStep(D("1.5"), 14), TitrationStep(D("4.5"), 28))
_MADE_ON = datetime.date(2026, 11, 2)


def _filled(*gross: str) -> FillWeights:
    return check_fill_weights(
        [D(weight) for weight in gross],
        mean_shell_mg=D(48),
        theoretical_fill_mg=D("151.125"),
        limits_pct=(D(90), D(110)),
    )


Worked = tuple[str, Callable[[], tuple[WorkingStep, ...]], list[str]]
EXAMPLES: list[Worked] = [
    (
        "weighing.minimum",
        lambda: workings.weighing.minimum(sensitivity_mg=D(6), max_error_pct=D(5), amount_mg=D(50)),
        [
            "Minimum weighable quantity: 6 mg × 100 ÷ 5 = 120 mg",
            "Error: 6 mg ÷ 50 mg × 100% = 12%",
        ],
    ),
    (
        "weighing.usp41_minimum",
        lambda: workings.weighing.usp41_minimum(
            sd_mg=sample_sd(_READINGS), readability_mg=D("0.01")
        ),
        [
            "Standard deviation that counts: the larger of 0.0258199 mg and 0.41 × 0.01 mg = 0.0258199 mg",
            "Minimum weight: 2000 × 0.0258199 mg = 51.639778 mg",
        ],
    ),
    (
        "weighing.usp41_minimum",
        lambda: workings.weighing.usp41_minimum(sd_mg=D("0.003"), readability_mg=D("0.01")),
        [
            "Standard deviation that counts: the larger of 0.003 mg and 0.41 × 0.01 mg = 0.0041 mg",
            "Minimum weight: 2000 × 0.0041 mg = 8.2 mg",
        ],
    ),
    (
        "weighing.smallest_batch",
        lambda: workings.weighing.smallest_batch(
            dose_mg=D("4.5"), factor=D("0.988032"), minimum_mg=D(120)
        ),
        [
            "Powder in each unit: 4.5 mg ÷ 0.988032 = 4.554508 mg",
            "Units: 120 mg ÷ 4.554508 mg, up to a whole unit = 27",
        ],
    ),
    (
        "weighing.error",
        lambda: workings.weighing.error(
            wanted_mg=D(450), actual_mg=D("455.9"), factor=D("0.988032")
        ),
        [
            "Wanted, as it is: 450 mg ÷ 0.988032 = 455.450836 mg",
            "Error: (455.9 mg − 455.450836 mg) ÷ 455.450836 mg × 100% = +0.0986197%",
        ],
    ),
    (
        "aliquots.solid",
        lambda: workings.aliquots.solid(needed_mg=D(9), minimum_mg=D(120), aliquot_mg=D(120)),
        [
            "Multiple: 120 mg ÷ 9 mg, up to a whole number = 14",
            "Drug: 9 mg × 14 = 126 mg",
            "Mixture: 120 mg × 14 = 1,680 mg",
            "Diluent: 1,680 mg − 126 mg = 1,554 mg",
            "Drug in the aliquot: 126 mg × 120 mg ÷ 1,680 mg = 9 mg",
        ],
    ),
    (
        "aliquots.liquid",
        lambda: workings.aliquots.liquid(
            needed_mg=D(9), minimum_mg=D(120), aliquot_ml=D(5), solubility_mg_per_ml=D(100)
        ),
        [
            "Multiple: 120 mg ÷ 9 mg, up to a whole number = 14",
            "Drug: 9 mg × 14 = 126 mg",
            "Stock: 5 mL × 14 = 70 mL",
            "Strength of the stock: 126 mg ÷ 70 mL = 1.8 mg/mL",
        ],
    ),
    (
        "aliquots.dilution",
        lambda: workings.aliquots.dilution(
            stock_mg_per_ml=D(10), stock_ml=D(2), final_volume_ml=D(50), dose_mg=D("0.3")
        ),
        [
            "Strength: 10 mg/mL × 2 mL ÷ 50 mL = 0.4 mg/mL",
            "Volume of the dose: 0.3 mg ÷ 0.4 mg/mL = 0.75 mL",
        ],
    ),
    (
        "triturates.serial",
        lambda: workings.triturates.serial(
            dilutions=((D(1), D(100)), (D(1), D(100))), dose_mg=D("0.001"), units=100
        ),
        [
            "Strength: 100% × 1 ÷ 100 × 1 ÷ 100 = 0.01%",
            "Pure substance: 0.001 mg × 100 = 0.1 mg",
            "Mixture for the batch: 0.1 mg ÷ 0.01% = 1,000 mg",
            "In each capsule: 0.001 mg ÷ 0.01% = 10 mg",
        ],
    ),
    (
        "triturates.geometric",
        lambda: workings.triturates.geometric(drug_mg=D(100), diluent_mg=D(450)),
        [
            "Step 1: 100 mg + 100 mg = 200 mg",
            "Step 2: 200 mg + 200 mg = 400 mg",
            "Step 3: 400 mg + 150 mg = 550 mg",
        ],
    ),
    (
        "triturates.capacity",
        lambda: workings.triturates.capacity(volume_ml=D("0.30"), tapped_g_per_ml=D("0.5")),
        ["The capsule holds: 0.3 mL × 0.5 g/mL × 1000 = 150 mg"],
    ),
    (
        "triturates.from_triturate",
        lambda: workings.triturates.from_triturate(
            dose_mg=D("1.4"), units=30, strength_pct=D(1), capacity_mg=D(150)
        ),
        [
            "Triturate for the batch: 1.4 mg × 30 ÷ 1% = 4,200 mg",
            "In each capsule: 1.4 mg ÷ 1% = 140 mg",
            "Filler to top up each capsule: 150 mg − 140 mg = 10 mg",
            "Largest dose in this capsule: 150 mg × 1% = 1.5 mg",
        ],
    ),
    (
        "potency.powder_to_weigh",
        lambda: workings.potency.powder_to_weigh(
            dose_mg=D("4.5"),
            units=100,
            certificate=_COA,
            conversion=None,
            cap_assay_at_100=True,
            weigh_to_mg=D("0.1"),
        ),
        [
            "Doses together: 4.5 mg × 100 = 450 mg",
            "Potency factor of the powder: 99.6% × (100% − 0.8% − 0%) = 0.988032",
            "the powder as it is, in each batch: 450 mg ÷ 0.988032 = 455.450836 mg",
            "To weigh: 455.450836 mg to the nearest 0.1 mg = 455.5 mg",
        ],
    ),
    (
        "potency.powder_to_weigh",
        lambda: workings.potency.powder_to_weigh(
            dose_mg=D("4.5"),
            units=100,
            certificate=_STRONG,
            conversion=Conversion(strength_mw=D("341.4"), supplied_mw=D("377.86")),
            cap_assay_at_100=True,
            weigh_to_mg=D("0.1"),
        ),
        [
            "Doses together: 4.5 mg × 100 = 450 mg",
            "Potency factor of the powder: 100% as is = 1",
            "the powder as supplied, pure, in each batch: 450 mg × 377.86 ÷ 341.4 = 498.057996 mg",
            "the powder as it is, in each batch: 498.057996 mg ÷ 1 = 498.057996 mg",
            "To weigh: 498.057996 mg to the nearest 0.1 mg = 498.1 mg",
        ],
    ),
    (
        "potency.dose_from_weighing",
        lambda: workings.potency.dose_from_weighing(
            weighed_mg=D(450),
            units=100,
            label_mg=D("4.5"),
            certificate=_STRONG,
            cap_assay_at_100=True,
        ),
        [
            "Potency factor of the powder: 100% as is = 1",
            "Pure substance: 450 mg × 1 = 450 mg",
            "In each unit: 450 mg ÷ 100 = 4.5 mg",
            "Of the label: 4.5 mg ÷ 4.5 mg × 100% = 100%",
        ],
    ),
    (
        "potency.dose_from_weighing",
        lambda: workings.potency.dose_from_weighing(
            weighed_mg=D("455.9"),
            units=100,
            label_mg=D("4.5"),
            certificate=_COA,
            cap_assay_at_100=True,
        ),
        [
            "Potency factor of the powder: 99.6% × (100% − 0.8% − 0%) = 0.988032",
            "Pure substance: 455.9 mg × 0.988032 = 450.443789 mg",
            "In each unit: 450.443789 mg ÷ 100 = 4.504438 mg",
            "Of the label: 4.504438 mg ÷ 4.5 mg × 100% = 100.09862%",
        ],
    ),
    (
        "potency.salt",
        lambda: workings.potency.salt(amount_mg=D("4.5"), from_mw=D("377.86"), to_mw=D("341.40")),
        ["Equivalent: 4.5 mg × 341.4 ÷ 377.86 = 4.065792 mg"],
    ),
    (
        "potency.hydrate_water",
        lambda: workings.potency.hydrate_water(anhydrous_mw=D("377.86"), hydrate_mw=D("413.89")),
        ["Water: (413.89 − 377.86) ÷ 413.89 × 100% = 8.705212%"],
    ),
    (
        "drops.calibration",
        lambda: workings.drops.calibration(
            dropper=DropperCalibration(
                drops_counted=100, mass_g=D("4.75"), density_g_per_ml=D("1.1875")
            )
        ),
        [
            "Volume of the drops: 4.75 g ÷ 1.1875 g/mL = 4 mL",
            "Drops in a mL: 100 drops ÷ 4 mL = 25 drops/mL",
        ],
    ),
    (
        "drops.calibration",
        lambda: workings.drops.calibration(
            dropper=DropperCalibration(drops_counted=60, volume_ml=D(2))
        ),
        ["Drops in a mL: 60 drops ÷ 2 mL = 30 drops/mL"],
    ),
    (
        "drops.drop",
        lambda: workings.drops.drop(strength_mg_per_ml=D(1), drops_per_ml=D(25)),
        ["In each drop: 1 mg/mL ÷ 25 drops/mL = 0.04 mg"],
    ),
    (
        "drops.nominal",
        lambda: workings.drops.nominal(nominal_drops_per_ml=D(20), measured_drops_per_ml=D(25)),
        ["A drop against the nominal one: (20 − 25) ÷ 25 × 100% = −20%"],
    ),
    (
        "drops.strength",
        lambda: workings.drops.strength(
            wanted_mg_per_drop=D("0.1"), drops_per_ml=D(20), volume_ml=D(15)
        ),
        [
            "Strength: 0.1 mg × 20 drops/mL = 2 mg/mL",
            "Pure substance: 2 mg/mL × 15 mL = 30 mg",
        ],
    ),
    (
        "drops.volume",
        lambda: workings.drops.volume(volume_ml=D("0.75"), strength_mg_per_ml=D(2)),
        ["Dose: 0.75 mL × 2 mg/mL = 1.5 mg"],
    ),
    (
        "drops.dose",
        lambda: workings.drops.dose(dose_mg=D("0.5"), strength_mg_per_ml=D(1), drops_per_ml=D(25)),
        [
            "Volume: 0.5 mg ÷ 1 mg/mL = 0.5 mL",
            "Drops, exactly: 0.5 mL × 25 drops/mL = 12.5 drops",
            "Drops: 12.5 drops, to a whole drop = 13 drops",
            "Delivered: 13 drops ÷ 25 drops/mL × 1 mg/mL = 0.52 mg",
            "Off by: (13 drops − 12.5 drops) ÷ 12.5 drops × 100% = +4%",
        ],
    ),
    (
        "drops.days_supply",
        lambda: workings.drops.days_supply(
            bottle_ml=D(30), drops_per_ml=D(25), drops_per_dose=9, doses_per_day=2, bud_days=35
        ),
        [
            "Drops in the bottle: 30 mL × 25 drops/mL, whole drops = 750 drops",
            "Days by volume: 750 drops ÷ (9 drops × 2), whole days = 41 days",
            "Days: the smaller of 41 days and 35 days = 35 days",
        ],
    ),
    (
        "alligation.medial",
        lambda: workings.alligation.medial(parts=((D(120), D(1)), (D(80), D("2.5")))),
        [
            "Strength: (120 mL × 1 mg/mL + 80 mL × 2.5 mg/mL) ÷ (120 mL + 80 mL) = 1.6 mg/mL",
        ],
    ),
    (
        "alligation.alternate",
        lambda: workings.alligation.alternate(high=D(10), low=D(1), target=D(3), total=D(45)),
        [
            "Parts of the higher: 3 − 1 = 2",
            "Parts of the lower: 10 − 3 = 7",
            "Of the higher strength: 45 × 2 ÷ (2 + 7) = 10",
            "Of the lower strength: 45 × 7 ÷ (2 + 7) = 35",
        ],
    ),
    (
        "alligation.stock",
        lambda: workings.alligation.stock(
            stock_mg_per_ml=D(5), target_mg_per_ml=D("0.5"), target_volume_ml=D(60)
        ),
        ["Stock: 0.5 mg/mL × 60 mL ÷ 5 mg/mL = 6 mL"],
    ),
    (
        "scaling.scaled",
        lambda: workings.scaling.scaled(
            lines=(FormulaLine("acid", D("0.5"), "g"), FormulaLine("water", D(100), "mL", True)),
            base=D(100),
            target=D(240),
        ),
        [
            "Factor: 240 ÷ 100 = 2.4",
            "acid: 0.5 g × 2.4 = 1.2 g",
            "water: q.s. 100 mL × 2.4 = q.s. 240 mL",
        ],
    ),
    (
        "costing.cost",
        lambda: workings.costing.cost(
            lines=(CostLine("drug", D("0.455"), D("9.85")), CostLine("vial", D(1), D("0.38"))),
            labour_minutes=D(18),
            labour_rate_per_hour=D(42),
            overhead_pct=D(15),
        ),
        [
            "Materials: 0.455 × $9.85 + 1 × $0.38 = $4.86175",
            "Labor: 18 min × $42/h ÷ 60 = $12.6",
            "Overhead: ($4.86175 + $12.6) × 15% = $2.619263",
            "Cost of the batch: $4.86175 + $12.6 + $2.619263 = $20.081013",
        ],
    ),
    (
        "costing.price",
        lambda: workings.costing.price(
            total=D("20.0810125"), units_yielded=100, markup_factor=D("1.6"), dispensing_fee=D(15)
        ),
        [
            "Cost of each unit: $20.081013 ÷ 100 = $0.20081",
            "Price: $20.081013 × 1.6 + $15.00 = $47.13",
        ],
    ),
    (
        "identifiers.npi",
        lambda: workings.identifiers.npi("1234567893"),
        [
            "NPI sum, 24 for 80840, every other digit doubled and its digits added: "
            "24 + 2 + 2 + 6 + 4 + 1 + 6 + 5 + 8 + 9 = 67",
            "NPI check digit: 70 − 67 = 3",
        ],
    ),
    (
        "identifiers.dea",
        lambda: workings.identifiers.dea("AJ5184279"),
        [
            "DEA sum: 5 + 8 + 2 + 2 × (1 + 4 + 7) = 39",
            "DEA check digit: 39 − 10 × 3 = 9",
        ],
    ),
    (
        "identifiers.cas",
        lambda: workings.identifiers.cas("16676-29-2"),
        [
            "CAS sum, each digit times its place from the right: "
            "1 × 9 + 2 × 2 + 3 × 6 + 4 × 7 + 5 × 6 + 6 × 6 + 7 × 1 = 132",
            "CAS check digit: 132 − 10 × 13 = 2",
        ],
    ),
    (
        "yields.reconciled",
        lambda: workings.yields.reconciled(
            theoretical=D(103), usable=D(100), destroyed_in_testing=D(1), waste=D(1)
        ),
        [
            "Yield: 100 ÷ 103 × 100% = 97.087379%",
            "Not accounted for: 103 − (100 + 1 + 1) = 1",
        ],
    ),
    (
        "uniformity.fill_weights",
        lambda: workings.uniformity.fill_weights(
            found=_filled("198", "200", "202"),
            mean_shell_mg=D(48),
            theoretical_fill_mg=D("151.125"),
        ),
        [
            "Net of capsule 1: 198 mg − 48 mg = 150 mg",
            "Of theoretical: 150 mg ÷ 151.125 mg × 100% = 99.255583%",
            "Mean: 456 mg ÷ 3 = 152 mg",
            "Squares of the deviations: (150 − 152)² + (152 − 152)² + (154 − 152)² = 8",
            "Standard deviation: √(8 ÷ 2) = 2 mg",
            "Relative standard deviation: 2 mg ÷ 152 mg × 100% = 1.315789%",
            "Mean of theoretical: 152 mg ÷ 151.125 mg × 100% = 100.578991%",
        ],
    ),
    (
        "uniformity.intact",
        lambda: workings.uniformity.intact(
            weights_mg=(*[D(200)] * 18, D(182), D(219)), limits_pct=(D(90), D(110))
        ),
        [
            "Average: 4,001 mg ÷ 20 = 200.05 mg",
            "Lowest allowed: 200.05 mg × 90% = 180.045 mg",
            "Highest allowed: 200.05 mg × 110% = 220.055 mg",
        ],
    ),
    (
        "uniformity.net_contents",
        lambda: workings.uniformity.net_contents(net_mg=(*[D(150)] * 18, D(133), D(168))),
        ["Average: 3,001 mg ÷ 20 = 150.05 mg"],
    ),
    (
        "uniformity.acceptance",
        lambda: workings.uniformity.acceptance(
            mean_pct=D("97.2"), sd_pct=D("2.1"), k=D("2.4"), limit=D(15), target_pct=D(100)
        ),
        [
            "Mean, or the least M: the larger of 97.2 and 98.5 = 98.5",
            "Reference value M: the smaller of 98.5 and 101.5 = 98.5",
            "Acceptance value: |98.5 − 97.2| + 2.4 × 2.1 = 6.34",
        ],
    ),
    (
        "uniformity.acceptance",
        lambda: workings.uniformity.acceptance(
            mean_pct=D("104.5"), sd_pct=D(3), k=D(2), limit=D(15), target_pct=D(103)
        ),
        [
            "Mean, or the least M: the larger of 104.5 and 98.5 = 104.5",
            "Reference value M: the smaller of 104.5 and 103 = 103",
            "Acceptance value: |103 − 104.5| + 2 × 3 = 7.5",
        ],
    ),
    (
        "uniformity.acceptance_of_contents",
        lambda: workings.uniformity.acceptance_of_contents(
            contents_pct=(*[D(99)] * 5, *[D(101)] * 5),
            k=D("2.4"),
            limit=D(15),
            target_pct=D(100),
        ),
        [
            "Mean: 1000 ÷ 10 = 100",
            "Squares of the deviations: (99 − 100)² + (99 − 100)² + (99 − 100)² + (99 − 100)² + "
            "(99 − 100)² + (101 − 100)² + (101 − 100)² + (101 − 100)² + (101 − 100)² + (101 − 100)² = 10",
            "Standard deviation: √(10 ÷ 9) = 1.054093",
            "Mean, or the least M: the larger of 100 and 98.5 = 100",
            "Reference value M: the smaller of 100 and 101.5 = 100",
            "Acceptance value: |100 − 100| + 2.4 × 1.054093 = 2.529822",
        ],
    ),
    (
        "spread.readings",
        lambda: workings.spread.readings(values=(D("1.5"), D(2), D("2.25")), unit="mg"),
        [
            "Mean: 5.75 mg ÷ 3 = 1.916667 mg",
            "Squares of the deviations: (1.5 − 1.916667)² + (2 − 1.916667)² + (2.25 − 1.916667)² = 0.291667",
            "Standard deviation: √(0.291667 ÷ 2) = 0.381881 mg",
        ],
    ),
    (
        "uniformity.unit_limits",
        lambda: workings.uniformity.unit_limits(reference_pct=D("98.5"), l2_pct=D(25)),
        [
            "Lowest unit: 98.5% × (100% − 25%) = 73.875%",
            "Highest unit: 98.5% × (100% + 25%) = 123.125%",
        ],
    ),
    (
        "uniformity.method",
        lambda: workings.uniformity.method(drug_mg=D("4.5"), fill_mg=D("151.125")),
        ["Drug in the fill: 4.5 mg ÷ 151.125 mg × 100% = 2.977667%"],
    ),
    (
        "uniformity.assay",
        lambda: workings.uniformity.assay(label_mg=D("4.5"), found_mg=D("4.32")),
        ["Of the label: 4.32 mg ÷ 4.5 mg × 100% = 96%"],
    ),
    (
        "capsule_fill.size",
        lambda: workings.capsule_fill.size(
            fill_mg=D(250),
            tapped_g_per_ml=D("0.55"),
            volumes_ml={"3": D("0.30"), "1": D("0.50"), "0": D("0.68")},
        ),
        [
            "Volume needed: 250 mg ÷ (0.55 g/mL × 1000) = 0.454545 mL",
            "Of the capsule: 0.454545 mL ÷ 0.5 mL × 100% = 90.909091%",
        ],
    ),
    (
        "capsule_fill.by_density",
        lambda: workings.capsule_fill.by_density(
            volume_ml=D("0.48"),
            powders=(("Acetaminophen", D(324), D("0.75")),),
            filler_g_per_ml=D("0.80"),
        ),
        [
            "Acetaminophen alone would fill it with: 0.48 mL × 0.75 g/mL × 1000 = 360 mg",
            "Filler alone would fill it with: 0.48 mL × 0.8 g/mL × 1000 = 384 mg",
            "Share taken: 324 mg ÷ 360 mg = 0.9",
            "Filler in each capsule: (1 − 0.9) × 384 mg = 38.4 mg",
        ],
    ),
    (
        "capsule_fill.by_density",
        lambda: workings.capsule_fill.by_density(
            volume_ml=D("0.5"),
            powders=(("Drug", D(100), D("0.8")), ("Dye", D(30), D("0.6"))),
            filler_g_per_ml=D("0.5"),
        ),
        [
            "Drug alone would fill it with: 0.5 mL × 0.8 g/mL × 1000 = 400 mg",
            "Dye alone would fill it with: 0.5 mL × 0.6 g/mL × 1000 = 300 mg",
            "Filler alone would fill it with: 0.5 mL × 0.5 g/mL × 1000 = 250 mg",
            "Share taken: 100 mg ÷ 400 mg + 30 mg ÷ 300 mg = 0.35",
            "Filler in each capsule: (1 − 0.35) × 250 mg = 162.5 mg",
        ],
    ),
    (
        "capsule_fill.pack_statistic",
        lambda: workings.capsule_fill.pack_statistic(net_powder_mg=D(3000), capsules_filled=20),
        ["Pack statistic: 3,000 mg ÷ 20 = 150 mg"],
    ),
    (
        "titration.capsules",
        lambda: workings.titration.capsules(steps=_PLAN, strengths_mg=(D("1.5"), D(3))),
        [
            "1.5 mg: one 1.5 mg capsule × 14 days = fourteen 1.5 mg capsules",
            "4.5 mg: one 3 mg capsule and one 1.5 mg capsule × 28 days = 28 capsules of 3 mg and 28 capsules of 1.5 mg",
        ],
    ),
    (
        "titration.liquid",
        lambda: workings.titration.liquid(steps=_PLAN, strength_mg_per_ml=D(3)),
        [
            "1.5 mg: 1.5 mg ÷ 3 mg/mL × 14 days = 7 mL",
            "4.5 mg: 4.5 mg ÷ 3 mg/mL × 28 days = 42 mL",
        ],
    ),
    (
        "titration.lower_dose",
        lambda: workings.titration.lower_dose(
            dose_mg=D("4.5"), factor=D("0.5"), increment_mg=D("0.5")
        ),
        [
            "Lower dose: 4.5 mg × 0.5 = 2.25 mg",
            "Given: 2.25 mg, down to a multiple of 0.5 mg = 2 mg",
        ],
    ),
    (
        "beyond_use.limits",
        lambda: workings.beyond_use.limits(
            found=beyond_use_date(
                prepared_on=_MADE_ON,
                limits=[BudLimit(key="class", days=35, reason="35 days for this class")],
                component_expiries=[
                    ComponentDate(name="glycerin", last_day=datetime.date(2026, 11, 30))
                ],
            ),
            prepared_on=_MADE_ON,
            day_count=DayCount.DAY1,
        ),
        [
            "glycerin expires on that day: its own date = 30 November 2026",
            "35 days for this class: counted from 2 November 2026 as day 1 = 6 December 2026",
        ],
    ),
    (
        "beyond_use.fills",
        lambda: workings.beyond_use.fills(days_of_therapy=90, bud_days=35),
        ["Fills: 90 ÷ 35, up to a whole fill = 3"],
    ),
    (
        "error_budget.budget",
        lambda: workings.error_budget.budget(
            sources=(ErrorSource("filling", D(4)), ErrorSource("weighing", D(3)))
        ),
        [
            "Expected: √(4² + 3²)% = ±5%",
            "Lowest: (1 − 4%) × (1 − 3%) − 1 = −6.88%",
            "Highest: (1 + 4%) × (1 + 3%) − 1 = +7.12%",
        ],
    ),
    (
        "liquids.powder",
        lambda: workings.liquids.powder(
            strength_mg_per_ml=D(1), volume_ml=D(240), factor=D("0.96")
        ),
        [
            "Pure substance: 1 mg/mL × 240 mL = 240 mg",
            "Powder as it is: 240 mg ÷ 0.96 = 250 mg",
        ],
    ),
    (
        "liquids.vehicle",
        lambda: workings.liquids.vehicle(
            batch_ml=D(240),
            liquids_ml=(D(48),),
            powders=((D("0.24"), D("0.70")), (D("1.2"), D("0.60"))),
        ),
        [
            "Displaced by powders: 0.24 g × 0.7 mL/g + 1.2 g × 0.6 mL/g = 0.888 mL",
            "Vehicle: 240 mL − 48 mL − 0.888 mL = 191.112 mL",
        ],
    ),
]
_NAMED = [f"{name} {number}" for number, (name, _work, _lines) in enumerate(EXAMPLES)]
_IN_WORDS = {"titration.capsules", "beyond_use.limits"}
"""What is counted in words and dates; everything else is arithmetic and is proved."""
_NO_WORKING = {"titration.counted", "scaling.amount"}


@pytest.mark.parametrize(("name", "work", "lines"), EXAMPLES, ids=_NAMED)
def test_the_working_is_written_as_by_hand(
    name: str, work: Callable[[], tuple[WorkingStep, ...]], lines: list[str]
) -> None:
    assert [str(step) for step in work()] == lines, name


@pytest.mark.parametrize(("name", "work", "lines"), EXAMPLES, ids=_NAMED)
def test_the_written_arithmetic_comes_to_the_written_result(
    name: str, work: Callable[[], tuple[WorkingStep, ...]], lines: list[str]
) -> None:
    for step, line in zip(work(), lines, strict=True):
        if name in _IN_WORDS:
            with pytest.raises(NoArithmetic):
                proved(step)
        else:
            assert proved(step), line


def test_every_working_has_an_example() -> None:
    public = {
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(workings.__path__)
        if module.name != "figures"
        for name, thing in vars(
            importlib.import_module(f"compounding.workings.{module.name}")
        ).items()
        if inspect.isfunction(thing)
        and thing.__module__ == f"compounding.workings.{module.name}"
        and not name.startswith("_")
    }
    assert public - _NO_WORKING == {name for name, _work, _lines in EXAMPLES}


@pytest.mark.parametrize(
    "wrong",
    [
        "Drug: 9 mg × 14 = 126.000002 mg",
        "Drug: 9 mg × 14 = 12.6 mg",
        "Yield: 100 ÷ 103 × 100% = 97.08738%",
        "Units: 120 mg ÷ 4.554508 mg, up to a whole unit = 26",
        "Days: the smaller of 41 and 35 = 41",
        "Error: (450 mg − 455 mg) ÷ 455 mg × 100% = +1.098901%",
        "Price: $20 × 1.6 + $15.00 = $47.01",
        "To weigh: 455.46 mg to the nearest 0.1 mg = 455.4 mg",
    ],
)
def test_a_wrong_line_is_not_proved(wrong: str) -> None:
    label, _, rest = wrong.partition(": ")
    expression, _, result = rest.rpartition(" = ")
    assert not proved(WorkingStep(label, expression, result))


class _Uneven:
    """Draws uneven numbers, as certificates and balances give them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def __call__(self, low: str, high: str, places: int = 3) -> Decimal:
        scale: int = 10**places
        return D(self._random.randint(int(D(low) * scale), int(D(high) * scale))) / scale

    def whole(self, low: int, high: int) -> int:
        """Return a whole number."""
        return self._random.randint(low, high)


def _powders(some: _Uneven) -> list[tuple[WorkingStep, ...]]:
    minimum, needed = some("20", "120", 1), some("0.3", "15")
    certificate = Certificate(
        assay_pct=some("95", "102"), basis=AssayBasis.ANHYDROUS, water_pct=some("0", "9")
    )
    return [
        workings.potency.powder_to_weigh(
            dose_mg=some("0.1", "9"),
            units=some.whole(1, 400),
            certificate=certificate,
            conversion=Conversion(strength_mw=some("300", "400"), supplied_mw=some("300", "420")),
            cap_assay_at_100=bool(some.whole(0, 1)),
            weigh_to_mg=D("0.1"),
        ),
        workings.weighing.smallest_batch(
            dose_mg=needed, factor=some("0.8", "1", 6), minimum_mg=minimum
        ),
        workings.weighing.error(
            wanted_mg=some("1", "900"), actual_mg=some("1", "900"), factor=some("0.8", "1", 6)
        ),
        workings.aliquots.solid(needed_mg=needed, minimum_mg=minimum, aliquot_mg=minimum),
        workings.triturates.serial(
            dilutions=[(some("1", "3"), some("9", "120")) for _ in range(3)],
            dose_mg=some("0.001", "0.1"),
            units=some.whole(1, 200),
        ),
    ]


def _liquids(some: _Uneven) -> list[tuple[WorkingStep, ...]]:
    return [
        workings.aliquots.liquid(
            needed_mg=some("0.3", "15"),
            minimum_mg=some("20", "120", 1),
            aliquot_ml=some("1", "9"),
            solubility_mg_per_ml=D(100),
        ),
        workings.drops.dose(
            dose_mg=some("0.5", "5"),
            strength_mg_per_ml=some("0.5", "5"),
            drops_per_ml=some("15", "40"),
        ),
        workings.alligation.medial(parts=[(some("1", "99"), some("0", "9")) for _ in range(4)]),
        workings.liquids.vehicle(
            batch_ml=D(200),
            liquids_ml=[some("1", "30")],
            powders=[(some("0.1", "20"), some("0", "1")) for _ in range(3)],
        ),
    ]


def _checks(some: _Uneven) -> list[tuple[WorkingStep, ...]]:
    taken = [some("100", "300", 1) for _ in range(20)]
    return [
        workings.weighing.usp41_minimum(sd_mg=sample_sd(taken), readability_mg=some("0.01", "1")),
        workings.spread.readings(values=taken, unit="mg"),
        workings.spread.readings(values=[some("99.99", "100.01", 4)] * 7, unit="mg"),
        workings.uniformity.acceptance_of_contents(
            contents_pct=[some("85", "115", 1) for _ in range(10)],
            k=D("2.4"),
            limit=D(15),
            target_pct=some("98", "105", 1),
        ),
        workings.uniformity.intact(weights_mg=taken, limits_pct=(some("80", "95"), D(110))),
        workings.error_budget.budget(
            sources=[ErrorSource("s", some("0", "120")) for _ in range(some.whole(1, 5))]
        ),
    ]


@pytest.mark.parametrize("seed", range(25))
def test_the_working_on_uneven_numbers_is_proved(seed: int) -> None:
    some = _Uneven(seed)
    for steps in (*_powders(some), *_liquids(some), *_checks(some)):
        for step in steps:
            assert proved(step), str(step)


@pytest.mark.parametrize(
    "sheet",
    [
        plan_capsule_worksheet(capsule_inputs()),
        plan_drops_worksheet(drops_inputs()),
        plan_triturate_worksheet(triturate_inputs()),
    ],
    ids=["capsules", "drops", "triturate"],
)
def test_the_working_of_a_worksheet_is_proved(sheet: Worksheet) -> None:
    assert len(sheet.working) > 10
    assert [str(step) for step in sheet.working if not proved(step)] == []


def test_a_shorter_working_where_less_is_asked() -> None:
    assert len(workings.weighing.minimum(sensitivity_mg=D(6), max_error_pct=D(5))) == 1
    assert len(workings.weighing.error(wanted_mg=D(6), actual_mg=D(5))) == 1
    assert len(workings.drops.dose(dose_mg=D(1), strength_mg_per_ml=D(1))) == 1
    assert len(workings.alligation.alternate(high=D(10), low=D(1), target=D(3))) == 2
    assert len(workings.titration.lower_dose(dose_mg=D(3), factor=D("0.5"))) == 1
    assert len(workings.triturates.from_triturate(dose_mg=D(1), units=3, strength_pct=D(1))) == 2
    diluted = workings.aliquots.dilution(
        stock_mg_per_ml=D(10), stock_ml=D(2), final_volume_ml=D(50)
    )
    assert len(diluted) == 1


def test_what_is_not_there_is_said() -> None:
    nothing = workings.costing.cost(
        lines=(), labour_minutes=D(1), labour_rate_per_hour=D(60), overhead_pct=D(0)
    )
    assert str(nothing[0]) == "Materials: no materials = $0"
    watery = workings.liquids.vehicle(batch_ml=D(5), liquids_ml=(), powders=())
    assert [str(step) for step in watery] == [
        "Displaced by powders: no powder = 0 mL",
        "Vehicle: 5 mL − 0 mL = 5 mL",
    ]
    empty = workings.capsule_fill.by_density(
        volume_ml=D("0.3"), powders=(), filler_g_per_ml=D("0.5")
    )
    assert str(empty[1]) == "Share taken: no powder = 0"


def test_the_day_of_compounding_is_named_as_it_is_counted() -> None:
    found = beyond_use_date(
        prepared_on=_MADE_ON,
        limits=[BudLimit(key="class", days=35, reason="35 days")],
        day_count=DayCount.DAY0,
    )
    (line,) = workings.beyond_use.limits(found=found, prepared_on=_MADE_ON, day_count=DayCount.DAY0)
    assert str(line) == "35 days: counted from 2 November 2026 as day 0 = 7 December 2026"


def test_a_working_refuses_what_its_rule_refuses() -> None:
    with pytest.raises(Refusal):
        workings.weighing.minimum(sensitivity_mg=D(0), max_error_pct=D(5))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", "0"),
        ("12.3456789", "12.345679"),
        ("0.1234567", "0.123457"),
        ("0.01234567", "0.0123457"),
        ("0.0000123456789", "0.0000123457"),
        ("-0.00001", "-0.00001"),
    ],
)
def test_small_numbers_keep_six_digits(value: str, written: str) -> None:
    assert figures.number(D(value)) == written


def test_limits_are_compared_unrounded_and_as_they_are() -> None:
    with localcontext(ARITHMETIC):
        third_thrice = D(1) / 3 * 3
    assert can_be_weighed(D(120), minimum_mg=D(120))
    assert can_be_weighed(third_thrice, minimum_mg=D(1))
    assert not can_be_weighed(D("119.9999"), minimum_mg=D(120))
    assert within_drop_limit(error_pct=D(-10), limit_pct=D(10))
    assert within_drop_limit(error_pct=D(10), limit_pct=D(10))
    assert not within_drop_limit(error_pct=D("-10.0001"), limit_pct=D(10))
    assert not within_drop_limit(error_pct=D("10.0001"), limit_pct=D(10))
    assert_refused(
        OutOfRange,
        "The limit of the error must not be negative, and -1 is.",
        lambda: within_drop_limit(error_pct=D(1), limit_pct=D(-1)),
    )


def test_one_drop_is_one() -> None:
    assert [figures.drops(count) for count in (1, 2)] == ["1 drop", "2 drops"]


def test_shares_in_percent() -> None:
    assert occupied_pct([Powder("drug", D(30), D(120)), Powder("dye", D(1), D(100))]) == 26
    assert assay_pct(label_mg=D("4.5"), found_mg=D("4.32")) == 96


def test_the_dose_of_a_day() -> None:
    doses = MappingProxyType({1: "1.5", 14: "1.5", 15: "4.5", 42: "4.5", 43: "4.5"})
    assert {day: str(dose_on_day(_PLAN, day)) for day in doses} == dict(doses)
    assert dose_on_day((*_PLAN, TitrationStep(D(6), 7)), 50) == 6
    assert_refused(OutOfRange, "The day must be at least 1, not 0.", lambda: dose_on_day(_PLAN, 0))
    with pytest.raises(NoSteps):
        dose_on_day((), 1)


def test_every_number_keeps_its_unit() -> None:
    for _name, work, _lines in EXAMPLES:
        for step in work():
            assert not re.search(r"[0-9] [0-9]", step.expression), step.expression
