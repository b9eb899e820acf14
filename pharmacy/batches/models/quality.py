"""How a finished batch is tested, what departed from the procedure, and what was looked at again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.batches.models.record import CompoundingRecord


class CheckKind(models.TextChoices):
    FILL_WEIGHT = "fill_weight", _("fill weight of ten capsules")
    APPEARANCE = "appearance", _("appearance")
    VOLUME = "volume", _("volume")
    CLOSURE = "closure", _("container and closure")
    PH = "ph", _("pH")


class QualityCheck(models.Model):
    """One test of the finished batch, its readings and verdict. A repeat is a new row. Never edited."""

    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="checks")
    kind = models.CharField(_("kind"), max_length=20, choices=CheckKind.choices)
    readings = models.JSONField(_("readings"))
    verdict = models.JSONField(_("verdict"))
    passed = models.BooleanField(_("passed"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} of {self.record_id}"


class Disposition(models.TextChoices):
    """What a pharmacist decides about a deviation."""

    ACCEPT = "accept", _("accept it")
    REWORK = "rework", _("put right, and check again")
    REJECT = "reject", _("reject the batch")


class Deviation(models.Model):
    """Something that was not as the record wants it: what, who saw it, what was done, what a pharmacist decided.

    A failed check opens one by itself. What was seen is never edited, nor is it once it is closed.
    """

    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="deviations")
    quality_check = models.OneToOneField(
        QualityCheck, models.PROTECT, null=True, blank=True, related_name="deviation"
    )
    what_happened = models.TextField(_("what happened"))
    what_was_done = models.TextField(_("what was done about it"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    disposition = models.CharField(
        _("decision"), max_length=20, choices=Disposition.choices, blank=True
    )
    assessment = models.TextField(_("assessment"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    closed_at__isnull=True, closed_by__isnull=True, assessment="", disposition=""
                )
                | (
                    Q(closed_at__isnull=False, closed_by__isnull=False)
                    & ~Q(assessment="")
                    & ~Q(disposition="")
                ),
                name="batches_deviation_closed_says_all",
            ),
            models.CheckConstraint(
                condition=~Q(what_happened=""), name="batches_deviation_says_what"
            ),
        ]
        indexes = [
            models.Index(
                fields=["record"],
                condition=Q(closed_at__isnull=True),
                name="batches_open_deviations",
            )
        ]

    def __str__(self) -> str:
        return self.what_happened[:60]


class Photo(models.Model):
    """A photograph of a step or a check, written anew without what a camera adds. Never edited."""

    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="photos")
    quality_check = models.ForeignKey(
        QualityCheck, models.PROTECT, null=True, blank=True, related_name="photos"
    )
    shows = models.CharField(_("what it shows"), max_length=200)
    image = models.BinaryField(_("image"), help_text=_("JPEG."))
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "sha256"], name="batches_photo_once"),
            models.CheckConstraint(condition=~Q(shows=""), name="batches_photo_says_what"),
        ]

    def __str__(self) -> str:
        return self.shows


class SecondLook(models.Model):
    """A released batch looked at again on a later day, before any of it is dispensed that day. Never edited."""

    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="second_looks")
    on = models.DateField(_("on"))
    seen = models.TextField(_("what was seen"))
    is_as_expected = models.BooleanField(_("as expected"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(seen=""), name="batches_second_look_says_what")
        ]
        indexes = [models.Index(fields=["record", "on"], name="batches_looked_at_on")]

    def __str__(self) -> str:
        return f"{self.record_id} on {self.on}"
