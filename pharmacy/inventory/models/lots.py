"""Received lots: where they came from, what their certificates say, how they pack."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.formulations.models import Ingredient
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
    certificate_form = models.CharField(
        _("form on the certificate"),
        max_length=60,
        null=True,
        blank=True,
        help_text=_("Salt and hydrate as the certificate names them: hydrochloride dihydrate."),
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


class LotDocument(models.Model):
    """A file that came with a lot, byte for byte: its certificate of analysis, as PDF or photograph. Never edited."""

    lot = models.ForeignKey(IngredientLot, models.PROTECT, related_name="files")
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(_("kind of file"), max_length=40)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "sha256"], name="inventory_file_once_a_lot"),
            models.CheckConstraint(
                condition=Q(content_type__in=["application/pdf", "image/jpeg"]),
                name="inventory_file_is_pdf_or_jpeg",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="inventory_file_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
