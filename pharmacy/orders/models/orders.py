"""Orders on their way to the patient: their lines, what the safety rules found, why they wait."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.intake.models import IntakeSubmission
from pharmacy.orders.models.prescriptions import Prescription
from pharmacy.orders.states import OrderState


class Order(models.Model):
    """One fill of a prescription, from received to dispensed."""

    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="orders")
    fill_number = models.PositiveIntegerField(_("fill"), default=0)
    state = models.CharField(
        _("state"), max_length=20, choices=OrderState.choices, default=OrderState.RECEIVED
    )
    received_at = models.DateTimeField(_("received at"))
    due_on = models.DateField(_("due"))
    intake = models.ForeignKey(
        IntakeSubmission, models.PROTECT, null=True, blank=True, related_name="orders"
    )
    screened_at = models.DateTimeField(_("screened at"), null=True, blank=True)
    screened_with = models.JSONField(_("screened with"), default=dict, blank=True)
    start_on = models.DateField(_("first dose on"), null=True, blank=True)
    from_step = models.PositiveIntegerField(
        _("goes on from step"),
        default=1,
        help_text=_("A refill of a plan that builds up goes on from its last step."),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dispensed_at = models.DateTimeField(_("dispensed at"), null=True, blank=True)
    dispensed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.TextField(_("why cancelled"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prescription", "fill_number"], name="orders_one_row_a_fill"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="orders_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "in_compounding", "ready", "dispensed"])
                | Q(approved_by__isnull=False),
                name="orders_approved_means_by_someone",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(state="dispensed") & Q(dispensed_at__isnull=True, dispensed_by__isnull=True)
                )
                | Q(state="dispensed", dispensed_at__isnull=False, dispensed_by__isnull=False),
                name="orders_dispensed_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="orders_cancelled_says_why",
            ),
            models.CheckConstraint(condition=Q(from_step__gt=0), name="orders_from_step_positive"),
            models.UniqueConstraint(
                fields=["prescription"],
                condition=~Q(state__in=["dispensed", "cancelled"]),
                name="orders_one_open_fill",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on", "id"], name="orders_queue"),
            models.Index(fields=["-received_at", "-id"], name="orders_newest"),
            models.Index(
                fields=["dispensed_at"], condition=Q(state="dispensed"), name="orders_dispensed"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Return the number people say: "10482-0"."""
        return f"{self.prescription.number}-{self.fill_number}"


class OrderLine(models.Model):
    """One medicine of an order: which formula, which strength, how many."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField(_("line"))
    formula = models.ForeignKey(MasterFormulationRecord, models.PROTECT, related_name="+")
    strength = models.DecimalField(_("strength"), max_digits=15, decimal_places=6)
    quantity = models.PositiveIntegerField(_("quantity"), help_text=_("Capsules, or bottles."))
    directions = models.TextField(_("directions on the label"))
    days_supply = models.PositiveIntegerField(_("days' supply"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_line_position"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, strength__gt=0, days_supply__gt=0),
                name="orders_line_positive",
            ),
        ]
        indexes = [models.Index(fields=["formula", "strength"], name="orders_lines_to_make")]

    def __str__(self) -> str:
        return f"line {self.position} of order {self.order_id}"


class Severity(models.TextChoices):
    """What a finding asks for."""

    ABSOLUTE = "absolute", _("stops the order")
    RELATIVE = "relative", _("hold for review")
    COUNSEL = "counsel", _("counsel")


class OrderFinding(models.Model):
    """Something doubtful about an order: what raised it, and which pharmacist let it pass and why."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="findings")
    kind = models.CharField(_("rule"), max_length=40)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity.choices)
    phrase = models.CharField(_("in short"), max_length=60)
    evidence = models.TextField(_("because"))
    pharmacist_text = models.TextField(_("for the pharmacist"))
    prescriber_text = models.TextField(_("for the prescriber"), blank=True)
    patient_text = models.TextField(_("for the patient"), blank=True)
    source = models.TextField(_("source"), blank=True)
    earliest_start_on = models.DateField(_("earliest first dose"), null=True, blank=True)
    min_override_on = models.DateField(
        _("earliest first dose by override"),
        null=True,
        blank=True,
        help_text=_("How far a pharmacist may go with a reason, by the policy that was in force."),
    )
    raised_at = models.DateTimeField(_("raised at"))
    overridden_at = models.DateTimeField(_("let pass at"), null=True, blank=True)
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_reason = models.TextField(_("why it may pass"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    overridden_at__isnull=True, overridden_by__isnull=True, override_reason=""
                )
                | (
                    Q(overridden_at__isnull=False, overridden_by__isnull=False)
                    & ~Q(override_reason="")
                ),
                name="orders_override_by_at_and_why",
            ),
            models.CheckConstraint(
                condition=Q(min_override_on__isnull=True)
                | Q(min_override_on__lte=F("earliest_start_on")),
                name="orders_override_is_earlier",
            ),
        ]

    def __str__(self) -> str:
        return self.phrase

    @property
    def is_open(self) -> bool:
        """Say whether this still stands in the way of approval."""
        return self.overridden_at is None and self.severity != Severity.COUNSEL

    @property
    def first_dose_from(self) -> date | None:
        """Return the first day a dose is allowed: by the rule, or once let pass, by its override; None for any day."""
        return self.earliest_start_on if self.overridden_at is None else self.min_override_on


class OrderHold(models.Model):
    """Why an order waits, and what would lift it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="holds")
    reason = models.TextField(_("why"))
    lifted_when = models.TextField(_("what would lift it"))
    returns_to = models.CharField(_("goes back to"), max_length=20, choices=OrderState.choices)
    placed_at = models.DateTimeField(_("held at"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty when the safety rules held it."),
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lift_note = models.TextField(_("what was found"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(lifted_at__isnull=True), name="orders_one_open_hold"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_note="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_note="")),
                name="orders_lifted_by_at_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(lifted_when=""), name="orders_hold_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:60]
