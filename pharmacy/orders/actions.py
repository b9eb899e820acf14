"""Writing orders: the rows, the holds, the findings. Which moment calls what stands in the workflow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event
from pharmacy.audit.transitions import move
from pharmacy.orders.models import (
    Order,
    OrderFinding,
    OrderHold,
    OrderLine,
    Prescription,
)
from pharmacy.orders.plans import Plan
from pharmacy.orders.states import ORDER_STATES, OrderState
from pharmacy.people.actors import Actor

FIRST_RX_NUMBER = 10_001


class AlreadyHeld(Refusal):
    """The order is on hold already."""


class NotHeld(Refusal):
    """There is no hold to lift."""


class SaysNothing(Refusal):
    """A reason or an answer is missing."""


@dataclass(frozen=True)
class NewFinding:
    """A finding about to be raised on an order."""

    kind: str
    severity: str
    phrase: str
    evidence: str
    pharmacist_text: str
    prescriber_text: str = ""
    patient_text: str = ""
    source: str = ""
    earliest_start_on: date | None = None
    min_override_on: date | None = None


def next_rx_number() -> int:
    """Return the next Rx number. Call it inside `writing()`, whose lock makes it unique."""
    newest = Prescription.objects.aggregate(newest=Max("number"))["newest"]
    return (newest or FIRST_RX_NUMBER - 1) + 1


def create_order(
    *,
    prescription: Prescription,
    plan: Plan,
    due_on: date,
    by: Actor,
    at: datetime,
    fill_number: int = 0,
    from_step: int = 1,
) -> Order:
    """Return an order of a prescription with its line: the first, or a refill under its own number."""
    order = Order.objects.create(
        prescription=prescription,
        fill_number=fill_number,
        from_step=from_step,
        received_at=at,
        due_on=due_on,
    )
    OrderLine.objects.create(
        order=order,
        position=1,
        formula=plan.formula,
        strength=plan.strength,
        quantity=plan.quantity,
        directions=plan.directions,
        days_supply=plan.total_days,
    )
    record_event(
        event="order_received",
        record=order,
        by=by,
        at=at,
        new={"state": order.state, "rx": order.number},
    )
    return order


def move_order(
    order: Order, *, to: OrderState, by: Actor, at: datetime, note: str = "", **fields: object
) -> None:
    """Move an order along its state table. The one place an order's state changes."""
    move(order, table=ORDER_STATES, to=to, by=by, at=at, note=note, **fields)


def raise_findings(
    order: Order, *, findings: Iterable[NewFinding], by: Actor, at: datetime
) -> list[OrderFinding]:
    """Return the rows of the findings, one each, with an audit event that names their rules only."""
    rows = OrderFinding.objects.bulk_create(
        OrderFinding(order=order, raised_at=at, **vars(finding)) for finding in findings
    )
    if rows:
        kinds = " ".join(row.kind for row in rows)
        record_event(
            event="order_findings_raised", record=order, by=by, at=at, new={"rules": kinds}
        )
    return rows


def place_hold(
    order: Order,
    *,
    reason: str,
    lifted_when: str,
    by: Actor,
    at: datetime,
    returns_to: OrderState | None = None,
) -> OrderHold:
    """Hold an order and return the hold. Raises AlreadyHeld, SaysNothing, or the state table's refusals."""
    if order.state == OrderState.ON_HOLD:
        raise AlreadyHeld("This order is on hold already.")
    if not reason.strip() or not lifted_when.strip():
        raise SaysNothing("A hold says why, and what would lift it.")
    hold = OrderHold(
        order=order,
        reason=reason.strip(),
        lifted_when=lifted_when.strip(),
        returns_to=returns_to or order.state,
        placed_at=at,
        placed_by_id=by.user_id,
    )
    move_order(order, to=OrderState.ON_HOLD, by=by, at=at)
    hold.save(force_insert=True)
    return hold


def end_hold(order: Order, *, note: str, by: Actor, at: datetime) -> OrderHold:
    """Lift the open hold, send the order back to where it was, and return the hold."""
    if not note.strip():
        raise SaysNothing("Write down what you found out. It stays with the order.")
    hold = open_hold(order)
    if hold is None:
        raise NotHeld("This order is not on hold.")
    hold.lifted_at, hold.lifted_by_id, hold.lift_note = at, by.user_id, note.strip()
    move_order(order, to=OrderState(hold.returns_to), by=by, at=at)
    hold.save(update_fields=["lifted_at", "lifted_by", "lift_note"])
    return hold


def open_hold(order: Order) -> OrderHold | None:
    """Return the hold an order is under, if any."""
    return order.holds.filter(lifted_at__isnull=True).first()


def let_pass(finding: OrderFinding, *, reason: str, by: Actor, at: datetime) -> None:
    """Record that a pharmacist lets a finding pass, and why."""
    finding.overridden_at, finding.overridden_by_id = at, by.user_id
    finding.override_reason = reason.strip()
    finding.save(update_fields=["overridden_at", "overridden_by", "override_reason"])
    record_event(
        event="order_finding_overridden",
        record=finding.order,
        by=by,
        at=at,
        new={"rule": finding.kind, "finding": finding.pk},
    )
