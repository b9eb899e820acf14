"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import frozen_columns


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80, verbose_name="key")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("value", models.CharField(max_length=200, verbose_name="value")),
                ("unit", models.CharField(blank=True, max_length=30, verbose_name="unit")),
                (
                    "minimum_override",
                    models.CharField(
                        blank=True,
                        help_text="How far a pharmacist may go below the value with a documented reason.",
                        max_length=40,
                        verbose_name="lowest value by override",
                    ),
                ),
                ("source", models.TextField(verbose_name="source")),
                (
                    "source_status",
                    models.CharField(blank=True, max_length=40, verbose_name="source status"),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("effective_on", models.DateField(verbose_name="effective on")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved at"),
                ),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "version"), name="policies_one_row_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="policies_approved_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("author__isnull", True),
                            ("approved_by__isnull", True),
                            models.Q(("author", models.F("approved_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="policies_approver_is_not_author",
                    ),
                ],
            },
        ),
        frozen_columns(
            "policies_policyversion",
            [
                "key",
                "version",
                "value",
                "unit",
                "minimum_override",
                "source",
                "effective_on",
                "author_id",
                "approved_by_id",
                "approved_at",
            ],
            when="OLD.approved_at IS NOT NULL",
        ),
    ]
