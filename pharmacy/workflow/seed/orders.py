"""The prescriptions of the demonstration, as a prescriber would type them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pharmacy.workflow.receive_prescription import PrescriptionForm


@dataclass(frozen=True)
class DemoPatient:
    """Somebody the demonstration pharmacy makes medicines for."""

    name: str
    born: date
    email: str
    phone: str


ELENA = DemoPatient("Elena Ruiz", date(1971, 3, 14), "elena.ruiz@example.org", "+1 207 555 0121")
JO = DemoPatient(
    "Jo Abernathy-Castellanos", date(1984, 6, 2), "jo.abernathy@example.org", "+1 207 555 0122"
)
PER = DemoPatient(
    "Per Lindqvist", date(1952, 10, 30), "per.lindqvist@example.org", "+1 207 555 0123"
)
MAI = DemoPatient("Mai Tran", date(1990, 1, 8), "mai.tran@example.org", "+1 207 555 0124")
GRACE = DemoPatient(
    "Grace Okonkwo", date(1968, 5, 19), "grace.okonkwo@example.org", "+1 207 555 0125"
)
WANDA = DemoPatient(
    "Wanda Kowalczyk-Hernandez", date(1949, 12, 3), "wanda.kh@example.org", "+1 207 555 0126"
)

CAPSULE_STEPS = ((Decimal("1.5"), 14), (Decimal("3"), 14), (Decimal("4.5"), 28))
DROPS_STEPS = ((Decimal("0.5"), 14), (Decimal("1"), 14))


def capsules_form(
    *,
    patient: DemoPatient,
    key: str,
    steps: tuple[tuple[Decimal, int], ...] = CAPSULE_STEPS,
    strength: Decimal = Decimal("1.5"),
) -> PrescriptionForm:
    """Return a form for low-dose naltrexone capsules, titrated at bedtime."""
    return _form(
        patient=patient,
        key=key,
        formula_code="ldn-capsules",
        strength=strength,
        steps=steps,
        reason="strength",
        reason_text="No tablet below 50 mg is sold.",
    )


def drops_form(*, patient: DemoPatient, key: str) -> PrescriptionForm:
    """Return a form for 30 mL of sublingual drops of 1 mg/mL, for a patient whom the capsules upset."""
    return _form(
        patient=patient,
        key=key,
        formula_code="ldn-drops",
        strength=Decimal("1"),
        steps=DROPS_STEPS,
        reason="form",
        reason_text="Capsules upset the patient's stomach.",
    )


def _form(
    *,
    patient: DemoPatient,
    key: str,
    formula_code: str,
    strength: Decimal,
    steps: tuple[tuple[Decimal, int], ...],
    reason: str,
    reason_text: str,
) -> PrescriptionForm:
    return PrescriptionForm(
        idempotency_key=key,
        npi="1234567893",
        prescriber_name="Lily Chen",
        credential="MD",
        practice_name="Casco Bay Family Medicine",
        practice_phone="+1 207 555 0110",
        practice_fax="+1 207 555 0111",
        prescriber_email="chen@example.org",
        patient_name=patient.name,
        date_of_birth=patient.born,
        patient_email=patient.email,
        patient_phone=patient.phone,
        street="12 Pine Street",
        city="Portland",
        state="ME",
        zip_code="04102",
        formula_code=formula_code,
        strength=strength,
        steps=steps,
        time_of_day="bedtime",
        reason=reason,
        reason_text=reason_text,
        condition_code="fibromyalgia",
        refills=2,
        says_opioid_free=True,
        signed_name="Lily Chen, MD",
        as_typed={
            "formula": formula_code,
            "strength": str(strength),
            "steps": [[str(dose), days] for dose, days in steps],
        },
    )
