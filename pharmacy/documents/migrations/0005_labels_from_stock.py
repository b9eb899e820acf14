"""How many labels a paper takes and how many of them no lot had; the guards of rebuilt tables put on again."""

from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import append_only, frozen_columns

_GUARDS = (
    append_only("documents_printevent"),
    frozen_columns(
        "documents_document",
        (
            "kind",
            "context",
            "template_version",
            "context_sha256",
            "order_id",
            "line_id",
            "record_id",
            "lot_id",
            "formula_id",
        ),
        when="OLD.kind IS NOT NULL",
    ),
    frozen_columns(
        "documents_printrun",
        ["label_format", "start_position", "reason", "requested_at", "requested_by_id"],
        when="OLD.label_format <> ''",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_squashed_0004"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(guard.off() for guard in _GUARDS),
        migrations.AddField(
            model_name="document",
            name="labels_taken",
            field=models.PositiveIntegerField(
                default=0, help_text="Known when it is rendered.", verbose_name="labels it takes"
            ),
        ),
        migrations.AddField(
            model_name="printevent",
            name="labels",
            field=models.PositiveIntegerField(default=0, verbose_name="labels"),
        ),
        migrations.AddField(
            model_name="printevent",
            name="labels_not_in_stock",
            field=models.PositiveIntegerField(
                default=0,
                help_text="So many were printed that no lot on the shelf had.",
                verbose_name="of them not in stock",
            ),
        ),
        migrations.AddField(
            model_name="printrun",
            name="label_counts",
            field=models.JSONField(
                default=list, help_text="In the order of printing.", verbose_name="labels of each"
            ),
        ),
        migrations.AddConstraint(
            model_name="printevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("labels_not_in_stock__lte", models.F("labels"))),
                name="documents_no_more_missing_than_printed",
            ),
        ),
        *_GUARDS,
    ]
