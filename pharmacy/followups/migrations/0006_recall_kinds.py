"""The messages of a recall."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followups", "0005_failed_messages")]

    operations = [
        migrations.AlterField(
            model_name="followup",
            name="kind",
            field=models.CharField(
                choices=[
                    ("acknowledge_enquiry", "acknowledge an enquiry"),
                    ("tell_staff", "tell the staff of an enquiry"),
                    ("remind_staff", "remind the staff of an enquiry"),
                    ("answer_enquiry", "send the answer to an enquiry"),
                    ("invite_patient", "invite the patient to the safety questions"),
                    ("send_plan", "send the patient the plan and leaflet"),
                    ("check_in", "ask the patient how it goes"),
                    ("recall_patient", "ask the patient to call: a recall"),
                    ("recall_prescriber", "tell the prescriber of a recall"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="sequence",
            field=models.PositiveIntegerField(
                default=1,
                help_text="The reminder's number, the day of a check-in, or the recall.",
                verbose_name="number",
            ),
        ),
    ]
