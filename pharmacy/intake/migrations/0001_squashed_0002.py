"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.db import migrations, models

from pharmacy.audit.triggers import append_only, frozen_columns


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("full_name", models.CharField(max_length=200, verbose_name="full name")),
                ("date_of_birth", models.DateField(verbose_name="date of birth")),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                ("phone", models.CharField(max_length=30, verbose_name="phone")),
                ("street", models.CharField(blank=True, max_length=200, verbose_name="street")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("state", models.CharField(blank=True, max_length=2, verbose_name="state")),
                ("zip_code", models.CharField(blank=True, max_length=10, verbose_name="ZIP code")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["date_of_birth", "full_name"], name="intake_patient_identity"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeSubmission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="intakes",
                        to="intake.patient",
                    ),
                ),
                (
                    "questionnaire_version",
                    models.CharField(max_length=20, verbose_name="questionnaire version"),
                ),
                ("answers", models.JSONField(default=dict, verbose_name="answers")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("saved_at", models.DateTimeField(verbose_name="last saved at")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted at"),
                ),
                (
                    "signed_name",
                    models.CharField(blank=True, max_length=200, verbose_name="signed as"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_name", ""), ("submitted_at__isnull", True)),
                            models.Q(
                                ("submitted_at__isnull", False),
                                models.Q(("signed_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="intake_submitted_is_signed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("submitted_at__isnull", True)),
                        fields=("patient",),
                        name="intake_one_open_a_patient",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="intake.intakesubmission",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("wording", models.TextField(verbose_name="wording")),
                ("given_at", models.DateTimeField(verbose_name="given at")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "kind"), name="intake_one_consent_a_kind"
                    )
                ],
            },
        ),
        append_only("intake_consent"),
        frozen_columns(
            "intake_intakesubmission",
            ["patient_id", "questionnaire_version", "answers", "signed_name", "submitted_at"],
            when="OLD.submitted_at IS NOT NULL",
        ),
    ]
