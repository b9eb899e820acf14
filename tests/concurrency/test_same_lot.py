"""Two people at once at the same lot, number, line or batch: one after the other, and never more than there is."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from compounding.errors import Refusal
from pharmacy.audit.queries import verify_chain
from pharmacy.batches.bench_steps import steps_for
from pharmacy.batches.models import CompoundingRecord, StepDone, Verification, Weighing
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.moves import InsufficientStock, move_stock
from pharmacy.inventory.queries import levels_beside_moves, quantity_at
from pharmacy.workflow.follow_step import StepDoneBefore, mark_step_done
from pharmacy.workflow.verify_batch import verify_and_release
from pharmacy.workflow.weigh import record_weighing
from tests.factories.lab import MEANING, NOW, Lab, compounding_record_at, lab, new_lot, plan, scan

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4


def at_once(jobs: Sequence[Callable[[], object]]) -> list[object]:
    """Run the jobs in threads of their own, all let go at the same moment; return results and refusals."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            gate.wait(timeout=30)
            return job()
        except Refusal as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def taking(here: Lab, lot: IngredientLot, quantity: str) -> Callable[[], object]:
    return lambda: move_stock(
        lot=lot,
        quantity=Decimal(quantity),
        from_place=Place.SHELF,
        to_place=Place.RESERVED,
        reference="test",
        by=here.technician,
        at=NOW,
    )


def test_two_cannot_take_the_same_powder() -> None:
    here = lab()
    lot = new_lot(here, "glycerin", "GL-9", "10")

    results = at_once([taking(here, lot, "6") for _number in range(THREADS)])

    refused = [result for result in results if isinstance(result, Refusal)]
    assert len(refused) == THREADS - 1
    assert {type(one) for one in refused} == {InsufficientStock}
    assert quantity_at(here.lot("GL-9"), Place.SHELF) == 4
    assert levels_beside_moves() == []
    assert verify_chain().intact


def test_many_small_draws_add_up() -> None:
    here = lab()
    lot = new_lot(here, "glycerin", "GL-9", "1")

    results = at_once([taking(here, lot, "0.1") for _number in range(8)])

    assert not [result for result in results if isinstance(result, Refusal)]
    assert quantity_at(here.lot("GL-9"), Place.SHELF) == Decimal("0.2")
    assert levels_beside_moves() == []


def test_batches_planned_at_once_have_their_own_numbers_and_stock() -> None:
    here = lab()

    at_once([lambda: plan(here, units=60) for _number in range(THREADS)])

    numbers = CompoundingRecord.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"B-2026-{number:04d}" for number in range(1, THREADS + 1)]
    wanted = sum(
        record.lines.get(role="active").wanted for record in CompoundingRecord.objects.all()
    )
    assert quantity_at(here.lot("NX-2201"), Place.RESERVED) == wanted
    assert levels_beside_moves() == []


def test_a_line_is_weighed_once_whoever_is_first() -> None:
    here = lab()
    line = plan(here).lines.get(role="active")
    scan(here, line)
    weigh = lambda: record_weighing(  # noqa: E731
        line=line, amount=line.wanted, balance=here.balance, by=here.technician, at=NOW
    )

    results = at_once([weigh] * THREADS)

    assert sum(isinstance(result, Refusal) for result in results) == THREADS - 1
    assert Weighing.objects.count() == 1
    assert quantity_at(here.lot("NX-2201"), Place.USED) == line.wanted


def test_a_batch_is_released_once() -> None:
    here = lab()
    record = compounding_record_at("checked")
    release = lambda: verify_and_release(  # noqa: E731
        record=record, meaning=MEANING, by=here.verifier, at=NOW
    )

    results = at_once([release] * 2)

    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Verification.objects.count() == 1


def test_a_step_is_ticked_once_whoever_is_first() -> None:
    here = lab()
    record = plan(here)
    first = steps_for(record)[0]
    tick = lambda: mark_step_done(  # noqa: E731
        record=record, step=first, entry="yes", by=here.technician, at=NOW
    )

    results = at_once([tick] * THREADS)

    refused = [result for result in results if isinstance(result, Refusal)]
    assert [type(one) for one in refused] == [StepDoneBefore] * (THREADS - 1)
    assert StepDone.objects.count() == 1
