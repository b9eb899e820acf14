"""The master formulation record: how one preparation is made, for a range of strengths."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.formulations.models.substances import Ingredient, Substance
from pharmacy.formulations.states import FormulaState


class DosageForm(models.TextChoices):
    CAPSULE = "capsule", _("capsule")
    DROPS = "drops", _("drops")
    SUSPENSION = "suspension", _("oral suspension")
    TRITURATE = "triturate", _("triturate")


LIQUID_FORMS = (DosageForm.DROPS, DosageForm.SUSPENSION)
"""What is made up to a volume and filled into bottles."""

FORMS_FOR_PATIENTS = (DosageForm.CAPSULE, *LIQUID_FORMS)
"""What is dispensed. A triturate is made for the shelf: other formulas use it."""


class BudClass(models.TextChoices):
    """USP <795> (2023) Table 4 classes; the days of each stand in the policies."""

    AQUEOUS_NONPRESERVED = "aqueous_nonpreserved", _("aqueous, nonpreserved")
    AQUEOUS_PRESERVED = "aqueous_preserved", _("aqueous, preserved")
    NONAQUEOUS_LIQUID = "nonaqueous_liquid", _("nonaqueous oral liquid")
    NONAQUEOUS_OTHER = "nonaqueous_other", _("other nonaqueous")


AQUEOUS = (BudClass.AQUEOUS_NONPRESERVED, BudClass.AQUEOUS_PRESERVED)


class BudBasis(models.TextChoices):
    """What the beyond-use date rests on; `bud_reference` names the source."""

    CLASS_LIMIT = "class_limit", _("limit of the class, USP <795> (2023)")
    MONOGRAPH = "monograph", _("USP compounded monograph")
    STUDY = "study", _("stability study of this formula and container")


class StorageCondition(models.TextChoices):
    ROOM = "room", _("controlled room temperature")
    REFRIGERATOR = "refrigerator", _("refrigerator")
    FREEZER = "freezer", _("freezer")


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
    strength_step = models.DecimalField(
        _("step of the strengths"),
        max_digits=15,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Strengths are made in this step, counted from the lowest."),
    )
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
    bud_basis = models.CharField(
        _("basis of the beyond-use date"),
        max_length=20,
        choices=BudBasis.choices,
        default=BudBasis.CLASS_LIMIT,
    )
    bud_reference = models.TextField(_("source for the beyond-use date"))
    bud_study_days = models.PositiveIntegerField(
        _("days that the study or monograph supports"), null=True, blank=True
    )
    bud_study_reference = models.CharField(
        _("study or monograph"),
        max_length=200,
        blank=True,
        help_text=_("As it is named beside the date: authors, journal, year."),
    )
    bud_study_container = models.CharField(
        _("container that was studied"), max_length=200, blank=True
    )
    bud_study_storage = models.CharField(
        _("storage that was studied"), max_length=20, choices=StorageCondition.choices, blank=True
    )
    bud_study_same = models.BooleanField(
        _("this formulation in this container was studied"), default=False
    )
    bud_study_indicating = models.BooleanField(
        _("the method was stability-indicating"), default=False
    )
    bud_study_antimicrobial = models.BooleanField(
        _("antimicrobial effectiveness (<51>) is documented"),
        default=False,
        help_text=_("Needed before a study extends the limit of an aqueous preparation."),
    )
    water_activity_basis = models.CharField(
        _("why its water activity is below 0.6"),
        max_length=200,
        blank=True,
        help_text=_(
            "For a nonaqueous class: the row of the chapter's table, a test or a statement."
        ),
    )
    storage_condition = models.CharField(
        _("stored"),
        max_length=20,
        choices=StorageCondition.choices,
        default=StorageCondition.ROOM,
    )
    storage = models.CharField(_("storage"), max_length=200)
    label_instructions = models.JSONField(_("label instructions"), default=list, blank=True)
    calculations = models.TextField(_("calculations"))
    equipment = models.JSONField(_("equipment"), default=list)
    makes = models.ForeignKey(
        Ingredient,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made_by_formulas",
        help_text=_("What a batch of a triturate puts on the shelf."),
    )
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
                condition=~Q(dosage_form__in=["drops", "suspension"])
                | (
                    Q(package_ml__isnull=False, package_ml__gt=0, fill_ml__isnull=False)
                    & Q(fill_ml__gte=F("package_ml"))
                ),
                name="formulations_drops_have_a_bottle",
            ),
            models.CheckConstraint(
                condition=Q(dosage_form=DosageForm.TRITURATE, makes__isnull=False)
                | (~Q(dosage_form=DosageForm.TRITURATE) & Q(makes__isnull=True)),
                name="formulations_triturate_makes_an_ingredient",
            ),
            models.CheckConstraint(
                condition=Q(strength_step__isnull=True) | Q(strength_step__gt=0),
                name="formulations_step_positive",
            ),
            models.CheckConstraint(
                condition=Q(bud_study_days__isnull=True)
                | (Q(bud_study_days__gt=0) & ~Q(bud_basis=BudBasis.CLASS_LIMIT)),
                name="formulations_study_days_of_a_study",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    @property
    def is_liquid(self) -> bool:
        return self.dosage_form in LIQUID_FORMS
