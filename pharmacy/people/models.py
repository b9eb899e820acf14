"""The people who sign in: technicians, pharmacists, prescribers."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.people.roles import Role


class User(AbstractUser):
    """A person with a login. What they may do follows from their role."""

    role = models.CharField(
        _("role"), max_length=20, choices=[(r.value, r.label) for r in Role.of_users()]
    )
    credentials = models.CharField(
        _("credentials"), max_length=30, blank=True, help_text=_("As printed after the name: RPh.")
    )

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in Role.of_users()]),
                name="people_user_role_known",
            )
        ]

    @property
    def signed_name(self) -> str:
        """Return the name as it stands under a signature: "M. Okafor, RPh"."""
        name = self.get_full_name() or self.username
        return f"{name}, {self.credentials}" if self.credentials else name
