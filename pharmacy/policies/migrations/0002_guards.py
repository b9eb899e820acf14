"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]

    operations = [
        frozen_columns(
            "policies_policyversion",
            [
                "key",
                "version",
                "value",
                "unit",
                "minimum_override",
                "source",
                "effective_on",
                "author_id",
                "approved_by_id",
                "approved_at",
            ],
            when="OLD.approved_at IS NOT NULL",
        ),
    ]
