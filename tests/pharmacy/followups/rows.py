"""Rows that these tests start from, no more of each than they need."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pharmacy.contacts.models import Enquiry, EnquiryTopic, Practice, Prescriber
from pharmacy.followups.models import OutgoingMessage
from pharmacy.formulations.models import Substance
from pharmacy.intake.models import Patient
from pharmacy.orders.models import Order, Prescription
from pharmacy.people.actors import Actor, actor_of
from pharmacy.people.models import User
from pharmacy.people.roles import Role
from pharmacy.policies.models import PolicyVersion
from pharmacy.workflow.receive_enquiry import EnquiryForm, receive_enquiry

NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
PATIENT_EMAIL = "elena@patients.example"
ASKER_EMAIL = "sam@people.example"
DRUG = "naltrexone hydrochloride"
CONDITION = "fibromyalgia"


def a_pharmacist(name: str = "okafor") -> User:
    """Return a pharmacist who can sign in."""
    return User.objects.create_user(
        username=name,
        first_name="Maya",
        last_name="Okafor",
        credentials="RPh",
        role=Role.PHARMACIST,
    )


def a_pharmacist_actor(name: str = "okafor") -> Actor:
    """Return the actor of a pharmacist."""
    return actor_of(a_pharmacist(name))


def a_policy(key: str, value: str) -> PolicyVersion:
    """Return an approved policy that has been in force for a while."""
    return PolicyVersion.objects.create(
        key=key,
        version=1,
        title=key,
        value=value,
        source="test",
        effective_on=date(2020, 1, 1),
        approved_by=a_pharmacist(f"approver of {key}"),
        approved_at=NOW - timedelta(days=300),
    )


def an_enquiry_form(key: str = "key-1", **changes: object) -> EnquiryForm:
    """Return a contact form filled in as somebody would."""
    typed: dict[str, object] = {
        "idempotency_key": key,
        "topic": EnquiryTopic.MEDICINE.value,
        "name": "Sam Person",
        "email": ASKER_EMAIL,
        "message": f"Do you make {DRUG} for {CONDITION}?",
        "residence_state": "ME",
        **changes,
    }
    return EnquiryForm(**typed)  # type: ignore[arg-type]


def an_enquiry(key: str = "key-1", at: datetime = NOW) -> Enquiry:
    """Return an enquiry as the contact form leaves it."""
    return receive_enquiry(form=an_enquiry_form(key), at=at)


def an_order(*, dispensed: bool = False) -> Order:
    """Return an order of a patient whose e-mail is PATIENT_EMAIL; without lines, which no message needs."""
    practice = Practice.objects.create(name="Casco Bay Family Medicine", phone="(207) 555-0110")
    prescription = Prescription.objects.create(
        number=10001,
        idempotency_key="rx-1",
        received_at=NOW,
        prescriber=Prescriber.objects.create(
            npi="1234567893", full_name="Lily Chen", practice=practice, email="chen@example.org"
        ),
        patient=Patient.objects.create(
            full_name="Elena Ruiz",
            date_of_birth=date(1971, 3, 14),
            email=PATIENT_EMAIL,
            phone="(207) 555-0121",
            created_at=NOW,
        ),
        substance=Substance.objects.create(name=DRUG, short_name="LDN", plain_name=DRUG),
        dosage_form="capsule",
        formula_code="ldn-capsules",
        strength=Decimal("1.5"),
        time_of_day="bedtime",
        directions=f"Take 1 capsule of {DRUG} at bedtime for {CONDITION}",
        reason="strength",
        condition_text=CONDITION,
        says_opioid_free=True,
        signed_name="Lily Chen, MD",
        as_typed={},
    )
    order = Order.objects.create(prescription=prescription, received_at=NOW, due_on=NOW.date())
    if dispensed:
        by = a_pharmacist("dispenser")
        Order.objects.filter(pk=order.pk).update(
            state="dispensed",
            approved_at=NOW,
            approved_by=by,
            dispensed_at=NOW,
            dispensed_by=by,
        )
        order.refresh_from_db()
    return order


def clock_at(moment: datetime) -> Callable[[], datetime]:
    """Return a clock that stands still."""
    return lambda: moment


def states() -> list[str]:
    """Return the states of all messages, in the order they were queued."""
    return list(OutgoingMessage.objects.order_by("pk").values_list("state", flat=True))
