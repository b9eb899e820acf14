"""A recall: of which lot or batch, who decided it, what it found, and who has been reached. It ends at the patient."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.batches.models import CompoundingRecord
from pharmacy.contacts.models import Prescriber
from pharmacy.followups.models import FollowUp
from pharmacy.intake.models import Patient
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Order
from pharmacy.recalls.states import ContactState, RecallState


class Urgency(models.TextChoices):
    """How bad it may be; the three classes of 21 CFR 7.3(m)."""

    CLASS_1 = "class_1", _("Class I: it may harm somebody seriously, or kill")
    CLASS_2 = "class_2", _("Class II: it may harm for a time; serious harm is unlikely")
    CLASS_3 = "class_3", _("Class III: it is not likely to harm anybody")


class Recall(models.Model):
    """One recall, or one drill of one, and what it found."""

    number = models.CharField(_("recall"), max_length=20, unique=True)
    lot = models.ForeignKey(
        IngredientLot, models.PROTECT, null=True, blank=True, related_name="recalls"
    )
    batch = models.ForeignKey(
        CompoundingRecord, models.PROTECT, null=True, blank=True, related_name="recalls"
    )
    is_drill = models.BooleanField(_("drill"), default=False)
    state = models.CharField(
        _("state"), max_length=20, choices=RecallState.choices, default=RecallState.DRAFTED
    )
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices)
    reason = models.TextField(_("reason"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closing_note = models.TextField(_("how it ended"), blank=True)
    batches_found = models.PositiveIntegerField(_("batches found"), null=True, blank=True)
    fills_found = models.PositiveIntegerField(_("fills found"), null=True, blank=True)
    patients_found = models.PositiveIntegerField(_("patients found"), null=True, blank=True)
    prescribers_found = models.PositiveIntegerField(_("prescribers found"), null=True, blank=True)
    letters = models.PositiveIntegerField(_("messages written"), null=True, blank=True)
    seconds = models.DecimalField(
        _("seconds it took"), max_digits=9, decimal_places=3, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lot__isnull=False, batch__isnull=True)
                | Q(lot__isnull=True, batch__isnull=False),
                name="recalls_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="recalls_say_why"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="recalls_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("opened_by")),
                name="recalls_approver_is_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "closed"], approved_by__isnull=False)
                | (~Q(state__in=["approved", "closed"]) & Q(approved_by__isnull=True)),
                name="recalls_running_means_approved",
            ),
            models.CheckConstraint(
                condition=Q(is_drill=False) & ~Q(state="drilled")
                | Q(is_drill=True, state__in=["drafted", "drilled"]),
                name="recalls_drill_stays_a_drill",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drafted", "withdrawn"])
                | Q(
                    batches_found__isnull=False,
                    fills_found__isnull=False,
                    patients_found__isnull=False,
                    prescribers_found__isnull=False,
                    letters__isnull=False,
                    seconds__isnull=False,
                ),
                name="recalls_say_what_they_found",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["closed", "withdrawn"])
                    & Q(closed_by__isnull=False, closed_at__isnull=False)
                    & ~Q(closing_note="")
                )
                | (
                    ~Q(state__in=["closed", "withdrawn"])
                    & Q(closed_by__isnull=True, closed_at__isnull=True, closing_note="")
                ),
                name="recalls_closed_by_at_and_how",
            ),
            models.UniqueConstraint(
                fields=["lot"],
                condition=Q(is_drill=False, state__in=["drafted", "approved"]),
                name="recalls_one_open_a_lot",
            ),
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(is_drill=False, state__in=["drafted", "approved"]),
                name="recalls_one_open_a_batch",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-opened_at"],
                condition=Q(is_drill=False, state__in=["drafted", "approved"]),
                name="recalls_open",
            )
        ]

    def __str__(self) -> str:
        return self.number


class ReachedHow(models.TextChoices):
    PHONE = "phone", _("by telephone")
    IN_PERSON = "in_person", _("in person")
    EMAIL = "email", _("they answered our e-mail")
    POST = "post", _("they answered our letter")


class TryResult(models.TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    MESSAGE_LEFT = "message_left", _("Asked to call back")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class Outcome(models.TextChoices):
    """What somebody does now. A prescriber "knows"; everything else is a patient's."""

    RETURNS = "returns", _("Takes no more; brings or sends it back")
    DISCARDS = "discards", _("Takes no more; we told them how to dispose of it")
    NONE_LEFT = "none_left", _("Has none of it left")
    UNWELL = "unwell", _("Has taken it and is unwell")
    KNOWS = "knows", _("Knows and acts on it")


class RecallContact(models.Model):
    """One person who has to hear of a recall, once each, and how far we are with them."""

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="contacts")
    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, blank=True, related_name="recall_contacts"
    )
    prescriber = models.ForeignKey(
        Prescriber, models.PROTECT, null=True, blank=True, related_name="recall_contacts"
    )
    order = models.ForeignKey(
        Order, models.PROTECT, related_name="+", help_text=_("The newest that is concerned.")
    )
    fills = models.PositiveIntegerField(_("fills"))
    followup = models.OneToOneField(
        FollowUp, models.PROTECT, related_name="recall_contact", help_text=_("The e-mail.")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ContactState.choices, default=ContactState.WAITING
    )
    tries = models.PositiveIntegerField(_("tries"), default=0)
    last_try_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    reached_at = models.DateTimeField(_("reached at"), null=True, blank=True)
    reached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reached_how = models.CharField(
        _("how reached"), max_length=20, choices=ReachedHow.choices, blank=True
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(patient__isnull=False, prescriber__isnull=True)
                | Q(patient__isnull=True, prescriber__isnull=False),
                name="recalls_contact_is_one_person",
            ),
            models.UniqueConstraint(
                fields=["recall", "patient"],
                condition=Q(patient__isnull=False),
                name="recalls_patient_once",
            ),
            models.UniqueConstraint(
                fields=["recall", "prescriber"],
                condition=Q(prescriber__isnull=False),
                name="recalls_prescriber_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="reached", reached_at__isnull=False, reached_by__isnull=False)
                    & ~Q(reached_how="")
                    & ~Q(outcome="")
                )
                | (
                    ~Q(state="reached")
                    & Q(reached_at__isnull=True, reached_by__isnull=True)
                    & Q(reached_how="", outcome="")
                ),
                name="recalls_reached_by_at_how_and_what",
            ),
            models.CheckConstraint(
                condition=Q(tries=0, last_try_at__isnull=True)
                | Q(tries__gt=0, last_try_at__isnull=False),
                name="recalls_tried_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(tries__gt=0), name="recalls_settled_means_tried"
            ),
        ]
        indexes = [
            models.Index(fields=["recall", "state", "tries", "id"], name="recalls_to_call"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk} of recall {self.recall_id}"


class RecallTry(models.Model):
    """One try to reach somebody. Never edited."""

    contact = models.ForeignKey(RecallContact, models.PROTECT, related_name="all_tries")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    how = models.CharField(_("how"), max_length=20, choices=ReachedHow.choices)
    result = models.CharField(_("result"), max_length=20, choices=TryResult.choices)
    note = models.TextField(_("what was said"), blank=True)

    class Meta:
        verbose_name = _("try to reach somebody")
        verbose_name_plural = _("tries to reach somebody")

    def __str__(self) -> str:
        return f"try {self.pk} of contact {self.contact_id}"
