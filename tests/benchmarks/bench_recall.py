"""A recalled lot and everybody who had it, among so many fills that nobody could look through them.

RECALL_FILLS says how many; a million takes some minutes to write. The lot that is recalled went into 20 batches and 400
fills, however many others there are; so did the lot of vials. The rows are written as SQL in one statement a table, and
only on SQLite.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import connection, connections, router
from django.db.models import Model
from django.utils import timezone

from pharmacy.batches.models import BatchLine, CompoundingRecord, UnitLevel
from pharmacy.intake.models import Patient
from pharmacy.inventory.models import IngredientLot, StockLevel
from pharmacy.orders.models import Allocation, Fill, FillContainer, Order, OrderLine, Prescription
from pharmacy.recalls.walk import Subject, walk
from pharmacy.workflow.demonstration import (
    answer_for,
    approve,
    finish_and_check,
    order_from,
    plan,
    release,
    weigh,
)
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE, capsules_form
from pharmacy.workflow.seed.pharmacy import seed_house
from tests.benchmarks.frame import Pair, bench

FEW = 10_000
MANY = int(os.environ.get("RECALL_FILLS", "50000"))
FILLS_A_BATCH = 20
BATCHES_OF_THE_LOT = 20
BATCHES_A_LOT = 100
FIRST = 10_000_000
"""The numbers of the copied rows begin here, far above those of the rows they are copies of."""
FIRST_VIALS = 2 * FIRST
"""So do the lots of vials."""
SMALL = "small"


@bench(
    what=f"a lot with its 400 fills among {MANY:,}",
    against=f"the same among {FEW:,}",
    most_queries=6,
)
def recall() -> Pair:
    return _pair(FIRST)


@bench(
    what=f"a lot of vials with its 400 fills among {MANY:,}",
    against=f"the same among {FEW:,}",
    most_queries=6,
)
def recall_vial() -> Pair:
    return _pair(FIRST_VIALS)


def _pair(lot_id: int) -> Pair:
    _both_databases()
    lot = Subject(lot=IngredientLot.objects.select_related("ingredient").get(pk=lot_id))
    assert len(walk(lot).fills) == FILLS_A_BATCH * BATCHES_OF_THE_LOT

    def among_few() -> None:
        with _asking(SMALL):
            assert len(walk(lot).fills) == FILLS_A_BATCH * BATCHES_OF_THE_LOT

    return Pair(ours=lambda: walk(lot), other=among_few)


@cache
def _both_databases() -> None:
    """Write both sizes, once for all benchmarks of a run."""
    if connection.vendor != "sqlite":
        raise NotImplementedError("This benchmark writes its rows as SQLite understands them.")
    _small_database()
    record = _a_batch()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [connections.databases[SMALL]["NAME"]])
    for fills, alias in ((MANY, "default"), (FEW, SMALL)):
        _write(fills, record, alias=alias)
        _write_vials(fills, alias=alias)


def _a_batch() -> CompoundingRecord:
    """Return a batch that was really made for an order: everything else is a copy of these rows."""
    at = timezone.now()
    house = seed_house(at=at - timedelta(days=30))
    order = order_from(capsules_form(patient=GRACE, key="recall-bench"), bench=house, at=at)
    answer_for(order, answers(), at=at)
    record = plan([approve(order, bench=house, at=at)], bench=house, at=at)
    weigh(record, bench=house, at=at)
    return release(finish_and_check(record, bench=house, at=at), bench=house, at=at)


def _small_database() -> None:
    """Name a second database file beside the first."""
    path = f"{connection.settings_dict['NAME']}-small"
    if os.path.exists(path):
        os.remove(path)
    connections.databases[SMALL] = {**connection.settings_dict, "NAME": path}


@contextmanager
def _asking(alias: str) -> Iterator[None]:
    """Let every question inside go to another database."""
    router.routers.append(_Router(alias))
    try:
        yield
    finally:
        router.routers.pop()


class _Router:
    def __init__(self, alias: str) -> None:
        self.alias = alias

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return self.alias


def _write(fills: int, record: CompoundingRecord, *, alias: str) -> None:
    """Write so many fills with their batches, lots, orders, prescriptions and patients, copied from one of each."""
    line = record.allocations.get().line
    rx = line.order.prescription
    active = record.lines.get(role="active")
    now = (timezone.now() - timedelta(days=1)).isoformat(sep=" ")
    batches, people = fills // FILLS_A_BATCH, fills * 7 // 10
    copy = _Copier(alias)
    copy.rows(
        IngredientLot, active.lot_id, batches // BATCHES_A_LOT + 2, lot_number="'BENCH-' || i"
    )
    copy.rows(
        StockLevel,
        active.lot.levels.get(place="shelf").pk,
        batches // BATCHES_A_LOT + 2,
        lot_id=f"{FIRST} + i",
    )
    copy.rows(
        CompoundingRecord,
        record.pk,
        batches,
        number="'BENCH-' || i",
        worksheet="'{}'",
    )
    copy.rows(
        BatchLine,
        active.pk,
        batches,
        record_id=f"{FIRST} + i",
        lot_id=f"{FIRST} + CASE WHEN i < {BATCHES_OF_THE_LOT} THEN 0 ELSE 1 + i / {BATCHES_A_LOT} END",
    )
    stock = record.unit_levels.get(place="stock").pk
    copy.rows(UnitLevel, stock, batches, record_id=f"{FIRST} + i")
    copy.rows(Patient, rx.patient_id, people, full_name="'Patient ' || i")
    copy.rows(
        Prescription,
        rx.pk,
        fills,
        number=f"{FIRST} + i",
        idempotency_key="'bench-' || i",
        patient_id=f"{FIRST} + i % {people}",
    )
    copy.rows(
        Order,
        line.order_id,
        fills,
        prescription_id=f"{FIRST} + i",
        state="'dispensed'",
        dispensed_at=f"'{now}'",
        dispensed_by_id="approved_by_id",
    )
    copy.rows(OrderLine, line.pk, fills, order_id=f"{FIRST} + i")
    copy.rows(
        Allocation,
        record.allocations.get().pk,
        fills,
        line_id=f"{FIRST} + i",
        record_id=f"{FIRST} + i / {FILLS_A_BATCH}",
    )
    copy.fills(fills, dispensed_at=now, dispensed_by=record.planned_by_id)


def _write_vials(fills: int, *, alias: str) -> None:
    """Write the lots of vials, and in which vial each of the fills was handed out."""
    copy = _Copier(alias)
    vials = IngredientLot.objects.get(lot_number="VL-60-2")
    in_a_lot = FILLS_A_BATCH * BATCHES_OF_THE_LOT
    copy.rows(
        IngredientLot,
        vials.pk,
        fills // in_a_lot + 1,
        id=f"{FIRST_VIALS} + i",
        lot_number="'BENCH-V-' || i",
    )
    copy.vials(fills, vials.ingredient_id, in_a_lot)


class _Copier:
    """Writes copies of one row, in one statement, with some columns as SQL of the copy's number i (from zero)."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def rows(self, model: type[Model], template: int, count: int, **columns: str) -> None:
        names = [field.column for field in model._meta.concrete_fields]
        columns = {"id": f"{FIRST} + i", **columns}
        values = [columns.get(name, f'"{name}"') for name in names]
        listed = ", ".join(f'"{name}"' for name in names)
        self._run(
            f"INSERT INTO {model._meta.db_table} ({listed}) {_NUMBERS} "
            f"SELECT {', '.join(values)} FROM numbers, {model._meta.db_table} WHERE id = %s",
            [count, template],
        )

    def fills(self, count: int, *, dispensed_at: str, dispensed_by: int) -> None:
        """Write the fills, of which there is none to copy."""
        self._run(
            f"INSERT INTO {Fill._meta.db_table} (line_id, record_id, quantity, dispensed_at, dispensed_by_id) "
            f"{_NUMBERS} SELECT {FIRST} + i, {FIRST} + i / {FILLS_A_BATCH}, 1, %s, %s FROM numbers",
            [count, dispensed_at, dispensed_by],
        )

    def vials(self, count: int, ingredient: int, in_a_lot: int) -> None:
        """Write in which vial each of these fills was handed out: so many fills in turn are of one lot."""
        self._run(
            f"INSERT INTO {FillContainer._meta.db_table} (fill_id, ingredient_id, lot_id, quantity, why_no_lot) "
            f"{_NUMBERS} SELECT (SELECT id FROM {Fill._meta.db_table} WHERE line_id = {FIRST} + i), %s, "
            f"{FIRST_VIALS} + i / {in_a_lot}, 1, '' FROM numbers",
            [count, ingredient],
        )

    def _run(self, sql: str, params: list[Any]) -> None:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(sql, params)


_NUMBERS = (
    "WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < %s)"
)
