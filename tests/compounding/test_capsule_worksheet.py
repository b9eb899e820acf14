"""The worksheet of 126 capsules of naltrexone hydrochloride 1.5 mg."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from compounding.worksheet import (
    CapsuleInputs,
    NotWeighable,
    Worksheet,
    plan_capsule_worksheet,
)
from tests.compounding.examples import capsule_inputs


def test_batch_takes_overage_up_to_a_whole_capsule() -> None:
    assert plan_capsule_worksheet(capsule_inputs()).batch_units == 130


def test_active_is_corrected_for_potency_and_overage() -> None:
    line = plan_capsule_worksheet(capsule_inputs()).line("naltrexone")
    assert line.amount == Decimal("197.4")
    assert (line.low, line.high) == (Decimal("193.414789"), Decimal("201.309269"))


def test_filler_takes_the_room_that_the_powder_as_it_is_leaves() -> None:
    worksheet = plan_capsule_worksheet(capsule_inputs())
    assert worksheet.line("mcc").amount == Decimal("19352.0")
    assert worksheet.theoretical_fill_mg == Decimal("150.379542")
    assert worksheet.theoretical_gross_mg == Decimal("198.379542")


def test_worksheet_survives_json_exactly() -> None:
    inputs = capsule_inputs()
    worksheet = plan_capsule_worksheet(inputs)
    assert Worksheet.from_json(json.loads(json.dumps(worksheet.to_json()))) == worksheet
    assert CapsuleInputs.from_json(json.loads(json.dumps(inputs.to_json()))) == inputs


def test_too_little_to_weigh_is_refused_with_two_ways_out() -> None:
    with pytest.raises(NotWeighable) as refused:
        plan_capsule_worksheet(replace(capsule_inputs(), units_wanted=30, overage_pct=Decimal(0)))
    assert refused.value.proposal.smallest_batch == 80
    assert "45.545 mg of Naltrexone hydrochloride" in str(refused.value)
