"""A recall, from the lot or batch to the patients: the drill, the immediate stop, the approval by a second person."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.batches.actions import move_units
from pharmacy.batches.models import CompoundingRecord, UnitPlace
from pharmacy.batches.queries import units_at
from pharmacy.batches.states import BATCH_STATES, BatchState
from pharmacy.followups.messages import Letter, write_letter
from pharmacy.followups.models import FollowUp, FollowUpKind
from pharmacy.inventory.actions import recall_lot
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.moves import move_stock
from pharmacy.inventory.states import LotState
from pharmacy.orders.actions import open_hold, place_hold
from pharmacy.orders.models import Allocation, Order
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.recalls.actions import (
    SamePerson,
    create_contacts,
    create_recall,
    record_findings,
)
from pharmacy.recalls.models import Recall, Urgency
from pharmacy.recalls.queries import subject_of
from pharmacy.recalls.states import RECALL_STATES, RecallState
from pharmacy.recalls.walk import Found, Subject, fill_values, walk
from pharmacy.workflow.verify_batch import recall_unreleased

Stopwatch = Callable[[], int]
"""Nanoseconds that only ever rise: time.perf_counter_ns."""

_UNRELEASED = (
    BatchState.PLANNED,
    BatchState.WEIGHING,
    BatchState.COMPOUNDED,
    BatchState.CHECKED,
)
_MILLISECOND = Decimal("0.001")


@writing()
def run_drill(
    *,
    subject: Subject,
    urgency: Urgency,
    reason: str,
    by: Actor,
    at: datetime,
    stopwatch: Stopwatch,
) -> Recall:
    """Return a drill: the same walk, every message written, nothing moved, nobody told; with the seconds it took."""
    began = stopwatch()
    recall = create_recall(
        subject=subject, urgency=urgency, reason=reason, is_drill=True, by=by, at=at
    )
    found = walk(subject)
    letters = sum(1 for _letter in _letters(recall, found, at))
    record_findings(
        recall,
        to=RecallState.DRILLED,
        found=found,
        letters=letters,
        seconds=_since(began, stopwatch),
        by=by,
        at=at,
    )
    return recall


@writing()
def approve_recall(*, recall: Recall, by: Actor, at: datetime, stopwatch: Stopwatch) -> Recall:
    """Return the running recall: lots and batches recalled, stock set aside, orders held, messages queued.

    Only a pharmacist may, and not whoever opened it. Everything happens in this one transaction, or nothing.
    Raises SamePerson, NotYourRole or a refusal of the state table.
    """
    began = stopwatch()
    user_id = person_in({Role.PHARMACIST}, by)
    recall = _locked(recall)
    RECALL_STATES.find(recall.state, RecallState.APPROVED)
    if user_id == recall.opened_by_id:
        raise SamePerson(
            _("You opened recall %(number)s; another pharmacist has to approve it.")
            % {"number": recall.number}
        )
    found = walk(subject_of(recall))
    for allocation in found.in_progress:
        _hold(allocation, recall, by=by, at=at)
    for batch in found.batches:
        _recall_batch(batch.record, recall, by=by, at=at)
    for each in found.lots:
        _recall_lot(each.lot, reason=_why(recall), reference=recall.number, by=by, at=at)
    contacts = create_contacts(recall, found=found, at=at)
    record_findings(
        recall,
        to=RecallState.APPROVED,
        found=found,
        letters=len(contacts),
        seconds=_since(began, stopwatch),
        by=by,
        at=at,
    )
    return recall


@writing()
def stop_at_once(*, recall: Recall, by: Actor, at: datetime) -> Recall:
    """Stop the lot or batch, and lots compounded from it, while the draft waits for its second person.

    Only a pharmacist may. From then on nothing picks, weighs, releases or dispenses it or what holds it. Nobody is
    told, and orders wait for the approval. Cannot be undone.
    """
    person_in({Role.PHARMACIST}, by)
    recall = _locked(recall)
    RECALL_STATES.find(recall.state, RecallState.APPROVED)
    for each in walk(subject_of(recall)).lots:
        _recall_lot(each.lot, reason=_why(recall), reference=recall.number, by=by, at=at)
    if recall.batch is not None:
        _recall_batch(recall.batch, recall, by=by, at=at)
    return recall


@writing()
def stop_lot(*, lot: IngredientLot, reason: str, by: Actor, at: datetime) -> IngredientLot:
    """Return the recalled lot, with every lot that was compounded from it; what is on the shelf is set aside.

    Tells nobody: a recall does. Raises ReasonMissing or a refusal of the state table.
    """
    for each in walk(Subject(lot=lot)).lots:
        _recall_lot(each.lot, reason=reason, reference=_("recalled"), by=by, at=at)
    lot.refresh_from_db()
    return lot


def _locked(recall: Recall) -> Recall:
    return (
        Recall.objects.select_related("lot__ingredient", "batch__formula")
        .select_for_update(of=("self",))
        .get(pk=recall.pk)
    )


def _why(recall: Recall) -> str:
    return _("Recall %(number)s: %(reason)s") % {"number": recall.number, "reason": recall.reason}


def _hold(allocation: Allocation, recall: Recall, *, by: Actor, at: datetime) -> None:
    """Hold an order that waits for a batch of the recall; lifted, it is to be made anew."""
    order, record = allocation.line.order, allocation.record
    order.refresh_from_db(fields=["state"])
    hold = open_hold(order)
    if hold is not None:
        hold.reason = f"{hold.reason}\n{_why(recall)}"
        hold.returns_to = _anew(hold.returns_to)
        hold.save(update_fields=["reason", "returns_to"])
        new = {"lot": record.number, "note": recall.number}
        record_event(event="order_hold_extended", record=order, by=by, at=at, new=new)
    else:
        place_hold(
            order,
            reason=_why(recall),
            lifted_when=_("A pharmacist has decided whether it is made again from other lots."),
            returns_to=OrderState(_anew(order.state)),
            by=by,
            at=at,
        )
    allocation.withdrawn_at = at
    allocation.save(update_fields=["withdrawn_at"])
    record_event(
        event="line_set_aside_withdrawn",
        record=allocation.line,
        by=by,
        at=at,
        new={"lot": record.number, "note": recall.number},
    )


def _anew(state: str) -> str:
    being_made = (OrderState.IN_COMPOUNDING, OrderState.READY)
    return OrderState.APPROVED.value if state in being_made else state


def _recall_batch(record: CompoundingRecord, recall: Recall, *, by: Actor, at: datetime) -> None:
    """Recall a batch, released or not. What is left of it is set aside; see `workflow.set_aside`."""
    if record.state in _UNRELEASED:
        recall_unreleased(record=record, reason=_why(recall), by=by, at=at)
        return
    if record.state == BatchState.RELEASED:
        move(
            record,
            table=BATCH_STATES,
            to=BatchState.RECALLED,
            by=by,
            at=at,
            note=recall.number,
        )
    left = units_at(record, UnitPlace.STOCK)
    if record.state == BatchState.RECALLED and left > 0:
        move_units(
            record=record,
            quantity=left,
            from_place=UnitPlace.STOCK,
            to_place=UnitPlace.QUARANTINE,
            reference=recall.number,
            by=by,
            at=at,
        )


def _recall_lot(
    lot: IngredientLot, *, reason: str, reference: str, by: Actor, at: datetime
) -> None:
    lot.refresh_from_db(fields=["state"])
    if lot.state != LotState.RECALLED:
        recall_lot(lot=lot, reason=reason, by=by, at=at)
    level = lot.levels.filter(place=Place.SHELF, quantity__gt=0).first()
    if level is not None:
        move_stock(
            lot=lot,
            quantity=level.quantity,
            from_place=Place.SHELF,
            to_place=Place.QUARANTINE,
            reference=reference,
            by=by,
            at=at,
        )


def sample_letters(*, recall: Recall, found: Found, at: datetime) -> list[Letter]:
    """Return what a patient and a prescriber of the recall would read, one of each; nothing is queued."""
    groups = (
        (FollowUpKind.RECALL_PATIENT, found.patients),
        (FollowUpKind.RECALL_PRESCRIBER, found.prescribers),
    )
    newest = {kind: fills[-1].order_id for kind, by in groups for fills in list(by.values())[:1]}
    orders = _orders(Order.objects.filter(pk__in=newest.values()))
    return [_letter(recall, kind, orders[order_id], at) for kind, order_id in newest.items()]


def _letters(recall: Recall, found: Found, at: datetime) -> Iterable[Letter]:
    """Write every message as it would go out, and keep none of them."""
    filled = fill_values(found.subject, "line__order_id")
    orders = _orders(Order.objects.filter(pk__in=filled))
    for kind, groups in (
        (FollowUpKind.RECALL_PATIENT, found.patients),
        (FollowUpKind.RECALL_PRESCRIBER, found.prescribers),
    ):
        for fills in groups.values():
            yield _letter(recall, kind, orders[fills[-1].order_id], at)


def _letter(recall: Recall, kind: FollowUpKind, order: Order, at: datetime) -> Letter:
    due = FollowUp(kind=kind, order=order, sequence=recall.pk, due_at=at)
    return write_letter(followup=due, at=at)


def _orders(concerned: QuerySet[Order]) -> dict[int, Order]:
    people = concerned.select_related("prescription__patient", "prescription__prescriber")
    return {order.pk: order for order in people}


def _since(began: int, stopwatch: Stopwatch) -> Decimal:
    seconds = Decimal(stopwatch() - began) / 1_000_000_000
    return seconds.quantize(_MILLISECOND, rounding=ROUND_HALF_UP)
