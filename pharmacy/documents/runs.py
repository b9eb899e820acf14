"""Print runs: labels of several orders as one file. The row is the queue; a worker renders it (tasks.py)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.documents.actions import NotReady
from pharmacy.documents.label_formats import label_format
from pharmacy.documents.models import (
    Document,
    DocumentKind,
    PrintRun,
    PrintRunFile,
    PrintRunLabel,
)
from pharmacy.documents.queries import BytesChanged, BytesMissing
from pharmacy.documents.states import PRINT_RUN_STATES, DocumentState
from pharmacy.nudges import nudge
from pharmacy.people.actors import SYSTEM, Actor, person_in
from pharmacy.people.roles import Role

RUN_TASK = "pharmacy.documents.tasks.render_run"
MOST_LABELS = 1000
_ROWS_AT_ONCE = 100


class NothingToRun(Refusal):
    """No label was chosen, or more than one file should hold."""


def request_run(
    *,
    documents: Sequence[Document],
    stock: str,
    start_position: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> PrintRun:
    """Return a run of these container labels, in this order; a worker renders it once the transaction commits.

    Must run inside `writing()`. Raises NothingToRun or NoSuchLabelStock.
    """
    user_id = person_in(Role.of_staff(), by)
    label_format(stock, start_position=start_position)
    _check_labels(documents)
    run = PrintRun.objects.create(
        label_format=stock,
        start_position=start_position,
        reason=reason.strip(),
        requested_at=at,
        requested_by_id=user_id,
    )
    PrintRunLabel.objects.bulk_create(
        PrintRunLabel(run=run, document=document, position=position)
        for position, document in enumerate(documents, 1)
    )
    record_event(
        event="print_run_requested",
        record=run,
        by=by,
        at=at,
        new={"labels": len(documents), "stock": stock},
    )
    transaction.on_commit(partial(nudge, RUN_TASK, run_id=run.pk))
    return run


def _check_labels(documents: Sequence[Document]) -> None:
    if not documents:
        raise NothingToRun(_("Choose the orders whose labels are to be printed."))
    if len(documents) > MOST_LABELS:
        raise NothingToRun(
            _("One file holds %(most)s labels at most. Choose fewer.") % {"most": MOST_LABELS}
        )
    if any(document.kind != DocumentKind.CONTAINER_LABEL for document in documents):
        raise ValueError("a print run holds container labels only")


def contexts_of(run: PrintRun) -> Iterator[dict[str, Any]]:
    """Give what each label of a run says, in the order of printing, never many at a time."""
    contexts = run.labels.order_by("position").values_list("document__context", flat=True)
    yield from contexts.iterator(chunk_size=_ROWS_AT_ONCE)


@writing()
def keep_run(*, run: PrintRun, pdf: bytes, label_counts: Sequence[int], at: datetime) -> None:
    """Keep the bytes of a run, and how many labels each of its orders takes; it is ready then.

    Raises ChangedMeanwhile when another worker was first.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    move(
        run,
        table=PRINT_RUN_STATES,
        to=DocumentState.READY,
        by=SYSTEM,
        at=at,
        sha256=digest,
        rendered_at=at,
        label_counts=list(label_counts),
    )
    PrintRunFile.objects.create(run=run, pdf=pdf)


@writing()
def note_run_failure(*, run: PrintRun, error: str, at: datetime) -> None:
    """Mark a run as one that could not be prepared. `error` is for staff and holds nothing about a patient."""
    move(run, table=PRINT_RUN_STATES, to=DocumentState.FAILED, by=SYSTEM, at=at, error=error)


def run_again(run: PrintRun, *, by: Actor, at: datetime) -> None:
    """Send a run that could not be prepared back to the workers. Must run inside `writing()`."""
    move(run, table=PRINT_RUN_STATES, to=DocumentState.REQUESTED, by=by, at=at, error="")
    transaction.on_commit(partial(nudge, RUN_TASK, run_id=run.pk))


def note_run_opened(run: PrintRun, *, at: datetime) -> None:
    """Keep when a run was opened first; the prints of its labels say who and why. Must run inside `writing()`."""
    if run.opened_at is None:
        run.opened_at = at
        run.save(update_fields=["opened_at"])


def labels_of(run: PrintRun) -> list[Document]:
    """Return the labels of a run in the order of printing. Raises NotReady while the run is being prepared."""
    if run.state != DocumentState.READY:
        raise NotReady(_("The print run is %(state)s.") % {"state": run.get_state_display()})
    return [
        each.document
        for each in run.labels.select_related("document__order__prescription").order_by("position")
    ]


def run_bytes(run: PrintRun) -> bytes:
    """Return the file of a run exactly as it was rendered. Raises BytesMissing or BytesChanged."""
    file = PrintRunFile.objects.filter(run=run).first()
    if file is None:
        raise BytesMissing(_("This print run is %(state)s.") % {"state": run.get_state_display()})
    pdf = bytes(file.pdf)
    if hashlib.sha256(pdf).hexdigest() != run.sha256:
        raise BytesChanged(
            _("The stored paper was changed after it was made. Tell your administrator.")
        )
    return pdf


def runs_waiting(*, before: datetime) -> list[int]:
    """Return the ids of runs asked for before a moment and not rendered yet, oldest first; 50 at most."""
    waiting = PrintRun.objects.filter(state=DocumentState.REQUESTED, requested_at__lt=before)
    return list(waiting.order_by("requested_at", "pk").values_list("pk", flat=True)[:50])
