"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import append_only, forbidden, frozen_columns, level_follows_moves

_WEIGHED = (
    "EXISTS (SELECT 1 FROM batches_weighing w JOIN batches_batchline l ON l.id = w.line_id "
    "WHERE l.record_id = NEW.{record} AND w.by_id = NEW.{person})"
)
_MADE = "EXISTS (SELECT 1 FROM batches_compoundingrecord r WHERE r.id = NEW.record_id AND r.made_by_id = NEW.by_id)"
_OTHER_LINE = "NEW.scan_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM batches_containerscan s WHERE s.id = NEW.scan_id AND s.line_id = NEW.line_id)"
_OTHER_BALANCE = "NEW.reading_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM batches_balancereading r WHERE r.id = NEW.reading_id AND r.balance_id = NEW.balance_id AND r.amount_mg = NEW.amount)"
_USED_READING = "NEW.reading_id IS NOT NULL AND EXISTS (SELECT 1 FROM batches_weighing w WHERE w.reading_id = NEW.reading_id)"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("formulations", "0001_squashed_0007"),
        ("inventory", "0001_squashed_0005"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BalanceReading",
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
                        related_name="readings",
                        to="inventory.balance",
                    ),
                ),
                (
                    "amount_mg",
                    models.DecimalField(
                        decimal_places=6,
                        help_text="Below zero when a vessel was taken off after taring.",
                        max_digits=15,
                        verbose_name="reading, mg",
                    ),
                ),
                ("is_stable", models.BooleanField(verbose_name="stable")),
                ("measured_at", models.DateTimeField(verbose_name="measured at")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
            ],
            options={
                "indexes": [models.Index(fields=["balance", "-id"], name="batches_newest_reading")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("measured_at__lte", models.F("received_at"))),
                        name="batches_reading_measured_before_received",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BalanceToken",
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
                        related_name="tokens",
                        to="inventory.balance",
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("balance",),
                        name="batches_one_token_a_balance",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompoundingRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="lot")),
                (
                    "formula",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="formulations.masterformulationrecord",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("weighing", "being weighed"),
                            ("compounded", "compounded"),
                            ("checked", "checked"),
                            ("released", "released"),
                            ("rejected", "rejected"),
                            ("recalled", "recalled"),
                        ],
                        default="planned",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "strength",
                    models.DecimalField(decimal_places=6, max_digits=15, verbose_name="strength"),
                ),
                (
                    "units_wanted",
                    models.PositiveIntegerField(
                        help_text="Capsules, or bottles.", verbose_name="units wanted"
                    ),
                ),
                (
                    "worksheet",
                    models.JSONField(
                        help_text="Frozen when the batch was planned.", verbose_name="worksheet"
                    ),
                ),
                ("worksheet_sha256", models.CharField(max_length=64)),
                ("policy_versions", models.JSONField(default=dict, verbose_name="policies used")),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("planned_at", models.DateTimeField(verbose_name="planned at")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "compounded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="compounded at"),
                ),
                (
                    "observed_description",
                    models.TextField(blank=True, verbose_name="what it looks like"),
                ),
                (
                    "units_made",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="units made"),
                ),
                (
                    "units_wasted",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="units wasted"),
                ),
                (
                    "beyond_use_on",
                    models.DateField(blank=True, null=True, verbose_name="beyond-use date"),
                ),
                (
                    "beyond_use_reason",
                    models.TextField(blank=True, verbose_name="why this beyond-use date"),
                ),
                (
                    "beyond_use_limits",
                    models.JSONField(default=list, verbose_name="competing limits"),
                ),
                (
                    "verified_by",
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
                ("reject_reason", models.TextField(blank=True, verbose_name="why rejected")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "-planned_at"], name="batches_by_state"),
                    models.Index(
                        condition=models.Q(("state", "released")),
                        fields=["formula", "strength", "beyond_use_on"],
                        name="batches_to_dispense",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("compounded_at__isnull", True), ("made_by__isnull", True)),
                            models.Q(("compounded_at__isnull", False), ("made_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="batches_made_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "weighing", "rejected"]),
                            models.Q(
                                ("made_by__isnull", False),
                                ("units_made__gt", 0),
                                ("units_made__isnull", False),
                                ("units_wasted__isnull", False),
                                ("beyond_use_on__isnull", False),
                                models.Q(("beyond_use_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="batches_compounded_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(
                                ("released_at__isnull", False), ("verified_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="batches_verified_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["released", "recalled"]), _negated=True),
                            ("verified_by__isnull", False),
                            _connector="OR",
                        ),
                        name="batches_released_means_verified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified_by__isnull", True),
                            models.Q(("verified_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="batches_verifier_is_not_maker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "rejected"), _negated=True),
                            models.Q(("reject_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="batches_rejected_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("units_wanted__gt", 0), ("strength__gt", 0)),
                        name="batches_wants_something",
                    ),
                ],
            },
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
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compounded_lot",
                        to="batches.compoundingrecord",
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
            ],
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="batches.compoundingrecord",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "ingredient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="formulations.ingredient"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batch_lines",
                        to="inventory.ingredientlot",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("excipient", "excipient"),
                            ("filler", "filler"),
                            ("vehicle", "vehicle"),
                            ("shell", "capsule shell"),
                            ("container", "container"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "wanted",
                    models.DecimalField(decimal_places=6, max_digits=15, verbose_name="wanted"),
                ),
                (
                    "lowest",
                    models.DecimalField(
                        decimal_places=6, max_digits=15, verbose_name="lowest allowed"
                    ),
                ),
                (
                    "highest",
                    models.DecimalField(
                        decimal_places=6, max_digits=15, verbose_name="highest allowed"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("mg", "mg"), ("mL", "mL"), ("each", "each")],
                        max_length=5,
                        verbose_name="unit",
                    ),
                ),
                (
                    "fills_up",
                    models.BooleanField(
                        default=False,
                        help_text="The amount is an estimate; the batch is filled up to volume.",
                        verbose_name="q.s. ad",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "position"), name="batches_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lowest__gte", 0),
                            ("wanted__gt", 0),
                            ("lowest__lte", models.F("wanted")),
                            ("highest__gte", models.F("wanted")),
                        ),
                        name="batches_line_limits_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AheadOfOrders",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ahead_of_orders",
                        to="batches.compoundingrecord",
                    ),
                ),
                ("reason", models.TextField(verbose_name="why it is made ahead")),
                ("history_days", models.PositiveIntegerField(verbose_name="days of history")),
                (
                    "dispensed_units",
                    models.PositiveIntegerField(verbose_name="units dispensed in these days"),
                ),
                (
                    "free_units",
                    models.PositiveIntegerField(
                        verbose_name="units free in stock or being made ahead"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="batches_ahead_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContainerScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="batches.batchline",
                    ),
                ),
                ("scanned", models.CharField(max_length=200, verbose_name="scanned")),
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
        ),
        migrations.CreateModel(
            name="NearMiss",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="near_misses",
                        to="batches.batchline",
                    ),
                ),
                ("wanted", models.CharField(max_length=200, verbose_name="wanted")),
                ("scanned", models.CharField(max_length=200, verbose_name="scanned")),
                ("why", models.TextField(verbose_name="why it was stopped")),
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
                "verbose_name_plural": "near misses",
            },
        ),
        migrations.CreateModel(
            name="QualityCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="batches.compoundingrecord",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fill_weight", "fill weight of ten capsules"),
                            ("appearance", "appearance"),
                            ("volume", "volume"),
                            ("closure", "container and closure"),
                            ("ph", "pH"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("readings", models.JSONField(verbose_name="readings")),
                ("verdict", models.JSONField(verbose_name="verdict")),
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
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="batches.compoundingrecord",
                    ),
                ),
                (
                    "quality_check",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="batches.qualitycheck",
                    ),
                ),
                ("shows", models.CharField(max_length=200, verbose_name="what it shows")),
                ("image", models.BinaryField(help_text="JPEG.", verbose_name="image")),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
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
                    models.UniqueConstraint(fields=("record", "sha256"), name="batches_photo_once"),
                    models.CheckConstraint(
                        condition=models.Q(("shows", ""), _negated=True),
                        name="batches_photo_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deviation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deviations",
                        to="batches.compoundingrecord",
                    ),
                ),
                (
                    "quality_check",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deviation",
                        to="batches.qualitycheck",
                    ),
                ),
                ("what_happened", models.TextField(verbose_name="what happened")),
                (
                    "what_was_done",
                    models.TextField(blank=True, verbose_name="what was done about it"),
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
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accept", "accept it"),
                            ("rework", "put right, and check again"),
                            ("reject", "reject the batch"),
                        ],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                ("assessment", models.TextField(blank=True, verbose_name="assessment")),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["record"],
                        name="batches_open_deviations",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("assessment", ""),
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("disposition", ""),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(("assessment", ""), _negated=True),
                                models.Q(("disposition", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="batches_deviation_closed_says_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what_happened", ""), _negated=True),
                        name="batches_deviation_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_looks",
                        to="batches.compoundingrecord",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                ("seen", models.TextField(verbose_name="what was seen")),
                ("is_as_expected", models.BooleanField(verbose_name="as expected")),
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
                "indexes": [models.Index(fields=["record", "on"], name="batches_looked_at_on")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("seen", ""), _negated=True),
                        name="batches_second_look_says_what",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StepDone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps_done",
                        to="batches.compoundingrecord",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "entry",
                    models.CharField(blank=True, max_length=500, verbose_name="what was entered"),
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
                "verbose_name_plural": "steps done",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "position"), name="batches_step_done_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_levels",
                        to="batches.compoundingrecord",
                    ),
                ),
                (
                    "place",
                    models.CharField(
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
                (
                    "quantity",
                    models.DecimalField(decimal_places=6, max_digits=15, verbose_name="quantity"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "place"), name="batches_one_level_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__gte", 0), ("place", "bench"), _connector="OR"
                        ),
                        name="batches_units_never_below_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_moves",
                        to="batches.compoundingrecord",
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(decimal_places=6, max_digits=15, verbose_name="quantity"),
                ),
                (
                    "from_place",
                    models.CharField(
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
                (
                    "to_place",
                    models.CharField(
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
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reference", models.CharField(max_length=40, verbose_name="for")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="batches_unit_move_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_place", models.F("to_place")), _negated=True),
                        name="batches_unit_move_goes_somewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verification",
                        to="batches.compoundingrecord",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("meaning", models.TextField(verbose_name="meaning of the signature")),
            ],
        ),
        migrations.CreateModel(
            name="Weighing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weighing",
                        to="batches.batchline",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=6, max_digits=15, verbose_name="amount"),
                ),
                (
                    "balance",
                    models.ForeignKey(
                        blank=True,
                        help_text="None for what is counted or poured.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="inventory.balance",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        help_text="The scan of the container that it came from.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weighings",
                        to="batches.containerscan",
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        blank=True,
                        help_text="What the balance sent, used once; none when a person typed the amount.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weighings",
                        to="batches.balancereading",
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
                        condition=models.Q(("amount__gt", 0)), name="batches_weighing_positive"
                    )
                ],
            },
        ),
        append_only("batches_weighing"),
        append_only("batches_qualitycheck"),
        append_only("batches_verification"),
        append_only("batches_unitmove"),
        level_follows_moves(
            moves="batches_unitmove",
            levels="batches_unitlevel",
            owner="record_id",
            name="batches_level_follows_moves",
        ),
        frozen_columns(
            "batches_compoundingrecord",
            [
                "number",
                "formula_id",
                "strength",
                "units_wanted",
                "worksheet",
                "worksheet_sha256",
                "policy_versions",
            ],
            when="OLD.number IS NOT NULL",
        ),
        append_only("batches_batchline"),
        forbidden(
            "batches_compoundingrecord",
            "UPDATE OF verified_by_id",
            name="batches_verifier_did_not_weigh",
            condition=_WEIGHED.format(record="id", person="verified_by_id"),
            message="batches_verifier_did_not_weigh",
        ),
        forbidden(
            "batches_verification",
            "INSERT",
            name="batches_signer_did_not_make",
            condition=f"{_WEIGHED.format(record='record_id', person='by_id')} OR {_MADE}",
            message="batches_signer_did_not_make",
        ),
        frozen_columns(
            "batches_compoundingrecord",
            [
                "made_by_id",
                "compounded_at",
                "observed_description",
                "units_made",
                "units_wasted",
                "beyond_use_on",
                "beyond_use_reason",
                "beyond_use_limits",
            ],
            when="OLD.compounded_at IS NOT NULL",
            name="made",
        ),
        frozen_columns(
            "batches_compoundingrecord",
            ["verified_by_id", "released_at"],
            when="OLD.released_at IS NOT NULL",
            name="signed",
        ),
        append_only("batches_containerscan"),
        append_only("batches_nearmiss"),
        append_only("batches_balancereading"),
        append_only("batches_stepdone"),
        append_only("batches_photo"),
        append_only("batches_secondlook"),
        append_only("batches_aheadoforders"),
        frozen_columns(
            "batches_balancetoken",
            ["balance_id", "digest", "made_at", "made_by_id"],
            when="OLD.digest IS NOT NULL",
        ),
        frozen_columns(
            "batches_deviation",
            ["record_id", "quality_check_id", "what_happened", "what_was_done", "at", "by_id"],
            when="OLD.record_id IS NOT NULL",
        ),
        frozen_columns(
            "batches_deviation",
            ["disposition", "assessment", "closed_at", "closed_by_id"],
            when="OLD.closed_at IS NOT NULL",
            name="closed",
        ),
        forbidden(
            "batches_weighing",
            "INSERT",
            name="batches_scan_is_of_the_line",
            condition=_OTHER_LINE,
            message="batches_scan_is_of_the_line",
        ),
        forbidden(
            "batches_weighing",
            "INSERT",
            name="batches_reading_is_the_weighing",
            condition=_OTHER_BALANCE,
            message="batches_reading_is_the_weighing",
        ),
        forbidden(
            "batches_weighing",
            "INSERT",
            name="batches_reading_is_used_once",
            condition=_USED_READING,
            message="batches_reading_is_used_once",
        ),
        append_only("batches_compoundedlot"),
    ]
