"""Prescribers, their practices, and enquiries from the contact form."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.contacts.states import EnquiryState


class Practice(models.Model):
    """Where a prescriber works."""

    name = models.CharField(_("name"), max_length=200)
    phone = models.CharField(_("phone"), max_length=30)
    fax = models.CharField(_("fax"), max_length=30, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=10, blank=True)

    def __str__(self) -> str:
        return self.name


class Prescriber(models.Model):
    """Who may prescribe. `verified` means: a pharmacist has looked the NPI up and it is this person."""

    npi = models.CharField(_("NPI"), max_length=10, unique=True)
    full_name = models.CharField(_("full name"), max_length=200)
    credential = models.CharField(_("credential"), max_length=30, blank=True)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="prescribers")
    email = models.EmailField(_("email"))
    phone = models.CharField(_("phone"), max_length=30)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="prescriber"
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_how = models.CharField(_("how verified"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True, verified_how="")
                | (Q(verified_at__isnull=False, verified_by__isnull=False) & ~Q(verified_how="")),
                name="contacts_verified_at_by_and_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.credential}" if self.credential else self.full_name

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class EnquiryTopic(models.TextChoices):
    FIND_PRESCRIBER = "find_prescriber", _("I need help finding a prescriber")
    MY_ORDER = "my_order", _("About my order")
    MEDICINE = "medicine", _("A question about a medicine")
    FOR_PRESCRIBERS = "for_prescribers", _("I am a prescriber")
    OTHER = "other", _("Something else")


class Enquiry(models.Model):
    """What somebody asked through the contact form. Kept as typed; answered by staff."""

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    state = models.CharField(
        _("state"), max_length=20, choices=EnquiryState.choices, default=EnquiryState.OPEN
    )
    topic = models.CharField(_("topic"), max_length=30, choices=EnquiryTopic.choices)
    needs_prescriber = models.BooleanField(_("needs help finding a prescriber"), default=False)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("email"))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    residence_state = models.CharField(_("state of residence"), max_length=2, blank=True)
    message = models.TextField(_("message"))
    received_at = models.DateTimeField(_("received at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name_plural = _("enquiries")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="contacts_answered_at_by_and_what",
            ),
            models.CheckConstraint(
                condition=~Q(state=EnquiryState.ANSWERED) | Q(answered_at__isnull=False),
                name="contacts_answered_means_an_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(state="open"), name="contacts_open_enquiries"
            )
        ]

    def __str__(self) -> str:
        return self.reference
