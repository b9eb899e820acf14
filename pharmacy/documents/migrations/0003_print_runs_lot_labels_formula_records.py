"""Runs of many labels, labels of received lots, master formulation records as papers."""

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
_BEFORE = frozen_columns("documents_document", _FROZEN, when="OLD.kind IS NOT NULL")
_AFTER = frozen_columns(
    "documents_document", (*_FROZEN, "lot_id", "formula_id"), when="OLD.kind IS NOT NULL"
)


class Migration(migrations.Migration):
    dependencies = [
        ("batches", "0006_compounded_lot"),
        ("documents", "0002_guards"),
        ("formulations", "0007_guard_every_item"),
        ("inventory", "0005_files_reorder_points_calibrations"),
        ("orders", "0003_fresh_links_overrides_refills"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The table is rebuilt below; its guards are put on again at the end.
        _BEFORE.off(),
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
                    "rendered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="rendered at"),
                ),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("error", models.TextField(blank=True, verbose_name="what went wrong")),
            ],
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
                ("position", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="documents_are_about_something",
        ),
        migrations.AddField(
            model_name="document",
            name="formula",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="formulations.masterformulationrecord",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="lot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="inventory.ingredientlot",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddField(
            model_name="printrun",
            name="requested_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="printrunfile",
            name="run",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="file",
                to="documents.printrun",
            ),
        ),
        migrations.AddField(
            model_name="printrunlabel",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="documents.document",
            ),
        ),
        migrations.AddField(
            model_name="printrunlabel",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="labels",
                to="documents.printrun",
            ),
        ),
        migrations.AddIndex(
            model_name="printrun",
            index=models.Index(
                condition=models.Q(("state", "requested")),
                fields=["requested_at"],
                name="runs_to_render",
            ),
        ),
        migrations.AddConstraint(
            model_name="printrun",
            constraint=models.CheckConstraint(
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
            ),
        ),
        migrations.AddConstraint(
            model_name="printrunlabel",
            constraint=models.UniqueConstraint(
                fields=("run", "position"), name="documents_one_place_in_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="printrunlabel",
            constraint=models.UniqueConstraint(
                fields=("run", "document"), name="documents_once_in_run"
            ),
        ),
        _AFTER,
        append_only("documents_printrunfile"),
        append_only("documents_printrunlabel"),
        frozen_columns(
            "documents_printrun",
            ["label_format", "start_position", "reason", "requested_at", "requested_by_id"],
            when="OLD.label_format <> ''",
        ),
    ]
