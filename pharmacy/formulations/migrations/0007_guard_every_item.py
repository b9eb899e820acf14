"""The old texts go, and every item of an approved version is frozen, its rows with it."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns, frozen_with

FORMULA = "formulations_masterformulationrecord"
APPROVED = "state <> 'draft'"


class Migration(migrations.Migration):
    dependencies = [("formulations", "0006_text_into_rows")]

    operations = [
        migrations.RemoveField(model_name="masterformulationrecord", name="quality_control"),
        migrations.RemoveField(model_name="masterformulationrecord", name="equipment"),
        migrations.RenameField(
            model_name="masterformulationrecord", old_name="equipment_list", new_name="equipment"
        ),
        # Both databases dropped guards with the columns and tables that were changed; here they are again, and more.
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
