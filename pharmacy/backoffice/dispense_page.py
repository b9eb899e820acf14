"""What stands on the page where an order is handed over: the papers, the last checks, the button."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.backoffice import words
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.container_panel import HandOverForm, container_panel
from pharmacy.backoffice.order_forms import PrintForm
from pharmacy.backoffice.order_page import handed_out_in
from pharmacy.backoffice.plan_panel import plan_panel
from pharmacy.backoffice.printing import job_of
from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.queries import needs_second_look
from pharmacy.batches.states import BatchState
from pharmacy.documents.label_formats import STOCK
from pharmacy.documents.queries import Paper, papers_of
from pharmacy.documents.states import DocumentState
from pharmacy.orders.models import Allocation, FillContainer, Order
from pharmacy.orders.queries import first_dose_allowed_from, with_rows
from pharmacy.orders.states import ORDER_STATES, OrderState
from pharmacy.policies.queries import NoPolicy, text_of
from pharmacy.workflow.print_papers import PRINTABLE, proposed_start
from pharmacy.workflow.take_container import NeededContainer, containers_needed


@dataclass(frozen=True)
class LastCheck:
    """One thing that must be so before an order is handed over, in words. The workflow checks it again."""

    text: str
    holds: bool
    batch_id: int | None = None
    """Where it is put right, when that is on a batch's page."""


@dataclass(frozen=True)
class Container:
    """What is handed over: how many, from which lot, to be used until when; and once it is, in which containers."""

    allocation: Allocation
    what: str
    beyond_use: str
    handed_out_in: tuple[FillContainer, ...]


def needed_for(order: Order) -> list[NeededContainer]:
    """Return the containers that an order which is ready would be handed out in today.

    None while nobody has decided whether their lots are kept: handing over then asks for the decision.
    """
    if order.state != OrderState.READY:
        return []
    try:
        return containers_needed(list(order.lines.all()), on=timezone.localdate())
    except NoPolicy:
        return []


def dispense_page(
    request: StaffRequest,
    order_id: int,
    *,
    print_form: forms.Form | None = None,
    hand_over: HandOverForm | None = None,
) -> dict[str, Any]:
    """Return the page's context. Raises Http404. A form that is given was refused."""
    order = with_rows(Order.objects.filter(pk=order_id)).select_related("dispensed_by").first()
    if order is None:
        raise Http404
    today = timezone.localdate()
    papers = papers_of(order)
    allocations = _allocations(order)
    start_on = proposed_start(order, on=today)
    is_pharmacist = actor(request).is_pharmacist
    job = job_of(request.session, order_id)
    taken = handed_out_in(order)
    asked = request.GET if hand_over is None else request.POST
    scans = [scan for scan in asked.getlist("scanned") if scan.strip()]
    panel = container_panel(needed_for(order), scans=scans, form=hand_over)
    under_way = job is not None and job.is_under_way(at=timezone.now())
    return {
        "section": "queue",
        "order": order,
        "patient": order.prescription.patient,
        "born": wording.full_day(order.prescription.patient.date_of_birth),
        "plan": plan_panel(order, today=start_on),
        "containers": [_container(each, taken) for each in allocations],
        "panel": panel,
        "papers": papers,
        "waiting": under_way or any(_is_waiting(paper) for paper in papers),
        "printed": all(paper.is_printed for paper in papers),
        "printed_before": any(event.by_id for paper in papers for event in paper.prints),
        "checks": _last_checks(order, allocations, papers, start_on=start_on, today=today),
        "may_print": order.state in PRINTABLE,
        "may_dispense": ORDER_STATES.can_move(order.state, OrderState.DISPENSED, actor(request)),
        "is_ready": order.state == OrderState.READY,
        "is_pharmacist": is_pharmacist,
        "print_form": print_form or PrintForm(initial=_at_first(start_on, today=today)),
    }


def _at_first(start_on: date, *, today: date) -> dict[str, Any]:
    """What the print form proposes: the first day, and the labels that the policy names."""
    return {"start_on": start_on, "stock": text_of(STOCK, on=today), "start_position": 1}


def _is_waiting(paper: Paper) -> bool:
    return paper.document is not None and paper.document.state == DocumentState.REQUESTED


def _allocations(order: Order) -> list[Allocation]:
    return list(
        Allocation.objects.filter(line__order=order, withdrawn_at__isnull=True)
        .select_related("record__formula", "line")
        .order_by("line__position")
    )


def _container(allocation: Allocation, taken: list[FillContainer]) -> Container:
    record = allocation.record
    strength = words.strength(allocation.line.strength, record.formula)
    return Container(
        allocation=allocation,
        what=_("%(units)s of %(strength)s")
        % {"units": words.units(allocation.quantity, record.formula), "strength": strength},
        beyond_use=wording.full_day(record.beyond_use_on) if record.beyond_use_on else "–",
        handed_out_in=tuple(each for each in taken if each.fill.line_id == allocation.line_id),
    )


def _last_checks(
    order: Order,
    allocations: list[Allocation],
    papers: list[Paper],
    *,
    start_on: date,
    today: date,
) -> list[LastCheck]:
    still_open = [finding.phrase for finding in order.findings.all() if finding.is_open]
    unprinted = [paper.name for paper in papers if not paper.is_printed]
    return [
        LastCheck(
            _("No finding is open") if not still_open else "; ".join(still_open), not still_open
        ),
        LastCheck(
            _("Every line has a released batch"),
            len(allocations) == len(order.lines.all())
            and all(each.record.state == BatchState.RELEASED for each in allocations),
        ),
        *(_keeps(each, start_on, today) for each in allocations),
        *(_looked_at(each.record, today) for each in allocations),
        _starts(order, start_on),
        LastCheck(
            _("Label and leaflet are printed")
            if not unprinted
            else _("Not printed yet: %(papers)s") % {"papers": ", ".join(unprinted)},
            not unprinted,
        ),
    ]


def _keeps(allocation: Allocation, start_on: date, today: date) -> LastCheck:
    last_dose_on = start_on + timedelta(days=allocation.line.days_supply - 1)
    until = allocation.record.beyond_use_on
    keeps = until is not None and until >= max(last_dose_on, today)
    return LastCheck(
        _("Lot %(lot)s may be used until %(until)s; the last dose is on %(last)s")
        % {
            "lot": allocation.record.number,
            "until": wording.full_day(until) if until else "–",
            "last": wording.full_day(last_dose_on),
        },
        keeps,
    )


def _looked_at(record: CompoundingRecord, today: date) -> LastCheck:
    waits = needs_second_look(record, on=today)
    said = (
        _("Lot %(lot)s was released on an earlier day: look at it again")
        if waits
        else _("Lot %(lot)s was looked at today")
    )
    return LastCheck(said % {"lot": record.number}, not waits, record.pk if waits else None)


def _starts(order: Order, start_on: date) -> LastCheck:
    earliest = first_dose_allowed_from(order)
    if earliest is None:
        return LastCheck(_("First dose on %(day)s") % {"day": wording.full_day(start_on)}, True)
    return LastCheck(
        _("First dose on %(day)s, allowed from %(from)s")
        % {"day": wording.full_day(start_on), "from": wording.full_day(earliest)},
        start_on >= earliest,
    )
