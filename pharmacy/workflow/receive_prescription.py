"""A prescriber's form becomes a prescription, an order and an invitation to the patient."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from compounding.prescriber_numbers import check_npi
from compounding.titration import TitrationStep
from pharmacy.audit.actions import record_event, writing
from pharmacy.contacts.models import Practice, Prescriber
from pharmacy.followups.actions import schedule
from pharmacy.followups.models import FollowUpKind
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.formulations.queries import formula_for_patients
from pharmacy.intake.models import Patient
from pharmacy.leaflets.models import Condition
from pharmacy.orders.actions import create_order, next_rx_number, raise_findings
from pharmacy.orders.models import CompoundingReason, Order, Prescription
from pharmacy.orders.models import TitrationStep as StepRow
from pharmacy.orders.plans import Plan, make_plan
from pharmacy.people.actors import Actor
from pharmacy.policies.queries import whole_of
from pharmacy.workflow.check_prescription import (
    days_it_keeps,
    dose_findings,
    leaflet_findings,
    prescription_findings,
)


class NotInTheForm(Refusal):
    """Something in the form cannot be. `field` says where."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class PrescriptionForm:
    """What a prescriber typed, already in the right types. Doses in mg; strength in mg or mg/mL."""

    idempotency_key: str
    npi: str
    prescriber_name: str
    credential: str
    practice_name: str
    practice_phone: str
    practice_fax: str
    prescriber_email: str
    patient_name: str
    date_of_birth: date
    patient_email: str
    patient_phone: str
    formula_code: str
    strength: Decimal
    steps: tuple[tuple[Decimal, int], ...]
    time_of_day: str
    reason: str
    says_opioid_free: bool
    signed_name: str
    street: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    allergies: str = ""
    exclusions: str = ""
    extra_directions: str = ""
    reason_text: str = ""
    condition_code: str = ""
    condition_text: str = ""
    refills: int = 0
    as_typed: dict[str, Any] = field(default_factory=dict)


def plan_preview(
    *,
    formula_code: str,
    strength: Decimal,
    steps: tuple[tuple[Decimal, int], ...],
    time_of_day: str,
    on: date,
    extra: str = "",
) -> Plan:
    """Return the plan as it would be made, for the page that shows it. Writes nothing.

    Raises a Refusal whose sentence says what cannot be made and why.
    """
    plan = _plan_of(formula_code, strength, steps, time_of_day, on=on, extra=extra)
    dose_findings(plan, on=on)
    return plan


def _plan_of(
    formula_code: str,
    strength: Decimal,
    steps: tuple[tuple[Decimal, int], ...],
    time_of_day: str,
    *,
    on: date,
    extra: str,
) -> Plan:
    formula = formula_for_patients(formula_code)
    return make_plan(
        formula=formula,
        strength=strength,
        steps=[TitrationStep(dose_mg=dose, days=days) for dose, days in steps],
        time_of_day=time_of_day,
        keeps_days=days_it_keeps(formula, on=on),
        extra=extra,
    )


@writing()
def receive_prescription(*, form: PrescriptionForm, by: Actor, at: datetime) -> Order:
    """Return the order of this form: prescription, order, line, findings and invitation in one transaction.

    The same `idempotency_key` again returns the order that was made the first time.
    Raises NotInTheForm, or the refusals of the plan.
    """
    earlier = Prescription.objects.filter(idempotency_key=form.idempotency_key).first()
    if earlier is not None:
        return earlier.orders.get(fill_number=0)
    on = timezone.localdate(at)
    _check_form(form, on)
    plan = _plan_of(
        form.formula_code,
        form.strength,
        form.steps,
        form.time_of_day,
        on=on,
        extra=form.extra_directions,
    )
    doses = dose_findings(plan, on=on)
    prescription = _write_prescription(form, plan, by=by, at=at)
    order = create_order(
        prescription=prescription,
        plan=plan,
        due_on=on + timedelta(days=whole_of("order_due_days", on=on)),
        by=by,
        at=at,
    )
    written = prescription_findings(prescription, formula=plan.formula, by=by)
    findings = [*written, *doses, *leaflet_findings(prescription.substance)]
    raise_findings(order, findings=findings, by=by, at=at)
    schedule(kind=FollowUpKind.INVITE_PATIENT, due_at=at, order=order)
    return order


def _check_form(form: PrescriptionForm, on: date) -> None:
    check_npi(form.npi)
    if not form.says_opioid_free:
        raise NotInTheForm(
            _("Confirm that the patient takes no opioid. If you are not sure, call us first."),
            field="says_opioid_free",
        )
    if not form.date_of_birth < on:
        raise NotInTheForm(_("The date of birth is not in the past."), field="date_of_birth")
    if form.reason == CompoundingReason.OTHER and not form.reason_text.strip():
        raise NotInTheForm(_("Say in words why this must be compounded."), field="reason_text")
    if not (form.condition_code or form.condition_text.strip()):
        raise NotInTheForm(_("Say what the medicine is for."), field="condition_code")


def _write_prescription(
    form: PrescriptionForm, plan: Plan, *, by: Actor, at: datetime
) -> Prescription:
    prescription = Prescription.objects.create(
        number=next_rx_number(),
        idempotency_key=form.idempotency_key,
        received_at=at,
        prescriber=_prescriber(form, by=by, at=at),
        patient=_patient(form, by=by, at=at),
        condition=Condition.objects.filter(code=form.condition_code).first(),
        strength=form.strength,
        time_of_day=form.time_of_day,
        directions=plan.directions,
        extra_directions=form.extra_directions,
        refills=form.refills,
        reason=form.reason,
        reason_text=form.reason_text,
        condition_text=form.condition_text,
        allergies=form.allergies,
        exclusions=form.exclusions,
        says_opioid_free=form.says_opioid_free,
        signed_name=form.signed_name,
        as_typed=form.as_typed,
        **_medicine(plan.formula),
    )
    StepRow.objects.bulk_create(
        StepRow(
            prescription=prescription, position=step.position, dose_mg=step.dose_mg, days=step.days
        )
        for step in plan.steps
    )
    record_event(
        event="prescription_received",
        record=prescription,
        by=by,
        at=at,
        new={"rx": prescription.number, "formula": plan.formula.code},
    )
    return prescription


def _medicine(formula: MasterFormulationRecord) -> dict[str, Any]:
    return {
        "substance": formula.strength_substance,
        "dosage_form": formula.dosage_form,
        "formula_code": formula.code,
    }


def _prescriber(form: PrescriptionForm, *, by: Actor, at: datetime) -> Prescriber:
    """The prescriber with this NPI, or a new one that is not verified yet.

    A known prescriber is never changed by a form; what was typed stays in the prescription.
    """
    known = Prescriber.objects.filter(npi=form.npi).first()
    if known is not None:
        return known
    practice = Practice.objects.create(
        name=form.practice_name, phone=form.practice_phone, fax=form.practice_fax
    )
    prescriber = Prescriber.objects.create(
        npi=form.npi,
        full_name=form.prescriber_name,
        credential=form.credential,
        practice=practice,
        email=form.prescriber_email,
        phone=form.practice_phone,
    )
    record_event(event="prescriber_added", record=prescriber, by=by, at=at, new={"npi": form.npi})
    return prescriber


def _patient(form: PrescriptionForm, *, by: Actor, at: datetime) -> Patient:
    """The same person when name, date of birth and e-mail or phone are the same; otherwise a new patient."""
    same_name = Patient.objects.filter(
        date_of_birth=form.date_of_birth, full_name__iexact=form.patient_name
    )
    for known in same_name:
        if known.email.lower() == form.patient_email.lower() or known.phone == form.patient_phone:
            return known
    patient = Patient.objects.create(
        full_name=form.patient_name,
        date_of_birth=form.date_of_birth,
        email=form.patient_email,
        phone=form.patient_phone,
        street=form.street,
        city=form.city,
        state=form.state,
        zip_code=form.zip_code,
        created_at=at,
    )
    record_event(event="patient_added", record=patient, by=by, at=at)
    return patient
