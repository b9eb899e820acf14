"""Reading compounding records: the frozen worksheet, what was weighed, which checks stand, what is left."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    IntegerField,
    Prefetch,
    QuerySet,
)
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding.worksheet import Worksheet
from pharmacy.batches.models import (
    BatchLine,
    CheckKind,
    CompoundingRecord,
    ContainerScan,
    Deviation,
    Disposition,
    QualityCheck,
    UnitLevel,
    UnitMove,
    UnitPlace,
    Weighing,
)
from pharmacy.batches.states import BatchState
from pharmacy.batches.worksheets import sheet_from
from pharmacy.formulations.models import AQUEOUS, DosageForm, QualityTest
from pharmacy.inventory.models import IN_STOCK, IngredientLot, StockLevel
from pharmacy.policies.queries import whole_of

REQUIRED_CHECKS = {
    DosageForm.CAPSULE: (CheckKind.FILL_WEIGHT, CheckKind.APPEARANCE),
    DosageForm.DROPS: (CheckKind.VOLUME, CheckKind.APPEARANCE, CheckKind.CLOSURE),
    DosageForm.SUSPENSION: (CheckKind.VOLUME, CheckKind.APPEARANCE, CheckKind.CLOSURE),
    DosageForm.TRITURATE: (CheckKind.APPEARANCE,),
}
"""The checks that a finished batch of each form has to pass before a pharmacist may release it."""

_SECOND_LOOK_AFTER = "reinspect_after_days"

CLOSURE_TRAITS = {
    "no_leak": gettext_lazy("Nothing leaks when the bottle is turned over"),
    "cap_locks": gettext_lazy("The child-resistant cap locks"),
    "dropper_whole": gettext_lazy("The dropper is whole and draws up"),
}
"""What is looked at when bottles and their closures are checked."""

UNDER_WAY = (
    BatchState.PLANNED,
    BatchState.WEIGHING,
    BatchState.COMPOUNDED,
    BatchState.CHECKED,
)


def records_in(states: Sequence[BatchState] = UNDER_WAY) -> QuerySet[CompoundingRecord]:
    """Return the records in these states, the newest first, with their formula and people; of no state, all."""
    found = CompoundingRecord.objects.select_related(
        "formula__strength_substance", "planned_by", "made_by", "verified_by"
    ).order_by("-planned_at", "-id")
    return found.filter(state__in=states) if states else found


def record_for_page(number: str) -> CompoundingRecord:
    """Return the record with everything that its page shows, in a fixed number of queries.

    Raises CompoundingRecord.DoesNotExist.
    """
    lines = BatchLine.objects.select_related(
        "ingredient", "lot__supplier", "weighing__balance", "weighing__by"
    ).order_by("position")
    checks = QualityCheck.objects.select_related("by", "deviation").order_by("at", "id")
    return (
        CompoundingRecord.objects.select_related(
            "formula__strength_substance", "planned_by", "made_by", "verified_by"
        )
        .prefetch_related(
            Prefetch("lines", queryset=lines), Prefetch("checks", queryset=checks), "unit_levels"
        )
        .get(number=number)
    )


def sheet_of(record: CompoundingRecord) -> Worksheet:
    """Return the frozen worksheet, as it was worked out when the batch was planned."""
    return sheet_from(record.worksheet)


def inputs_of(record: CompoundingRecord) -> dict[str, Any]:
    """Return what the worksheet was worked out from, as it was frozen (numbers as text)."""
    inputs: dict[str, Any] = record.worksheet["inputs"]
    return inputs


def batch_units_of(record: CompoundingRecord) -> int:
    """Return how many capsules or bottles the batch should give, overage included."""
    return int(record.worksheet.get("batch_units") or record.units_wanted)


def weighings_of(record: CompoundingRecord) -> QuerySet[Weighing]:
    """Return what was weighed for a batch, with lines, balances and people, in the order of the lines."""
    return (
        Weighing.objects.filter(line__record=record)
        .select_related("line__ingredient", "line__lot", "balance", "by")
        .order_by("line__position")
    )


def lines_with_weighings(record: CompoundingRecord, *, locked: bool = False) -> list[BatchLine]:
    """Return every line in order, with its ingredient, its lot (and the batch that the lot was) and its weighing.

    `locked` brings the batch and its formula with each, locked until the transaction ends.
    """
    lines = record.lines.select_related(
        "ingredient", "lot__ingredient", "lot__compounded_as", "weighing"
    )
    if locked:
        lines = lines.select_related("record__formula").select_for_update(of=("record",))
    # Sorted here: over so many columns the ORM takes a third of its time for ORDER BY.
    return sorted(lines, key=lambda line: line.position)


_STANDING_SCAN = (
    "SELECT s.{column} FROM batches_containerscan s WHERE s.line_id = {line} AND NOT EXISTS "
    "(SELECT 1 FROM batches_nearmiss m WHERE m.line_id = s.line_id AND m.at > s.at) "
    "ORDER BY s.id DESC LIMIT 1"
)
_LEVEL = (
    "SELECT l.quantity FROM inventory_stocklevel l "
    "WHERE l.lot_id = batches_batchline.lot_id AND l.place = %s"
)


_OF_A_SCAN: "tuple[tuple[str, str, Field[Any, Any]], ...]" = (
    ("scan_id", "id", IntegerField()),
    ("scan_text", "scanned", CharField()),
    ("scan_at", "at", DateTimeField()),
)


def standing_scan(line: BatchLine) -> ContainerScan | None:
    """Return the newest scan of a line's own container, or None when there is none, or a wrong one came after it."""
    its_id = RawSQL(_STANDING_SCAN.format(column="id", line="%s"), [line.pk])
    return ContainerScan.objects.select_related("by").filter(pk=its_id).first()


def lines_to_weigh() -> QuerySet[BatchLine]:
    """Return lines with their standing scan (scan_id, scan_text, scan_at), and what of their lot is where (a place).

    In SQL: put together by the ORM, the five columns take four times as long as all the rest of a weighing's query.
    """
    scan = {
        name: RawSQL(
            _STANDING_SCAN.format(column=column, line="batches_batchline.id"),
            [],
            field,
        )
        for name, column, field in _OF_A_SCAN
    }
    quantity = StockLevel._meta.get_field("quantity")
    levels = {place.value: RawSQL(_LEVEL, [place.value], quantity) for place in IN_STOCK}
    return BatchLine.objects.annotate(**scan, **levels)


_AT_THE_BENCH = (
    "EXISTS (SELECT 1 FROM batches_batchline l JOIN batches_weighing w ON w.line_id = l.id "
    "WHERE l.record_id = batches_compoundingrecord.id AND w.by_id = %s) "
    "OR EXISTS (SELECT 1 FROM batches_stepdone d "
    "WHERE d.record_id = batches_compoundingrecord.id AND d.by_id = %s) "
    "OR COALESCE(batches_compoundingrecord.made_by_id = %s, FALSE)"
)


def was_at_the_bench(record: CompoundingRecord, person_id: int) -> bool:
    """Say whether a person weighed for the batch, did a step or made it, and so may not verify it."""
    return CompoundingRecord.objects.filter(at_the_bench(person_id), pk=record.pk).exists()


def at_the_bench(person_id: int) -> RawSQL:
    """Return what says of each record whether a person weighed for it, did a step of it, or made it."""
    return RawSQL(_AT_THE_BENCH, [person_id] * 3, BooleanField())


def required_checks(record: CompoundingRecord) -> tuple[CheckKind, ...]:
    """Return the checks that a batch has to pass: those of its form, and pH where the formula names its limits."""
    of_form = REQUIRED_CHECKS[DosageForm(record.formula.dosage_form)]
    return of_form if ph_limits(record) is None else (*of_form, CheckKind.PH)


def ph_limits(record: CompoundingRecord) -> tuple[Decimal, Decimal] | None:
    """Return the lowest and the highest pH that the formula allows, or None when it is not measured."""
    if record.formula.bud_class not in AQUEOUS:
        return None
    test = record.formula.quality_checks.filter(kind=QualityTest.PH).first()
    if test is None or test.lowest is None or test.highest is None:
        return None
    return test.lowest, test.highest


def latest_checks(record: CompoundingRecord) -> dict[CheckKind, QualityCheck]:
    """Return the newest check of each kind; it is the one that counts."""
    return {
        CheckKind(check.kind): check
        for check in record.checks.select_related("deviation").order_by("at", "id")
    }


def missing_checks(record: CompoundingRecord) -> list[str]:
    """Return, in sentences, the required checks not done, or failed and not accepted; empty when all stand."""
    return missing_among(record, latest_checks(record))


def missing_among(record: CompoundingRecord, latest: Mapping[CheckKind, QualityCheck]) -> list[str]:
    """Return what `missing_checks` returns, of checks that have been read."""
    return [
        _("The check of %(kind)s failed.") % {"kind": kind.label}
        if kind in latest
        else _("The check of %(kind)s is missing.") % {"kind": kind.label}
        for kind in required_checks(record)
        if kind not in latest or not stands(latest[kind])
    ]


def stands(check: QualityCheck) -> bool:
    """Say whether a check counts as passed: it was, or a pharmacist accepted what failed, with a reason."""
    if check.passed:
        return True
    deviation = getattr(check, "deviation", None)
    return deviation is not None and deviation.disposition == Disposition.ACCEPT


def open_deviations(record: CompoundingRecord) -> QuerySet[Deviation]:
    """Return the deviations of a batch that no pharmacist has closed, the oldest first."""
    return record.deviations.filter(closed_at__isnull=True).order_by("id")


def deviations_of(record: CompoundingRecord) -> QuerySet[Deviation]:
    """Return every deviation of a batch with its people and its check, the newest first."""
    return record.deviations.select_related("by", "closed_by", "quality_check").order_by("-id")


def needs_second_look(record: CompoundingRecord, *, on: date) -> bool:
    """Say whether a batch has to be looked at again before any of it is dispensed on that day.

    Source: USP <795> (2023) section 8; after how many days is a policy.
    """
    if record.released_at is None:
        return False
    after = timedelta(days=whole_of(_SECOND_LOOK_AFTER, on=on))
    if timezone.localdate(record.released_at) + after >= on:
        return False
    return not record.second_looks.filter(on=on, is_as_expected=True).exists()


def units_at(record: CompoundingRecord, place: UnitPlace) -> Decimal:
    """Return how many finished units of a batch are at a place."""
    level = UnitLevel.objects.filter(record=record, place=place).first()
    return Decimal(0) if level is None else level.quantity


def batches_with(lot: IngredientLot) -> QuerySet[CompoundingRecord]:
    """Return every batch that a lot was planned for or went into, the newest first."""
    return (
        CompoundingRecord.objects.filter(lines__lot=lot)
        .select_related("formula")
        .distinct()
        .order_by("-planned_at", "-id")
    )


def unit_levels_beside_moves() -> list[tuple[int, str, Decimal, Decimal]]:
    """Return (record id, place, level, sum of moves) wherever the two differ; there should be none."""
    moved: dict[tuple[int, str], Decimal] = {}
    for move in UnitMove.objects.values_list("record_id", "quantity", "from_place", "to_place"):
        record_id, quantity, source, target = move
        moved[record_id, target] = moved.get((record_id, target), Decimal(0)) + quantity
        moved[record_id, source] = moved.get((record_id, source), Decimal(0)) - quantity
    levels = {(level.record_id, level.place): level.quantity for level in UnitLevel.objects.all()}
    return [
        (*key, levels.get(key, Decimal(0)), moved.get(key, Decimal(0)))
        for key in sorted(levels.keys() | moved.keys())
        if levels.get(key, Decimal(0)) != moved.get(key, Decimal(0))
    ]
