"""A record goes from planned to released by its own commands, and its state table is complete."""

import pytest

from pharmacy.audit.queries import events_of
from pharmacy.batches.queries import batch_units_of, unit_levels_beside_moves
from pharmacy.batches.states import BATCH_STATES, BatchState
from pharmacy.inventory.queries import levels_beside_moves
from tests.factories.lab import compounding_record_at

pytestmark = pytest.mark.django_db

FORMS = [("ldn-capsules", "1.5", 126), ("ldn-drops", "1", 2), ("ketotifen-capsules", "1", 60)]


@pytest.mark.parametrize("state", [state for state in BatchState if state != BatchState.RECALLED])
def test_a_record_reaches_every_state(state: BatchState) -> None:
    assert compounding_record_at(state).state == state


@pytest.mark.parametrize(("code", "strength", "units"), FORMS)
def test_every_formula_can_be_made(code: str, strength: str, units: int) -> None:
    record = compounding_record_at("released", code=code, strength=strength, units=units)

    assert record.units_made == batch_units_of(record)
    assert [event.event for event in events_of(record)] == [
        "batch_planned",
        "batch_weighing_started",
        *["batch_weighed"] * record.lines.count(),
        "batch_compounded",
        "batch_steps_followed",
        *["batch_check_recorded"] * record.checks.count(),
        "batch_checked",
        "batch_released",
    ]
    assert levels_beside_moves() == []
    assert unit_levels_beside_moves() == []


def test_every_state_is_reached_from_another_or_is_the_first() -> None:
    reached = {transition.target for transition in BATCH_STATES.transitions}

    assert reached | {BATCH_STATES.initial} == set(BatchState)
