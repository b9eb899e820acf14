"""Stock: only ever the sum of moves; and how little of an ingredient is too little."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.formulations.models import Ingredient
from pharmacy.inventory.models.lots import IngredientLot


class Place(models.TextChoices):
    """Where stock can be. Supplier, waste, used and adjustment are outside the shelves."""

    SUPPLIER = "supplier", _("supplier")
    SHELF = "shelf", _("shelf")
    RESERVED = "reserved", _("reserved for a batch")
    USED = "used", _("used")
    QUARANTINE = "quarantine", _("set aside, recalled")
    WASTE = "waste", _("waste")
    ADJUSTMENT = "adjustment", _("adjustment")


OUTSIDE = ("supplier", "adjustment")
IN_STOCK = (Place.SHELF, Place.RESERVED)
"""Where a lot is that has not been used up."""


class StockMove(models.Model):
    """A quantity that went from one place to another. Stock is only ever the sum of these rows."""

    lot = models.ForeignKey(IngredientLot, models.PROTECT, related_name="moves")
    quantity = models.DecimalField(
        _("quantity"), max_digits=15, decimal_places=6, help_text=_("In the ingredient's unit.")
    )
    from_place = models.CharField(_("from"), max_length=20, choices=Place.choices)
    to_place = models.CharField(_("to"), max_length=20, choices=Place.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reference = models.CharField(
        _("for"), max_length=40, help_text=_("A batch number or a receipt.")
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_move_positive"),
            models.CheckConstraint(
                condition=~Q(from_place=F("to_place")), name="inventory_move_goes_somewhere"
            ),
            models.CheckConstraint(
                condition=(~Q(from_place="adjustment") & ~Q(to_place="adjustment")) | ~Q(reason=""),
                name="inventory_adjustment_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(to_place="used"), name="inventory_used_when")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of lot {self.lot_id}: {self.from_place} to {self.to_place}"


class StockLevel(models.Model):
    """How much of a lot is at a place. A trigger on the moves keeps it; the CHECK keeps it from going below zero."""

    lot = models.ForeignKey(IngredientLot, models.PROTECT, related_name="levels")
    place = models.CharField(_("place"), max_length=20, choices=Place.choices)
    quantity = models.DecimalField(_("quantity"), max_digits=15, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "place"], name="inventory_one_level_a_place"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0) | Q(place__in=OUTSIDE),
                name="inventory_never_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} at {self.place}"


class ReorderPoint(models.Model):
    """The least of an ingredient that the pharmacy wants on its shelf, whatever its use."""

    ingredient = models.OneToOneField(Ingredient, models.PROTECT, related_name="reorder_point")
    minimum = models.DecimalField(
        _("minimum"), max_digits=15, decimal_places=6, help_text=_("In the ingredient's unit.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__gte=0), name="inventory_minimum_not_below_zero"
            )
        ]

    def __str__(self) -> str:
        return f"{self.minimum} of {self.ingredient_id}"
