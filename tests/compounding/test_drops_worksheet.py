"""The worksheet of six bottles of drops 1 mg/mL."""

from __future__ import annotations

import json
from decimal import Decimal

from compounding.worksheet import DropsInputs, Worksheet, plan_drops_worksheet
from tests.compounding.examples import drops_inputs


def test_overfill_and_process_overage_add_volume_and_no_strength() -> None:
    worksheet = plan_drops_worksheet(drops_inputs())
    assert worksheet.batch_volume_ml == Decimal("189.72")
    assert worksheet.line("naltrexone").amount == Decimal("192.0")


def test_vehicle_is_made_up_to_volume() -> None:
    water = plan_drops_worksheet(drops_inputs()).line("water")
    assert (water.amount, water.qs_ad) == (Decimal("189.72"), True)


def test_drop_table_says_what_whole_drops_deliver() -> None:
    half_mg, one_mg = plan_drops_worksheet(drops_inputs()).drop_table
    assert (half_mg.drops, half_mg.delivered_mg, half_mg.error_pct) == (
        13,
        Decimal("0.52"),
        Decimal(4),
    )
    assert (one_mg.drops, one_mg.volume_ml, one_mg.error_pct) == (25, Decimal(1), Decimal(0))


def test_worksheet_survives_json_exactly() -> None:
    inputs = drops_inputs()
    worksheet = plan_drops_worksheet(inputs)
    assert Worksheet.from_json(json.loads(json.dumps(worksheet.to_json()))) == worksheet
    assert DropsInputs.from_json(json.loads(json.dumps(inputs.to_json()))) == inputs
