"""Which certificate a lot came with, and whether its maker gave a date; measurements and released lots are frozen."""

from django.db import migrations, models

from pharmacy.audit.triggers import append_only, frozen_columns


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="ingredientlot",
            name="certificate_number",
            field=models.CharField(
                blank=True, max_length=60, verbose_name="certificate of analysis"
            ),
        ),
        migrations.AddField(
            model_name="ingredientlot",
            name="expiry_from_receipt",
            field=models.BooleanField(
                default=False,
                help_text="The date counts from the receipt.",
                verbose_name="no maker's expiry",
            ),
        ),
        frozen_columns(
            "inventory_ingredientlot",
            [
                "ingredient_id",
                "supplier_id",
                "lot_number",
                "received_on",
                "expires_on",
                "expiry_from_receipt",
                "certificate_number",
                "assay_pct",
                "assay_basis",
                "water_pct",
                "loss_on_drying_pct",
                "solvents_pct",
                "mean_shell_mg",
                "released_by_id",
                "released_at",
            ],
            when="OLD.state <> 'quarantined'",
        ),
        append_only("inventory_packstatistic"),
        append_only("inventory_droppercalibration"),
    ]
