"""How an outgoing message moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class MessageState(models.TextChoices):
    QUEUED = "queued", _("waiting to be sent")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")


_SYSTEM = frozenset({Role.SYSTEM})

MESSAGE_STATES = StateTable(
    record="message",
    states=MessageState,
    initial=MessageState.QUEUED,
    final=frozenset({MessageState.SENT}),
    transitions=(
        Transition(MessageState.QUEUED, MessageState.CLAIMED, _SYSTEM, "message_claimed"),
        Transition(MessageState.CLAIMED, MessageState.SENT, _SYSTEM, "message_sent"),
        Transition(MessageState.CLAIMED, MessageState.QUEUED, _SYSTEM, "message_to_retry"),
        Transition(MessageState.CLAIMED, MessageState.FAILED, _SYSTEM, "message_failed"),
        Transition(MessageState.FAILED, MessageState.QUEUED, Role.of_staff(), "message_retried"),
    ),
)
