"""The walk from a lot or a batch to the patients: every batch it went into, to any depth, every fill, what is left.

A container's lot leads to the batches that were filled into it, and to the fills that were handed out in it.

Four queries whatever their number. What a compounded lot (a triturate, a stock solution) went into is followed in the
database, so that no depth and no number of batches needs another query.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from pharmacy.batches.models import CompoundingRecord, UnitPlace
from pharmacy.formulations.models import IngredientKind
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Allocation, Fill
from pharmacy.orders.states import OrderState

CLOSED_ORDERS = (OrderState.DISPENSED, OrderState.CANCELLED)

# UNION, not UNION ALL: a lot met twice is followed once, and a circle ends.
_WALK = """
WITH RECURSIVE made(record_id, lot_id) AS (
  {seed}
  UNION
  SELECT line.record_id, sub.lot_id
  FROM made
  JOIN batches_batchline line ON line.lot_id = made.lot_id
  LEFT JOIN batches_compoundedlot sub ON sub.record_id = line.record_id
)
SELECT {wanted} FROM made WHERE {wanted} IS NOT NULL
"""
_FROM_LOT = """
  SELECT line.record_id, sub.lot_id
  FROM batches_batchline line
  LEFT JOIN batches_compoundedlot sub ON sub.record_id = line.record_id
  WHERE line.lot_id = %s
"""
_FROM_BATCH = """
  SELECT record.id, sub.lot_id
  FROM batches_compoundingrecord record
  LEFT JOIN batches_compoundedlot sub ON sub.record_id = record.id
  WHERE record.id = %s
"""

_INTO = """
WITH RECURSIVE went_in(lot_id) AS (
  SELECT lot_id FROM batches_batchline WHERE record_id = %s
  UNION
  SELECT line.lot_id
  FROM went_in
  JOIN batches_compoundedlot sub ON sub.lot_id = went_in.lot_id
  JOIN batches_batchline line ON line.record_id = sub.record_id
)
SELECT lot_id FROM went_in
"""


def lots_in(record: CompoundingRecord) -> QuerySet[IngredientLot]:
    """Return every lot that a batch holds: its own lots, and to any depth what its compounded lots were made of."""
    held = RawSQL(_INTO, [record.pk])
    return IngredientLot.objects.filter(pk__in=held).select_related("ingredient").order_by("pk")


@dataclass(frozen=True)
class Subject:
    """What a recall starts from: an ingredient lot or a batch, exactly one of them."""

    lot: IngredientLot | None = None
    batch: CompoundingRecord | None = None

    def __post_init__(self) -> None:
        if (self.lot is None) == (self.batch is None):
            raise ValueError("A recall is of one lot or of one batch.")

    @property
    def label(self) -> str:
        """Return what it is called: "lot NX-2201", "batch B-2026-0412"."""
        if self.lot is not None:
            return f"lot {self.lot.lot_number}"
        return f"batch {self.batch.number if self.batch else ''}"

    @property
    def is_container(self) -> bool:
        """Say whether it is of containers: batches are filled into them, and fills are handed out in them."""
        return self.lot is not None and self.lot.ingredient.kind == IngredientKind.CONTAINER

    def walked(self, wanted: str) -> RawSQL:
        """Return the ids of the records ("record_id") or of the compounded lots ("lot_id") that it went into."""
        seed = _FROM_BATCH if self.lot is None else _FROM_LOT
        start = self.batch if self.lot is None else self.lot
        return RawSQL(_WALK.format(seed=seed, wanted=wanted), [start.pk if start else 0])


@dataclass(frozen=True)
class LotLeft:
    """A lot that is concerned, and how much of it lies where (in the ingredient's unit, only what is not zero)."""

    lot: IngredientLot
    is_subject: bool
    left: dict[str, Decimal]


@dataclass(frozen=True)
class BatchLeft:
    """A batch that is concerned, and how many of its units lie where."""

    record: CompoundingRecord
    left: dict[str, Decimal]

    @property
    def in_stock(self) -> Decimal:
        """Units in the finished stock: what a recall has not set aside yet."""
        return self.left.get(UnitPlace.STOCK, Decimal(0))

    @property
    def set_aside(self) -> Decimal:
        """Units in quarantine, until they are destroyed or returned."""
        return self.left.get(UnitPlace.QUARANTINE, Decimal(0))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to reach, and how."""

    id: int
    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class FillFound:
    """One fill that is concerned, by its batch or its container: what, when, to whom, ordered by whom."""

    id: int
    quantity: int
    dispensed_at: datetime
    record_id: int
    batch: str
    order_id: int
    order: str
    patient: Person
    prescriber: Person


@dataclass(frozen=True)
class Found:
    """Everything that a recall of the subject would touch."""

    subject: Subject
    lots: tuple[LotLeft, ...]
    batches: tuple[BatchLeft, ...]
    fills: tuple[FillFound, ...]
    in_progress: tuple[Allocation, ...]
    """Open allocations of orders that are not handed out: these orders are held."""

    @property
    def patients(self) -> dict[int, list[FillFound]]:
        """Return each patient's fills, oldest first, by the patient's id."""
        return _grouped(self.fills, lambda fill: fill.patient.id)

    @property
    def prescribers(self) -> dict[int, list[FillFound]]:
        """Return each prescriber's fills, oldest first, by the prescriber's id."""
        return _grouped(self.fills, lambda fill: fill.prescriber.id)


def walk(subject: Subject) -> Found:
    """Return everything that a recall of the subject would touch: four queries."""
    return Found(
        subject=subject,
        lots=_lots(subject),
        batches=_batches(subject),
        fills=_fills(subject),
        in_progress=_in_progress(subject),
    )


def _lots(subject: Subject) -> tuple[LotLeft, ...]:
    """The lot itself and the compounded lots made from it, each with its levels, in one query."""
    concerned = Q(pk__in=subject.walked("lot_id"))
    if subject.lot is not None:
        concerned |= Q(pk=subject.lot.pk)
    rows = (
        IngredientLot.objects.filter(concerned)
        .select_related("ingredient", "supplier")
        .annotate(place=F("levels__place"), there=F("levels__quantity"))
        .order_by("pk")
    )
    lots: dict[int, IngredientLot] = {}
    left: dict[int, dict[str, Decimal]] = {}
    for lot in rows:
        lots.setdefault(lot.pk, lot)
        _add(left.setdefault(lot.pk, {}), lot.place, lot.there)
    return tuple(LotLeft(lot, lot == subject.lot, left[pk]) for pk, lot in lots.items())


def _batches(subject: Subject) -> tuple[BatchLeft, ...]:
    """The batches, newest first, each with its levels, in one query. Their worksheets are not fetched."""
    rows = (
        CompoundingRecord.objects.filter(pk__in=subject.walked("record_id"))
        .select_related("formula")
        .defer("worksheet")
        .annotate(place=F("unit_levels__place"), there=F("unit_levels__quantity"))
        .order_by("-pk")
    )
    records: dict[int, CompoundingRecord] = {}
    left: dict[int, dict[str, Decimal]] = {}
    for record in rows:
        records.setdefault(record.pk, record)
        _add(left.setdefault(record.pk, {}), record.place, record.there)
    return tuple(BatchLeft(record, left[pk]) for pk, record in records.items())


def _add(left: dict[str, Decimal], place: str | None, there: Decimal | None) -> None:
    if place is not None and there is not None and there > 0:
        left[place] = there


_ORDER = "line__order__"
_RX = "line__order__prescription__"
_FILL_COLUMNS = (
    "pk",
    "quantity",
    "dispensed_at",
    "record_id",
    "record__number",
    "line__order_id",
    f"{_ORDER}fill_number",
    f"{_RX}number",
    *(f"{_RX}patient__{name}" for name in ("id", "full_name", "phone", "email")),
    *(f"{_RX}prescriber__{name}" for name in ("id", "full_name", "phone", "email")),
)


def _fills(subject: Subject) -> tuple[FillFound, ...]:
    """Every fill, oldest first, with patient and prescriber, in one query; never cut."""
    # Sorted here: asked for in order, a planner may read every fill there is to find these.
    rows = fill_values(subject, *_FILL_COLUMNS)
    return tuple(sorted(map(_fill, rows), key=lambda fill: fill.id))


def fill_values(subject: Subject, *columns: str) -> QuerySet[Fill, tuple[Any, ...]]:
    """Return these columns of the fills that hold something of it, or were handed out in a container of it."""
    held = Fill.objects.filter(record_id__in=subject.walked("record_id")).values_list(*columns)
    if not subject.is_container:
        return held
    # Each half is found by its own index; of an OR of both, a planner may make a walk over every fill there is.
    return held.union(Fill.objects.filter(containers__lot=subject.lot).values_list(*columns))


def _fill(row: tuple[Any, ...]) -> FillFound:
    pk, quantity, dispensed_at, record_id, batch, order_id, fill_number, rx = row[:8]
    return FillFound(
        id=pk,
        quantity=quantity,
        dispensed_at=dispensed_at,
        record_id=record_id,
        batch=batch,
        order_id=order_id,
        order=f"{rx}-{fill_number}",
        patient=Person(*row[8:12]),
        prescriber=Person(*row[12:16]),
    )


def _in_progress(subject: Subject) -> tuple[Allocation, ...]:
    return tuple(
        Allocation.objects.filter(
            record_id__in=subject.walked("record_id"), withdrawn_at__isnull=True
        )
        .exclude(line__order__state__in=CLOSED_ORDERS)
        .select_related("record", "line__order__prescription__patient")
        .order_by("line__order__due_on", "pk")
    )


def _grouped(
    fills: Iterable[FillFound], key: Callable[[FillFound], int]
) -> dict[int, list[FillFound]]:
    groups: dict[int, list[FillFound]] = {}
    for fill in fills:
        groups.setdefault(key(fill), []).append(fill)
    return groups
