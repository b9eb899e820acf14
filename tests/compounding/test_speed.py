"""How long the capsule worksheet takes, worked out twice. Run with `--benchmark-only`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from compounding.worksheet import CapsuleExcipient, CapsuleInputs, plan_capsule_worksheet
from tests.compounding.examples import capsule_inputs

_A_MILLISECOND = 0.001


def _with_components(count: int) -> CapsuleInputs:
    """The usual batch with that many powders, the active and the filler among them."""
    excipients = tuple(
        CapsuleExcipient(
            key=f"excipient-{number}",
            name=f"Excipient {number}",
            mg_per_capsule=Decimal(2),
            pack_stat_mg=Decimal(180),
        )
        for number in range(count - 2)
    )
    return replace(capsule_inputs(), excipients=excipients)


def test_the_worksheet_takes_less_than_a_millisecond(benchmark: Any) -> None:
    benchmark(plan_capsule_worksheet, capsule_inputs())
    assert benchmark.stats.stats.min < _A_MILLISECOND


@pytest.mark.parametrize("count", [2, 4, 8, 16, 32])
def test_growth_with_components(benchmark: Any, count: int) -> None:
    worksheet = benchmark(plan_capsule_worksheet, _with_components(count))
    assert len(worksheet.lines) == count + 1
    assert benchmark.stats.stats.min < _A_MILLISECOND * count
