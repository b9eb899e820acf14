"""A thousand container labels as one file, against one call of WeasyPrint for each."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from pharmacy.documents.contexts.label import label_context
from pharmacy.documents.label_formats import FIRST, label_format
from pharmacy.documents.label_runs import labels_pdf
from pharmacy.documents.models import DocumentKind
from pharmacy.documents.rendering import render_pdf
from pharmacy.orders.models import Allocation
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

MANY, SOME, ALONE = 1000, 100, 5
AT = timezone.now()


@bench(what="a label of a run of 1,000, in one file", against="one WeasyPrint call for each label")
def labels() -> Pair:
    said = _a_label()

    def alone() -> None:
        for context in _different(said, ALONE):
            render_pdf(DocumentKind.CONTAINER_LABEL, context)

    def memory() -> str:
        some, many = (_most_memory(said, count) for count in (SOME, MANY))
        return f"most memory of the process: {some} MiB at {SOME} labels, {many} MiB at {MANY:,}"

    return Pair(
        ours=lambda: _print(said, MANY),
        other=alone,
        ours_times=MANY,
        other_times=ALONE,
        note=memory,
    )


def _print(said: dict[str, Any], count: int) -> int:
    pdf = labels_pdf(_different(said, count), stock=label_format(FIRST), made_at=AT)
    return len(pdf)


def _different(said: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    """Return labels of as many orders, each with its own number and symbol."""
    for number in range(10_000, 10_000 + count):
        yield {**said, "rx": f"Rx {number}-0", "code": f"(91){number}-0-1(92)B-2026-0412"}


def _a_label() -> dict[str, Any]:
    """Return what the label of an order says that was really made."""
    house = seed_house(at=AT - timedelta(days=30))
    order = order_from(capsules_form(patient=GRACE, key="labels-bench"), bench=house, at=AT)
    answer_for(order, answers(), at=AT)
    record = plan([approve(order, bench=house, at=AT)], bench=house, at=AT)
    weigh(record, bench=house, at=AT)
    release(finish_and_check(record, bench=house, at=AT), bench=house, at=AT)
    allocation = Allocation.objects.select_related(
        "record__formula__strength_substance", "line__order__prescription"
    ).get(record=record)
    today = timezone.localdate(AT)
    return label_context(
        line=allocation.line, record=allocation.record, start_on=today, filled_on=today
    )


def _most_memory(said: dict[str, Any], count: int) -> int:
    """Return the most memory the process had while it printed, in MiB (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    _print(said, count)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    if found is None:
        raise RuntimeError("this system does not say how much memory was used")
    return int(found[1]) // 1024
