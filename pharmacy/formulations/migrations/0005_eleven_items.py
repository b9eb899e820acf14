"""Every item of a master formulation record as a field; what a step asks; which ingredients may stand together."""

import django.db.models.deletion
from django.db import migrations, models

from pharmacy.audit.triggers import Triggers, frozen_with

FORMULA = "formulations_masterformulationrecord"


def unguarded(table: str) -> Triggers:
    """Take the guard off a formula's rows: SQLite cannot rebuild a table that another one's guard asks."""
    return frozen_with(table, parent=FORMULA, key="formula_id", when="state <> 'draft'").off()


class Migration(migrations.Migration):
    dependencies = [
        ("formulations", "0004_salts_and_hydrates"),
    ]

    operations = [
        # 0007 puts the guards back, over every item.
        unguarded("formulations_formulaline"),
        unguarded("formulations_formulastep"),
        migrations.CreateModel(
            name="FormulaCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        ),
        migrations.RemoveConstraint(
            model_name="masterformulationrecord",
            name="formulations_drops_have_a_bottle",
        ),
        migrations.AddField(
            model_name="formulaline",
            name="caution_reason",
            field=models.CharField(
                blank=True,
                help_text="For an ingredient that is allowed only with a reason.",
                max_length=300,
                verbose_name="why it is used all the same",
            ),
        ),
        migrations.AddField(
            model_name="formulaline",
            name="is_alternative",
            field=models.BooleanField(
                default=False,
                help_text="Stands in for the active under the same name: a triturate of it.",
                verbose_name="alternative",
            ),
        ),
        migrations.AddField(
            model_name="formulaline",
            name="key",
            field=models.CharField(
                blank=True,
                help_text="{naltrexone} in a step.",
                max_length=40,
                verbose_name="name in the steps",
            ),
        ),
        migrations.AddField(
            model_name="formulastep",
            name="check_text",
            field=models.CharField(blank=True, max_length=200, verbose_name="what is checked"),
        ),
        migrations.AddField(
            model_name="formulastep",
            name="entry",
            field=models.CharField(
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
        migrations.AddField(
            model_name="formulastep",
            name="entry_unit",
            field=models.CharField(blank=True, max_length=20, verbose_name="unit of the number"),
        ),
        migrations.AddField(
            model_name="formulastep",
            name="hazard",
            field=models.CharField(blank=True, max_length=200, verbose_name="hazard"),
        ),
        migrations.AddField(
            model_name="formulastep",
            name="protective_equipment",
            field=models.JSONField(blank=True, default=list, verbose_name="protective equipment"),
        ),
        migrations.AddField(
            model_name="formulastep",
            name="timer_seconds",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="timer, seconds"),
        ),
        migrations.AddField(
            model_name="ingredient",
            name="characteristics",
            field=models.CharField(
                blank=True,
                help_text="Salt or hydrate form, particle size, solubility, as far as they matter.",
                max_length=200,
                verbose_name="characteristics",
            ),
        ),
        migrations.AddField(
            model_name="ingredient",
            name="facts_source",
            field=models.CharField(
                blank=True,
                help_text="Where allergens and diet were looked up. Empty: nobody has looked.",
                max_length=200,
                verbose_name="source of what it contains",
            ),
        ),
        migrations.AddField(
            model_name="ingredient",
            name="hazard",
            field=models.CharField(
                blank=True,
                help_text="What to beware of, and what the hazardous-drug assessment found.",
                max_length=200,
                verbose_name="hazard",
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="bud_basis",
            field=models.CharField(
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
        migrations.AddField(
            model_name="masterformulationrecord",
            name="makes",
            field=models.ForeignKey(
                blank=True,
                help_text="What a batch of a triturate puts on the shelf.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="made_by_formulas",
                to="formulations.ingredient",
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="storage_condition",
            field=models.CharField(
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
        migrations.AddField(
            model_name="masterformulationrecord",
            name="strength_step",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="Strengths are made in this step, counted from the lowest.",
                max_digits=15,
                null=True,
                verbose_name="step of the strengths",
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="water_activity_basis",
            field=models.CharField(
                blank=True,
                help_text="For a nonaqueous class: the row of the chapter's table, a test or a statement.",
                max_length=200,
                verbose_name="why its water activity is below 0.6",
            ),
        ),
        migrations.AlterField(
            model_name="ingredient",
            name="contains",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Allergens and diet: ExcipientFact.",
                verbose_name="contains",
            ),
        ),
        migrations.AlterField(
            model_name="masterformulationrecord",
            name="dosage_form",
            field=models.CharField(
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
        migrations.AddField(
            model_name="masterformulationrecord",
            name="equipment_list",
            field=models.JSONField(default=list, verbose_name="equipment"),
        ),
        migrations.AddConstraint(
            model_name="formulaline",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_alternative", False), ("role", "active"), _connector="OR"),
                name="formulations_only_actives_alternate",
            ),
        ),
        migrations.AddConstraint(
            model_name="formulaline",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("key", ""), _negated=True), ("is_alternative", False)),
                fields=("formula", "key"),
                name="formulations_line_key_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="formulastep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("timer_seconds__isnull", True), ("timer_seconds__gt", 0), _connector="OR"
                ),
                name="formulations_timer_runs",
            ),
        ),
        migrations.AddConstraint(
            model_name="formulastep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entry", ""), models.Q(("check_text", ""), _negated=True), _connector="OR"
                ),
                name="formulations_entry_says_of_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="masterformulationrecord",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="masterformulationrecord",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="masterformulationrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("strength_step__isnull", True), ("strength_step__gt", 0), _connector="OR"
                ),
                name="formulations_step_positive",
            ),
        ),
        migrations.AddField(
            model_name="formulacheck",
            name="formula",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quality_checks",
                to="formulations.masterformulationrecord",
            ),
        ),
        migrations.AddField(
            model_name="ingredientcaution",
            name="ingredient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cautions",
                to="formulations.ingredient",
            ),
        ),
        migrations.AddField(
            model_name="ingredientcaution",
            name="substance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cautions",
                to="formulations.substance",
            ),
        ),
        migrations.AddConstraint(
            model_name="formulacheck",
            constraint=models.UniqueConstraint(
                fields=("formula", "position"), name="formulations_check_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="formulacheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lowest__isnull", True),
                    ("highest__isnull", True),
                    ("highest__gte", models.F("lowest")),
                    _connector="OR",
                ),
                name="formulations_check_limits_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingredientcaution",
            constraint=models.UniqueConstraint(
                fields=("ingredient", "substance"), name="formulations_one_caution_a_pair"
            ),
        ),
        migrations.AddConstraint(
            model_name="ingredientcaution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True), models.Q(("source", ""), _negated=True)
                ),
                name="formulations_caution_says_why",
            ),
        ),
    ]
