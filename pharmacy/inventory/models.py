"""What is on the shelf: lots with their certificates, stock moves, balances, dropper calibrations."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.formulations.models import Ingredient, MasterFormulationRecord
from pharmacy.inventory.states import LotState


class Supplier(models.Model):
    """Where ingredients come from."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name


class AssayBasis(models.TextChoices):
    """What the certificate's assay is stated on. The correction depends on it."""

    AS_IS = "as_is", _("as is")
    DRIED = "dried", _("dried")
    ANHYDROUS = "anhydrous", _("anhydrous")
    ANHYDROUS_SOLVENT_FREE = "anhydrous_solvent_free", _("anhydrous, solvent-free")


class IngredientLot(models.Model):
    """One received lot of one ingredient, with what its certificate of analysis says."""

    ingredient = models.ForeignKey(Ingredient, models.PROTECT, related_name="lots")
    supplier = models.ForeignKey(Supplier, models.PROTECT)
    lot_number = models.CharField(_("lot"), max_length=60)
    state = models.CharField(
        _("state"), max_length=20, choices=LotState.choices, default=LotState.QUARANTINED
    )
    received_on = models.DateField(_("received on"))
    expires_on = models.DateField(_("expires on"))
    expiry_from_receipt = models.BooleanField(
        _("no maker's expiry"), default=False, help_text=_("The date counts from the receipt.")
    )
    certificate_number = models.CharField(_("certificate of analysis"), max_length=60, blank=True)
    assay_pct = models.DecimalField(
        _("assay, %"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    assay_basis = models.CharField(
        _("assay basis"), max_length=30, choices=AssayBasis.choices, blank=True
    )
    water_pct = models.DecimalField(
        _("water, %"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    loss_on_drying_pct = models.DecimalField(
        _("loss on drying, %"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    solvents_pct = models.DecimalField(
        _("residual solvents, %"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    mean_shell_mg = models.DecimalField(
        _("mean weight of an empty shell, mg"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ingredient", "supplier", "lot_number"], name="inventory_lot_once"
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True, released_at__isnull=True)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="inventory_released_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "exhausted"]) | Q(released_by__isnull=False),
                name="inventory_released_means_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(assay_pct__isnull=True, assay_basis="")
                | (Q(assay_pct__isnull=False, assay_pct__gt=0) & ~Q(assay_basis="")),
                name="inventory_assay_has_a_basis",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ingredient", "expires_on"],
                condition=Q(state="released"),
                name="inventory_first_expiry",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ingredient.label_name} {self.lot_number}"


class PackStatistic(models.Model):
    """How many mg of this lot's powder exactly fill one capsule of a size, measured."""

    lot = models.ForeignKey(IngredientLot, models.PROTECT, related_name="pack_statistics")
    capsule_size = models.CharField(_("capsule size"), max_length=4)
    mg_per_capsule = models.DecimalField(_("mg per capsule"), max_digits=9, decimal_places=3)
    measured_on = models.DateField(_("measured on"))
    measured_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "capsule_size", "measured_on"], name="inventory_pack_statistic_a_day"
            ),
            models.CheckConstraint(
                condition=Q(mg_per_capsule__gt=0), name="inventory_pack_statistic_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot}, size {self.capsule_size}"


class Place(models.TextChoices):
    """Where stock can be. Supplier, waste, used and adjustment are outside the shelves."""

    SUPPLIER = "supplier", _("supplier")
    SHELF = "shelf", _("shelf")
    RESERVED = "reserved", _("reserved for a batch")
    USED = "used", _("used in a batch")
    QUARANTINE = "quarantine", _("set aside, recalled")
    WASTE = "waste", _("waste")
    ADJUSTMENT = "adjustment", _("adjustment")


OUTSIDE = ("supplier", "adjustment")


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
    reason = models.CharField(_("reason"), max_length=200, blank=True)

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


class Balance(models.Model):
    """A weighing instrument. Its smallest weighable amount follows from these figures and the policy."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    serial_number = models.CharField(_("serial number"), max_length=60)
    readability_mg = models.DecimalField(_("readability, mg"), max_digits=9, decimal_places=4)
    sensitivity_mg = models.DecimalField(
        _("sensitivity requirement, mg"), max_digits=9, decimal_places=4
    )
    repeatability_sd_mg = models.DecimalField(
        _("repeatability (SD), mg"), max_digits=9, decimal_places=5, null=True, blank=True
    )
    capacity_mg = models.DecimalField(_("capacity, mg"), max_digits=15, decimal_places=3)
    calibration_due_on = models.DateField(_("calibration due on"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(readability_mg__gt=0, sensitivity_mg__gt=0, capacity_mg__gt=0),
                name="inventory_balance_figures_positive",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DropperCalibration(models.Model):
    """How many drops of this formula this dropper gives per mL, counted with the preparation itself."""

    formula = models.ForeignKey(
        MasterFormulationRecord, models.PROTECT, related_name="calibrations"
    )
    dropper = models.ForeignKey(Ingredient, models.PROTECT, related_name="calibrations")
    drops = models.PositiveIntegerField(_("drops counted"))
    volume_ml = models.DecimalField(_("volume, mL"), max_digits=8, decimal_places=4)
    measured_on = models.DateField(_("measured on"))
    measured_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(drops__gt=0, volume_ml__gt=0), name="inventory_calibration_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.drops} drops in {self.volume_ml} mL"
