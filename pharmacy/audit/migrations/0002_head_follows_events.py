"""The head of the chain follows the events by a trigger, which refuses an event that does not follow the head."""

from django.db import migrations

from pharmacy.audit.triggers import chained


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_squashed_0002")]

    operations = [chained("audit_auditevent", "audit_chainhead")]
