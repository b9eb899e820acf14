"""Finished capsules and bottles: where they went and where they are."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.batches.models.record import CompoundingRecord


class UnitPlace(models.TextChoices):
    """Where finished units can be."""

    BENCH = "bench", _("bench")
    STOCK = "stock", _("finished stock")
    TESTED = "tested", _("used for tests")
    WASTE = "waste", _("waste")
    QUARANTINE = "quarantine", _("set aside, recalled")
    RETURNED = "returned", _("returned")
    PATIENT = "patient", _("dispensed")
    SHELF = "shelf", _("ingredients' shelf")


class UnitMove(models.Model):
    """Finished capsules or bottles that went from one place to another."""

    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="unit_moves")
    quantity = models.DecimalField(_("quantity"), max_digits=15, decimal_places=6)
    from_place = models.CharField(_("from"), max_length=20, choices=UnitPlace.choices)
    to_place = models.CharField(_("to"), max_length=20, choices=UnitPlace.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reference = models.CharField(_("for"), max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="batches_unit_move_positive"),
            models.CheckConstraint(
                condition=~Q(from_place=F("to_place")), name="batches_unit_move_goes_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.record_id}: {self.from_place} to {self.to_place}"


class UnitLevel(models.Model):
    """How many finished units of a batch are at a place; kept by a trigger, never below zero but at the bench."""

    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="unit_levels")
    place = models.CharField(_("place"), max_length=20, choices=UnitPlace.choices)
    quantity = models.DecimalField(_("quantity"), max_digits=15, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "place"], name="batches_one_level_a_place"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0) | Q(place="bench"),
                name="batches_units_never_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} at {self.place}"
