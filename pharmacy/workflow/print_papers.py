"""Papers are asked for when an order is ready: a label for every line and the leaflet, in one action.

A worker renders them. Whoever prints one opens it, which is noted; what was printed before is printed again
with a reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.states import BatchState
from pharmacy.documents.actions import (
    ReprintNeedsReason,
    newest_document,
    note_prints,
    request_again,
    request_document,
    says_the_same,
    was_printed,
)
from pharmacy.documents.contexts.formula import formula_context
from pharmacy.documents.contexts.label import label_context
from pharmacy.documents.contexts.leaflet import LeafletFacts, leaflet_context
from pharmacy.documents.contexts.lot_label import lot_label_context
from pharmacy.documents.contexts.parts import Context
from pharmacy.documents.contexts.record import record_context
from pharmacy.documents.label_formats import LOT_STOCK, StockPlace, stock_of, stock_place
from pharmacy.documents.models import Document, DocumentKind, PrintEvent
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Allocation, Order, OrderLine
from pharmacy.orders.queries import first_dose_allowed_from
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import Actor
from pharmacy.recalls.queries import check_nothing_recalled_in
from pharmacy.workflow.dispense_order import (
    BatchNotReleased,
    KeepsTooShort,
    NothingToDispense,
    StartsTooEarly,
)

MOST_COPIES = 50
PRINTABLE = (OrderState.READY, OrderState.DISPENSED)


class NothingToPrint(Refusal):
    """The order is not far enough, or no longer goes on."""


class WrongNumberOfCopies(Refusal):
    """No label of a lot was asked for, or more than a container could bear."""


class StartsInThePast(Refusal):
    """The plan would begin on a day that is over."""


class _About(TypedDict):
    kind: DocumentKind
    order: Order
    line: OrderLine | None
    record: CompoundingRecord | None


@dataclass(frozen=True)
class _Filling:
    """An order about to get its papers: which batches, from which day, filled on which day, on which labels."""

    order: Order
    allocations: list[Allocation]
    start_on: date
    today: date
    stock: StockPlace | None
    """Where the labels go, or nothing where it does not matter yet."""


@writing()
def print_papers(
    *,
    order: Order,
    start_on: date | None,
    by: Actor,
    at: datetime,
    reason: str = "",
    stock: str = "",
    start_position: int = 1,
) -> list[Document]:
    """Return the papers of an order that are to be printed, and set the day of the first dose.

    They are a label for each line, on that stock (or the policy's) from that label of a sheet on, and the leaflet. What
    was printed and still says the same is left out; with a `reason` it is printed again. A paper that says the same
    already is returned as it is; one that says something else is corrected by a new one.
    Without `start_on` it is the day chosen before, or the first day that is allowed. Raises NothingToPrint,
    NothingToDispense, BatchNotReleased, StartsInThePast, StartsTooEarly, KeepsTooShort, NoApprovedEdition,
    LabelIncomplete, NoSuchLabelStock, and ReprintNeedsReason when everything was printed and no reason is given.
    """
    place = stock_place(stock, start_position=start_position, on=timezone.localdate(at))
    filling = _filling(order, start_on, by=by, at=at, stock=place)
    wanted = [
        *(_label_wanted(filling, allocation) for allocation in filling.allocations),
        _leaflet_wanted(filling),
    ]
    again = bool(reason.strip())
    papers = [each for each in wanted if again or not _is_printed(each)]
    if not papers:
        raise ReprintNeedsReason(_("All of it was printed before. Say why it is printed again."))
    return [request_document(by=by, at=at, context=each.says, **each.about) for each in papers]


def labels_for(*, order: Order, by: Actor, at: datetime) -> list[Document]:
    """Return the container labels of an order, asked for as `print_papers` does. Must run inside `writing()`.

    Raises what `print_papers` raises, but never ReprintNeedsReason.
    """
    filling = _filling(order, None, by=by, at=at, stock=None)
    wanted = [_label_wanted(filling, allocation) for allocation in filling.allocations]
    return [request_document(by=by, at=at, context=each.says, **each.about) for each in wanted]


def _filling(
    order: Order, start_on: date | None, *, by: Actor, at: datetime, stock: StockPlace | None
) -> _Filling:
    """The order with its batches, all that must hold checked, and the day of its first dose set."""
    order = _fresh(order)
    if order.state not in PRINTABLE:
        raise NothingToPrint(
            _("Order %(rx)s is %(state)s; its papers are printed when it is ready.")
            % {"rx": order.number, "state": order.get_state_display()}
        )
    today = timezone.localdate(at)
    filling = _Filling(
        order, _released_allocations(order), _first_day(order, start_on, today), today, stock
    )
    for allocation in filling.allocations:
        _check_keeps(allocation, filling.start_on)
    _set_start(order, filling.start_on, by=by, at=at)
    return filling


@writing()
def print_record(*, record: CompoundingRecord, by: Actor, at: datetime) -> Document:
    """Return the compounding record as a paper, in the state the batch is in; it says so when it is not released."""
    return request_document(
        kind=DocumentKind.COMPOUNDING_RECORD,
        context=record_context(record.number),
        record=record,
        by=by,
        at=at,
    )


@writing()
def print_formula(*, formula: MasterFormulationRecord, by: Actor, at: datetime) -> Document:
    """Return a master formulation record as a paper; what is not approved says so across every page."""
    return request_document(
        kind=DocumentKind.FORMULA_RECORD,
        context=formula_context(formula, on=timezone.localdate(at)),
        formula=formula,
        by=by,
        at=at,
    )


@writing()
def print_lot_labels(
    *,
    lot: IngredientLot,
    copies: int,
    by: Actor,
    at: datetime,
    stock: str = "",
    start_position: int = 1,
) -> Document:
    """Return so many labels of a received lot as one paper, on that stock or the policy's.

    Raises WrongNumberOfCopies or NoSuchLabelStock.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise WrongNumberOfCopies(
            _("Print from 1 to %(most)s labels at once.") % {"most": MOST_COPIES}
        )
    on = timezone.localdate(at)
    place = stock_place(stock, start_position=start_position, on=on, policy=LOT_STOCK)
    context = lot_label_context(lot, copies=copies, stock=place)
    return request_document(kind=DocumentKind.LOT_LABEL, context=context, lot=lot, by=by, at=at)


@writing()
def open_document(*, document: Document, by: Actor, at: datetime, reason: str = "") -> PrintEvent:
    """Note that a paper is opened for printing, and return the note.

    Raises NotReady, PaperReplaced, or ReprintNeedsReason when staff printed it before and give no reason.
    """
    (event,) = _noted([document.pk], by=by, at=at, reason=reason)
    return event


@writing()
def open_papers(
    *, document_ids: Sequence[int], by: Actor, at: datetime, reason: str = ""
) -> list[PrintEvent]:
    """Note that papers are opened for printing together, all or none, and return the notes.

    Raises NotReady, PaperReplaced, or ReprintNeedsReason when staff printed one before and give no reason.
    """
    return _noted(document_ids, by=by, at=at, reason=reason)


def _noted(
    document_ids: Sequence[int], *, by: Actor, at: datetime, reason: str
) -> list[PrintEvent]:
    found = Document.objects.in_bulk(list(document_ids))
    documents = [found[document_id] for document_id in document_ids]
    return note_prints(documents=documents, by=by, at=at, reason=reason)


@writing()
def try_again(*, document: Document, by: Actor, at: datetime) -> Document:
    """Send a paper that could not be prepared back to the workers. Raises the state table's refusals."""
    document = Document.objects.get(pk=document.pk)
    request_again(document, by=by, at=at)
    return document


def proposed_start(order: Order, *, on: date) -> date:
    """Return the day to offer for the first dose: the one chosen before, or the first that is allowed from today."""
    if order.start_on is not None and (order.start_on >= on or order.state == OrderState.DISPENSED):
        return order.start_on
    return max(on, first_dose_allowed_from(order) or on)


def _fresh(order: Order) -> Order:
    return (
        Order.objects.select_related(
            "prescription__patient",
            "prescription__prescriber",
            "prescription__substance",
            "prescription__condition",
        )
        .select_for_update(of=("self",))
        .get(pk=order.pk)
    )


def _released_allocations(order: Order) -> list[Allocation]:
    allocations = list(
        Allocation.objects.filter(line__order=order, withdrawn_at__isnull=True)
        .select_related("record__formula__strength_substance", "line")
        .order_by("line__position")
    )
    if not allocations or len(allocations) != order.lines.count():
        raise NothingToDispense(_("Not every line of this order has a batch."))
    for allocation in allocations:
        record = allocation.record
        if record.state != BatchState.RELEASED:
            raise BatchNotReleased(
                _("Lot %(lot)s is %(state)s, not released.")
                % {"lot": record.number, "state": record.get_state_display()}
            )
        check_nothing_recalled_in(record)
        allocation.line.order = order
    return allocations


def _first_day(order: Order, asked: date | None, today: date) -> date:
    start_on = proposed_start(order, on=today) if asked is None else asked
    if start_on < today and order.state != OrderState.DISPENSED:
        raise StartsInThePast(
            _("The first dose cannot be on %(day)s; that day is over.")
            % {"day": wording.full_day(start_on)}
        )
    earliest = first_dose_allowed_from(order)
    if earliest is not None and start_on < earliest:
        raise StartsTooEarly(
            _("The first dose may not come before %(day)s.") % {"day": wording.full_day(earliest)}
        )
    return start_on


def _check_keeps(allocation: Allocation, start_on: date) -> None:
    """The last dose must not come after the beyond-use date: such a plan cannot be followed."""
    record = allocation.record
    last_on = start_on + timedelta(days=allocation.line.days_supply - 1)
    if record.beyond_use_on is None or record.beyond_use_on < last_on:
        until = "–" if record.beyond_use_on is None else wording.full_day(record.beyond_use_on)
        raise KeepsTooShort(
            _("Lot %(lot)s may be used until %(until)s, but the last dose would be on %(last)s.")
            % {"lot": record.number, "until": until, "last": wording.full_day(last_on)}
        )


def _set_start(order: Order, start_on: date, *, by: Actor, at: datetime) -> None:
    if order.start_on == start_on:
        return
    before, order.start_on = order.start_on, start_on
    order.save(update_fields=["start_on"])
    record_event(
        event="order_start_set",
        record=order,
        by=by,
        at=at,
        old={"start_on": before},
        new={"start_on": start_on},
    )


@dataclass(frozen=True)
class _Wanted:
    """A paper that holds now: what it is about, what it says, and the newest one there is."""

    about: _About
    says: Context
    newest: Document | None


def _is_printed(wanted: _Wanted) -> bool:
    """Whether staff printed a paper that says this already, on whatever labels."""
    newest = wanted.newest
    return newest is not None and says_the_same(newest, wanted.says) and was_printed(newest)


def _label_wanted(filling: _Filling, allocation: Allocation) -> _Wanted:
    about: _About = {
        "kind": DocumentKind.CONTAINER_LABEL,
        "order": filling.order,
        "line": allocation.line,
        "record": allocation.record,
    }
    newest = newest_document(**about)

    def says(filled_on: date) -> Context:
        return label_context(
            line=allocation.line,
            record=allocation.record,
            start_on=filling.start_on,
            filled_on=filled_on,
            stock=filling.stock or stock_of(None if newest is None else newest.context),
        )

    return _Wanted(about, _dated(says, newest, filling.today), newest)


def _leaflet_wanted(filling: _Filling) -> _Wanted:
    about: _About = {
        "kind": DocumentKind.LEAFLET,
        "order": filling.order,
        "line": None,
        "record": None,
    }
    records = list({each.record_id: each.record for each in filling.allocations}.values())

    def says(filled_on: date) -> Context:
        return leaflet_context(LeafletFacts(filling.order, records, filling.start_on, filled_on))

    newest = newest_document(**about)
    return _Wanted(about, _dated(says, newest, filling.today), newest)


def _dated(says: Callable[[date], Context], newest: Document | None, today: date) -> Context:
    """What the paper says. One that only the day of filling would change keeps the day it was filled first."""
    if newest is not None:
        again = says(date.fromisoformat(newest.context["filled_on"]))
        if says_the_same(newest, again):
            return again
    return says(today)
