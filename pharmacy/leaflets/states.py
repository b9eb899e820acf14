"""How a leaflet edition moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class EditionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved")
    RETIRED = "retired", _("retired")


_PHARMACIST = frozenset({Role.PHARMACIST})

EDITION_STATES = StateTable(
    record="leaflet edition",
    states=EditionState,
    initial=EditionState.DRAFT,
    final=frozenset({EditionState.RETIRED}),
    transitions=(
        Transition(EditionState.DRAFT, EditionState.APPROVED, _PHARMACIST, "edition_approved"),
        Transition(EditionState.APPROVED, EditionState.RETIRED, _PHARMACIST, "edition_retired"),
    ),
)
