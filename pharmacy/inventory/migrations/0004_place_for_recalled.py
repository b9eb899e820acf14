"""A place for what is recalled; only a released lot is reserved or used, whoever writes."""

from django.db import migrations, models

from pharmacy.audit.triggers import forbidden


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0003_certificate_and_missing_expiry"),
    ]

    operations = [
        migrations.AlterField(
            model_name="stocklevel",
            name="place",
            field=models.CharField(
                choices=[
                    ("supplier", "supplier"),
                    ("shelf", "shelf"),
                    ("reserved", "reserved for a batch"),
                    ("used", "used in a batch"),
                    ("quarantine", "set aside, recalled"),
                    ("waste", "waste"),
                    ("adjustment", "adjustment"),
                ],
                max_length=20,
                verbose_name="place",
            ),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="from_place",
            field=models.CharField(
                choices=[
                    ("supplier", "supplier"),
                    ("shelf", "shelf"),
                    ("reserved", "reserved for a batch"),
                    ("used", "used in a batch"),
                    ("quarantine", "set aside, recalled"),
                    ("waste", "waste"),
                    ("adjustment", "adjustment"),
                ],
                max_length=20,
                verbose_name="from",
            ),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="to_place",
            field=models.CharField(
                choices=[
                    ("supplier", "supplier"),
                    ("shelf", "shelf"),
                    ("reserved", "reserved for a batch"),
                    ("used", "used in a batch"),
                    ("quarantine", "set aside, recalled"),
                    ("waste", "waste"),
                    ("adjustment", "adjustment"),
                ],
                max_length=20,
                verbose_name="to",
            ),
        ),
        forbidden(
            "inventory_stockmove",
            "INSERT",
            name="inventory_only_released_is_used",
            condition=(
                "NEW.to_place IN ('reserved', 'used') AND NOT EXISTS (SELECT 1 FROM inventory_ingredientlot l "
                "WHERE l.id = NEW.lot_id AND l.state IN ('released', 'exhausted'))"
            ),
            message="inventory_only_released_is_used",
        ),
    ]
