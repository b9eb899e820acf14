"""Actors: on whose behalf a change is made. Every change names one."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.people.models import User
from pharmacy.people.roles import Role


class NotYourRole(Refusal):
    """Somebody tried to do what their role does not do."""


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


def person_in(roles: Collection[Role], by: Actor) -> int:
    """Return the id of the signed-in person behind `by`; raises NotYourRole outside these roles."""
    if by.role not in roles or by.user_id is None:
        raise NotYourRole(
            _("This is not for a %(role)s; ask a %(others)s.")
            % {
                "role": by.role.label,
                "others": _(" or ").join(str(role.label) for role in Role if role in roles),
            }
        )
    return by.user_id
