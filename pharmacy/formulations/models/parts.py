"""What stands inside a master formulation record: ingredients, steps, quality checks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.formulations.models.records import MasterFormulationRecord
from pharmacy.formulations.models.substances import Ingredient


class LineRole(models.TextChoices):
    ACTIVE = "active", _("active")
    EXCIPIENT = "excipient", _("excipient")
    FILLER = "filler", _("filler")
    VEHICLE = "vehicle", _("vehicle")
    SHELL = "shell", _("capsule shell")
    CONTAINER = "container", _("container")


class FormulaLine(models.Model):
    """One ingredient of a formula.

    Amounts: the active follows the strength; filler and vehicle fill up (no amount); an excipient is per
    capsule (mg) or per 100 mL (mg or mL); shell and container are per unit.
    """

    formula = models.ForeignKey(MasterFormulationRecord, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    ingredient = models.ForeignKey(Ingredient, models.PROTECT)
    key = models.CharField(
        _("name in the steps"), max_length=40, blank=True, help_text=_("{naltrexone} in a step.")
    )
    role = models.CharField(_("role"), max_length=20, choices=LineRole.choices)
    is_alternative = models.BooleanField(
        _("alternative"),
        default=False,
        help_text=_("Stands in for the active under the same name: a triturate of it."),
    )
    amount = models.DecimalField(
        _("amount"), max_digits=15, decimal_places=6, null=True, blank=True
    )
    caution_reason = models.CharField(
        _("why it is used all the same"),
        max_length=300,
        blank=True,
        help_text=_("For an ingredient that is allowed only with a reason."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["formula", "position"], name="formulations_line_position"
            ),
            models.CheckConstraint(
                condition=(
                    Q(role__in=["active", "filler", "vehicle"], amount__isnull=True)
                    | Q(
                        role__in=["excipient", "shell", "container"],
                        amount__isnull=False,
                        amount__gt=0,
                    )
                ),
                name="formulations_line_amount_fits_role",
            ),
            models.CheckConstraint(
                condition=Q(is_alternative=False) | Q(role="active"),
                name="formulations_only_actives_alternate",
            ),
            models.UniqueConstraint(
                fields=["formula", "key"],
                condition=~Q(key="") & Q(is_alternative=False),
                name="formulations_line_key_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ingredient} ({self.role})"


class StepEntry(models.TextChoices):
    """What is asked for at the bench before the step is done."""

    NONE = "", _("nothing")
    CONFIRM = "confirm", _("a tick")
    NUMBER = "number", _("a number")
    TEXT = "text", _("a few words")


class FormulaStep(models.Model):
    """One step of the procedure. Quantities stand in the text as {key} of a line; see `step_texts`."""

    formula = models.ForeignKey(MasterFormulationRecord, models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField(_("position"))
    text = models.TextField(_("text"))
    is_critical = models.BooleanField(_("critical"), default=False)
    timer_seconds = models.PositiveIntegerField(_("timer, seconds"), null=True, blank=True)
    check_text = models.CharField(_("what is checked"), max_length=200, blank=True)
    entry = models.CharField(
        _("what is entered"),
        max_length=10,
        choices=StepEntry.choices,
        default=StepEntry.NONE,
        blank=True,
    )
    entry_unit = models.CharField(_("unit of the number"), max_length=20, blank=True)
    hazard = models.CharField(_("hazard"), max_length=200, blank=True)
    protective_equipment = models.JSONField(_("protective equipment"), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["formula", "position"], name="formulations_step_position"
            ),
            models.CheckConstraint(
                condition=Q(timer_seconds__isnull=True) | Q(timer_seconds__gt=0),
                name="formulations_timer_runs",
            ),
            models.CheckConstraint(
                condition=Q(entry="") | ~Q(check_text=""), name="formulations_entry_says_of_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.text[:40]}"


class QualityTest(models.TextChoices):
    """Kinds of quality control. The first four are recorded at the bench under the same names."""

    FILL_WEIGHT = "fill_weight", _("fill weight of ten capsules")
    APPEARANCE = "appearance", _("appearance")
    VOLUME = "volume", _("volume")
    CLOSURE = "closure", _("container and closure")
    PH = "ph", _("pH")
    MIXING = "mixing", _("evenness of the mixture")
    ASSAY = "assay", _("assay")
    OTHER = "other", _("other")


class FormulaCheck(models.Model):
    """One quality control procedure, the result that is expected, and the limits of a measured one."""

    formula = models.ForeignKey(
        MasterFormulationRecord, models.PROTECT, related_name="quality_checks"
    )
    position = models.PositiveIntegerField(_("position"))
    kind = models.CharField(_("test"), max_length=20, choices=QualityTest.choices)
    procedure = models.TextField(_("procedure"))
    expected = models.TextField(_("expected result"))
    lowest = models.DecimalField(
        _("lowest"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    highest = models.DecimalField(
        _("highest"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["formula", "position"], name="formulations_check_position"
            ),
            models.CheckConstraint(
                condition=Q(lowest__isnull=True)
                | Q(highest__isnull=True)
                | Q(highest__gte=F("lowest")),
                name="formulations_check_limits_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.expected}"
