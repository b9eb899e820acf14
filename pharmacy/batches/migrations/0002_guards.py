"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import append_only, frozen_columns, level_follows_moves


class Migration(migrations.Migration):
    dependencies = [("batches", "0001_initial")]

    operations = [
        append_only("batches_weighing"),
        append_only("batches_qualitycheck"),
        append_only("batches_verification"),
        append_only("batches_unitmove"),
        level_follows_moves(
            moves="batches_unitmove",
            levels="batches_unitlevel",
            owner="record_id",
            name="batches_level_follows_moves",
        ),
        frozen_columns(
            "batches_compoundingrecord",
            [
                "number",
                "formula_id",
                "strength",
                "units_wanted",
                "worksheet",
                "worksheet_sha256",
                "policy_versions",
            ],
            when="OLD.number IS NOT NULL",
        ),
        append_only("batches_batchline"),
    ]
