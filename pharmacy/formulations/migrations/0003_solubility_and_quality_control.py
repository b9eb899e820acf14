"""What a formula says of solubility and of quality control; an approved version with all its rows is frozen."""

from django.db import migrations, models

from pharmacy.audit.triggers import frozen_columns, frozen_with

FORMULA = "formulations_masterformulationrecord"
APPROVED = "state <> 'draft'"


class Migration(migrations.Migration):
    dependencies = [("formulations", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="ingredient",
            name="solubility_mg_per_ml",
            field=models.DecimalField(
                blank=True,
                decimal_places=3,
                max_digits=9,
                null=True,
                verbose_name="solubility in water, mg/mL",
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="quality_control",
            field=models.TextField(default="", verbose_name="quality control and expected results"),
        ),
        # SQLite made the table anew for the column above, without its guards; here they are again, and more.
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
                "strengths_offered",
                "overage_pct",
                "package_ml",
                "fill_ml",
                "container_closure",
                "physical_description",
                "expected_traits",
                "bud_class",
                "bud_days_shorter",
                "bud_reference",
                "storage",
                "label_instructions",
                "calculations",
                "equipment",
                "quality_control",
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
    ]
