"""A pharmacist reviews an order: lets findings pass, asks, holds, lifts, approves, cancels."""

from datetime import datetime

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.contacts.models import Prescriber
from pharmacy.followups.actions import drop
from pharmacy.orders.actions import (
    SaysNothing,
    end_hold,
    let_pass,
    move_order,
    place_hold,
)
from pharmacy.orders.models import Clarification, Order, OrderFinding, OrderHold, Prescription
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.check_prescription import NO_LEAFLET, PRESCRIBER_NOT_VERIFIED

PHARMACIST = (Role.PHARMACIST,)


class FindingsOpen(Refusal):
    """Findings still stand in the way."""


class NotScreened(Refusal):
    """The patient's answers have not been screened."""


class AlreadyLetPass(Refusal):
    """The finding was let pass before."""


class ReasonDoesNotDo(Refusal):
    """The finding is settled by what is missing, not by a reason."""


class AlreadyVerified(Refusal):
    """The prescriber was verified before."""


@writing()
def approve_order(*, order: Order, by: Actor, at: datetime) -> Order:
    """Approve an order to be made. Raises NotScreened, FindingsOpen, or the state table's refusals."""
    order = _fresh(order)
    if order.screened_at is None:
        raise NotScreened("The patient has not answered the safety questions yet.")
    still_open = [finding.phrase for finding in order.findings.all() if finding.is_open]
    if still_open:
        raise FindingsOpen(f"Decide first about: {'; '.join(still_open)}.")
    move_order(
        order, to=OrderState.APPROVED, by=by, at=at, approved_at=at, approved_by_id=by.user_id
    )
    return order


@writing()
def hold_order(
    *, order: Order, reason: str, lifted_when: str, by: Actor, at: datetime
) -> OrderHold:
    """Hold an order; returns the hold."""
    return place_hold(_fresh(order), reason=reason, lifted_when=lifted_when, by=by, at=at)


@writing()
def lift_hold(*, order: Order, note: str, by: Actor, at: datetime) -> OrderHold:
    """Lift the hold with what was found out; the order goes back to where it was held."""
    return end_hold(_fresh(order), note=note, by=by, at=at)


@writing()
def override_finding(
    *, finding: OrderFinding, reason: str, by: Actor, at: datetime
) -> OrderFinding:
    """Let a finding pass, with a reason. Only a pharmacist may, and only once."""
    person_in(PHARMACIST, by)
    _check_says("Write down why this may pass. It stays with the order.", reason)
    finding = OrderFinding.objects.select_for_update().get(pk=finding.pk)
    if finding.overridden_at is not None:
        raise AlreadyLetPass("This finding was let pass already.")
    if finding.kind == NO_LEAFLET:
        raise ReasonDoesNotDo(
            "A leaflet edition has to be approved, on the page Leaflets; a reason cannot be printed in its place."
        )
    let_pass(finding, reason=reason, by=by, at=at)
    return finding


@writing()
def ask_question(*, order: Order, text: str, by: Actor, at: datetime) -> Order:
    """Set an order aside until the prescriber or patient has answered; the question is kept word for word."""
    _check_says("Write down the question.", text)
    order = _fresh(order)
    move_order(order, to=OrderState.NEEDS_ANSWER, by=by, at=at)
    _note(order.prescription, text=text, told_by=by.name, told_how="question", by=by, at=at)
    return order


@writing()
def answer_question(
    *, order: Order, text: str, told_by: str, told_how: str, by: Actor, at: datetime
) -> Order:
    """Record the answer and send the order back to review."""
    _check_says("Write down the answer.", text, told_by)
    order = _fresh(order)
    move_order(order, to=OrderState.IN_REVIEW, by=by, at=at)
    _note(order.prescription, text=text, told_by=told_by, told_how=told_how, by=by, at=at)
    return order


@writing()
def clarify_prescription(
    *, prescription: Prescription, text: str, told_by: str, told_how: str, by: Actor, at: datetime
) -> Clarification:
    """Add a clarification to a prescription; returns it. The prescription itself never changes."""
    person_in(PHARMACIST, by)
    _check_says("Write down what was said, and by whom.", text, told_by)
    return _note(prescription, text=text, told_by=told_by, told_how=told_how, by=by, at=at)


@writing()
def cancel_order(*, order: Order, reason: str, by: Actor, at: datetime) -> Order:
    """Cancel an order that is not being made. What was due for it is dropped."""
    _check_says("Write down why the order is cancelled.", reason)
    order = _fresh(order)
    move_order(order, to=OrderState.CANCELLED, by=by, at=at, cancel_reason=reason.strip())
    drop(order=order, because="The order was cancelled.", at=at)
    return order


@writing()
def verify_prescriber(*, prescriber: Prescriber, how: str, by: Actor, at: datetime) -> Prescriber:
    """Record that a pharmacist looked the prescriber up; settles that finding on their open orders."""
    person_in(PHARMACIST, by)
    _check_says("Say how you verified the prescriber, for instance NPPES look-up.", how)
    prescriber = Prescriber.objects.select_for_update().get(pk=prescriber.pk)
    if prescriber.is_verified:
        raise AlreadyVerified("This prescriber is verified already.")
    prescriber.verified_at, prescriber.verified_by_id = at, by.user_id
    prescriber.verified_how = how.strip()
    prescriber.save(update_fields=["verified_at", "verified_by", "verified_how"])
    record_event(
        event="prescriber_verified", record=prescriber, by=by, at=at, new={"how": how.strip()}
    )
    waiting = OrderFinding.objects.filter(
        kind=PRESCRIBER_NOT_VERIFIED,
        overridden_at__isnull=True,
        order__prescription__prescriber=prescriber,
    )
    for finding in waiting.select_related("order"):
        let_pass(finding, reason=f"Verified: {how.strip()}", by=by, at=at)
    return prescriber


def _fresh(order: Order) -> Order:
    return (
        Order.objects.select_related("prescription")
        .select_for_update(of=("self",))
        .get(pk=order.pk)
    )


def _check_says(sentence: str, *texts: str) -> None:
    if not all(text.strip() for text in texts):
        raise SaysNothing(sentence)


def _note(
    prescription: Prescription, *, text: str, told_by: str, told_how: str, by: Actor, at: datetime
) -> Clarification:
    note = Clarification.objects.create(
        prescription=prescription,
        text=text.strip(),
        told_by=told_by.strip(),
        told_how=told_how,
        at=at,
        by_id=person_in(Role.of_staff(), by),
    )
    record_event(
        event="prescription_clarified", record=prescription, by=by, at=at, new={"note": note.pk}
    )
    return note
