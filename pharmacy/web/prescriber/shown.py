"""An order as the prescriber reads it back: the check page, the confirmation, the list of orders."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from compounding import wording
from pharmacy.orders.models import CompoundingReason, Order, TimeOfDay
from pharmacy.orders.plans import Plan, plan_of_order
from pharmacy.orders.states import OrderState
from pharmacy.web.plans import ShownPlan, shown_plan
from pharmacy.web.prescriber.catalogue import OTHER
from pharmacy.web.prescriber.page import OrderPage
from pharmacy.web.us_states import STATES


@dataclass(frozen=True, slots=True)
class Row:
    """One line of "check your answers": what was asked, what was said, and where to change it."""

    label: str
    value: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together."""

    title: str
    rows: tuple[Row, ...]
    starts_column: bool = False


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order that was sent."""

    number: str
    sent_on: str
    patient: str
    medicine: str
    state: str
    state_kind: str
    directions: str
    plan: ShownPlan | None = None
    is_verified: bool = True


_STATE_WORDS = {
    OrderState.RECEIVED: _lazy("waiting for the patient's answers"),
    OrderState.IN_REVIEW: _lazy("a pharmacist is reading it"),
    OrderState.NEEDS_ANSWER: _lazy("we need an answer from you"),
    OrderState.ON_HOLD: _lazy("on hold: a pharmacist will call"),
    OrderState.APPROVED: _lazy("approved, to be made"),
    OrderState.IN_COMPOUNDING: _lazy("being made"),
    OrderState.READY: _lazy("ready"),
    OrderState.DISPENSED: _lazy("dispensed"),
    OrderState.CANCELLED: _lazy("cancelled"),
}
_STATE_KINDS = {
    OrderState.ON_HOLD: "hold",
    OrderState.NEEDS_ANSWER: "hold",
    OrderState.CANCELLED: "stop",
    OrderState.RECEIVED: "plain",
}


def summary_of(page: OrderPage, plan: Plan) -> list[Group]:
    """Return everything that was typed, in groups, as it will be sent."""
    return [
        _medicine_rows(page, plan),
        _patient_rows(page),
        _why_rows(page),
        _prescriber_rows(page),
    ]


def shown_order(order: Order, *, with_plan: bool = True) -> ShownOrder:
    """Return an order for its prescriber."""
    prescription = order.prescription
    line = min(order.lines.all(), key=lambda line: line.position)
    return ShownOrder(
        number=order.number,
        sent_on=wording.full_day(timezone.localdate(order.received_at)),
        patient=prescription.patient.full_name,
        medicine=line.formula.name,
        state=str(_STATE_WORDS[OrderState(order.state)]),
        state_kind=_STATE_KINDS.get(OrderState(order.state), ""),
        directions=line.directions,
        plan=shown_plan(plan_of_order(order)) if with_plan else None,
        is_verified=prescription.prescriber.is_verified,
    )


def _prescriber_rows(page: OrderPage) -> Group:
    who = page.prescriber_line()
    if page.known is not None:
        line = f"{page.known}\n{page.known.practice}, NPI {page.known.npi}"
        return Group(_("Prescriber"), (Row(_("Signed in as"), line, ""),))
    rows = [
        Row(_("Name"), f"{who['prescriber_name']}, {who['credential']}", "id_prescriber_name"),
        Row(_("NPI"), who["npi"], "id_npi"),
        Row(_("Practice"), who["practice_name"], "id_practice_name"),
        Row(_("Phone"), who["practice_phone"], "id_practice_phone"),
        Row(_("Email"), who["prescriber_email"], "id_prescriber_email"),
        Row(_("Fax"), who["practice_fax"] or _("None"), "id_practice_fax"),
    ]
    return Group(_("Prescriber"), tuple(rows))


def _patient_rows(page: OrderPage) -> Group:
    typed = page.prescription.cleaned_data
    address = (
        f"{typed['street']}\n{typed['city']}, {dict(STATES)[typed['state']]} {typed['zip_code']}"
    )
    rows = [
        Row(_("Full name"), typed["patient_name"], "id_patient_name"),
        Row(_("Date of birth"), wording.full_day(typed["date_of_birth"]), "id_date_of_birth_0"),
        Row(_("Email"), typed["patient_email"], "id_patient_email"),
        Row(_("Phone"), typed["patient_phone"], "id_patient_phone"),
        Row(_("Address"), address, "id_street"),
        Row(_("Allergies"), typed["allergies"], "id_allergies"),
    ]
    return Group(_("Patient"), tuple(rows), starts_column=True)


def _medicine_rows(page: OrderPage, plan: Plan) -> Group:
    typed = page.prescription.cleaned_data
    strength = f"{wording.number(plan.strength)} {plan.formula.strength_unit}"
    rows = [
        Row(_("Medicine"), plan.formula.name, "id_product"),
        Row(_("Strength"), strength, "id_product"),
        Row(_("Time of day"), str(TimeOfDay(typed["time_of_day"]).label), "id_time_of_day_0"),
        Row(_("Directions"), plan.directions, "id_extra_directions"),
        Row(_("Quantity"), plan.quantity_words, "plan"),
        Row(_("Refills"), str(typed["refills"]), "id_refills"),
        Row(_("Leave out"), typed["exclusions"] or _("Nothing"), "id_exclusions"),
    ]
    return Group(_("Medicine"), tuple(rows))


def _why_rows(page: OrderPage) -> Group:
    typed = page.prescription.cleaned_data
    field = page.prescription.fields["condition_code"]
    named = dict(field.choices)  # type: ignore[attr-defined]
    condition = (
        typed["condition_text"]
        if typed["condition_code"] == OTHER
        else named[typed["condition_code"]]
    )
    reason = str(CompoundingReason(typed["reason"]).label)
    rows = [
        Row(_("For"), condition, "id_condition_code"),
        Row(
            _("Why compounded"),
            ". ".join(filter(None, (reason, typed["reason_text"]))),
            "id_reason_0",
        ),
        Row(_("Opioids"), _("You confirm that this patient takes none"), "id_says_opioid_free"),
    ]
    return Group(_("Why and safety"), tuple(rows))
