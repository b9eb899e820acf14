"""What a batch of a triturate became: a lot on the ingredients' shelf."""

from django.db import models

from pharmacy.batches.models.record import CompoundingRecord
from pharmacy.inventory.models import IngredientLot


class CompoundedLot(models.Model):
    """The lot that a released batch went on the shelf as; other formulas use it like a bought one. Never edited."""

    record = models.OneToOneField(CompoundingRecord, models.PROTECT, related_name="compounded_lot")
    lot = models.OneToOneField(IngredientLot, models.PROTECT, related_name="compounded_as")

    def __str__(self) -> str:
        return f"{self.record} as {self.lot}"
