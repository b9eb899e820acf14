"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import frozen_columns, frozen_with

FORMULA = "formulations_masterformulationrecord"
APPROVED = "state <> 'draft'"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Substance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                ("short_name", models.CharField(max_length=60, verbose_name="short name")),
                (
                    "plain_name",
                    models.CharField(
                        help_text="low-dose naltrexone (LDN)",
                        max_length=100,
                        verbose_name="name for patients",
                    ),
                ),
                (
                    "cas_number",
                    models.CharField(blank=True, max_length=12, verbose_name="CAS number"),
                ),
                ("unii", models.CharField(blank=True, max_length=10, verbose_name="UNII")),
                (
                    "molecular_weight",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=9,
                        null=True,
                        verbose_name="molecular weight",
                    ),
                ),
                ("molecular_weight_source", models.CharField(blank=True, max_length=200)),
                (
                    "form_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The substance that this is a salt or a hydrate of, when strengths are stated as that.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="formulations.substance",
                    ),
                ),
                (
                    "rule_set",
                    models.CharField(
                        blank=True,
                        help_text="Which screening rules apply.",
                        max_length=40,
                        verbose_name="safety rule set",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("molecular_weight__isnull", True),
                            ("molecular_weight__gt", 0),
                            _connector="OR",
                        ),
                        name="formulations_weight_positive",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ingredient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                ("label_name", models.CharField(max_length=100, verbose_name="name on a label")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("powder", "powder"),
                            ("liquid", "liquid"),
                            ("shell", "capsule shell"),
                            ("container", "container"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("mg", "mg"), ("mL", "mL"), ("each", "each")],
                        max_length=5,
                        verbose_name="unit",
                    ),
                ),
                (
                    "substance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="formulations.substance",
                    ),
                ),
                ("grade", models.CharField(blank=True, max_length=60, verbose_name="grade")),
                (
                    "contains",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Allergens and diet: ExcipientFact.",
                        verbose_name="contains",
                    ),
                ),
                (
                    "facts_source",
                    models.CharField(
                        blank=True,
                        help_text="Where allergens and diet were looked up. Empty: nobody has looked.",
                        max_length=200,
                        verbose_name="source of what it contains",
                    ),
                ),
                (
                    "characteristics",
                    models.CharField(
                        blank=True,
                        help_text="Salt or hydrate form, particle size, solubility, as far as they matter.",
                        max_length=200,
                        verbose_name="characteristics",
                    ),
                ),
                (
                    "hazard",
                    models.CharField(
                        blank=True,
                        help_text="What to beware of, and what the hazardous-drug assessment found.",
                        max_length=200,
                        verbose_name="hazard",
                    ),
                ),
                (
                    "displacement_ml_per_g",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=7,
                        null=True,
                        verbose_name="displacement, mL per g",
                    ),
                ),
                (
                    "solubility_mg_per_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=9,
                        null=True,
                        verbose_name="solubility in water, mg/mL",
                    ),
                ),
                (
                    "capsule_size",
                    models.CharField(blank=True, max_length=4, verbose_name="capsule size"),
                ),
                (
                    "capsule_volume_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=6,
                        null=True,
                        verbose_name="capsule volume, mL",
                    ),
                ),
                (
                    "container_volume_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        verbose_name="container volume, mL",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "shell"), _negated=True),
                            models.Q(
                                models.Q(("capsule_size", ""), _negated=True),
                                ("capsule_volume_ml__gt", 0),
                                ("capsule_volume_ml__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="formulations_shell_has_a_size",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MasterFormulationRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("approved", "approved"),
                            ("retired", "retired"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "dosage_form",
                    models.CharField(
                        choices=[
                            ("capsule", "capsule"),
                            ("drops", "drops"),
                            ("suspension", "oral suspension"),
                            ("triturate", "triturate"),
                        ],
                        max_length=20,
                        verbose_name="dosage form",
                    ),
                ),
                ("route", models.CharField(max_length=60, verbose_name="route")),
                (
                    "strength_substance",
                    models.ForeignKey(
                        help_text="What the strength is a strength of.",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="formulations.substance",
                    ),
                ),
                ("strength_unit", models.CharField(max_length=10, verbose_name="strength unit")),
                (
                    "strength_min",
                    models.DecimalField(
                        decimal_places=6, max_digits=15, verbose_name="lowest strength"
                    ),
                ),
                (
                    "strength_max",
                    models.DecimalField(
                        decimal_places=6, max_digits=15, verbose_name="highest strength"
                    ),
                ),
                (
                    "strength_step",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Strengths are made in this step, counted from the lowest.",
                        max_digits=15,
                        null=True,
                        verbose_name="step of the strengths",
                    ),
                ),
                (
                    "strengths_offered",
                    models.JSONField(default=list, verbose_name="strengths offered"),
                ),
                (
                    "overage_pct",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="overage, %"),
                ),
                (
                    "package_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        verbose_name="label volume of a bottle, mL",
                    ),
                ),
                (
                    "fill_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        verbose_name="fill volume of a bottle, mL",
                    ),
                ),
                (
                    "container_closure",
                    models.CharField(max_length=200, verbose_name="container and closure"),
                ),
                ("physical_description", models.TextField(verbose_name="physical description")),
                (
                    "expected_traits",
                    models.JSONField(default=list, verbose_name="traits to tick at the check"),
                ),
                (
                    "bud_class",
                    models.CharField(
                        choices=[
                            ("aqueous_nonpreserved", "aqueous, nonpreserved"),
                            ("aqueous_preserved", "aqueous, preserved"),
                            ("nonaqueous_liquid", "nonaqueous oral liquid"),
                            ("nonaqueous_other", "other nonaqueous"),
                        ],
                        max_length=30,
                        verbose_name="beyond-use class",
                    ),
                ),
                (
                    "bud_days_shorter",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="When stability is shorter than the class allows.",
                        null=True,
                        verbose_name="shorter limit, days",
                    ),
                ),
                (
                    "bud_basis",
                    models.CharField(
                        choices=[
                            ("class_limit", "limit of the class, USP <795> (2023)"),
                            ("monograph", "USP compounded monograph"),
                            ("study", "stability study of this formula and container"),
                        ],
                        default="class_limit",
                        max_length=20,
                        verbose_name="basis of the beyond-use date",
                    ),
                ),
                ("bud_reference", models.TextField(verbose_name="source for the beyond-use date")),
                (
                    "water_activity_basis",
                    models.CharField(
                        blank=True,
                        help_text="For a nonaqueous class: the row of the chapter's table, a test or a statement.",
                        max_length=200,
                        verbose_name="why its water activity is below 0.6",
                    ),
                ),
                (
                    "storage_condition",
                    models.CharField(
                        choices=[
                            ("room", "controlled room temperature"),
                            ("refrigerator", "refrigerator"),
                            ("freezer", "freezer"),
                        ],
                        default="room",
                        max_length=20,
                        verbose_name="stored",
                    ),
                ),
                ("storage", models.CharField(max_length=200, verbose_name="storage")),
                (
                    "label_instructions",
                    models.JSONField(blank=True, default=list, verbose_name="label instructions"),
                ),
                ("calculations", models.TextField(verbose_name="calculations")),
                ("equipment", models.JSONField(default=list, verbose_name="equipment")),
                (
                    "makes",
                    models.ForeignKey(
                        blank=True,
                        help_text="What a batch of a triturate puts on the shelf.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by_formulas",
                        to="formulations.ingredient",
                    ),
                ),
                ("notes", models.TextField(blank=True, verbose_name="other information")),
                ("change_reason", models.TextField(blank=True, verbose_name="why this version")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved at"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="formulations_one_row_a_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("code",),
                        name="formulations_one_approved_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="formulations_approved_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="formulations_approver_is_not_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), ("approved_by__isnull", False), _connector="OR"
                        ),
                        name="formulations_approved_means_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("strength_min__gt", 0), ("strength_max__gte", models.F("strength_min"))
                        ),
                        name="formulations_strength_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dosage_form__in", ["drops", "suspension"]), _negated=True),
                            models.Q(
                                ("fill_ml__isnull", False),
                                ("package_ml__gt", 0),
                                ("package_ml__isnull", False),
                                ("fill_ml__gte", models.F("package_ml")),
                            ),
                            _connector="OR",
                        ),
                        name="formulations_drops_have_a_bottle",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dosage_form", "triturate"), ("makes__isnull", False)),
                            models.Q(
                                models.Q(("dosage_form", "triturate"), _negated=True),
                                ("makes__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="formulations_triturate_makes_an_ingredient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("strength_step__isnull", True),
                            ("strength_step__gt", 0),
                            _connector="OR",
                        ),
                        name="formulations_step_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IngredientCaution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ingredient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cautions",
                        to="formulations.ingredient",
                    ),
                ),
                (
                    "substance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cautions",
                        to="formulations.substance",
                    ),
                ),
                (
                    "allowed",
                    models.CharField(
                        choices=[("yes", "yes"), ("ask", "only with a reason"), ("no", "no")],
                        max_length=5,
                        verbose_name="allowed",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="why")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ingredient", "substance"), name="formulations_one_caution_a_pair"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="formulations_caution_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormulaStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "formula",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="formulations.masterformulationrecord",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("text", models.TextField(verbose_name="text")),
                ("is_critical", models.BooleanField(default=False, verbose_name="critical")),
                (
                    "timer_seconds",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="timer, seconds"
                    ),
                ),
                (
                    "check_text",
                    models.CharField(blank=True, max_length=200, verbose_name="what is checked"),
                ),
                (
                    "entry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nothing"),
                            ("confirm", "a tick"),
                            ("number", "a number"),
                            ("text", "a few words"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="what is entered",
                    ),
                ),
                (
                    "entry_unit",
                    models.CharField(blank=True, max_length=20, verbose_name="unit of the number"),
                ),
                ("hazard", models.CharField(blank=True, max_length=200, verbose_name="hazard")),
                (
                    "protective_equipment",
                    models.JSONField(blank=True, default=list, verbose_name="protective equipment"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("formula", "position"), name="formulations_step_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("timer_seconds__isnull", True),
                            ("timer_seconds__gt", 0),
                            _connector="OR",
                        ),
                        name="formulations_timer_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entry", ""),
                            models.Q(("check_text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="formulations_entry_says_of_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormulaLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "formula",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="formulations.masterformulationrecord",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "ingredient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="formulations.ingredient"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="{naltrexone} in a step.",
                        max_length=40,
                        verbose_name="name in the steps",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("excipient", "excipient"),
                            ("filler", "filler"),
                            ("vehicle", "vehicle"),
                            ("shell", "capsule shell"),
                            ("container", "container"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "is_alternative",
                    models.BooleanField(
                        default=False,
                        help_text="Stands in for the active under the same name: a triturate of it.",
                        verbose_name="alternative",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=15,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                (
                    "caution_reason",
                    models.CharField(
                        blank=True,
                        help_text="For an ingredient that is allowed only with a reason.",
                        max_length=300,
                        verbose_name="why it is used all the same",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("formula", "position"), name="formulations_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__isnull", True),
                                ("role__in", ["active", "filler", "vehicle"]),
                            ),
                            models.Q(
                                ("amount__gt", 0),
                                ("amount__isnull", False),
                                ("role__in", ["excipient", "shell", "container"]),
                            ),
                            _connector="OR",
                        ),
                        name="formulations_line_amount_fits_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_alternative", False), ("role", "active"), _connector="OR"
                        ),
                        name="formulations_only_actives_alternate",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True), ("is_alternative", False)
                        ),
                        fields=("formula", "key"),
                        name="formulations_line_key_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormulaCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "formula",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quality_checks",
                        to="formulations.masterformulationrecord",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fill_weight", "fill weight of ten capsules"),
                            ("appearance", "appearance"),
                            ("volume", "volume"),
                            ("closure", "container and closure"),
                            ("ph", "pH"),
                            ("mixing", "evenness of the mixture"),
                            ("assay", "assay"),
                            ("other", "other"),
                        ],
                        max_length=20,
                        verbose_name="test",
                    ),
                ),
                ("procedure", models.TextField(verbose_name="procedure")),
                ("expected", models.TextField(verbose_name="expected result")),
                (
                    "lowest",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=12,
                        null=True,
                        verbose_name="lowest",
                    ),
                ),
                (
                    "highest",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=12,
                        null=True,
                        verbose_name="highest",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="unit")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("formula", "position"), name="formulations_check_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lowest__isnull", True),
                            ("highest__isnull", True),
                            ("highest__gte", models.F("lowest")),
                            _connector="OR",
                        ),
                        name="formulations_check_limits_in_order",
                    ),
                ],
            },
        ),
        frozen_columns(
            FORMULA,
            [
                "code",
                "version",
                "name",
                "dosage_form",
                "route",
                "strength_substance_id",
                "strength_unit",
                "strength_min",
                "strength_max",
                "strength_step",
                "strengths_offered",
                "overage_pct",
                "package_ml",
                "fill_ml",
                "container_closure",
                "physical_description",
                "expected_traits",
                "bud_class",
                "bud_days_shorter",
                "bud_basis",
                "bud_reference",
                "water_activity_basis",
                "storage_condition",
                "storage",
                "label_instructions",
                "calculations",
                "equipment",
                "makes_id",
                "notes",
                "change_reason",
                "author_id",
                "created_at",
                "approved_by_id",
                "approved_at",
            ],
            when="OLD.state <> 'draft'",
        ),
        frozen_with("formulations_formulaline", parent=FORMULA, key="formula_id", when=APPROVED),
        frozen_with("formulations_formulastep", parent=FORMULA, key="formula_id", when=APPROVED),
        frozen_with("formulations_formulacheck", parent=FORMULA, key="formula_id", when=APPROVED),
    ]
