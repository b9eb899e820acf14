"""What happens at the bench: containers scanned, balances read, amounts weighed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.batches.models.record import BatchLine, CompoundingRecord
from pharmacy.inventory.models import Balance


class ContainerScan(models.Model):
    """The container of a line's own lot, scanned before anything is taken from it. Never edited."""

    line = models.ForeignKey(BatchLine, models.PROTECT, related_name="scans")
    scanned = models.CharField(_("scanned"), max_length=200)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"scan for line {self.line_id}"


class NearMiss(models.Model):
    """A wrong container, caught by its scan: what was wanted, what was scanned, by whom. Never edited."""

    line = models.ForeignKey(BatchLine, models.PROTECT, related_name="near_misses")
    wanted = models.CharField(_("wanted"), max_length=200)
    scanned = models.CharField(_("scanned"), max_length=200)
    why = models.TextField(_("why it was stopped"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = _("near misses")

    def __str__(self) -> str:
        return f"{self.scanned} instead of {self.wanted}"


class BalanceToken(models.Model):
    """What a balance shows when it sends a reading. Only a digest of it is kept."""

    balance = models.ForeignKey(Balance, models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["balance"],
                condition=Q(withdrawn_at__isnull=True),
                name="batches_one_token_a_balance",
            )
        ]

    def __str__(self) -> str:
        return f"token of {self.balance}"


class BalanceReading(models.Model):
    """One reading that a balance sent. Never edited."""

    balance = models.ForeignKey(Balance, models.PROTECT, related_name="readings")
    amount_mg = models.DecimalField(
        _("reading, mg"),
        max_digits=15,
        decimal_places=6,
        help_text=_("Below zero when a vessel was taken off after taring."),
    )
    is_stable = models.BooleanField(_("stable"))
    measured_at = models.DateTimeField(_("measured at"))
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(measured_at__lte=F("received_at")),
                name="batches_reading_measured_before_received",
            )
        ]
        indexes = [models.Index(fields=["balance", "-id"], name="batches_newest_reading")]

    def __str__(self) -> str:
        return f"{self.amount_mg} mg on {self.balance_id}"


class Weighing(models.Model):
    """What was measured out for one line: on which balance, by whom, when. Never edited."""

    line = models.OneToOneField(BatchLine, models.PROTECT, related_name="weighing")
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=6)
    balance = models.ForeignKey(
        Balance,
        models.PROTECT,
        null=True,
        blank=True,
        help_text=_("None for what is counted or poured."),
    )
    scan = models.ForeignKey(
        ContainerScan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="weighings",
        help_text=_("The scan of the container that it came from."),
    )
    reading = models.ForeignKey(
        BalanceReading,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="weighings",
        help_text=_("What the balance sent, used once; none when a person typed the amount."),
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="batches_weighing_positive")
        ]

    def __str__(self) -> str:
        return f"{self.amount} for line {self.line_id}"


class StepDone(models.Model):
    """A step of the procedure, done: its text as it was shown, what was entered, by whom. Never edited."""

    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="steps_done")
    position = models.PositiveIntegerField(_("position"))
    text = models.TextField(_("text"))
    entry = models.CharField(_("what was entered"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = _("steps done")
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="batches_step_done_once")
        ]

    def __str__(self) -> str:
        return f"step {self.position} of {self.record_id}"
