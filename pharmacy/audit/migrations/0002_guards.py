"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        append_only("audit_auditevent"),
    ]
