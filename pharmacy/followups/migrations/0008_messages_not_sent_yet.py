"""Finds the messages that wait without reading those that were sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followups", "0007_calls_and_looks"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)),
                fields=["queued_at"],
                name="followups_not_sent_yet",
            ),
        ),
    ]
