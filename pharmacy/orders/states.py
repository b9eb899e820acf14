"""How an order moves from a prescriber's form to a patient's hand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class OrderState(models.TextChoices):
    RECEIVED = "received", _("waiting for the patient")
    IN_REVIEW = "in_review", _("to review")
    NEEDS_ANSWER = "needs_answer", _("needs an answer")
    ON_HOLD = "on_hold", _("on hold")
    APPROVED = "approved", _("approved")
    IN_COMPOUNDING = "in_compounding", _("being made")
    READY = "ready", _("ready to dispense")
    DISPENSED = "dispensed", _("dispensed")
    CANCELLED = "cancelled", _("cancelled")


S = OrderState
_PHARMACIST = frozenset({Role.PHARMACIST})
_PATIENT = frozenset({Role.PATIENT})
_STAFF = Role.of_staff()
HOLDABLE = (S.RECEIVED, S.IN_REVIEW, S.NEEDS_ANSWER, S.APPROVED, S.IN_COMPOUNDING, S.READY)

ORDER_STATES = StateTable(
    record="order",
    states=OrderState,
    initial=S.RECEIVED,
    final=frozenset({S.DISPENSED, S.CANCELLED}),
    transitions=(
        Transition(S.RECEIVED, S.IN_REVIEW, _PATIENT | _PHARMACIST, "order_intake_received"),
        Transition(S.IN_REVIEW, S.NEEDS_ANSWER, _PHARMACIST, "order_question_asked"),
        Transition(S.NEEDS_ANSWER, S.IN_REVIEW, _PHARMACIST, "order_question_answered"),
        Transition(S.IN_REVIEW, S.APPROVED, _PHARMACIST, "order_approved"),
        Transition(S.APPROVED, S.IN_COMPOUNDING, _STAFF, "order_compounding_started"),
        Transition(S.IN_COMPOUNDING, S.APPROVED, _PHARMACIST, "order_batch_rejected"),
        Transition(S.IN_COMPOUNDING, S.READY, _PHARMACIST, "order_ready"),
        Transition(S.READY, S.APPROVED, _PHARMACIST, "order_batch_recalled"),
        Transition(S.READY, S.DISPENSED, _PHARMACIST, "order_dispensed"),
        *(
            Transition(
                state,
                S.ON_HOLD,
                (_PATIENT | _PHARMACIST) if state is S.RECEIVED else _PHARMACIST,
                "order_held",
            )
            for state in HOLDABLE
        ),
        *(Transition(S.ON_HOLD, state, _PHARMACIST, "order_hold_lifted") for state in HOLDABLE),
        *(
            Transition(state, S.CANCELLED, _PHARMACIST, "order_cancelled")
            for state in (S.RECEIVED, S.IN_REVIEW, S.NEEDS_ANSWER, S.ON_HOLD, S.APPROVED)
        ),
    ),
)
