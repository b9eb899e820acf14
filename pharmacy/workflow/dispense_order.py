"""A pharmacist hands an order over: the last checks, the fills, the stock, the follow-ups, in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from compounding import wording
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.actions import move_units
from pharmacy.batches.models import UnitPlace
from pharmacy.batches.queries import needs_second_look, open_deviations
from pharmacy.batches.states import BatchState
from pharmacy.documents.queries import unprinted_papers
from pharmacy.followups.actions import schedule
from pharmacy.followups.models import FollowUpKind
from pharmacy.orders.actions import move_order
from pharmacy.orders.models import Allocation, Fill, Order
from pharmacy.orders.queries import first_dose_allowed_from
from pharmacy.orders.states import ORDER_STATES, OrderState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.policies.queries import text_of
from pharmacy.recalls.queries import check_nothing_recalled_in
from pharmacy.workflow.take_container import ChosenContainer, take_containers


class NothingToDispense(Refusal):
    """The order has no line, or a line has no batch."""


class BatchNotReleased(Refusal):
    """A batch set aside for the order is not released."""


class KeepsTooShort(Refusal):
    """The plan runs past the beyond-use date."""


class NotLookedAtAgain(Refusal):
    """A batch released on an earlier day has not been looked at again today."""


class DeviationStillOpen(Refusal):
    """A deviation of the batch has not been closed."""


class PapersNotPrinted(Refusal):
    """The label or the leaflet has not been printed."""


class FindingOpenAgain(Refusal):
    """A finding is open on an order about to be dispensed."""


class StartsTooEarly(Refusal):
    """The first dose would come before the earliest day the safety rules allow."""


@writing()
def dispense_order(
    *, order: Order, by: Actor, at: datetime, containers: Sequence[ChosenContainer] = ()
) -> list[Fill]:
    """Dispense an order and return its fills, one a line. The order closes in the same transaction.

    `containers` says which vials the capsules are in; of one that is not said, the first lot to expire is taken.
    Raises a named refusal when anything is missing; then nothing is written.
    """
    order = (
        Order.objects.select_related("prescription")
        .select_for_update(of=("self",))
        .get(pk=order.pk)
    )
    ORDER_STATES.find(order.state, OrderState.DISPENSED)
    start_on = _check_safety(order, on=timezone.localdate(at))
    allocations = _allocations(order)
    for allocation in allocations:
        _check_batch(allocation, start_on=start_on, on=timezone.localdate(at))
    missing = unprinted_papers(order)
    if missing:
        raise PapersNotPrinted(f"Print first: {', '.join(missing)}.")
    move_order(
        order,
        to=OrderState.DISPENSED,
        by=by,
        at=at,
        dispensed_at=at,
        dispensed_by_id=by.user_id,
    )
    fills = [_fill(allocation, by=by, at=at) for allocation in allocations]
    take_containers(fills=fills, chosen=containers, by=by, at=at)
    _schedule_followups(order, at=at)
    return fills


def _check_safety(order: Order, *, on: date) -> date:
    """Return the day of the first dose."""
    open_again = [finding.phrase for finding in order.findings.all() if finding.is_open]
    if open_again:
        raise FindingOpenAgain(f"Decide first about: {'; '.join(open_again)}.")
    start_on = order.start_on or on
    allowed_from = first_dose_allowed_from(order)
    if allowed_from is not None and start_on < allowed_from:
        raise StartsTooEarly(
            f"The first dose may not come before {wording.full_day(allowed_from)}."
        )
    return start_on


def _allocations(order: Order) -> list[Allocation]:
    lines = list(order.lines.order_by("position"))
    allocations = list(
        Allocation.objects.select_related("record", "line__order__prescription")
        .filter(line__in=lines, withdrawn_at__isnull=True)
        .order_by("line__position")
    )
    if not lines or len(allocations) != len(lines):
        raise NothingToDispense("Not every line of this order has a batch.")
    return allocations


def _check_batch(allocation: Allocation, *, start_on: date, on: date) -> None:
    record, line = allocation.record, allocation.line
    if record.state != BatchState.RELEASED:
        raise BatchNotReleased(
            f"Lot {record.number} is {record.get_state_display()}, not released."
        )
    check_nothing_recalled_in(record)
    if open_deviations(record).exists():
        raise DeviationStillOpen(f"A deviation of lot {record.number} is open. Close it first.")
    if needs_second_look(record, on=on):
        raise NotLookedAtAgain(
            f"Lot {record.number} was released on an earlier day. Look at it again, on its batch's page."
        )
    last_dose_on = start_on + timedelta(days=line.days_supply - 1)
    beyond_use_on = _known(record.beyond_use_on)
    if beyond_use_on < max(last_dose_on, on):
        raise KeepsTooShort(
            f"Lot {record.number} may be used until {wording.full_day(beyond_use_on)}, "
            f"but the last dose is on {wording.full_day(last_dose_on)}."
        )


def _fill(allocation: Allocation, *, by: Actor, at: datetime) -> Fill:
    fill = Fill.objects.create(
        line=allocation.line,
        record=allocation.record,
        quantity=allocation.quantity,
        dispensed_at=at,
        dispensed_by_id=person_in((Role.PHARMACIST,), by),
    )
    move_units(
        record=allocation.record,
        quantity=allocation.quantity,
        from_place=UnitPlace.STOCK,
        to_place=UnitPlace.PATIENT,
        reference=allocation.line.order.number,
        by=by,
        at=at,
    )
    record_event(
        event="order_filled",
        record=fill,
        by=by,
        at=at,
        new={"lot": allocation.record.number, "quantity": allocation.quantity},
    )
    return fill


def _schedule_followups(order: Order, *, at: datetime) -> None:
    schedule(kind=FollowUpKind.SEND_PLAN, due_at=at, order=order)
    for day in text_of("followup_days", on=timezone.localdate(at)).split(","):
        schedule(
            kind=FollowUpKind.CHECK_IN,
            due_at=at + timedelta(days=int(day)),
            order=order,
            sequence=int(day),
        )


def _known(day: date | None) -> date:
    """A released batch has a beyond-use date by constraint."""
    if day is None:
        raise BatchNotReleased("This lot has no beyond-use date.")
    return day
