"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        append_only("orders_prescription"),
        append_only("orders_titrationstep"),
        append_only("orders_clarification"),
        append_only("orders_fill"),
    ]
