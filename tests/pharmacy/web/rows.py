"""What the pages need before anybody opens them: people, formulas, policies, a condition; and filled-in forms."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.signing import TimestampSigner

from pharmacy import policies
from pharmacy.contacts.models import Practice, Prescriber
from pharmacy.formulations.models import MasterFormulationRecord, Substance
from pharmacy.leaflets.models import Condition
from pharmacy.orders.links import new_link
from pharmacy.orders.models import LinkPurpose, Order
from pharmacy.people.actors import GUEST_PRESCRIBER
from pharmacy.people.models import User
from pharmacy.people.roles import Role
from pharmacy.policies.models import PolicyVersion
from pharmacy.workflow.receive_prescription import PrescriptionForm, receive_prescription

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
NPI = "1234567893"
BORN = date(1971, 3, 14)
PASSWORD = "correct horse battery staple"
PRESET = {
    "key": "plan_preset.standard",
    "title": "1.5 mg, 3 mg, then 4.5 mg",
    "value": "1.5x14 3x14 4.5x28",
}
_SEED = Path(policies.__file__).parent / "seed" / "policies.json"


def a_user(name: str, role: Role) -> User:
    """Return somebody who can sign in."""
    return User.objects.create_user(username=name, password=PASSWORD, role=role)


def a_prescriber(name: str = "chen", npi: str = NPI) -> Prescriber:
    """Return a prescriber with a login."""
    practice = Practice.objects.create(name="Casco Bay Family Medicine", phone="(207) 555-0110")
    return Prescriber.objects.create(
        npi=npi,
        full_name="Lily Chen",
        credential="MD",
        practice=practice,
        email="chen@practice.example",
        phone="(207) 555-0110",
        user=a_user(name, Role.PRESCRIBER),
    )


def furnish() -> None:
    """Put in place what an order needs: formulas in force, policies in force, a condition."""
    author, approver = a_user("author", Role.PHARMACIST), a_user("approver", Role.PHARMACIST)
    substance = Substance.objects.create(
        name="Naltrexone hydrochloride",
        short_name="naltrexone HCl",
        plain_name="low-dose naltrexone (LDN)",
        rule_set="naltrexone-hydrochloride",
    )
    same: dict[str, Any] = {
        "version": 1,
        "state": "approved",
        "strength_substance": substance,
        "overage_pct": Decimal(3),
        "author": author,
        "created_at": NOW,
        "approved_by": approver,
        "approved_at": NOW,
    }
    MasterFormulationRecord.objects.create(
        code="ldn-capsules",
        name="Naltrexone HCl capsules",
        dosage_form="capsule",
        route="by mouth",
        strength_unit="mg",
        strength_min=Decimal("0.1"),
        strength_max=Decimal("4.5"),
        strengths_offered=["0.5", "1.5", "4.5"],
        bud_class="nonaqueous_other",
        **same,
    )
    MasterFormulationRecord.objects.create(
        code="ldn-drops",
        name="Naltrexone HCl drops",
        dosage_form="drops",
        route="under the tongue",
        strength_unit="mg/mL",
        strength_min=Decimal("0.5"),
        strength_max=Decimal(2),
        strengths_offered=["1"],
        package_ml=Decimal(30),
        fill_ml=Decimal(31),
        bud_class="aqueous_preserved",
        **same,
    )
    _put_policies_in_force(approver)
    Condition.objects.create(
        code="fibromyalgia", name="Fibromyalgia", patient_line="Mixed results."
    )


def _put_policies_in_force(approver: User) -> None:
    PolicyVersion.objects.bulk_create(
        PolicyVersion(
            key=entry["key"],
            version=1,
            title=entry["title"],
            value=entry["value"],
            minimum_override=entry.get("min_override") or "",
            source="test",
            effective_on=date(2020, 1, 1),
            approved_by=approver,
            approved_at=NOW - timedelta(days=300),
        )
        for entry in _policies()
    )


def _policies() -> list[dict[str, str]]:
    """The policies the pharmacy starts from; one ready-made plan in place of theirs."""
    entries: list[dict[str, str]] = json.loads(_SEED.read_text(encoding="utf-8"))["policies"]
    return [*(each for each in entries if not each["key"].startswith("plan_preset.")), PRESET]


def typed_order(**changes: str) -> dict[str, str]:
    """Return the prescriber's form as it is sent: 1.5 mg, 3 mg, then 4.5 mg at bedtime."""
    return {
        "action": "check",
        "prescriber_name": "Lin Chen",
        "credential": "MD",
        "npi": NPI,
        "practice_name": "Casco Bay Rheumatology",
        "practice_phone": "207 555 0142",
        "prescriber_email": "lchen@cascobay.example",
        "practice_fax": "",
        "patient_name": "Elena Ruiz",
        "date_of_birth_month": "3",
        "date_of_birth_day": "14",
        "date_of_birth_year": "1971",
        "patient_email": "elena@home.example",
        "patient_phone": "207-555-0177",
        "street": "14 Mill Lane",
        "city": "Portland",
        "state": "ME",
        "zip_code": "04101",
        "allergies": "none known",
        "product": "ldn-capsules|1.5",
        "other_strength": "",
        "exclusions": "",
        "time_of_day": "bedtime",
        "extra_directions": "",
        "refills": "1",
        "condition_code": "fibromyalgia",
        "condition_text": "",
        "reason": "strength",
        "reason_text": "",
        "says_opioid_free": "on",
        "steps": "3",
        "step-0-dose": "1.5",
        "step-0-days": "14",
        "step-1-dose": "3",
        "step-1-days": "14",
        "step-2-dose": "4.5",
        "step-2-days": "28",
        **changes,
    }


def typed_message(**changes: str) -> dict[str, str]:
    """Return the contact form as it is sent, some minutes after it was shown."""
    return {
        "needs_prescriber": "no",
        "topic": "medicine",
        "message": "Do you make capsules without lactose?",
        "name": "Sam Person",
        "email": "sam@people.example",
        "phone": "",
        "residence_state": "ME",
        "website": "",
        "key": old_key(),
        **changes,
    }


def old_key(key: str = "k" * 32) -> str:
    """Return a form key that was signed some minutes ago."""

    class Earlier(TimestampSigner):
        def timestamp(self) -> str:
            return "1abcde"

    return Earlier(salt="pharmacy.web.machines").sign(key)


def an_order(*, at: datetime = NOW, **changes: Any) -> Order:
    """Return an order of Elena Ruiz, received from a prescriber without a login."""
    form: dict[str, Any] = {
        "idempotency_key": "key-1",
        "npi": NPI,
        "prescriber_name": "Lin Chen",
        "credential": "MD",
        "practice_name": "Casco Bay Rheumatology",
        "practice_phone": "(207) 555-0142",
        "practice_fax": "",
        "prescriber_email": "lchen@cascobay.example",
        "patient_name": "Elena Ruiz",
        "date_of_birth": BORN,
        "patient_email": "elena@home.example",
        "patient_phone": "(207) 555-0177",
        "formula_code": "ldn-capsules",
        "strength": Decimal("1.5"),
        "steps": ((Decimal("1.5"), 14), (Decimal(3), 14), (Decimal("4.5"), 28)),
        "time_of_day": "bedtime",
        "reason": "strength",
        "says_opioid_free": True,
        "signed_name": "Lin Chen",
        "condition_code": "fibromyalgia",
        **changes,
    }
    return receive_prescription(form=PrescriptionForm(**form), by=GUEST_PRESCRIBER, at=at)


def a_token(order: Order, purpose: LinkPurpose, *, at: datetime = NOW, days: int = 14) -> str:
    """Return the secret of a link that was mailed for the order."""
    _link, token = new_link(order=order, purpose=purpose, lifetime=timedelta(days=days), at=at)
    return token
