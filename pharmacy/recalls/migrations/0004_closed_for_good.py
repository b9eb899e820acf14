"""How a recall ended, by whom and when, is not written again."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns


class Migration(migrations.Migration):
    dependencies = [("recalls", "0003_what_it_is_called")]

    operations = [
        frozen_columns(
            "recalls_recall",
            ["state", "closed_by_id", "closed_at", "closing_note"],
            when="OLD.state IN ('closed', 'withdrawn')",
            name="closed",
        ),
    ]
