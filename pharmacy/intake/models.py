"""Patients, what they consented to, and what they answered before a first dose."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Patient(models.Model):
    """The person a medicine is made for."""

    full_name = models.CharField(_("full name"), max_length=200)
    date_of_birth = models.DateField(_("date of birth"))
    email = models.EmailField(_("email"))
    phone = models.CharField(_("phone"), max_length=30)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        indexes = [
            models.Index(fields=["date_of_birth", "full_name"], name="intake_patient_identity")
        ]

    def __str__(self) -> str:
        return self.full_name


class IntakeSubmission(models.Model):
    """One patient's answers. Saved page by page; once submitted it never changes."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="intakes")
    questionnaire_version = models.CharField(_("questionnaire version"), max_length=20)
    answers = models.JSONField(_("answers"), default=dict)
    started_at = models.DateTimeField(_("started at"))
    saved_at = models.DateTimeField(_("last saved at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    signed_name = models.CharField(_("signed as"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, signed_name="")
                | (Q(submitted_at__isnull=False) & ~Q(signed_name="")),
                name="intake_submitted_is_signed",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(submitted_at__isnull=True),
                name="intake_one_open_a_patient",
            ),
        ]

    def __str__(self) -> str:
        return f"intake {self.pk}"


class Consent(models.Model):
    """A sentence the patient agreed to, word for word, and when."""

    submission = models.ForeignKey(IntakeSubmission, models.PROTECT, related_name="consents")
    kind = models.CharField(_("kind"), max_length=40)
    wording = models.TextField(_("wording"))
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "kind"], name="intake_one_consent_a_kind")
        ]

    def __str__(self) -> str:
        return self.kind
