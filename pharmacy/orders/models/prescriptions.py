"""What the prescriber ordered, as data and as typed, and how it was corrected."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.contacts.models import Prescriber
from pharmacy.formulations.models import DosageForm, Substance
from pharmacy.intake.models import Patient
from pharmacy.leaflets.models import Condition


class CompoundingReason(models.TextChoices):
    """Why the commercial product will not do. A lower price is not a reason (FDA guidance, January 2018)."""

    STRENGTH = "strength", _("This strength is not sold")
    FORM = "form", _("This form is not sold, or the patient cannot take the one that is")
    EXCIPIENT = "excipient", _("The patient does not tolerate an ingredient of the product sold")
    OTHER = "other", _("Another medical reason")


class TimeOfDay(models.TextChoices):
    BEDTIME = "bedtime", _("at bedtime")
    MORNING = "morning", _("in the morning")


class Prescription(models.Model):
    """What the prescriber ordered, as data and as typed. Never altered; corrected by a clarification."""

    number = models.PositiveIntegerField(_("Rx number"), unique=True)
    idempotency_key = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received at"))
    prescriber = models.ForeignKey(Prescriber, models.PROTECT, related_name="prescriptions")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="prescriptions")
    substance = models.ForeignKey(Substance, models.PROTECT, related_name="+")
    dosage_form = models.CharField(_("form"), max_length=20, choices=DosageForm.choices)
    formula_code = models.CharField(_("formula"), max_length=40)
    strength = models.DecimalField(
        _("strength"), max_digits=15, decimal_places=6, help_text=_("mg per capsule, or mg per mL.")
    )
    time_of_day = models.CharField(_("time of day"), max_length=20, choices=TimeOfDay.choices)
    directions = models.TextField(_("directions"))
    extra_directions = models.CharField(_("more directions"), max_length=300, blank=True)
    refills = models.PositiveIntegerField(_("refills"), default=0)
    reason = models.CharField(
        _("reason for compounding"), max_length=20, choices=CompoundingReason.choices
    )
    reason_text = models.CharField(_("reason in words"), max_length=500, blank=True)
    condition = models.ForeignKey(
        Condition, models.PROTECT, null=True, blank=True, related_name="+"
    )
    condition_text = models.CharField(_("condition in words"), max_length=200, blank=True)
    allergies = models.TextField(_("allergies as the prescriber knows them"), blank=True)
    exclusions = models.CharField(_("leave out"), max_length=300, blank=True)
    says_opioid_free = models.BooleanField(_("prescriber says: no opioids"))
    signed_name = models.CharField(_("signed as"), max_length=200)
    as_typed = models.JSONField(_("as typed"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(strength__gt=0), name="orders_strength_positive"),
            models.CheckConstraint(condition=Q(refills__lte=11), name="orders_refills_at_most_11"),
        ]

    def __str__(self) -> str:
        return f"Rx {self.number}"


class TitrationStep(models.Model):
    """One step of the plan: this many mg a day for this many days. A fixed dose is a plan of one step."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField(_("step"))
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=15, decimal_places=6)
    days = models.PositiveIntegerField(_("days"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prescription", "position"], name="orders_step_position"
            ),
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0, days__gt=0), name="orders_step_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.position}"


class Clarification(models.Model):
    """A correction of a prescription, as the prescriber gave it. Never edited."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="clarifications")
    text = models.TextField(_("what was said"))
    told_by = models.CharField(_("by whom"), max_length=200)
    told_how = models.CharField(_("how"), max_length=60)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"clarification of Rx {self.prescription_id}"
