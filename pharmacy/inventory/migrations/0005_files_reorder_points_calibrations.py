"""Files of lots, reorder points, calibrations and repeatability of balances, drops that were weighed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import append_only, frozen_columns


class Migration(migrations.Migration):
    dependencies = [
        ("formulations", "0007_guard_every_item"),
        ("inventory", "0004_place_for_recalled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BalanceCalibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("done_on", models.DateField(verbose_name="done on")),
                ("due_on", models.DateField(verbose_name="next due on")),
                ("done_by", models.CharField(max_length=120, verbose_name="done by")),
                (
                    "certificate_number",
                    models.CharField(blank=True, max_length=60, verbose_name="certificate"),
                ),
                ("passed", models.BooleanField(verbose_name="passed")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
        ),
        migrations.CreateModel(
            name="LotDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content_type", models.CharField(max_length=40, verbose_name="kind of file")),
                ("content", models.BinaryField(verbose_name="content")),
                ("size", models.PositiveIntegerField(help_text="In bytes.", verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
        ),
        migrations.CreateModel(
            name="ReorderPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "minimum",
                    models.DecimalField(
                        decimal_places=6,
                        help_text="In the ingredient's unit.",
                        max_digits=15,
                        verbose_name="minimum",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RepeatabilityTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "test_weight_mg",
                    models.DecimalField(
                        decimal_places=4, max_digits=15, verbose_name="test weight, mg"
                    ),
                ),
                (
                    "readings_mg",
                    models.JSONField(
                        help_text="As text, in their order.", verbose_name="readings, mg"
                    ),
                ),
                (
                    "sd_mg",
                    models.DecimalField(
                        decimal_places=6, max_digits=12, verbose_name="standard deviation, mg"
                    ),
                ),
                (
                    "minimum_mg",
                    models.DecimalField(
                        decimal_places=4, max_digits=15, verbose_name="least weight, mg"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
        ),
        migrations.AddField(
            model_name="droppercalibration",
            name="density_g_per_ml",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                help_text="When the drops were weighed: volume = mass / density.",
                max_digits=7,
                null=True,
                verbose_name="density, g/mL",
            ),
        ),
        migrations.AddField(
            model_name="droppercalibration",
            name="mass_mg",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                max_digits=12,
                null=True,
                verbose_name="mass of the drops, mg",
            ),
        ),
        migrations.AddField(
            model_name="ingredientlot",
            name="certificate_form",
            field=models.CharField(
                blank=True,
                help_text="Salt and hydrate as the certificate names them: hydrochloride dihydrate.",
                max_length=60,
                null=True,
                verbose_name="form on the certificate",
            ),
        ),
        migrations.AddIndex(
            model_name="stockmove",
            index=models.Index(
                condition=models.Q(("to_place", "used")), fields=["at"], name="inventory_used_when"
            ),
        ),
        migrations.AddConstraint(
            model_name="droppercalibration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("density_g_per_ml__isnull", True), ("mass_mg__isnull", True)),
                    models.Q(
                        ("density_g_per_ml__gt", 0),
                        ("density_g_per_ml__isnull", False),
                        ("mass_mg__gt", 0),
                        ("mass_mg__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="inventory_weighed_drops_have_a_density",
            ),
        ),
        migrations.AddField(
            model_name="balancecalibration",
            name="balance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calibrations",
                to="inventory.balance",
            ),
        ),
        migrations.AddField(
            model_name="balancecalibration",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lotdocument",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lotdocument",
            name="lot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="inventory.ingredientlot",
            ),
        ),
        migrations.AddField(
            model_name="reorderpoint",
            name="ingredient",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reorder_point",
                to="formulations.ingredient",
            ),
        ),
        migrations.AddField(
            model_name="repeatabilitytest",
            name="balance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="repeatability_tests",
                to="inventory.balance",
            ),
        ),
        migrations.AddField(
            model_name="repeatabilitytest",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="balancecalibration",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_by", ""), _negated=True),
                name="inventory_calibrated_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="lotdocument",
            constraint=models.UniqueConstraint(
                fields=("lot", "sha256"), name="inventory_file_once_a_lot"
            ),
        ),
        migrations.AddConstraint(
            model_name="lotdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_type__in", ["application/pdf", "image/jpeg"])),
                name="inventory_file_is_pdf_or_jpeg",
            ),
        ),
        migrations.AddConstraint(
            model_name="lotdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)), name="inventory_file_is_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="reorderpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum__gte", 0)), name="inventory_minimum_not_below_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="repeatabilitytest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum_mg__gt", 0), ("sd_mg__gte", 0), ("test_weight_mg__gt", 0)
                ),
                name="inventory_repeatability_figures",
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
                "certificate_form",
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
        append_only("inventory_lotdocument"),
        append_only("inventory_balancecalibration"),
        append_only("inventory_repeatabilitytest"),
        append_only("inventory_droppercalibration"),
    ]
