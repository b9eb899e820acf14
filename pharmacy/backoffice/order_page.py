"""What stands on an order's page: the prescription, the answers, the findings, the plan, the decisions, the history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.backoffice import words
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.order_forms import (
    AnswerForm,
    AskForm,
    CancelForm,
    ClarifyForm,
    HoldForm,
    LiftForm,
    OverrideForm,
    VerifyPrescriberForm,
)
from pharmacy.backoffice.order_panel import Steps, steps_for
from pharmacy.backoffice.pages import StaffForm
from pharmacy.backoffice.plan_panel import Fact, first_day, plan_panel
from pharmacy.backoffice.queue import marks_of
from pharmacy.documents.queries import papers_of
from pharmacy.followups.queries import followups_of_order
from pharmacy.intake.questionnaire import SummaryRow, summary
from pharmacy.orders.models import (
    Allocation,
    FillContainer,
    Order,
    OrderFinding,
    OrderHold,
    Severity,
)
from pharmacy.orders.queries import with_rows
from pharmacy.orders.states import OrderState
from pharmacy.workflow.print_papers import PRINTABLE
from pharmacy.workflow.refill_order import Refills, refills_of
from pharmacy.workflow.screen_order import age_on, answers_with_prescription
from pharmacy.workflow.send_fresh_link import LinkState, state_of_link

_FORMS: dict[str, type[StaffForm]] = {
    "hold": HoldForm,
    "lift": LiftForm,
    "ask": AskForm,
    "answer": AnswerForm,
    "clarify": ClarifyForm,
    "cancel": CancelForm,
    "verify": VerifyPrescriberForm,
}


@dataclass(frozen=True)
class FindingRow:
    """A finding with the form to let it pass, when it is open and this person may."""

    finding: OrderFinding
    tone: str
    form: forms.Form | None


def order_page(
    request: StaffRequest, order_id: int, *, sent: tuple[str, forms.Form] | None = None
) -> dict[str, Any]:
    """Return the page's context. `sent` is the form that was refused, under its name. Raises Http404."""
    order = _with_everything(order_id)
    now = timezone.now()
    today = timezone.localdate(now)
    steps = steps_for(order, request)
    patient = order.prescription.patient
    return {
        "section": "queue",
        "order": order,
        "patient": patient,
        "born": _("%(day)s, %(age)s years")
        % {
            "day": wording.full_day(patient.date_of_birth),
            "age": age_on(patient.date_of_birth, today),
        },
        "age": words.age(order.received_at, now=now),
        "due": words.due(order.due_on, today=today),
        "marks": marks_of(order),
        "steps": steps,
        "next": _next_step(steps),
        "hold": _open_hold(order),
        "findings": _findings(order, request, sent),
        "prescribed": _prescribed(order),
        "typed": _as_typed(order),
        "answers": _answers(order),
        "plan": plan_panel(order, today=today),
        "batches": _batches(order),
        "handed_out_in": handed_out_in(order),
        "papers": papers_of(order) if order.state in PRINTABLE else [],
        "to_print": first_day(order, today=today) if order.state == OrderState.READY else None,
        "followups": followups_of_order(order),
        "link": _link(order, now),
        "refills": _refills(order, today),
        "calls": order.calls.select_related("done_by").order_by("pk"),
        "check_ins": order.check_ins.all(),
        "forms": _forms(sent),
        "sent": sent[0] if sent else "",
        "history": history_of(order, order.prescription, order.intake),
    }


def _with_everything(order_id: int) -> Order:
    found = (
        with_rows(Order.objects.filter(pk=order_id))
        .select_related(
            "prescription__patient",
            "prescription__prescriber__practice",
            "prescription__prescriber__verified_by",
            "prescription__substance",
            "prescription__condition",
            "intake",
            "approved_by",
            "dispensed_by",
        )
        .prefetch_related("prescription__clarifications__by", "check_ins")
        .first()
    )
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class LinkPanel:
    """How the patient's link stands, in words, and whether a fresh one is worth sending."""

    said: str
    tone: str
    offer: bool


def _link(order: Order, now: datetime) -> LinkPanel | None:
    """Return how the link stands; None when the patient has nothing to open."""
    state, link = state_of_link(order, at=now)
    if link is None:
        on_its_way = state == LinkState.ON_ITS_WAY
        return LinkPanel(_("A fresh link is on its way."), "plain", False) if on_its_way else None
    sent = {
        "sent": wording.day(timezone.localdate(link.created_at)),
        "until": wording.day(timezone.localdate(link.expires_at)),
    }
    said, tone, offer = {
        LinkState.UNOPENED: (
            _("Mailed on %(sent)s, opens until %(until)s, never opened."),
            "hold",
            True,
        ),
        LinkState.OPENED: (_("Mailed on %(sent)s, opened, good until %(until)s."), "ok", False),
        LinkState.EXPIRED: (_("Mailed on %(sent)s, too old since %(until)s."), "stop", True),
        LinkState.LOCKED: (
            _(
                "Mailed on %(sent)s, closed after too many wrong dates of birth. Make sure who asks."
            ),
            "stop",
            True,
        ),
    }[state]
    return LinkPanel(said % sent, tone, offer)


def _refills(order: Order, today: date) -> Refills | None:
    """Return the fills of the prescription and whether another may be started; None before the first was dispensed."""
    if order.fill_number == 0 and order.state != OrderState.DISPENSED:
        return None
    return refills_of(order.prescription, on=today)


def _next_step(steps: Steps) -> str:
    """Return the name of what is to be done first; it stands at the top of the page."""
    for name in ("decide", "approve", "lift", "answer", "plan_batch", "dispense"):
        if getattr(steps, name):
            return name
    return ""


def _open_hold(order: Order) -> OrderHold | None:
    return next((hold for hold in order.holds.all() if hold.lifted_at is None), None)


@dataclass(frozen=True)
class FindingRows:
    """What asks for a decision or got one, and what is only to be said to the patient."""

    to_decide: tuple[FindingRow, ...]
    to_counsel: tuple[FindingRow, ...]


def _findings(
    order: Order, request: StaffRequest, sent: tuple[str, forms.Form] | None
) -> FindingRows:
    may = actor(request).is_pharmacist
    rows = []
    for finding in order.findings.all():
        key = f"finding-{finding.pk}"
        form = sent[1] if sent and sent[0] == key else OverrideForm(prefix=key)
        shown = form if may and finding.is_open else None
        rows.append(FindingRow(finding=finding, tone=words.tone(finding), form=shown))
    rows.sort(key=lambda row: (not row.finding.is_open, row.finding.severity))
    return FindingRows(
        to_decide=tuple(row for row in rows if row.finding.severity != Severity.COUNSEL),
        to_counsel=tuple(row for row in rows if row.finding.severity == Severity.COUNSEL),
    )


def _prescribed(order: Order) -> list[Fact]:
    rx = order.prescription
    reason = rx.get_reason_display()
    condition = rx.condition.name if rx.condition else rx.condition_text
    told = [
        Fact(_("Medicine"), f"{rx.substance.name}, {rx.get_dosage_form_display()}"),
        Fact(_("Strength"), words.strength(rx.strength, order.lines.all()[0].formula)),
        Fact(_("Directions"), rx.directions),
        Fact(_("Added by the prescriber"), rx.extra_directions),
        Fact(_("Refills"), str(rx.refills)),
        Fact(_("Why compounded"), f"{reason}. {rx.reason_text}".strip()),
        Fact(_("For"), condition),
        Fact(_("Allergies, as the prescriber knows them"), rx.allergies),
        Fact(_("Leave out"), rx.exclusions),
        Fact(_("Prescriber says: no opioids"), _("Yes") if rx.says_opioid_free else _("Not said")),
        Fact(_("Signed"), rx.signed_name),
    ]
    return [fact for fact in told if fact.value]


def _as_typed(order: Order) -> list[Fact]:
    return [
        Fact(str(key).replace("_", " "), str(value))
        for key, value in order.prescription.as_typed.items()
        if value not in ("", None, [], {})
    ]


def _answers(order: Order) -> tuple[SummaryRow, ...]:
    """Return the patient's answers in words, in the order of the questions."""
    if order.intake is None:
        return ()
    return summary(answers_with_prescription(order.intake.answers, order))


def _batches(order: Order) -> list[Allocation]:
    return list(
        Allocation.objects.filter(line__order=order)
        .select_related("record__formula", "line")
        .order_by("withdrawn_at", "-pk")
    )


def handed_out_in(order: Order) -> list[FillContainer]:
    """Return the containers that a dispensed order was handed out in."""
    if order.state != OrderState.DISPENSED:
        return []
    found = FillContainer.objects.filter(fill__line__order=order)
    return list(found.select_related("fill", "ingredient", "lot").order_by("pk"))


def _forms(sent: tuple[str, forms.Form] | None) -> dict[str, forms.Form]:
    fresh: dict[str, forms.Form] = {key: kind() for key, kind in _FORMS.items()}
    return fresh | ({sent[0]: sent[1]} if sent else {})
