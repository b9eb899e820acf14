"""Copies of a batch that was really made: the same worksheet and lots, other numbers and days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model

from pharmacy.batches.models import (
    BatchLine,
    CompoundingRecord,
    ContainerScan,
    QualityCheck,
    StepDone,
    Verification,
    Weighing,
)

Row = TypeVar("Row", bound=Model)

KEPT = [
    "formula_id",
    "strength",
    "units_wanted",
    "worksheet",
    "worksheet_sha256",
    "policy_versions",
    "planned_by_id",
    "made_by_id",
    "observed_description",
    "units_made",
    "units_wasted",
    "beyond_use_reason",
    "beyond_use_limits",
    "verified_by_id",
]


@dataclass(frozen=True)
class Pattern:
    """A released batch to copy, with its rows read once."""

    record: CompoundingRecord
    lines: tuple[BatchLine, ...]
    weighings: tuple[Weighing, ...]
    steps: tuple[StepDone, ...]
    checks: tuple[QualityCheck, ...]
    verification: Verification

    @classmethod
    def of(cls, record: CompoundingRecord) -> "Pattern":
        lines = tuple(record.lines.order_by("position"))
        return cls(
            record=record,
            lines=lines,
            weighings=tuple(
                Weighing.objects.select_related("scan").get(line=line) for line in lines
            ),
            steps=tuple(record.steps_done.order_by("position")),
            checks=tuple(record.checks.order_by("id")),
            verification=record.verification,
        )


def copy_batches(
    pattern: Pattern, days: Iterable[datetime], *, first: int
) -> list[CompoundingRecord]:
    """Return released copies of a batch, one for each instant, with all their rows but finished units.

    They are numbered from `first`. Their worksheet hashes stay true, because the worksheets are the same.
    """
    source = pattern.record
    keeps = (source.beyond_use_on or source.planned_at.date()) - source.planned_at.date()
    records = CompoundingRecord.objects.bulk_create(
        CompoundingRecord(
            number=f"G-{at.year}-{number:07d}",
            state=source.state,
            planned_at=at,
            compounded_at=at,
            released_at=at,
            beyond_use_on=at.date() + keeps,
            **{name: getattr(source, name) for name in KEPT},
        )
        for number, at in enumerate(days, start=first)
    )
    lines = BatchLine.objects.bulk_create(
        _copied(line, record_id=record.pk) for record in records for line in pattern.lines
    )
    _copy_weighings(pattern, records, lines)
    StepDone.objects.bulk_create(
        _copied(step, record_id=record.pk, at=record.released_at)
        for record in records
        for step in pattern.steps
    )
    QualityCheck.objects.bulk_create(
        _copied(check, record_id=record.pk, at=record.released_at)
        for record in records
        for check in pattern.checks
    )
    Verification.objects.bulk_create(
        _copied(pattern.verification, record_id=record.pk, at=record.released_at)
        for record in records
    )
    return records


def _copy_weighings(
    pattern: Pattern, records: list[CompoundingRecord], lines: list[BatchLine]
) -> None:
    """A weighing points at the scan of its own line, so the scans come first."""
    weighed = [(record, weighing) for record in records for weighing in pattern.weighings]
    places = list(zip(weighed, lines, strict=True))
    scans = ContainerScan.objects.bulk_create(
        _copied(weighing.scan, line_id=line.pk, at=record.released_at)
        for (record, weighing), line in places
        if weighing.scan is not None
    )
    scan_of = {scan.line_id: scan.pk for scan in scans}
    Weighing.objects.bulk_create(
        _copied(weighing, line_id=line.pk, scan_id=scan_of.get(line.pk), at=record.released_at)
        for (record, weighing), line in places
    )


def _copied(row: Row, **changed: object) -> Row:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**{**values, **changed})
