"""How a master formulation record moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.transitions import StateTable, Transition
from pharmacy.people.roles import Role


class FormulaState(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved")
    RETIRED = "retired", _("retired")


FORMULA_STATES = StateTable(
    record="master formulation record",
    states=FormulaState,
    initial=FormulaState.DRAFT,
    final=frozenset({FormulaState.RETIRED}),
    transitions=(
        Transition(
            FormulaState.DRAFT,
            FormulaState.APPROVED,
            frozenset({Role.PHARMACIST}),
            "formula_approved",
        ),
        Transition(
            FormulaState.APPROVED,
            FormulaState.RETIRED,
            frozenset({Role.PHARMACIST}),
            "formula_retired",
        ),
    ),
)
