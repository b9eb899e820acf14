"""The people of the demonstration pharmacy, and the prescriber who writes to it."""

from dataclasses import dataclass
from datetime import datetime

from pharmacy.contacts.models import Practice, Prescriber
from pharmacy.people.actors import Actor, actor_of
from pharmacy.people.models import User
from pharmacy.people.roles import Role

DEMO_PASSWORD = "harbor-street-demo"


@dataclass(frozen=True)
class Staff:
    """Who works in the demonstration pharmacy."""

    technician: User
    pharmacist: User
    second_pharmacist: User
    prescriber: User

    def actor(self, user: User) -> Actor:
        return actor_of(user)


def seed_people(*, at: datetime) -> Staff:
    """Return the demonstration logins, made when they are missing."""
    staff = Staff(
        technician=_user("nguyen", "Taylor", "Nguyen", "CPhT", Role.TECHNICIAN),
        pharmacist=_user("okafor", "Maya", "Okafor", "RPh", Role.PHARMACIST),
        second_pharmacist=_user("brandt", "Lena", "Brandt", "PharmD", Role.PHARMACIST),
        prescriber=_user("chen", "Lily", "Chen", "MD", Role.PRESCRIBER),
    )
    _prescriber(staff, at)
    return staff


def _user(username: str, first: str, last: str, credentials: str, role: Role) -> User:
    known = User.objects.filter(username=username).first()
    if known is not None:
        return known
    return User.objects.create_user(
        username=username,
        password=DEMO_PASSWORD,
        email=f"{username}@example.org",
        first_name=first,
        last_name=last,
        credentials=credentials,
        role=role.value,
        is_staff=role in Role.of_staff(),
    )


def _prescriber(staff: Staff, at: datetime) -> None:
    if Prescriber.objects.filter(npi="1234567893").exists():
        return
    practice = Practice.objects.create(
        name="Casco Bay Family Medicine",
        phone="+1 207 555 0110",
        fax="+1 207 555 0111",
        street="4 Wharf Road",
        city="Portland",
        state="ME",
        zip_code="04101",
    )
    Prescriber.objects.create(
        npi="1234567893",
        full_name="Lily Chen",
        credential="MD",
        practice=practice,
        email="chen@example.org",
        phone="+1 207 555 0110",
        user=staff.prescriber,
        verified_at=at,
        verified_by=staff.pharmacist,
        verified_how="NPPES look-up and a call to the practice",
    )
