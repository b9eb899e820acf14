"""Actors: on whose behalf a change is made. Every change names one."""

from dataclasses import dataclass

from pharmacy.people.models import User
from pharmacy.people.roles import Role


@dataclass(frozen=True)
class Actor:
    """Who does a thing. `name` goes into the audit trail, so a patient's name never stands in it."""

    role: Role
    name: str
    user_id: int | None = None

    @property
    def is_pharmacist(self) -> bool:
        return self.role is Role.PHARMACIST


SYSTEM = Actor(role=Role.SYSTEM, name="system")
PATIENT = Actor(role=Role.PATIENT, name="patient")
GUEST_PRESCRIBER = Actor(role=Role.PRESCRIBER, name="prescriber without login")


def actor_of(user: User) -> Actor:
    """Return the actor for a signed-in person."""
    return Actor(role=Role(user.role), name=user.signed_name, user_id=user.pk)
