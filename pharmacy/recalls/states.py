"""How a recall moves, and how far we are with each person who has to hear of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class RecallState(models.TextChoices):
    DRAFTED = "drafted", _("waiting for approval")
    APPROVED = "approved", _("running")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DRILLED = "drilled", _("drill")


class ContactState(models.TextChoices):
    WAITING = "waiting", _("to be reached")
    REACHED = "reached", _("reached")
    UNREACHABLE = "unreachable", _("not reachable")


_STAFF = Role.of_staff()
_PHARMACIST = frozenset({Role.PHARMACIST})

RECALL_STATES = StateTable(
    record="recall",
    states=RecallState,
    initial=RecallState.DRAFTED,
    final=frozenset({RecallState.CLOSED, RecallState.WITHDRAWN, RecallState.DRILLED}),
    transitions=(
        Transition(RecallState.DRAFTED, RecallState.APPROVED, _PHARMACIST, "recall_approved"),
        Transition(RecallState.DRAFTED, RecallState.WITHDRAWN, _PHARMACIST, "recall_withdrawn"),
        Transition(RecallState.DRAFTED, RecallState.DRILLED, _STAFF, "recall_drilled"),
        Transition(RecallState.APPROVED, RecallState.CLOSED, _PHARMACIST, "recall_closed"),
    ),
)

CONTACT_STATES = StateTable(
    record="recall contact",
    states=ContactState,
    initial=ContactState.WAITING,
    final=frozenset({ContactState.REACHED}),
    transitions=(
        Transition(ContactState.WAITING, ContactState.REACHED, _STAFF, "recall_reached"),
        Transition(ContactState.WAITING, ContactState.UNREACHABLE, _STAFF, "recall_given_up"),
        Transition(ContactState.UNREACHABLE, ContactState.REACHED, _STAFF, "recall_reached"),
    ),
)
