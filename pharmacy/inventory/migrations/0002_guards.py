"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import append_only, level_follows_moves


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        append_only("inventory_stockmove"),
        level_follows_moves(
            moves="inventory_stockmove",
            levels="inventory_stocklevel",
            owner="lot_id",
            name="inventory_level_follows_moves",
        ),
    ]
