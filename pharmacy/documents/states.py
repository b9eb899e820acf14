"""How a document moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class DocumentState(models.TextChoices):
    REQUESTED = "requested", _("being prepared")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be prepared")


_SYSTEM = frozenset({Role.SYSTEM})

DOCUMENT_STATES = StateTable(
    record="document",
    states=DocumentState,
    initial=DocumentState.REQUESTED,
    final=frozenset({DocumentState.READY}),
    transitions=(
        Transition(DocumentState.REQUESTED, DocumentState.READY, _SYSTEM, "document_rendered"),
        Transition(DocumentState.REQUESTED, DocumentState.FAILED, _SYSTEM, "document_failed"),
        Transition(
            DocumentState.FAILED,
            DocumentState.REQUESTED,
            Role.of_staff(),
            "document_requested_again",
        ),
    ),
)

PRINT_RUN_STATES = StateTable(
    record="print run",
    states=DocumentState,
    initial=DocumentState.REQUESTED,
    final=frozenset({DocumentState.READY}),
    transitions=(
        Transition(DocumentState.REQUESTED, DocumentState.READY, _SYSTEM, "print_run_rendered"),
        Transition(DocumentState.REQUESTED, DocumentState.FAILED, _SYSTEM, "print_run_failed"),
        Transition(
            DocumentState.FAILED,
            DocumentState.REQUESTED,
            Role.of_staff(),
            "print_run_requested_again",
        ),
    ),
)
