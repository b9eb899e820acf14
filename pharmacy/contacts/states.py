"""How an enquiry moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class EnquiryState(models.TextChoices):
    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed without an answer")


ENQUIRY_STATES = StateTable(
    record="enquiry",
    states=EnquiryState,
    initial=EnquiryState.OPEN,
    final=frozenset({EnquiryState.ANSWERED, EnquiryState.CLOSED}),
    transitions=(
        Transition(EnquiryState.OPEN, EnquiryState.ANSWERED, Role.of_staff(), "enquiry_answered"),
        Transition(EnquiryState.OPEN, EnquiryState.CLOSED, Role.of_staff(), "enquiry_closed"),
    ),
)
