"""A patient answers the safety questions, page by page, and signs; the rules decide whether a pharmacist must call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.followups.actions import drop
from pharmacy.followups.models import FollowUpKind
from pharmacy.intake.models import Consent, IntakeSubmission
from pharmacy.intake.questionnaire import (
    QUESTIONNAIRE,
    Page,
    QuestionType,
    Validated,
    carried_over,
    merge,
    unanswered,
)
from pharmacy.orders.actions import move_order, place_hold
from pharmacy.orders.models import Order, PatientLink, Severity
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import Actor
from pharmacy.screening.rules import RuleFinding
from pharmacy.workflow.screen_order import answers_with_prescription, screen_order


class IntakeClosed(Refusal):
    """The answers were sent already, or the order no longer waits for them."""


class QuestionsLeft(Refusal):
    """Some questions have no answer yet. `questions` lists their ids."""

    def __init__(self, sentence: str, *, questions: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.questions = questions


@dataclass(frozen=True)
class IntakeOutcome:
    """What follows from the answers: is a pharmacist to call, at once, and what the patient is told."""

    held: bool
    urgent: bool
    patient_texts: tuple[str, ...]


@writing()
def open_intake(*, link: PatientLink, at: datetime) -> IntakeSubmission:
    """Return the intake of the link's order, started now if it was not. Raises IntakeClosed."""
    order = Order.objects.select_related("intake", "prescription").get(pk=link.order_id)
    if order.intake is not None:
        if order.intake.submitted_at is not None:
            raise IntakeClosed("You have sent your answers already. There is nothing more to do.")
        return order.intake
    if order.state not in (OrderState.RECEIVED, OrderState.ON_HOLD):
        raise IntakeClosed(
            "This order no longer waits for your answers. Call us if you are not sure why."
        )
    patient = order.prescription.patient
    intake = IntakeSubmission.objects.filter(patient=patient, submitted_at__isnull=True).first()
    if intake is None:
        intake = IntakeSubmission.objects.create(
            patient=patient,
            questionnaire_version=QUESTIONNAIRE.version,
            answers=_answers_to_begin_with(order),
            started_at=at,
            saved_at=at,
        )
    Order.objects.filter(pk=order.pk).update(intake=intake)
    return intake


def _answers_to_begin_with(order: Order) -> dict[str, Any]:
    """A first fill begins with nothing; a refill with what the patient said before and still holds."""
    if order.fill_number == 0:
        return {}
    patient = order.prescription.patient
    signed = IntakeSubmission.objects.filter(patient=patient, submitted_at__isnull=False)
    earlier = signed.order_by("-submitted_at", "-pk").first()
    return carried_over({} if earlier is None else earlier.answers)


@writing()
def save_answers(
    *, intake: IntakeSubmission, answers: Mapping[str, Any], at: datetime
) -> IntakeSubmission:
    """Save all answers given so far. Raises IntakeClosed once they were submitted."""
    saved = IntakeSubmission.objects.filter(pk=intake.pk, submitted_at__isnull=True).update(
        answers=dict(answers), saved_at=at
    )
    if saved != 1:
        raise IntakeClosed("You have sent your answers already. Call us to change one.")
    intake.answers, intake.saved_at = dict(answers), at
    return intake


@writing()
def save_page(
    *, intake: IntakeSubmission, page: Page, read: Validated, at: datetime
) -> IntakeSubmission:
    """Save what was read from one page; the other pages stay as they are now, whichever window saved them last.

    Returns the intake as it is then. Raises IntakeClosed once the answers were submitted.
    """
    # Read anew inside the transaction: a second window may have saved another page since this one was opened.
    now = IntakeSubmission.objects.select_for_update().get(pk=intake.pk)
    return save_answers(intake=now, answers=merge(now.answers, page, read), at=at)


@writing()
def submit_intake(
    *, intake: IntakeSubmission, signed_name: str, by: Actor, at: datetime
) -> IntakeOutcome:
    """Close the intake with its signature, screen every order that waits for it, and hold those that must wait.

    Raises QuestionsLeft while a question is unanswered and IntakeClosed when it was submitted before.
    """
    intake = IntakeSubmission.objects.select_for_update().get(pk=intake.pk)
    if intake.submitted_at is not None:
        raise IntakeClosed("You have sent your answers already. There is nothing more to do.")
    orders = list(
        intake.orders.select_related("prescription__patient", "prescription__substance").filter(
            state__in=(OrderState.RECEIVED, OrderState.ON_HOLD)
        )
    )
    left = unanswered(answers_with_prescription(intake.answers, orders[0])) if orders else ()
    if left or not signed_name.strip():
        raise QuestionsLeft("Some questions have no answer yet.", questions=tuple(left))
    intake.submitted_at, intake.signed_name = at, signed_name.strip()
    intake.save(update_fields=["submitted_at", "signed_name"])
    _write_consents(intake, at)
    record_event(
        event="intake_submitted",
        record=intake,
        by=by,
        at=at,
        new={"version": intake.questionnaire_version},
    )
    outcomes = [_settle(order, intake, by=by, at=at) for order in orders]
    return IntakeOutcome(
        held=any(outcome.held for outcome in outcomes),
        urgent=any(outcome.urgent for outcome in outcomes),
        patient_texts=tuple(
            dict.fromkeys(text for outcome in outcomes for text in outcome.patient_texts)
        ),
    )


def _write_consents(intake: IntakeSubmission, at: datetime) -> None:
    Consent.objects.bulk_create(
        Consent(submission=intake, kind=question.id, wording=str(question.text), given_at=at)
        for page in QUESTIONNAIRE.pages
        for question in page.questions
        if question.type is QuestionType.CONSENT and intake.answers.get(question.id)
    )


def _settle(order: Order, intake: IntakeSubmission, *, by: Actor, at: datetime) -> IntakeOutcome:
    """Screen one order and send it to review, or hold it for a pharmacist; nobody is invited any more."""
    drop(
        order=order, kinds={FollowUpKind.INVITE_PATIENT}, because="The patient has answered.", at=at
    )
    _rows, found = screen_order(order=order, intake=intake, by=by, at=at)
    stopping = [finding for finding in found if _stops(finding)]
    if order.state == OrderState.ON_HOLD:
        # Held before the answers came: lifting it now leads to the review, not back to waiting.
        order.holds.filter(lifted_at__isnull=True).update(returns_to=OrderState.IN_REVIEW)
    elif stopping:
        place_hold(
            order,
            reason="; ".join(finding.phrase for finding in stopping),
            lifted_when="A pharmacist has talked with the patient and written down what was found.",
            by=by,
            at=at,
            returns_to=OrderState.IN_REVIEW,
        )
    else:
        move_order(order, to=OrderState.IN_REVIEW, by=by, at=at)
    return IntakeOutcome(
        held=bool(stopping),
        urgent=any(finding.urgent for finding in found),
        patient_texts=tuple(
            finding.patient for finding in found if finding.holds and finding.patient
        ),
    )


def _stops(finding: RuleFinding) -> bool:
    """What is absolute waits for a pharmacist, and so does what needs a call the same day."""
    is_absolute = finding.severity.value == Severity.ABSOLUTE.value
    return (is_absolute and finding.holds) or finding.urgent
