"""A batch: its frozen plan, its lines, its signature, and why it was made ahead of orders."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.batches.states import BatchState
from pharmacy.formulations.models import Ingredient, LineRole, MasterFormulationRecord, Unit
from pharmacy.inventory.models import IngredientLot


class CompoundingRecord(models.Model):
    """One batch of one strength, from its frozen worksheet to its release. Its number is the lot number."""

    number = models.CharField(_("lot"), max_length=20, unique=True)
    formula = models.ForeignKey(MasterFormulationRecord, models.PROTECT, related_name="batches")
    state = models.CharField(
        _("state"), max_length=20, choices=BatchState.choices, default=BatchState.PLANNED
    )
    strength = models.DecimalField(_("strength"), max_digits=15, decimal_places=6)
    units_wanted = models.PositiveIntegerField(
        _("units wanted"), help_text=_("Capsules, or bottles.")
    )
    worksheet = models.JSONField(_("worksheet"), help_text=_("Frozen when the batch was planned."))
    worksheet_sha256 = models.CharField(max_length=64)
    policy_versions = models.JSONField(_("policies used"), default=dict)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(_("planned at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    compounded_at = models.DateTimeField(_("compounded at"), null=True, blank=True)
    observed_description = models.TextField(_("what it looks like"), blank=True)
    units_made = models.PositiveIntegerField(_("units made"), null=True, blank=True)
    units_wasted = models.PositiveIntegerField(_("units wasted"), null=True, blank=True)
    beyond_use_on = models.DateField(_("beyond-use date"), null=True, blank=True)
    beyond_use_reason = models.TextField(_("why this beyond-use date"), blank=True)
    beyond_use_limits = models.JSONField(_("competing limits"), default=list)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    reject_reason = models.TextField(
        _("why rejected, or recalled before it was released"), blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(made_by__isnull=True, compounded_at__isnull=True)
                | Q(made_by__isnull=False, compounded_at__isnull=False),
                name="batches_made_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "weighing", "rejected", "recalled"])
                | (
                    Q(made_by__isnull=False)
                    & Q(units_made__isnull=False, units_made__gt=0)
                    & Q(units_wasted__isnull=False)
                    & Q(beyond_use_on__isnull=False)
                    & ~Q(beyond_use_reason="")
                ),
                name="batches_compounded_says_what",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True, released_at__isnull=True)
                | Q(verified_by__isnull=False, released_at__isnull=False),
                name="batches_verified_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(verified_by__isnull=False),
                name="batches_released_means_verified",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("made_by")),
                name="batches_verifier_is_not_maker",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reject_reason=""),
                name="batches_rejected_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="recalled")
                | Q(verified_by__isnull=False)
                | ~Q(reject_reason=""),
                name="batches_recalled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(units_wanted__gt=0) & Q(strength__gt=0), name="batches_wants_something"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-planned_at"], name="batches_by_state"),
            models.Index(
                fields=["formula", "strength", "beyond_use_on"],
                condition=Q(state="released"),
                name="batches_to_dispense",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BatchLine(models.Model):
    """One ingredient of a batch from one lot: what is wanted, and within which limits. One row a lot, never merged."""

    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    ingredient = models.ForeignKey(Ingredient, models.PROTECT)
    lot = models.ForeignKey(IngredientLot, models.PROTECT, related_name="batch_lines")
    role = models.CharField(_("role"), max_length=20, choices=LineRole.choices)
    wanted = models.DecimalField(_("wanted"), max_digits=15, decimal_places=6)
    lowest = models.DecimalField(_("lowest allowed"), max_digits=15, decimal_places=6)
    highest = models.DecimalField(_("highest allowed"), max_digits=15, decimal_places=6)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices)
    fills_up = models.BooleanField(
        _("q.s. ad"),
        default=False,
        help_text=_("The amount is an estimate; the batch is filled up to volume."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="batches_line_position"),
            models.CheckConstraint(
                condition=Q(wanted__gt=0, lowest__gte=0)
                & Q(lowest__lte=F("wanted"))
                & Q(highest__gte=F("wanted")),
                name="batches_line_limits_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ingredient} for {self.record_id}"


class Verification(models.Model):
    """A pharmacist's signature under a batch, with its meaning in words. Never edited."""

    record = models.OneToOneField(CompoundingRecord, models.PROTECT, related_name="verification")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    meaning = models.TextField(_("meaning of the signature"))

    def __str__(self) -> str:
        return f"verification of {self.record_id}"


class AheadOfOrders(models.Model):
    """Why a batch was planned with no order behind it, and the history that allowed its size. Never edited."""

    record = models.OneToOneField(CompoundingRecord, models.PROTECT, related_name="ahead_of_orders")
    reason = models.TextField(_("why it is made ahead"))
    history_days = models.PositiveIntegerField(_("days of history"))
    dispensed_units = models.PositiveIntegerField(_("units dispensed in these days"))
    free_units = models.PositiveIntegerField(_("units free in stock or being made ahead"))

    class Meta:
        verbose_name = _("reason for making ahead")
        verbose_name_plural = _("reasons for making ahead")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="batches_ahead_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} made ahead"
