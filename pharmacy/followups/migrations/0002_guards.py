"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns


class Migration(migrations.Migration):
    dependencies = [("followups", "0001_initial")]

    operations = [
        frozen_columns(
            "followups_outgoingmessage",
            ["followup_id", "message_id", "recipient", "subject", "body_text", "body_html"],
            when="OLD.message_id IS NOT NULL",
        ),
    ]
