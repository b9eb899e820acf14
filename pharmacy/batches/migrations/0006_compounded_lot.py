"""A released triturate becomes a lot on the ingredients' shelf; the link never changes."""

import django.db.models.deletion
from django.db import migrations, models

from pharmacy.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("batches", "0005_guard_the_bench"),
        ("inventory", "0004_place_for_recalled"),
    ]

    operations = [
        migrations.AlterField(
            model_name="unitlevel",
            name="place",
            field=models.CharField(
                choices=[
                    ("bench", "bench"),
                    ("stock", "finished stock"),
                    ("tested", "used for tests"),
                    ("waste", "waste"),
                    ("patient", "dispensed"),
                    ("shelf", "ingredients' shelf"),
                ],
                max_length=20,
                verbose_name="place",
            ),
        ),
        migrations.AlterField(
            model_name="unitmove",
            name="from_place",
            field=models.CharField(
                choices=[
                    ("bench", "bench"),
                    ("stock", "finished stock"),
                    ("tested", "used for tests"),
                    ("waste", "waste"),
                    ("patient", "dispensed"),
                    ("shelf", "ingredients' shelf"),
                ],
                max_length=20,
                verbose_name="from",
            ),
        ),
        migrations.AlterField(
            model_name="unitmove",
            name="to_place",
            field=models.CharField(
                choices=[
                    ("bench", "bench"),
                    ("stock", "finished stock"),
                    ("tested", "used for tests"),
                    ("waste", "waste"),
                    ("patient", "dispensed"),
                    ("shelf", "ingredients' shelf"),
                ],
                max_length=20,
                verbose_name="to",
            ),
        ),
        migrations.CreateModel(
            name="CompoundedLot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compounded_as",
                        to="inventory.ingredientlot",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compounded_lot",
                        to="batches.compoundingrecord",
                    ),
                ),
            ],
        ),
        append_only("batches_compoundedlot"),
    ]
