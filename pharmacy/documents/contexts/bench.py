"""What happened at the bench, as an inspector reads it: steps, scans, near misses, deviations, photographs, looks."""

import base64
from collections.abc import Sequence

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.batches.models import CompoundingRecord, ContainerScan, Deviation, NearMiss
from pharmacy.batches.photos import printed_size
from pharmacy.documents.contexts.parts import Context, local_moment

_LETTERS_OF_A_STEP = 90


def bench_context(record: CompoundingRecord) -> Context:
    """Return a table of each kind of note, of one never made the sentence that says so; and the photographs."""
    return {
        "heading": _("At the bench"),
        "tables": [
            _table(
                _("Steps done"),
                [_("Step"), _("Entered"), _("By")],
                _steps(record),
                none=_("No step is noted as done."),
            ),
            _table(
                _("Containers scanned"),
                [_("For"), _("Scanned"), _("Reading of the balance"), _("By")],
                _scans(record),
                none=_("No container was scanned."),
            ),
            _table(
                _("Near misses"),
                [_("Wanted"), _("Scanned"), _("Why it was stopped"), _("By")],
                _near_misses(record),
                none=_("None."),
            ),
            _table(
                _("Deviations"),
                [_("What happened"), _("What was done"), _("Decision"), _("By")],
                [_deviation(each) for each in _deviations(record)],
                none=_("None."),
            ),
            _table(
                _("Photographs, kept with the record"),
                [_("Shows"), _("SHA-256"), _("By")],
                _photos(record),
                none=_("None."),
            ),
            _table(
                _("Looked at again before dispensing"),
                [_("Seen"), _("As expected"), _("By")],
                _looks(record),
                none=_("Not yet."),
            ),
        ],
        "pictures": _pictures(record),
    }


def _table(
    heading: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, none: str
) -> Context:
    return {
        "heading": heading,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "none": "" if rows else none,
    }


def _steps(record: CompoundingRecord) -> list[list[str]]:
    done = record.steps_done.select_related("by").order_by("position", "pk")
    return [
        [
            f"{wording.number(each.position)}. {Truncator(each.text).chars(_LETTERS_OF_A_STEP)}",
            each.entry or "–",
            f"{each.by.signed_name}, {local_moment(each.at)}",
        ]
        for each in done
    ]


def _scans(record: CompoundingRecord) -> list[list[str]]:
    scans = ContainerScan.objects.filter(line__record=record)
    readings = {
        line.pk: line.weighing.reading
        for line in record.lines.select_related("weighing__reading").filter(
            weighing__reading__isnull=False
        )
    }
    rows = []
    for scan in scans.select_related("line__ingredient", "by").order_by("pk"):
        reading = readings.get(scan.line_id)
        sent = "–"
        if reading is not None:
            sent = f"{wording.mass(reading.amount_mg)}, {local_moment(reading.measured_at)}"
        by = f"{scan.by.signed_name}, {local_moment(scan.at)}"
        rows.append([scan.line.ingredient.name, scan.scanned, sent, by])
    return rows


def _near_misses(record: CompoundingRecord) -> list[list[str]]:
    missed = NearMiss.objects.filter(line__record=record).select_related("by").order_by("pk")
    return [
        [
            each.wanted,
            each.scanned,
            each.why,
            f"{each.by.signed_name}, {local_moment(each.at)}",
        ]
        for each in missed
    ]


def _deviations(record: CompoundingRecord) -> list[Deviation]:
    return list(record.deviations.select_related("by", "closed_by").order_by("pk"))


def _deviation(found: Deviation) -> list[str]:
    decision = _("open")
    if found.closed_by is not None and found.closed_at is not None:
        who = f"{found.closed_by.signed_name}, {local_moment(found.closed_at)}"
        decision = f"{found.get_disposition_display()}. {found.assessment} ({who})"
    return [
        found.what_happened,
        found.what_was_done or "–",
        decision,
        f"{found.by.signed_name}, {local_moment(found.at)}",
    ]


def _photos(record: CompoundingRecord) -> list[list[str]]:
    kept = record.photos.select_related("by").defer("image").order_by("pk")
    return [
        [each.shows, each.sha256, f"{each.by.signed_name}, {local_moment(each.at)}"]
        for each in kept
    ]


def _pictures(record: CompoundingRecord) -> list[dict[str, str]]:
    """The pictures themselves, as small as they are printed: the paper is rebuilt from what it was made from."""
    return [
        {
            "jpeg": base64.b64encode(printed_size(bytes(each.image))).decode("ascii"),
            "shows": f"{each.shows}. {each.by.signed_name}, {local_moment(each.at)}",
        }
        for each in record.photos.select_related("by").order_by("pk")
    ]


def _looks(record: CompoundingRecord) -> list[list[str]]:
    looks = record.second_looks.select_related("by").order_by("pk")
    return [
        [
            each.seen,
            _("yes") if each.is_as_expected else _("no"),
            f"{each.by.signed_name}, {local_moment(each.at)}",
        ]
        for each in looks
    ]
