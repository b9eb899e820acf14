"""The work queue: which lists there are, how many stand in each, what one row says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from pharmacy.backoffice import words
from pharmacy.backoffice.counts import counted, in_words
from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.states import BatchState
from pharmacy.contacts.models import Enquiry
from pharmacy.contacts.states import EnquiryState
from pharmacy.followups.queries import calls_to_make, check_ins_to_see, failed_messages
from pharmacy.orders.models import Order, Severity
from pharmacy.orders.plans import plan_of_order
from pharmacy.orders.queries import (
    QUEUES,
    counts_by_queue,
    first_dose_allowed_from,
    orders_in,
)
from pharmacy.orders.states import OrderState

ROWS_A_PAGE = 50
OPEN_BATCHES = (BatchState.PLANNED, BatchState.WEIGHING, BatchState.COMPOUNDED)

ORDER_LISTS: dict[str, Promise] = {
    "review": gettext_lazy("Review"),
    "needs_answer": gettext_lazy("Needs an answer"),
    "on_hold": gettext_lazy("On hold"),
    "waiting": gettext_lazy("Waiting for patient"),
    "ready": gettext_lazy("Ready to dispense"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the rail: a list and how many stand in it."""

    key: str
    label: str
    count: int
    url: str

    @property
    def shown(self) -> str:
        """Return the count as a person reads it."""
        return in_words(self.count)


@dataclass(frozen=True)
class Section:
    """A titled part of the rail."""

    title: str
    entries: tuple[Entry, ...]


def rail() -> tuple[Section, ...]:
    """Return every list with its count: six queries, each over open rows only and bounded."""
    orders, batches = counts_by_queue(), _counts_of_batches()
    queue = reverse("admin:index")

    def order_list(key: str) -> Entry:
        return Entry(key, str(ORDER_LISTS[key]), orders[key], f"{queue}?list={key}")

    def page(key: str, label: str, count: int, name: str, query: str = "") -> Entry:
        return Entry(key, label, count, reverse(f"admin:{name}") + query)

    enquiries = counted(Enquiry.objects.filter(state=EnquiryState.OPEN))
    calls = counted(calls_to_make(at=timezone.now()))
    return (
        Section(
            _("Orders"),
            tuple(order_list(key) for key in ("review", "needs_answer", "on_hold", "waiting")),
        ),
        Section(
            _("Bench"),
            (
                page("to_make", _("To make"), orders["to_make"], "to_make"),
                page("making", _("Being made"), batches["making"], "batches", "?list=making"),
                page("verify", _("Verify batches"), batches["verify"], "batches", "?list=verify"),
                order_list("ready"),
            ),
        ),
        Section(
            _("Follow up"),
            (
                page("enquiries", _("Enquiries"), enquiries, "enquiries"),
                page("check_ins", _("Check-ins to see"), counted(check_ins_to_see()), "check_ins"),
                page("calls", _("Calls to make"), calls, "calls"),
                page("messages", _("Failed messages"), counted(failed_messages()), "messages"),
            ),
        ),
    )


def _counts_of_batches() -> dict[str, int]:
    open_states = (*OPEN_BATCHES, BatchState.CHECKED)
    return CompoundingRecord.objects.filter(state__in=open_states).aggregate(
        making=Count("pk", filter=Q(state__in=OPEN_BATCHES)),
        verify=Count("pk", filter=Q(state=BatchState.CHECKED)),
    )


@dataclass(frozen=True)
class Mark:
    """A short phrase with how loud it is: a word stands in it, the colour only helps."""

    text: str
    tone: str


@dataclass(frozen=True)
class OrderRow:
    """One order of a list, in words."""

    id: int
    number: str
    what: str
    patient: str
    born: str
    medicine: str
    plan: str
    due: str
    late: bool
    marks: tuple[Mark, ...]
    note: str


@dataclass(frozen=True)
class OrderPage:
    """A page of a list, and where the next one begins ("" at the end)."""

    rows: tuple[OrderRow, ...]
    orders: tuple[Order, ...]
    after: str


def page_of_orders(key: str, *, after: str, now: datetime) -> OrderPage:
    """Return a page of a list, the soonest due first. `after` is where the page before it ended."""
    found = list(_beyond(orders_in(key), after)[: ROWS_A_PAGE + 1])
    shown = found[:ROWS_A_PAGE]
    more = len(found) > ROWS_A_PAGE
    return OrderPage(
        rows=tuple(order_row(order, now=now) for order in shown),
        orders=tuple(shown),
        after=place_of(shown[-1]) if more else "",
    )


def next_in(key: str, order: Order) -> int | None:
    """Return the id of the order that follows in a list."""
    waiting = Order.objects.filter(state__in=QUEUES[key]).order_by("due_on", "id")
    return _beyond(waiting, place_of(order)).values_list("pk", flat=True).first()


def place_of(order: Order) -> str:
    """Return where an order stands in a list, as it goes into an address."""
    return f"{order.due_on.isoformat()}.{order.pk}"


def _beyond(orders: QuerySet[Order], after: str) -> QuerySet[Order]:
    """Return the orders behind a place. A place nobody could have been given is the beginning."""
    on, _dot, number = after.partition(".")
    try:
        day, last = date.fromisoformat(on), int(number)
    except ValueError:
        return orders
    # The first condition alone lets the index (state, due_on, id) begin at the right row.
    return orders.filter(due_on__gte=day).filter(Q(due_on__gt=day) | Q(pk__gt=last))


def order_row(order: Order, *, now: datetime) -> OrderRow:
    """Return what a list says of an order that came with `orders.queries.with_rows`."""
    today = timezone.localdate(now)
    plan, patient = plan_of_order(order), order.prescription.patient
    return OrderRow(
        id=order.pk,
        number=order.number,
        what=f"{words.fill_word(order)}, {words.age(order.received_at, now=now)}",
        patient=patient.full_name,
        born=wording.full_day(patient.date_of_birth),
        medicine=words.medicine(plan),
        plan=words.plan_in_short(plan),
        due=words.due(order.due_on, today=today),
        late=order.due_on < today,
        marks=marks_of(order),
        note=_note(order),
    )


def marks_of(order: Order) -> tuple[Mark, ...]:
    """Return what could change the decision: open findings, or that there are none."""
    findings = list(order.findings.all())
    still_open = [finding for finding in findings if finding.is_open]
    if still_open:
        loudest_first = sorted(
            still_open, key=lambda finding: finding.severity != Severity.ABSOLUTE
        )
        return tuple(Mark(finding.phrase, words.tone(finding)) for finding in loudest_first)
    if order.screened_at is None:
        return (Mark(_("Not answered yet"), "plain"),)
    passed = sum(1 for finding in findings if finding.overridden_at is not None)
    if passed:
        return (Mark(_("%(count)s let pass") % {"count": passed}, "done"),)
    return (Mark(_("Clean"), "clean"),)


def _note(order: Order) -> str:
    if order.state == OrderState.ON_HOLD:
        return next((hold.lifted_when for hold in order.holds.all() if hold.lifted_at is None), "")
    earliest = first_dose_allowed_from(order)
    return _("earliest start %(day)s") % {"day": wording.day(earliest)} if earliest else ""


def chosen(orders: Sequence[Order], asked: str) -> Order | None:
    """Return the order asked for, or the first: it is the one to do next."""
    return next(
        (order for order in orders if str(order.pk) == asked), orders[0] if orders else None
    )
