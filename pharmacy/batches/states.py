"""How a compounding record moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class BatchState(models.TextChoices):
    PLANNED = "planned", _("planned")
    WEIGHING = "weighing", _("being weighed")
    COMPOUNDED = "compounded", _("compounded")
    CHECKED = "checked", _("checked")
    RELEASED = "released", _("released")
    REJECTED = "rejected", _("rejected")
    RECALLED = "recalled", _("recalled")


_STAFF = Role.of_staff()
_PHARMACIST = frozenset({Role.PHARMACIST})

BATCH_STATES = StateTable(
    record="compounding record",
    states=BatchState,
    initial=BatchState.PLANNED,
    final=frozenset({BatchState.REJECTED, BatchState.RECALLED}),
    transitions=(
        Transition(BatchState.PLANNED, BatchState.WEIGHING, _STAFF, "batch_weighing_started"),
        Transition(BatchState.WEIGHING, BatchState.COMPOUNDED, _STAFF, "batch_compounded"),
        Transition(BatchState.COMPOUNDED, BatchState.CHECKED, _STAFF, "batch_checked"),
        Transition(BatchState.CHECKED, BatchState.RELEASED, _PHARMACIST, "batch_released"),
        Transition(BatchState.PLANNED, BatchState.REJECTED, _PHARMACIST, "batch_rejected"),
        Transition(BatchState.WEIGHING, BatchState.REJECTED, _PHARMACIST, "batch_rejected"),
        Transition(BatchState.COMPOUNDED, BatchState.REJECTED, _PHARMACIST, "batch_rejected"),
        Transition(BatchState.CHECKED, BatchState.REJECTED, _PHARMACIST, "batch_rejected"),
        # What was never released is recalled too: a lot in it was, and nobody makes, checks or releases it further.
        Transition(BatchState.PLANNED, BatchState.RECALLED, _PHARMACIST, "batch_recalled"),
        Transition(BatchState.WEIGHING, BatchState.RECALLED, _PHARMACIST, "batch_recalled"),
        Transition(BatchState.COMPOUNDED, BatchState.RECALLED, _PHARMACIST, "batch_recalled"),
        Transition(BatchState.CHECKED, BatchState.RECALLED, _PHARMACIST, "batch_recalled"),
        Transition(BatchState.RELEASED, BatchState.RECALLED, _PHARMACIST, "batch_recalled"),
    ),
)
