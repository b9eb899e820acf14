"""The prescriber's form as one thing: the forms on it, what they say together, and the plan they make."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from compounding.errors import Refusal
from pharmacy.contacts.models import Prescriber
from pharmacy.formulations.queries import approved_formulas
from pharmacy.leaflets.queries import conditions_to_choose
from pharmacy.orders.plans import Plan
from pharmacy.web.forms import ErrorLink, HouseForm, error_links
from pharmacy.web.prescriber.catalogue import OTHER, product_choices
from pharmacy.web.prescriber.draft import Draft
from pharmacy.web.prescriber.forms import (
    BELOW_THE_PLAN,
    PrescriberForm,
    PrescriptionForm,
    StepForm,
)
from pharmacy.workflow import receive_prescription as workflow

_TAKEN_AS_TYPED = (
    "patient_name", "date_of_birth", "patient_email", "patient_phone", "street", "city", "state",
    "zip_code", "allergies", "exclusions", "formula_code", "strength", "time_of_day",
    "extra_directions", "refills", "reason", "reason_text", "says_opioid_free",
)  # fmt: skip
_PLAN_FIELDS = ("formula_code", "strength", "time_of_day")


@dataclass(frozen=True)
class OrderPage:
    """The forms of one order, filled with a draft."""

    draft: Draft
    known: Prescriber | None
    prescriber: PrescriberForm | None
    prescription: PrescriptionForm
    steps: list[StepForm]
    today: date

    @property
    def forms(self) -> list[HouseForm]:
        """All forms in the order of the page."""
        first = [self.prescriber] if self.prescriber else []
        return [*first, self.prescription, *self.steps]

    def is_valid(self) -> bool:
        """Say whether every form is right."""
        return all(form.is_valid() for form in self.forms)

    def links(self) -> list[ErrorLink]:
        """Return the lines of the error summary, in the order of the page: the plan stands amid the rest."""
        first = error_links(self.prescriber) if self.prescriber else []
        other = error_links(self.prescription)
        above = [link for link in other if link.name not in BELOW_THE_PLAN]
        below = [link for link in other if link.name in BELOW_THE_PLAN]
        return [*first, *above, *error_links(*self.steps), *below]

    def plan(self) -> Plan | None:
        """Return the plan as typed, or nothing while something of it is missing. Raises its refusals."""
        ready = self.prescription.is_valid_for(_PLAN_FIELDS)
        if not ready or not all(step.is_valid() for step in self.steps):
            return None
        typed = self.prescription.cleaned_data
        return workflow.plan_preview(
            formula_code=typed["formula_code"],
            strength=typed["strength"],
            steps=self.step_pairs(),
            time_of_day=typed["time_of_day"],
            extra=typed.get("extra_directions", ""),
            on=self.today,
        )

    def step_pairs(self) -> tuple[tuple[Any, int], ...]:
        """Return the steps as (dose in mg, days)."""
        return tuple((step.cleaned_data["dose"], step.cleaned_data["days"]) for step in self.steps)

    def to_order(self, *, signed_name: str) -> workflow.PrescriptionForm:
        """Return the checked form as the workflow takes it."""
        typed = self.prescription.cleaned_data
        other = typed["condition_code"] == OTHER
        typed_fields: dict[str, Any] = {name: typed[name] for name in _TAKEN_AS_TYPED}
        prescriber_fields: dict[str, Any] = self._prescriber_fields()
        return workflow.PrescriptionForm(
            idempotency_key=self.draft.key,
            steps=self.step_pairs(),
            signed_name=signed_name,
            condition_code="" if other else typed["condition_code"],
            condition_text=typed["condition_text"] if other else "",
            as_typed=dict(self.draft.typed),
            **prescriber_fields,
            **typed_fields,
        )

    def prescriber_line(self) -> dict[str, str]:
        """Return who prescribes, for the page that is signed."""
        return self._prescriber_fields()

    def _prescriber_fields(self) -> dict[str, str]:
        if self.known is None:
            assert self.prescriber is not None
            return dict(self.prescriber.cleaned_data)
        return {
            "npi": self.known.npi,
            "prescriber_name": self.known.full_name,
            "credential": self.known.credential,
            "practice_name": self.known.practice.name,
            "practice_phone": self.known.phone,
            "practice_fax": self.known.practice.fax,
            "prescriber_email": self.known.email,
        }


def order_page(
    draft: Draft, *, known: Prescriber | None, today: date, checked: bool = True
) -> OrderPage:
    """Return the page for a draft. With `checked=False` it shows what was typed and finds no fault."""
    typed = None if draft.is_new else draft.typed
    conditions = [(row.code, row.name) for row in conditions_to_choose()]
    return OrderPage(
        draft=draft,
        known=known,
        prescriber=None if known else PrescriberForm(typed, checked=checked),
        prescription=PrescriptionForm(
            typed,
            checked=checked,
            products=product_choices(approved_formulas()),
            conditions=conditions,
            today=today,
        ),
        steps=[StepForm(typed, prefix=f"step-{n}", checked=checked) for n in range(draft.steps)],
        today=today,
    )


def plan_as_typed(
    draft: Draft, *, known: Prescriber | None, today: date
) -> tuple[Plan | None, str]:
    """Return the plan this draft makes so far, or why it cannot be made, in one sentence."""
    if draft.is_new:
        return None, ""
    try:
        return order_page(draft, known=known, today=today).plan(), ""
    except Refusal as refusal:
        return None, str(refusal)
