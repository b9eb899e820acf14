"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import append_only, frozen_columns

_FROZEN = (
    "kind",
    "context",
    "template_version",
    "context_sha256",
    "order_id",
    "line_id",
    "record_id",
)
_AFTER = frozen_columns(
    "documents_document", (*_FROZEN, "lot_id", "formula_id"), when="OLD.kind IS NOT NULL"
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("batches", "0001_squashed_0006"),
        ("formulations", "0001_squashed_0007"),
        ("inventory", "0001_squashed_0005"),
        ("orders", "0001_squashed_0003"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("container_label", "container label"),
                            ("compounding_record", "compounding record"),
                            ("leaflet", "leaflet"),
                            ("lot_label", "label of a received lot"),
                            ("formula_record", "master formulation record"),
                        ],
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "being prepared"),
                            ("ready", "ready"),
                            ("failed", "could not be prepared"),
                        ],
                        default="requested",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="orders.order",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="orders.orderline",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="batches.compoundingrecord",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="inventory.ingredientlot",
                    ),
                ),
                (
                    "formula",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="formulations.masterformulationrecord",
                    ),
                ),
                ("context", models.JSONField(verbose_name="what it says")),
                (
                    "template_version",
                    models.CharField(max_length=20, verbose_name="template version"),
                ),
                ("context_sha256", models.CharField(max_length=64)),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="documents.document",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rendered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="rendered at"),
                ),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("error", models.TextField(blank=True, verbose_name="what went wrong")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "requested")),
                        fields=["requested_at"],
                        name="documents_to_render",
                    ),
                    models.Index(fields=["order", "kind"], name="documents_of_order"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "compounding_record"), ("record__isnull", False)),
                            models.Q(
                                ("kind", "container_label"),
                                ("line__isnull", False),
                                ("order__isnull", False),
                            ),
                            models.Q(("kind", "leaflet"), ("order__isnull", False)),
                            models.Q(("kind", "lot_label"), ("lot__isnull", False)),
                            models.Q(("formula__isnull", False), ("kind", "formula_record")),
                            _connector="OR",
                        ),
                        name="documents_are_about_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "ready"), _negated=True),
                                ("rendered_at__isnull", True),
                                ("sha256", ""),
                            ),
                            models.Q(
                                ("rendered_at__isnull", False),
                                ("state", "ready"),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="documents_ready_has_bytes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="documents.document",
                    ),
                ),
                ("pdf", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="PrintEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prints",
                        to="documents.document",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty when the patient opened it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="why again")),
            ],
        ),
        migrations.CreateModel(
            name="PrintRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "being prepared"),
                            ("ready", "ready"),
                            ("failed", "could not be prepared"),
                        ],
                        default="requested",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("label_format", models.CharField(max_length=30, verbose_name="label stock")),
                (
                    "start_position",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="first free label of the sheet"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="why again")),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rendered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="rendered at"),
                ),
                (
                    "opened_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first opened at"),
                ),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("error", models.TextField(blank=True, verbose_name="what went wrong")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "requested")),
                        fields=["requested_at"],
                        name="runs_to_render",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "ready"), _negated=True),
                                ("rendered_at__isnull", True),
                                ("sha256", ""),
                            ),
                            models.Q(
                                ("rendered_at__isnull", False),
                                ("state", "ready"),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="documents_ready_run_has_bytes",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PrintRunFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="documents.printrun",
                    ),
                ),
                ("pdf", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="PrintRunLabel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labels",
                        to="documents.printrun",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="documents.document",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "position"), name="documents_one_place_in_run"
                    ),
                    models.UniqueConstraint(
                        fields=("run", "document"), name="documents_once_in_run"
                    ),
                ],
            },
        ),
        append_only("documents_documentfile"),
        append_only("documents_printevent"),
        _AFTER,
        append_only("documents_printrunfile"),
        append_only("documents_printrunlabel"),
        frozen_columns(
            "documents_printrun",
            ["label_format", "start_position", "reason", "requested_at", "requested_by_id"],
            when="OLD.label_format <> ''",
        ),
    ]
