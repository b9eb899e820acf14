"""What stands beside the queue: one order at a glance, and what may be done with it from here."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from compounding import wording
from pharmacy.backoffice import queue
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.order_forms import HoldForm
from pharmacy.backoffice.plan_panel import PlanPanel, plan_panel
from pharmacy.orders.models import Order, OrderHold
from pharmacy.orders.states import ORDER_STATES, OrderState


@dataclass(frozen=True)
class Steps:
    """Which decisions this person may take about an order now. `decide`: findings stand before the approval."""

    decide: bool
    approve: bool
    hold: bool
    lift: bool
    ask: bool
    answer: bool
    cancel: bool
    plan_batch: bool
    dispense: bool


@dataclass(frozen=True)
class OrderPanel:
    """One order beside the list."""

    order: Order
    born: str
    marks: tuple[queue.Mark, ...]
    plan: PlanPanel
    steps: Steps
    hold: OrderHold | None
    hold_form: HoldForm
    then: int | None
    """The order that comes next in the list, to go on with."""


def steps_for(order: Order, request: StaffRequest) -> Steps:
    """Return the decisions that the state table leaves this person."""
    by, here = actor(request), order.state

    def can(*targets: OrderState) -> bool:
        return any(ORDER_STATES.can_move(here, target, by) for target in targets)

    held = here == OrderState.ON_HOLD
    reviews = here == OrderState.IN_REVIEW and can(OrderState.APPROVED)
    blocked = any(finding.is_open for finding in order.findings.all())
    return Steps(
        decide=reviews and blocked,
        approve=reviews and not blocked,
        hold=can(OrderState.ON_HOLD),
        lift=held and by.is_pharmacist,
        ask=not held and can(OrderState.NEEDS_ANSWER),
        answer=here == OrderState.NEEDS_ANSWER and can(OrderState.IN_REVIEW),
        cancel=can(OrderState.CANCELLED),
        plan_batch=here == OrderState.APPROVED and can(OrderState.IN_COMPOUNDING),
        dispense=here == OrderState.READY,
    )


def order_panel(order: Order, *, list_key: str, by: StaffRequest, now: datetime) -> OrderPanel:
    """Return the panel of an order that came with `orders.queries.with_rows`."""
    return OrderPanel(
        order=order,
        born=wording.full_day(order.prescription.patient.date_of_birth),
        marks=queue.marks_of(order),
        plan=plan_panel(order, today=timezone.localdate(now)),
        steps=steps_for(order, by),
        hold=next((hold for hold in order.holds.all() if hold.lifted_at is None), None),
        hold_form=HoldForm(),
        then=queue.next_in(list_key, order),
    )
