"""The labels of several orders as one file: asked for in one action, each noted as printed when it is opened."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import writing
from pharmacy.documents.actions import check_reprint, note_prints
from pharmacy.documents.models import Document, PrintEvent, PrintRun
from pharmacy.documents.runs import labels_of, note_run_opened, request_run, run_again
from pharmacy.orders.models import Order
from pharmacy.people.actors import Actor
from pharmacy.workflow.print_papers import labels_for


class NotThisOrder(Refusal):
    """One of the chosen orders cannot be printed; nothing was asked for. Says which and why."""


@writing()
def print_labels(
    *,
    orders: Sequence[Order],
    stock: str,
    start_position: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> PrintRun:
    """Return a run with the labels of these orders, in this order; all of them or none.

    `reason` is needed when one was printed before. Raises NotThisOrder, NothingToRun, NoSuchLabelStock.
    """
    labels = [label for order in orders for label in _labels(order, by=by, at=at, reason=reason)]
    return request_run(
        documents=labels,
        stock=stock,
        start_position=start_position,
        by=by,
        at=at,
        reason=reason,
    )


def _labels(order: Order, *, by: Actor, at: datetime, reason: str) -> list[Document]:
    try:
        labels = labels_for(order=order, by=by, at=at)
        check_reprint(labels, reason=reason)
    except Refusal as refusal:
        raise NotThisOrder(
            _("Order %(rx)s: %(why)s") % {"rx": order.number, "why": refusal}
        ) from refusal
    return labels


@writing()
def open_run(*, run: PrintRun, by: Actor, at: datetime, reason: str = "") -> list[PrintEvent]:
    """Note that every label of a run is opened for printing, all or none, and return the notes.

    Raises NotReady, PaperReplaced, or ReprintNeedsReason when one was printed before and no reason was ever given.
    """
    run = PrintRun.objects.select_for_update().get(pk=run.pk)
    # The reason given when the run was asked for counts for its first opening alone.
    given = reason.strip() or ("" if run.opened_at else run.reason)
    events = note_prints(documents=labels_of(run), by=by, at=at, reason=given, run=run)
    note_run_opened(run, at=at)
    return events


@writing()
def try_run_again(*, run: PrintRun, by: Actor, at: datetime) -> None:
    """Send a run that could not be prepared back to the workers. Raises the state table's refusals."""
    run_again(run, by=by, at=at)
