"""Calls to patients who do not answer; which check-ins ask for a look is written down with them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def look_only_where_asked(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What needed no look when it came needs none now: it would otherwise fill the list for good."""
    check_in = apps.get_model("followups", "CheckIn")
    check_in.objects.filter(
        opioid_since="no", wants_call=False, side_effects="", feeling__in=["better", "same"]
    ).update(asks_for_a_look=False)


class Migration(migrations.Migration):
    dependencies = [
        ("followups", "0006_recall_kinds"),
        ("orders", "0003_fresh_links_overrides_refills"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PatientCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("because", models.CharField(max_length=200, verbose_name="why")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                ("outcome", models.TextField(blank=True, verbose_name="what came of it")),
                (
                    "dropped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dropped at"),
                ),
            ],
        ),
        migrations.RemoveIndex(
            model_name="checkin",
            name="followups_unseen",
        ),
        migrations.AddField(
            model_name="checkin",
            name="asks_for_a_look",
            field=models.BooleanField(
                default=True,
                help_text="An opioid, feeling worse, side effects in words, or a wish to be called.",
                verbose_name="asks for a look",
            ),
        ),
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
                    ("fresh_link", "send the patient a fresh link"),
                    ("send_plan", "send the patient the plan and leaflet"),
                    ("check_in", "ask the patient how it goes"),
                    ("recall_patient", "ask the patient to call: a recall"),
                    ("recall_prescriber", "tell the prescriber of a recall"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.RunPython(look_only_where_asked, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                condition=models.Q(("asks_for_a_look", True), ("seen_at__isnull", True)),
                fields=["at", "id"],
                name="followups_to_look_at",
            ),
        ),
        migrations.AddField(
            model_name="patientcall",
            name="done_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="patientcall",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="orders.order"
            ),
        ),
        migrations.AddIndex(
            model_name="patientcall",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True)),
                fields=["due_at", "id"],
                name="followups_calls_to_make",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("done_by__isnull", True), ("outcome", "")),
                    models.Q(
                        ("done_at__isnull", False),
                        ("done_by__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="followups_call_by_at_and_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("done_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"
                ),
                name="followups_call_done_or_dropped",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientcall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True)),
                fields=("order",),
                name="followups_one_open_call",
            ),
        ),
    ]
