"""The container that a fill is handed out in, from its lot: a recall of the lot ends at the patient."""

import django.db.models.deletion
from django.db import migrations, models

from pharmacy.audit.triggers import append_only, forbidden


class Migration(migrations.Migration):
    dependencies = [
        ("formulations", "0008_studies_and_labels"),
        ("inventory", "0001_squashed_0005"),
        ("orders", "0001_squashed_0003"),
    ]

    operations = [
        migrations.CreateModel(
            name="FillContainer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("why_no_lot", models.TextField(blank=True, verbose_name="why from no lot")),
                (
                    "fill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="containers",
                        to="orders.fill",
                    ),
                ),
                (
                    "ingredient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="formulations.ingredient",
                        verbose_name="container",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fill_containers",
                        to="inventory.ingredientlot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fill", "ingredient"), name="orders_container_once_a_fill"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="orders_container_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lot__isnull", False), ("why_no_lot", "")),
                            models.Q(
                                ("lot__isnull", True),
                                models.Q(("why_no_lot", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_container_from_a_lot_or_why_not",
                    ),
                ],
            },
        ),
        append_only("orders_fillcontainer"),
        forbidden(
            "orders_fillcontainer",
            "INSERT",
            name="orders_container_is_of_its_lot",
            condition=(
                "NEW.lot_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM inventory_ingredientlot l "
                "WHERE l.id = NEW.lot_id AND l.ingredient_id = NEW.ingredient_id "
                "AND l.state IN ('released', 'exhausted'))"
            ),
            message="orders_container_is_of_its_lot",
        ),
    ]
