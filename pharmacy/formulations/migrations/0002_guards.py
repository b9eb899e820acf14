"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns


class Migration(migrations.Migration):
    dependencies = [("formulations", "0001_initial")]

    operations = [
        frozen_columns(
            "formulations_masterformulationrecord",
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
                "notes",
                "author_id",
            ],
            when="OLD.state <> 'draft'",
        ),
    ]
