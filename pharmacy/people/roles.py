"""Roles: who a person is to this pharmacy."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is. PATIENT and SYSTEM act without a login."""

    TECHNICIAN = "technician", _("technician")
    PHARMACIST = "pharmacist", _("pharmacist")
    PRESCRIBER = "prescriber", _("prescriber")
    PATIENT = "patient", _("patient")
    SYSTEM = "system", _("system")

    @classmethod
    def of_users(cls) -> "tuple[Role, ...]":
        """Return the roles a login can have."""
        return (cls.TECHNICIAN, cls.PHARMACIST, cls.PRESCRIBER)

    @classmethod
    def of_staff(cls) -> "frozenset[Role]":
        """Return the roles of those who work in the pharmacy."""
        return frozenset({cls.TECHNICIAN, cls.PHARMACIST})
