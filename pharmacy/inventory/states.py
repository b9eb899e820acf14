"""How an ingredient lot moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class LotState(models.TextChoices):
    QUARANTINED = "quarantined", _("in quarantine")
    RELEASED = "released", _("released")
    EXHAUSTED = "exhausted", _("used up")
    EXPIRED = "expired", _("expired")
    RECALLED = "recalled", _("recalled")


_PHARMACIST = frozenset({Role.PHARMACIST})
_SYSTEM = frozenset({Role.SYSTEM, Role.PHARMACIST})

LOT_STATES = StateTable(
    record="lot",
    states=LotState,
    initial=LotState.QUARANTINED,
    final=frozenset({LotState.RECALLED}),
    transitions=(
        Transition(LotState.QUARANTINED, LotState.RELEASED, _PHARMACIST, "lot_released"),
        Transition(LotState.RELEASED, LotState.EXHAUSTED, Role.of_staff(), "lot_exhausted"),
        Transition(LotState.EXHAUSTED, LotState.RELEASED, _PHARMACIST, "lot_reopened"),
        Transition(LotState.QUARANTINED, LotState.EXPIRED, _SYSTEM, "lot_expired"),
        Transition(LotState.RELEASED, LotState.EXPIRED, _SYSTEM, "lot_expired"),
        Transition(LotState.QUARANTINED, LotState.RECALLED, _PHARMACIST, "lot_recalled"),
        Transition(LotState.RELEASED, LotState.RECALLED, _PHARMACIST, "lot_recalled"),
        Transition(LotState.EXHAUSTED, LotState.RECALLED, _PHARMACIST, "lot_recalled"),
        # What was made from it before it expired may still be in use.
        Transition(LotState.EXPIRED, LotState.RECALLED, _PHARMACIST, "lot_recalled"),
    ),
)
