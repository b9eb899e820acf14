"""What an order gets and from where: the batch set aside for it, what was handed out, in which container."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.batches.models import CompoundingRecord
from pharmacy.formulations.models import Ingredient
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models.orders import OrderLine


class Allocation(models.Model):
    """Which batch is being made, or set aside, for which order line."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="allocations")
    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="allocations")
    quantity = models.PositiveIntegerField(_("quantity"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(withdrawn_at__isnull=True),
                name="orders_one_batch_a_line",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_allocation_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of batch {self.record_id}"


class Fill(models.Model):
    """What a patient was handed: an order line, from a batch. Never edited; a recall ends here."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="fills")
    record = models.ForeignKey(CompoundingRecord, models.PROTECT, related_name="fills")
    quantity = models.PositiveIntegerField(_("quantity"))
    dispensed_at = models.DateTimeField(_("dispensed at"))
    dispensed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "record"], name="orders_fill_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_fill_positive"),
        ]

    def __str__(self) -> str:
        return f"fill of line {self.line_id}"


class FillContainer(models.Model):
    """The container that a fill was handed out in: from which lot, or why from none. Never edited.

    Bottles are filled by their batch and stand in its record; what is here was chosen when the fill was handed out.
    """

    fill = models.ForeignKey(Fill, models.PROTECT, related_name="containers")
    ingredient = models.ForeignKey(
        Ingredient, models.PROTECT, related_name="+", verbose_name=_("container")
    )
    lot = models.ForeignKey(
        IngredientLot, models.PROTECT, null=True, blank=True, related_name="fill_containers"
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    why_no_lot = models.TextField(_("why from no lot"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fill", "ingredient"], name="orders_container_once_a_fill"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_container_positive"),
            models.CheckConstraint(
                condition=Q(lot__isnull=False, why_no_lot="")
                | (Q(lot__isnull=True) & ~Q(why_no_lot="")),
                name="orders_container_from_a_lot_or_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"container of fill {self.fill_id}"
