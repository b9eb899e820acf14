"""Asking for papers, keeping what was printed, noting who opened it.

A document is asked for here and rendered by a worker (tasks.py). Its row is the queue.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.contexts.parts import Context, context_digest, words_digest
from pharmacy.documents.label_formats import stock_of
from pharmacy.documents.models import Document, DocumentFile, DocumentKind, PrintEvent, PrintRun
from pharmacy.documents.pages import DESIGNS
from pharmacy.documents.states import DOCUMENT_STATES, DocumentState
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.labels import take_labels
from pharmacy.inventory.models import IngredientLot
from pharmacy.nudges import nudge
from pharmacy.orders.models import Order, OrderLine
from pharmacy.people.actors import SYSTEM, Actor, person_in
from pharmacy.people.roles import Role

RENDER_TASK = "pharmacy.documents.tasks.render"


class NotReady(Refusal):
    """The paper is still being prepared, or could not be."""


class PaperReplaced(Refusal):
    """A newer paper says something else."""


class ReprintNeedsReason(Refusal):
    """The paper was printed before, and nobody said why again."""


def request_document(
    *,
    kind: DocumentKind,
    context: Context,
    by: Actor,
    at: datetime,
    order: Order | None = None,
    line: OrderLine | None = None,
    record: CompoundingRecord | None = None,
    lot: IngredientLot | None = None,
    formula: MasterFormulationRecord | None = None,
) -> Document:
    """Return the paper that says this: the newest one about the same thing, or a new one that corrects it.

    A new one, and one that could not be prepared before, is rendered by a worker once the transaction commits.
    Must run inside `writing()`.
    """
    user_id = person_in(Role.of_staff(), by)
    digest = context_digest(context)
    newest = newest_document(
        kind=kind, order=order, line=line, record=record, lot=lot, formula=formula
    )
    if newest is not None and _says(newest, digest):
        if newest.state == DocumentState.FAILED:
            request_again(newest, by=by, at=at)
        return newest
    document = Document.objects.create(
        kind=kind,
        context=context,
        context_sha256=digest,
        template_version=DESIGNS[kind].version,
        order=order,
        line=line,
        record=record,
        lot=lot,
        formula=formula,
        corrects=newest,
        requested_at=at,
        requested_by_id=user_id,
    )
    corrects = {} if newest is None else {"corrects": newest.pk}
    record_event(
        event="document_requested",
        record=document,
        by=by,
        at=at,
        new={"kind": str(kind), **corrects},
    )
    transaction.on_commit(partial(nudge, RENDER_TASK, document_id=document.pk))
    return document


def newest_document(
    *,
    kind: DocumentKind,
    order: Order | None,
    line: OrderLine | None,
    record: CompoundingRecord | None,
    lot: IngredientLot | None = None,
    formula: MasterFormulationRecord | None = None,
) -> Document | None:
    """Return the newest paper of a kind about an order line, an order, a batch, a lot or a formula."""
    same = Document.objects.filter(kind=kind)
    if kind == DocumentKind.COMPOUNDING_RECORD:
        same = same.filter(record=record)
    elif kind == DocumentKind.LOT_LABEL:
        same = same.filter(lot=lot)
    elif kind == DocumentKind.FORMULA_RECORD:
        same = same.filter(formula=formula)
    else:
        same = same.filter(order=order, line=line)
    return same.order_by("-pk").first()


def _says(document: Document, digest: str) -> bool:
    same_design = document.template_version == DESIGNS[document.kind].version
    return same_design and document.context_sha256 == digest


def says_the_same(document: Document, context: Context) -> bool:
    """Say whether a paper of today's design says this already, on whatever labels it is printed."""
    same_design = document.template_version == DESIGNS[document.kind].version
    return same_design and words_digest(document.context) == words_digest(context)


def was_printed(document: Document) -> bool:
    """Say whether staff printed this paper, or one that it replaces and that says the same on other labels."""
    return PrintEvent.objects.filter(document__in=_the_same(document), by__isnull=False).exists()


def _the_same(document: Document) -> list[Document]:
    """The paper and those before it that say the same: they went onto other labels."""
    found = [document]
    before = document.corrects
    while before is not None and says_the_same(before, document.context):
        found.append(before)
        before = before.corrects
    return found


def request_again(document: Document, *, by: Actor, at: datetime) -> None:
    """Send a paper that could not be prepared back to the workers."""
    move(document, table=DOCUMENT_STATES, to=DocumentState.REQUESTED, by=by, at=at, error="")
    transaction.on_commit(partial(nudge, RENDER_TASK, document_id=document.pk))


@writing()
def keep_file(*, document: Document, pdf: bytes, labels: int, at: datetime) -> None:
    """Keep the bytes of a rendered paper, and how many labels it takes; it is ready then.

    Raises ChangedMeanwhile when another worker was first.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    move(
        document,
        table=DOCUMENT_STATES,
        to=DocumentState.READY,
        by=SYSTEM,
        at=at,
        sha256=digest,
        rendered_at=at,
        labels_taken=labels,
    )
    DocumentFile.objects.create(document=document, pdf=pdf)


@writing()
def note_failure(*, document: Document, error: str, at: datetime) -> None:
    """Mark a paper as one that could not be prepared. `error` is for staff and holds nothing about the patient."""
    move(document, table=DOCUMENT_STATES, to=DocumentState.FAILED, by=SYSTEM, at=at, error=error)


def note_prints(
    *,
    documents: Sequence[Document],
    by: Actor,
    at: datetime,
    reason: str = "",
    run: PrintRun | None = None,
) -> list[PrintEvent]:
    """Return the notes that papers are opened for printing, all of them or none. Must run inside `writing()`.

    Staff say why when one was printed before; a patient need not. The labels that staff print leave the shelf; how many
    of them no lot had stands in the notes. Labels of a `run` have their bytes in its file; their own may still be on
    the way.
    Raises NotReady, PaperReplaced, ReprintNeedsReason.
    """
    if run is None:
        _check_ready(documents)
    _check_newest(documents)
    labels = [0] * len(documents)
    if by.role in Role.of_staff():
        check_reprint(documents, reason=reason)
        labels = run.label_counts if run else [each.labels_taken for each in documents]
    missing = _take_labels(documents, labels, run, reason=reason, by=by, at=at)
    events = PrintEvent.objects.bulk_create(
        PrintEvent(
            document=document,
            at=at,
            by_id=by.user_id,
            reason=reason.strip(),
            labels=count,
            labels_not_in_stock=short,
        )
        for document, count, short in zip(documents, labels, missing, strict=True)
    )
    for event in events:
        record_event(
            event="document_opened",
            record=event.document,
            by=by,
            at=at,
            new={"reason": event.reason or None, "labels": event.labels or None},
        )
    return events


def _take_labels(
    documents: Sequence[Document],
    labels: Sequence[int],
    run: PrintRun | None,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> list[int]:
    """Take the labels of all from the shelf, kind by kind; return how many of each no lot had, the last first."""
    kinds = [run.label_format if run else _kind_of_labels(each) for each in documents]
    missing = dict.fromkeys(kinds, 0)
    for kind in missing:
        wanted = sum(count for each, count in zip(kinds, labels, strict=True) if each == kind)
        reference = str(run) if run else _("labels, %(order)s") % {"order": documents[0].about}
        if kind and wanted:
            missing[kind] = take_labels(
                stock=kind, labels=wanted, reference=reference, reason=reason, by=by, at=at
            )
    short = []
    for kind, count in zip(reversed(kinds), reversed(labels), strict=True):
        short.append(min(count, missing[kind]))
        missing[kind] -= short[-1]
    return short[::-1]


def _kind_of_labels(document: Document) -> str:
    place = stock_of(document.context)
    return "" if place is None else place.key


def _check_ready(documents: Sequence[Document]) -> None:
    for document in documents:
        if document.state != DocumentState.READY:
            raise NotReady(
                _("The %(paper)s is %(state)s.")
                % {
                    "paper": document.get_kind_display(),
                    "state": document.get_state_display(),
                }
            )


def _check_newest(documents: Sequence[Document]) -> None:
    if Document.objects.filter(corrects__in=documents).exists():
        raise PaperReplaced(_("A newer paper replaces this one. Print that."))


def check_reprint(documents: Sequence[Document], *, reason: str) -> None:
    """Raise ReprintNeedsReason when staff printed one of these before and no reason is given."""
    same = [each for document in documents for each in _the_same(document)]
    printed = PrintEvent.objects.filter(document__in=same, by__isnull=False)
    if not reason.strip() and printed.exists():
        raise ReprintNeedsReason(_("This was printed before. Say why it is printed again."))
