"""Reading papers: which an order has, which are missing, and their bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.models import Document, DocumentFile, DocumentKind, PrintEvent
from pharmacy.documents.states import DocumentState
from pharmacy.orders.models import Allocation, Order, OrderLine


class BytesMissing(Refusal):
    """The paper has no bytes yet."""


class BytesChanged(Refusal):
    """The stored bytes are not the ones that were rendered."""


@dataclass(frozen=True)
class Paper:
    """One paper an order needs, and how far it is. `document` is the newest one; None when none was asked for."""

    name: str
    kind: DocumentKind
    line: OrderLine | None
    document: Document | None
    fits: bool
    """Whether it speaks of the batch and the first day that hold now."""

    @property
    def is_ready(self) -> bool:
        return self.document is not None and self.document.state == DocumentState.READY

    @property
    def prints(self) -> Sequence[PrintEvent]:
        """When staff opened it for printing, oldest first."""
        return [] if self.document is None else list(self.document.prints.all())

    @property
    def is_printed(self) -> bool:
        """Whether what holds now was printed by staff."""
        return self.fits and self.is_ready and any(event.by_id is not None for event in self.prints)


def papers_of(order: Order) -> list[Paper]:
    """Return the papers of an order: a container label for each line, then the leaflet."""
    newest = {
        (document.kind, document.line_id): document
        for document in Document.objects.filter(order=order)
        .prefetch_related(
            Prefetch("prints", PrintEvent.objects.select_related("by").order_by("pk"))
        )
        .order_by("pk")
    }
    lots = {
        allocation.line_id: allocation.record_id
        for allocation in Allocation.objects.filter(line__order=order, withdrawn_at__isnull=True)
    }
    lines = list(order.lines.order_by("position"))
    papers = [_label(line, newest, lots, many=len(lines) > 1) for line in lines]
    leaflet = newest.get((DocumentKind.LEAFLET, None))
    return [
        *papers,
        Paper(
            name=_("leaflet"),
            kind=DocumentKind.LEAFLET,
            line=None,
            document=leaflet,
            fits=leaflet is not None and _leaflet_fits(leaflet, order, lots),
        ),
    ]


def _label(
    line: OrderLine,
    newest: dict[tuple[str, int | None], Document],
    lots: dict[int, int],
    *,
    many: bool,
) -> Paper:
    document = newest.get((DocumentKind.CONTAINER_LABEL, line.pk))
    name = _("container label %(line)s") % {"line": line.position} if many else _("container label")
    return Paper(
        name=name,
        kind=DocumentKind.CONTAINER_LABEL,
        line=line,
        document=document,
        fits=document is not None and document.record_id == lots.get(line.pk),
    )


def _leaflet_fits(leaflet: Document, order: Order, lots: dict[int, int]) -> bool:
    start_on = None if order.start_on is None else order.start_on.isoformat()
    said: tuple[str, list[int]] = (leaflet.context["start_on"], leaflet.context["batches"])
    return said == (start_on, sorted(set(lots.values())))


def unprinted_papers(order: Order) -> list[str]:
    """Return the names of the papers that must still be printed before the order may be dispensed."""
    return [paper.name for paper in papers_of(order) if not paper.is_printed]


def newest_leaflet(order: Order) -> Document | None:
    """Return the leaflet a patient may read: the newest one that is ready and that none corrects."""
    return (
        Document.objects.filter(
            order=order,
            kind=DocumentKind.LEAFLET,
            state=DocumentState.READY,
            corrections__isnull=True,
        )
        .order_by("-pk")
        .first()
    )


def record_papers(record: CompoundingRecord) -> list[Document]:
    """Return the printed versions of a compounding record, newest first."""
    return list(
        Document.objects.filter(kind=DocumentKind.COMPOUNDING_RECORD, record=record)
        .prefetch_related(
            Prefetch("prints", PrintEvent.objects.select_related("by").order_by("pk"))
        )
        .order_by("-pk")
    )


def documents_waiting(*, before: datetime) -> list[int]:
    """Return the ids of papers asked for before a moment and not rendered yet, oldest first; 200 at most."""
    waiting = Document.objects.filter(state=DocumentState.REQUESTED, requested_at__lt=before)
    return list(waiting.order_by("requested_at", "pk").values_list("pk", flat=True)[:200])


def pdf_bytes(document: Document) -> bytes:
    """Return the PDF exactly as it was rendered. Raises BytesMissing or BytesChanged."""
    file = DocumentFile.objects.filter(document=document).first()
    if file is None:
        raise BytesMissing(_("This paper is %(state)s.") % {"state": document.get_state_display()})
    pdf = bytes(file.pdf)
    if hashlib.sha256(pdf).hexdigest() != document.sha256:
        raise BytesChanged(
            _("The stored paper was changed after it was made. Tell your administrator.")
        )
    return pdf


def pdf_name(document: Document) -> str:
    """Return the file name to offer: the kind and a number, nothing about a patient."""
    about: object = document.order or document.lot_id or document.formula_id
    if about is None and document.record:
        about = document.record.number
    return f"{document.kind.replace('_', '-')}-{about}.pdf"


def labels_printed_of(order_ids: Sequence[int]) -> set[int]:
    """Return which of these orders have a container label that staff printed before."""
    printed = PrintEvent.objects.filter(
        document__order__in=order_ids,
        document__kind=DocumentKind.CONTAINER_LABEL,
        by__isnull=False,
    )
    return set(printed.values_list("document__order_id", flat=True))
