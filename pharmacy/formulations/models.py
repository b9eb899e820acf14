"""What can be made, and how: substances, ingredients, master formulation records."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.formulations.states import FormulaState


class DosageForm(models.TextChoices):
    CAPSULE = "capsule", _("capsule")
    DROPS = "drops", _("drops")


class Unit(models.TextChoices):
    """Units an ingredient is stocked and measured in. Mass is always in milligrams."""

    MG = "mg", "mg"
    ML = "mL", "mL"
    EACH = "each", _("each")


class Substance(models.Model):
    """A chemical identity a strength can refer to: naltrexone hydrochloride is not naltrexone base."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("short name"), max_length=60)
    plain_name = models.CharField(
        _("name for patients"), max_length=100, help_text=_("low-dose naltrexone (LDN)")
    )
    cas_number = models.CharField(_("CAS number"), max_length=12, blank=True)
    unii = models.CharField(_("UNII"), max_length=10, blank=True)
    molecular_weight = models.DecimalField(
        _("molecular weight"), max_digits=9, decimal_places=4, null=True, blank=True
    )
    molecular_weight_source = models.CharField(max_length=200, blank=True)
    form_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forms",
        help_text=_(
            "The substance that this is a salt or a hydrate of, when strengths are stated as that."
        ),
    )
    rule_set = models.CharField(
        _("safety rule set"), max_length=40, blank=True, help_text=_("Which screening rules apply.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(molecular_weight__isnull=True) | Q(molecular_weight__gt=0),
                name="formulations_weight_positive",
            )
        ]

    def __str__(self) -> str:
        return self.name


class IngredientKind(models.TextChoices):
    POWDER = "powder", _("powder")
    LIQUID = "liquid", _("liquid")
    SHELL = "shell", _("capsule shell")
    CONTAINER = "container", _("container")


class Ingredient(models.Model):
    """Something kept in stock. `contains` lists what a patient may not tolerate (lactose, gelatin...)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    label_name = models.CharField(_("name on a label"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=IngredientKind.choices)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices)
    substance = models.ForeignKey(Substance, models.PROTECT, null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=60, blank=True)
    contains = models.JSONField(_("contains"), default=list, blank=True)
    displacement_ml_per_g = models.DecimalField(
        _("displacement, mL per g"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    solubility_mg_per_ml = models.DecimalField(
        _("solubility in water, mg/mL"), max_digits=9, decimal_places=3, null=True, blank=True
    )
    capsule_size = models.CharField(_("capsule size"), max_length=4, blank=True)
    capsule_volume_ml = models.DecimalField(
        _("capsule volume, mL"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    container_volume_ml = models.DecimalField(
        _("container volume, mL"), max_digits=8, decimal_places=2, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=IngredientKind.SHELL)
                | (
                    ~Q(capsule_size="")
                    & Q(capsule_volume_ml__isnull=False, capsule_volume_ml__gt=0)
                ),
                name="formulations_shell_has_a_size",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BudClass(models.TextChoices):
    """USP <795> (2023) Table 4 classes; the days of each stand in the policies."""

    AQUEOUS_NONPRESERVED = "aqueous_nonpreserved", _("aqueous, nonpreserved")
    AQUEOUS_PRESERVED = "aqueous_preserved", _("aqueous, preserved")
    NONAQUEOUS_LIQUID = "nonaqueous_liquid", _("nonaqueous oral liquid")
    NONAQUEOUS_OTHER = "nonaqueous_other", _("other nonaqueous")


class MasterFormulationRecord(models.Model):
    """How one preparation is made, for a range of strengths. An approved version never changes.

    The fields are the items USP <795> (2023) section 7 asks of a master formulation record.
    """

    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=20, choices=FormulaState.choices, default=FormulaState.DRAFT
    )
    name = models.CharField(_("name"), max_length=200)
    dosage_form = models.CharField(_("dosage form"), max_length=20, choices=DosageForm.choices)
    route = models.CharField(_("route"), max_length=60)
    strength_substance = models.ForeignKey(
        Substance, models.PROTECT, help_text=_("What the strength is a strength of.")
    )
    strength_unit = models.CharField(_("strength unit"), max_length=10)
    strength_min = models.DecimalField(_("lowest strength"), max_digits=15, decimal_places=6)
    strength_max = models.DecimalField(_("highest strength"), max_digits=15, decimal_places=6)
    strengths_offered = models.JSONField(_("strengths offered"), default=list)
    overage_pct = models.DecimalField(_("overage, %"), max_digits=5, decimal_places=2)
    package_ml = models.DecimalField(
        _("label volume of a bottle, mL"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    fill_ml = models.DecimalField(
        _("fill volume of a bottle, mL"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    container_closure = models.CharField(_("container and closure"), max_length=200)
    physical_description = models.TextField(_("physical description"))
    expected_traits = models.JSONField(_("traits to tick at the check"), default=list)
    bud_class = models.CharField(_("beyond-use class"), max_length=30, choices=BudClass.choices)
    bud_days_shorter = models.PositiveIntegerField(
        _("shorter limit, days"),
        null=True,
        blank=True,
        help_text=_("When stability is shorter than the class allows."),
    )
    bud_reference = models.TextField(_("source for the beyond-use date"))
    storage = models.CharField(_("storage"), max_length=200)
    label_instructions = models.JSONField(_("label instructions"), default=list, blank=True)
    calculations = models.TextField(_("calculations"))
    equipment = models.TextField(_("equipment"))
    quality_control = models.TextField(_("quality control and expected results"), default="")
    notes = models.TextField(_("other information"), blank=True)
    change_reason = models.TextField(_("why this version"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="formulations_one_row_a_version"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state=FormulaState.APPROVED),
                name="formulations_one_approved_version",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="formulations_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="formulations_approver_is_not_author",
            ),
            models.CheckConstraint(
                condition=Q(state=FormulaState.DRAFT) | Q(approved_by__isnull=False),
                name="formulations_approved_means_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(strength_min__gt=0) & Q(strength_max__gte=F("strength_min")),
                name="formulations_strength_range",
            ),
            models.CheckConstraint(
                condition=~Q(dosage_form=DosageForm.DROPS)
                | (
                    Q(package_ml__isnull=False, package_ml__gt=0, fill_ml__isnull=False)
                    & Q(fill_ml__gte=F("package_ml"))
                ),
                name="formulations_drops_have_a_bottle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


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
    role = models.CharField(_("role"), max_length=20, choices=LineRole.choices)
    amount = models.DecimalField(
        _("amount"), max_digits=15, decimal_places=6, null=True, blank=True
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
        ]

    def __str__(self) -> str:
        return f"{self.ingredient} ({self.role})"


class FormulaStep(models.Model):
    """One step of the procedure."""

    formula = models.ForeignKey(MasterFormulationRecord, models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField(_("position"))
    text = models.TextField(_("text"))
    is_critical = models.BooleanField(_("critical"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["formula", "position"], name="formulations_step_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.text[:40]}"
