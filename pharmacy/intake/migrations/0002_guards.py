"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import append_only, frozen_columns


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        append_only("intake_consent"),
        frozen_columns(
            "intake_intakesubmission",
            ["patient_id", "questionnaire_version", "answers", "signed_name", "submitted_at"],
            when="OLD.submitted_at IS NOT NULL",
        ),
    ]
