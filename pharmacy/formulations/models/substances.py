"""What things are made of: substances, ingredients, and what is known about them."""

from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _


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

    @property
    def leaflet_key(self) -> str:
        """Return under which name its leaflet editions are kept: its rule set, or its own name without one."""
        return self.rule_set or slugify(self.name)[:40]

    def is_form_with(self, other: "Substance") -> bool:
        """Say whether both are the same substance, or a salt, hydrate or base of the same one."""
        return (self.form_of_id or self.pk) == (other.form_of_id or other.pk)


class IngredientKind(models.TextChoices):
    POWDER = "powder", _("powder")
    LIQUID = "liquid", _("liquid")
    SHELL = "shell", _("capsule shell")
    CONTAINER = "container", _("container")
    LABEL = "label", _("label")


class ExcipientFact(models.TextChoices):
    """What a patient may not tolerate or not want in a medicine. The safety rules ask by these names."""

    LACTOSE = "lactose", _("lactose")
    GELATIN = "gelatin", _("gelatin")
    DYE = "dye", _("dye")
    SUGAR = "sugar", _("sugar")
    GLUTEN = "gluten", _("gluten")
    ALCOHOL = "alcohol_excipient", _("alcohol")
    ANIMAL_ORIGIN = "animal_origin", _("animal origin")
    CELLULOSE = "cellulose", _("cellulose")
    BENZOATE = "benzoate", _("benzoate")
    PARABEN = "paraben", _("paraben")
    FLAVOR = "flavor", _("flavor")
    XYLITOL = "xylitol", _("xylitol")
    COCONUT_OIL = "coconut_oil", _("coconut oil")


class Ingredient(models.Model):
    """Something kept in stock. `contains` lists what a patient may not tolerate (lactose, gelatin...)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    label_name = models.CharField(_("name on a label"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=IngredientKind.choices)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices)
    substance = models.ForeignKey(Substance, models.PROTECT, null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=60, blank=True)
    contains = models.JSONField(
        _("contains"), default=list, blank=True, help_text=_("Allergens and diet: ExcipientFact.")
    )
    facts_source = models.CharField(
        _("source of what it contains"),
        max_length=200,
        blank=True,
        help_text=_("Where allergens and diet were looked up. Empty: nobody has looked."),
    )
    characteristics = models.CharField(
        _("characteristics"),
        max_length=200,
        blank=True,
        help_text=_("Salt or hydrate form, particle size, solubility, as far as they matter."),
    )
    hazard = models.CharField(
        _("hazard"),
        max_length=200,
        blank=True,
        help_text=_("What to beware of, and what the hazardous-drug assessment found."),
    )
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

    label_stock = models.CharField(
        _("labels"),
        max_length=20,
        blank=True,
        help_text=_("Which labels these are, by the key of their format: roll-4x2, sheet-4x3."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=IngredientKind.LABEL, unit=Unit.EACH) & ~Q(label_stock=""))
                | (~Q(kind=IngredientKind.LABEL) & Q(label_stock="")),
                name="formulations_labels_say_which",
            ),
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


class Allowed(models.TextChoices):
    YES = "yes", _("yes")
    ASK = "ask", _("only with a reason")
    NO = "no", _("no")


class IngredientCaution(models.Model):
    """Whether an ingredient may stand beside a substance: calcium carbonate beside naltrexone, for instance.

    It holds for every salt and hydrate of the substance. No row means yes.
    """

    ingredient = models.ForeignKey(Ingredient, models.PROTECT, related_name="cautions")
    substance = models.ForeignKey(Substance, models.PROTECT, related_name="cautions")
    allowed = models.CharField(_("allowed"), max_length=5, choices=Allowed.choices)
    reason = models.CharField(_("why"), max_length=300)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ingredient", "substance"], name="formulations_one_caution_a_pair"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(source=""), name="formulations_caution_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ingredient} with {self.substance}: {self.allowed}"
