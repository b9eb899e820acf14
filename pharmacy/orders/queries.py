"""Reading orders for the queue and the pages. Pages are cut by key, never by offset."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Prefetch, QuerySet

from pharmacy.contacts.models import Prescriber
from pharmacy.orders.models import Order, OrderFinding
from pharmacy.orders.states import OrderState

QUEUES: dict[str, Sequence[OrderState]] = {
    "review": (OrderState.IN_REVIEW,),
    "needs_answer": (OrderState.NEEDS_ANSWER,),
    "on_hold": (OrderState.ON_HOLD,),
    "waiting": (OrderState.RECEIVED,),
    "to_make": (OrderState.APPROVED,),
    "being_made": (OrderState.IN_COMPOUNDING,),
    "ready": (OrderState.READY,),
}


def orders_in(queue: str) -> QuerySet[Order]:
    """Return the orders of a queue, the soonest due first, with everything a row of the list shows."""
    return with_rows(Order.objects.filter(state__in=QUEUES[queue])).order_by("due_on", "id")


def with_rows(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Add what a row shows: prescription, patient, prescriber, steps, line with formula, findings, open hold."""
    return orders.select_related(
        "prescription__patient", "prescription__prescriber", "prescription__substance"
    ).prefetch_related(
        "prescription__steps",
        "lines__formula__strength_substance",
        Prefetch("findings", queryset=_findings()),
        "holds",
    )


def _findings() -> QuerySet[OrderFinding]:
    return OrderFinding.objects.select_related("overridden_by").order_by("severity", "id")


def counts_by_queue() -> dict[str, int]:
    """Return how many orders stand in each queue: one query, over open states only."""
    open_states = [state for states in QUEUES.values() for state in states]
    by_state = dict(
        Order.objects.filter(state__in=open_states)
        .values_list("state")
        .annotate(rows=Count("id"))
        .values_list("state", "rows")
    )
    return {
        name: sum(by_state.get(state, 0) for state in states) for name, states in QUEUES.items()
    }


def order_to_show(order_id: int) -> Order:
    """Return one order with everything a row of the list shows."""
    return with_rows(Order.objects.all()).get(pk=order_id)


def first_dose_allowed_from(order: Order) -> date | None:
    """Return the first day on which the safety findings allow a dose; None when none of them says.

    A finding that a pharmacist let pass still holds the least wait that the policy leaves them.
    """
    days = [finding.first_dose_from for finding in order.findings.all()]
    return max((day for day in days if day is not None), default=None)


def orders_of_prescriber(
    prescriber: Prescriber, *, before: int | None = None, at_most: int = 25
) -> list[Order]:
    """Return a prescriber's orders, newest first, those older than order `before` when it is given."""
    orders = with_rows(Order.objects.filter(prescription__prescriber=prescriber))
    if before is not None:
        orders = orders.filter(pk__lt=before)
    return list(orders.order_by("-pk")[:at_most])
