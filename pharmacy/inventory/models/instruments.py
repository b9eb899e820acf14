"""What is measured with: balances with their calibrations and tests, droppers with their drops."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.formulations.models import Ingredient, MasterFormulationRecord


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


class BalanceCalibration(models.Model):
    """One calibration of a balance: by whom, with which result, and when the next is due. Never edited."""

    balance = models.ForeignKey(Balance, models.PROTECT, related_name="calibrations")
    done_on = models.DateField(_("done on"))
    due_on = models.DateField(_("next due on"))
    done_by = models.CharField(_("done by"), max_length=120)
    certificate_number = models.CharField(_("certificate"), max_length=60, blank=True)
    passed = models.BooleanField(_("passed"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(done_by=""), name="inventory_calibrated_by_someone")
        ]

    def __str__(self) -> str:
        return f"calibration of {self.balance_id} on {self.done_on}"


class RepeatabilityTest(models.Model):
    """Ten weighings of one test weight, their standard deviation and the least weight that follows. Never edited."""

    balance = models.ForeignKey(Balance, models.PROTECT, related_name="repeatability_tests")
    test_weight_mg = models.DecimalField(_("test weight, mg"), max_digits=15, decimal_places=4)
    readings_mg = models.JSONField(_("readings, mg"), help_text=_("As text, in their order."))
    sd_mg = models.DecimalField(_("standard deviation, mg"), max_digits=12, decimal_places=6)
    minimum_mg = models.DecimalField(_("least weight, mg"), max_digits=15, decimal_places=4)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(test_weight_mg__gt=0, sd_mg__gte=0, minimum_mg__gt=0),
                name="inventory_repeatability_figures",
            )
        ]

    def __str__(self) -> str:
        return f"repeatability of {self.balance_id}"


class DropperCalibration(models.Model):
    """How many drops of this formula this dropper gives per mL, counted with the preparation itself."""

    formula = models.ForeignKey(
        MasterFormulationRecord, models.PROTECT, related_name="calibrations"
    )
    dropper = models.ForeignKey(Ingredient, models.PROTECT, related_name="calibrations")
    drops = models.PositiveIntegerField(_("drops counted"))
    volume_ml = models.DecimalField(_("volume, mL"), max_digits=8, decimal_places=4)
    mass_mg = models.DecimalField(
        _("mass of the drops, mg"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    density_g_per_ml = models.DecimalField(
        _("density, g/mL"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("When the drops were weighed: volume = mass / density."),
    )
    measured_on = models.DateField(_("measured on"))
    measured_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(drops__gt=0, volume_ml__gt=0), name="inventory_calibration_positive"
            ),
            models.CheckConstraint(
                condition=Q(mass_mg__isnull=True, density_g_per_ml__isnull=True)
                | Q(
                    mass_mg__isnull=False,
                    mass_mg__gt=0,
                    density_g_per_ml__isnull=False,
                    density_g_per_ml__gt=0,
                ),
                name="inventory_weighed_drops_have_a_density",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drops} drops in {self.volume_ml} mL"
