"""The steps of a batch: each in its turn, ticked by one row, and all of them in the trail when they end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pharmacy.audit.queries import events_of
from pharmacy.batches.bench_steps import steps_for
from pharmacy.batches.models import CompoundingRecord
from pharmacy.formulations.models import StepEntry
from pharmacy.workflow.demonstration import follow
from pharmacy.workflow.finish_batch import finish_compounding
from pharmacy.workflow.follow_step import NoSuchStep, NumberCannotBe, mark_step_done
from pharmacy.workflow.verify_batch import reject_batch
from pharmacy.workflow.weigh import NotBeingWeighed
from tests.factories.lab import NOW, Lab, plan, weigh_all
from tests.factories.raw_sql import check_refused, write


@pytest.fixture
def record(here: Lab) -> CompoundingRecord:
    return plan(here)


def test_a_step_waits_for_its_turn_whoever_writes_it(here: Lab, record: CompoundingRecord) -> None:
    def tick(position: int) -> tuple[str, list[object]]:
        return (
            "INSERT INTO batches_stepdone (record_id, position, text, entry, at, by_id) "
            "VALUES (%s, %s, 'x', 'yes', %s, %s)",
            [record.pk, position, NOW, here.technician.user_id],
        )

    check_refused(*tick(2), by="batches_step_in_its_turn")
    check_refused(*tick(10), by="batches_step_in_its_turn")
    write(*tick(1))
    check_refused(*tick(1), by="batches_step_done_once|batches_stepdone.record_id")
    write(*tick(2))
    reject_batch(record=record, reason="Spilled.", by=here.pharmacist, at=NOW)
    check_refused(*tick(3), by="batches_no_step_of_a_given_up_batch")


def test_a_closed_batch_says_so_before_anything_else(here: Lab, record: CompoundingRecord) -> None:
    first = steps_for(record)[0]
    reject_batch(record=record, reason="Spilled.", by=here.pharmacist, at=NOW)

    with pytest.raises(NotBeingWeighed, match="is rejected; its steps are closed"):
        mark_step_done(record=record, step=first, entry="", by=here.technician, at=NOW)
    with pytest.raises(NotBeingWeighed, match="is rejected; its steps are closed"):
        mark_step_done(record=record, step=first, entry="yes", by=here.technician, at=NOW)


def test_a_step_of_another_formula_is_no_step_of_this_one(
    here: Lab, record: CompoundingRecord
) -> None:
    stranger = replace(steps_for(record)[0], position=99)
    weigh_all(here, record)
    follow(record, by=here.technician, at=NOW)

    with pytest.raises(NoSuchStep):
        mark_step_done(record=record, step=stranger, entry="yes", by=here.technician, at=NOW)


@pytest.mark.parametrize(
    ("code", "typed", "refusal"),
    [
        ("naltrexone-triturate-1", "300", "300 g cannot be: the whole batch is 30 g."),
        ("ldn-drops", "999999", "999,999 mL cannot be: the whole batch is 63.24 mL."),
    ],
)
def test_a_slip_of_the_decimal_point_is_no_reading(
    here: Lab, code: str, typed: str, refusal: str
) -> None:
    units = 30 if "triturate" in code else 2
    record = plan(here, code=code, strength="1", units=units)
    weigh_all(here, record)
    for step in steps_for(record):
        if step.entry == StepEntry.NUMBER:
            with pytest.raises(NumberCannotBe) as refused:
                mark_step_done(record=record, step=step, entry=typed, by=here.technician, at=NOW)
            assert str(refused.value) == refusal
            return
        mark_step_done(record=record, step=step, entry="yes", by=here.technician, at=NOW)


def test_the_trail_says_who_did_which_step_when(here: Lab, record: CompoundingRecord) -> None:
    given_up = plan(here, units=60)
    weigh_all(here, record)
    steps = steps_for(record)
    for number, step in enumerate(steps):
        at = NOW + timedelta(minutes=number)
        mark_step_done(record=record, step=step, entry="yes", by=here.technician, at=at)
    mark_step_done(
        record=given_up, step=steps_for(given_up)[0], entry="clean", by=here.verifier, at=NOW
    )

    finish_compounding(
        record=record,
        units_made=130,
        units_wasted=0,
        observed_description="White.",
        by=here.technician,
        at=NOW,
    )
    reject_batch(record=given_up, reason="Spilled.", by=here.pharmacist, at=NOW)

    (told,) = events_of(record).filter(event="batch_steps_followed")
    person = here.technician.user_id
    assert set(told.new) == {str(step.position) for step in steps}
    assert told.new["3"] == f"2026-11-20T15:02:00+00:00, person {person}: yes"
    (told,) = events_of(given_up).filter(event="batch_steps_followed")
    person = here.verifier.user_id
    assert told.new == {"1": f"2026-11-20T15:00:00+00:00, person {person}: clean"}
