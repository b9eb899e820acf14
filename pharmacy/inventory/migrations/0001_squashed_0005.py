"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import append_only, forbidden, frozen_columns, level_follows_moves


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("formulations", "0001_squashed_0007"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Supplier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
            ],
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                ("serial_number", models.CharField(max_length=60, verbose_name="serial number")),
                (
                    "readability_mg",
                    models.DecimalField(
                        decimal_places=4, max_digits=9, verbose_name="readability, mg"
                    ),
                ),
                (
                    "sensitivity_mg",
                    models.DecimalField(
                        decimal_places=4, max_digits=9, verbose_name="sensitivity requirement, mg"
                    ),
                ),
                (
                    "repeatability_sd_mg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=5,
                        max_digits=9,
                        null=True,
                        verbose_name="repeatability (SD), mg",
                    ),
                ),
                (
                    "capacity_mg",
                    models.DecimalField(
                        decimal_places=3, max_digits=15, verbose_name="capacity, mg"
                    ),
                ),
                ("calibration_due_on", models.DateField(verbose_name="calibration due on")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capacity_mg__gt", 0),
                            ("readability_mg__gt", 0),
                            ("sensitivity_mg__gt", 0),
                        ),
                        name="inventory_balance_figures_positive",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IngredientLot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ingredient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="formulations.ingredient",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="inventory.supplier"
                    ),
                ),
                ("lot_number", models.CharField(max_length=60, verbose_name="lot")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("quarantined", "in quarantine"),
                            ("released", "released"),
                            ("exhausted", "used up"),
                            ("expired", "expired"),
                            ("recalled", "recalled"),
                        ],
                        default="quarantined",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="received on")),
                ("expires_on", models.DateField(verbose_name="expires on")),
                (
                    "expiry_from_receipt",
                    models.BooleanField(
                        default=False,
                        help_text="The date counts from the receipt.",
                        verbose_name="no maker's expiry",
                    ),
                ),
                (
                    "certificate_number",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="certificate of analysis"
                    ),
                ),
                (
                    "assay_pct",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=7,
                        null=True,
                        verbose_name="assay, %",
                    ),
                ),
                (
                    "assay_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("as_is", "as is"),
                            ("dried", "dried"),
                            ("anhydrous", "anhydrous"),
                            ("anhydrous_solvent_free", "anhydrous, solvent-free"),
                        ],
                        max_length=30,
                        verbose_name="assay basis",
                    ),
                ),
                (
                    "water_pct",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=7,
                        null=True,
                        verbose_name="water, %",
                    ),
                ),
                (
                    "loss_on_drying_pct",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=7,
                        null=True,
                        verbose_name="loss on drying, %",
                    ),
                ),
                (
                    "solvents_pct",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=7,
                        null=True,
                        verbose_name="residual solvents, %",
                    ),
                ),
                (
                    "certificate_form",
                    models.CharField(
                        blank=True,
                        help_text="Salt and hydrate as the certificate names them: hydrochloride dihydrate.",
                        max_length=60,
                        null=True,
                        verbose_name="form on the certificate",
                    ),
                ),
                (
                    "mean_shell_mg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=9,
                        null=True,
                        verbose_name="mean weight of an empty shell, mg",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="released at"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "released")),
                        fields=["ingredient", "expires_on"],
                        name="inventory_first_expiry",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ingredient", "supplier", "lot_number"), name="inventory_lot_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_by__isnull", True)),
                            models.Q(
                                ("released_at__isnull", False), ("released_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="inventory_released_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["released", "exhausted"]), _negated=True),
                            ("released_by__isnull", False),
                            _connector="OR",
                        ),
                        name="inventory_released_means_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assay_basis", ""), ("assay_pct__isnull", True)),
                            models.Q(
                                ("assay_pct__gt", 0),
                                ("assay_pct__isnull", False),
                                models.Q(("assay_basis", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="inventory_assay_has_a_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BalanceCalibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "balance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="inventory.balance",
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done_by", ""), _negated=True),
                        name="inventory_calibrated_by_someone",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DropperCalibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "formula",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="formulations.masterformulationrecord",
                    ),
                ),
                (
                    "dropper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="formulations.ingredient",
                    ),
                ),
                ("drops", models.PositiveIntegerField(verbose_name="drops counted")),
                (
                    "volume_ml",
                    models.DecimalField(decimal_places=4, max_digits=8, verbose_name="volume, mL"),
                ),
                (
                    "mass_mg",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=12,
                        null=True,
                        verbose_name="mass of the drops, mg",
                    ),
                ),
                (
                    "density_g_per_ml",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="When the drops were weighed: volume = mass / density.",
                        max_digits=7,
                        null=True,
                        verbose_name="density, g/mL",
                    ),
                ),
                ("measured_on", models.DateField(verbose_name="measured on")),
                (
                    "measured_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("drops__gt", 0), ("volume_ml__gt", 0)),
                        name="inventory_calibration_positive",
                    ),
                    models.CheckConstraint(
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
                ],
            },
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
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="inventory.ingredientlot",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content_type", models.CharField(max_length=40, verbose_name="kind of file")),
                ("content", models.BinaryField(verbose_name="content")),
                ("size", models.PositiveIntegerField(help_text="In bytes.", verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lot", "sha256"), name="inventory_file_once_a_lot"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("content_type__in", ["application/pdf", "image/jpeg"])),
                        name="inventory_file_is_pdf_or_jpeg",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)), name="inventory_file_is_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PackStatistic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pack_statistics",
                        to="inventory.ingredientlot",
                    ),
                ),
                ("capsule_size", models.CharField(max_length=4, verbose_name="capsule size")),
                (
                    "mg_per_capsule",
                    models.DecimalField(
                        decimal_places=3, max_digits=9, verbose_name="mg per capsule"
                    ),
                ),
                ("measured_on", models.DateField(verbose_name="measured on")),
                (
                    "measured_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lot", "capsule_size", "measured_on"),
                        name="inventory_pack_statistic_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mg_per_capsule__gt", 0)),
                        name="inventory_pack_statistic_positive",
                    ),
                ],
            },
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
                    "ingredient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorder_point",
                        to="formulations.ingredient",
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minimum__gte", 0)),
                        name="inventory_minimum_not_below_zero",
                    )
                ],
            },
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
                    "balance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeatability_tests",
                        to="inventory.balance",
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_mg__gt", 0), ("sd_mg__gte", 0), ("test_weight_mg__gt", 0)
                        ),
                        name="inventory_repeatability_figures",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StockLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="levels",
                        to="inventory.ingredientlot",
                    ),
                ),
                (
                    "place",
                    models.CharField(
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
                (
                    "quantity",
                    models.DecimalField(decimal_places=6, max_digits=15, verbose_name="quantity"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lot", "place"), name="inventory_one_level_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__gte", 0),
                            ("place__in", ("supplier", "adjustment")),
                            _connector="OR",
                        ),
                        name="inventory_never_below_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="inventory.ingredientlot",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(
                        decimal_places=6,
                        help_text="In the ingredient's unit.",
                        max_digits=15,
                        verbose_name="quantity",
                    ),
                ),
                (
                    "from_place",
                    models.CharField(
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
                (
                    "to_place",
                    models.CharField(
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
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        help_text="A batch number or a receipt.", max_length=40, verbose_name="for"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("to_place", "used")),
                        fields=["at"],
                        name="inventory_used_when",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="inventory_move_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_place", models.F("to_place")), _negated=True),
                        name="inventory_move_goes_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("from_place", "adjustment"), _negated=True),
                                models.Q(("to_place", "adjustment"), _negated=True),
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="inventory_adjustment_has_a_reason",
                    ),
                ],
            },
        ),
        append_only("inventory_stockmove"),
        level_follows_moves(
            moves="inventory_stockmove",
            levels="inventory_stocklevel",
            owner="lot_id",
            name="inventory_level_follows_moves",
        ),
        append_only("inventory_packstatistic"),
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
