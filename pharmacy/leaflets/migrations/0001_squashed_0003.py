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
            name="Condition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "icd10",
                    models.JSONField(blank=True, default=list, verbose_name="ICD-10-CM codes"),
                ),
                (
                    "patient_line",
                    models.CharField(blank=True, max_length=300, verbose_name="what we say"),
                ),
                ("because", models.CharField(blank=True, max_length=300, verbose_name="because")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
            ],
        ),
        migrations.CreateModel(
            name="LeafletEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_set", models.CharField(max_length=40, verbose_name="about")),
                (
                    "language",
                    models.CharField(default="en", max_length=10, verbose_name="language"),
                ),
                ("number", models.PositiveIntegerField(verbose_name="edition")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("approved", "approved"),
                            ("retired", "retired"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("blocks", models.JSONField(verbose_name="blocks")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule_set", "language", "number"),
                        name="leaflets_one_row_an_edition",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("rule_set", "language"),
                        name="leaflets_one_approved_edition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="leaflets_approved_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), ("approved_by__isnull", False), _connector="OR"
                        ),
                        name="leaflets_approved_means_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="leaflets_approver_is_not_author",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Study",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("rule_set", models.CharField(max_length=40, verbose_name="about")),
                ("authors", models.CharField(max_length=300, verbose_name="authors")),
                ("year", models.PositiveIntegerField(blank=True, null=True, verbose_name="year")),
                ("title", models.TextField(verbose_name="title")),
                ("journal", models.CharField(blank=True, max_length=200, verbose_name="journal")),
                ("doi", models.CharField(blank=True, max_length=120, verbose_name="DOI")),
                ("pmid", models.CharField(blank=True, max_length=12, verbose_name="PubMed ID")),
                ("design", models.CharField(blank=True, max_length=200, verbose_name="design")),
                (
                    "participants",
                    models.CharField(blank=True, max_length=60, verbose_name="participants"),
                ),
                ("dose", models.CharField(blank=True, max_length=120, verbose_name="dose")),
                ("finding", models.TextField(verbose_name="finding")),
                ("grade", models.CharField(max_length=2, verbose_name="grade")),
                ("direction", models.CharField(max_length=20, verbose_name="direction")),
                ("relevance", models.CharField(max_length=40, verbose_name="relevance")),
                ("source_url", models.URLField(blank=True, max_length=500, verbose_name="source")),
                (
                    "read_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "read_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="abstract read at"),
                ),
                (
                    "conditions",
                    models.ManyToManyField(
                        blank=True, related_name="studies", to="leaflets.condition"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "studies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at__isnull", True), ("read_by__isnull", True)),
                            models.Q(("read_at__isnull", False), ("read_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="leaflets_read_by_and_at",
                    )
                ],
            },
        ),
        frozen_columns(
            "leaflets_leafletedition",
            ["rule_set", "language", "number", "blocks", "author_id"],
            when="OLD.state <> 'draft'",
        ),
    ]
