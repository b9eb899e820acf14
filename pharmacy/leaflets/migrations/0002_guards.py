"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns


class Migration(migrations.Migration):
    dependencies = [("leaflets", "0001_initial")]

    operations = [
        frozen_columns(
            "leaflets_leafletedition",
            ["rule_set", "language", "number", "blocks", "author_id"],
            when="OLD.state <> 'draft'",
        ),
    ]
