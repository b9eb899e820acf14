"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import frozen_columns

TABLE = "followups_outgoingmessage"
WORDS = ["followup_id", "message_id", "subject", "body_text", "body_html"]
ALWAYS = "OLD.message_id IS NOT NULL"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0001_initial"),
        ("orders", "0001_squashed_0003"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUp",
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
                (
                    "enquiry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followups",
                        to="contacts.enquiry",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followups",
                        to="orders.order",
                    ),
                ),
                (
                    "sequence",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="The reminder's number, the day of a check-in, or the recall.",
                        verbose_name="number",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                (
                    "dropped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dropped at"),
                ),
                (
                    "dropped_because",
                    models.CharField(blank=True, max_length=200, verbose_name="why dropped"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True)),
                        fields=["due_at"],
                        name="followups_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("enquiry__isnull", False), ("order__isnull", True)),
                            models.Q(("enquiry__isnull", True), ("order__isnull", False)),
                            _connector="OR",
                        ),
                        name="followups_about_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("enquiry__isnull", False)),
                        fields=("kind", "enquiry", "sequence"),
                        name="followups_once_an_enquiry",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("order__isnull", False)),
                        fields=("kind", "order", "sequence"),
                        name="followups_once_an_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dropped_at__isnull", True), ("dropped_because", "")),
                            models.Q(
                                ("done_at__isnull", True),
                                ("dropped_at__isnull", False),
                                models.Q(("dropped_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="followups_dropped_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "followup",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message",
                        to="followups.followup",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting to be sent"),
                            ("claimed", "being sent"),
                            ("sent", "sent"),
                            ("failed", "could not be sent"),
                        ],
                        default="queued",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "message_id",
                    models.CharField(max_length=120, unique=True, verbose_name="Message-ID"),
                ),
                ("recipient", models.EmailField(max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body_text", models.TextField(verbose_name="text")),
                ("body_html", models.TextField(verbose_name="HTML")),
                (
                    "link_secret",
                    models.CharField(
                        editable=False,
                        help_text="Put into the patient's link while it is sent; gone once it is sent.",
                        max_length=64,
                        null=True,
                    ),
                ),
                ("queued_at", models.DateTimeField(verbose_name="queued at")),
                ("send_after", models.DateTimeField(verbose_name="not before")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="tries")),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="claimed at"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=300, verbose_name="last error"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["send_after"],
                        name="followups_to_send",
                    ),
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["queued_at"],
                        name="followups_not_sent_yet",
                    ),
                    models.Index(
                        condition=models.Q(("state", "claimed")),
                        fields=["claimed_at"],
                        name="followups_being_sent",
                    ),
                    models.Index(
                        condition=models.Q(("state", "failed")),
                        fields=["-queued_at", "-id"],
                        name="followups_failed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(
                                models.Q(("state", "sent"), _negated=True),
                                ("sent_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="followups_sent_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("claimed_at__isnull", False), ("state__in", ["claimed", "sent"])
                            ),
                            models.Q(
                                ("claimed_at__isnull", True), ("state__in", ["queued", "failed"])
                            ),
                            _connector="OR",
                        ),
                        name="followups_claimed_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="orders.order",
                    ),
                ),
                ("because", models.CharField(max_length=200, verbose_name="why")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("outcome", models.TextField(blank=True, verbose_name="what came of it")),
                (
                    "dropped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dropped at"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True)),
                        fields=["due_at", "id"],
                        name="followups_calls_to_make",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_at__isnull", True),
                                ("done_by__isnull", True),
                                ("outcome", ""),
                            ),
                            models.Q(
                                ("done_at__isnull", False),
                                ("done_by__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="followups_call_by_at_and_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"
                        ),
                        name="followups_call_done_or_dropped",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True), ("dropped_at__isnull", True)),
                        fields=("order",),
                        name="followups_one_open_call",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="orders.order",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "feeling",
                    models.CharField(
                        choices=[
                            ("better", "Better"),
                            ("same", "About the same"),
                            ("worse", "Worse"),
                        ],
                        max_length=10,
                        verbose_name="how it goes",
                    ),
                ),
                (
                    "opioid_since",
                    models.CharField(
                        choices=[("no", "No"), ("yes", "Yes"), ("not_sure", "I'm not sure")],
                        max_length=10,
                        verbose_name="opioid taken or prescribed since",
                    ),
                ),
                ("side_effects", models.TextField(blank=True, verbose_name="side effects")),
                ("wants_call", models.BooleanField(default=False, verbose_name="wants a call")),
                (
                    "asks_for_a_look",
                    models.BooleanField(
                        default=True,
                        help_text="An opioid, feeling worse, side effects in words, or a wish to be called.",
                        verbose_name="asks for a look",
                    ),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="seen at")),
                (
                    "seen_by",
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
                        condition=models.Q(("asks_for_a_look", True), ("seen_at__isnull", True)),
                        fields=["at", "id"],
                        name="followups_to_look_at",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at__isnull", True), ("seen_by__isnull", True)),
                            models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="followups_seen_by_and_at",
                    )
                ],
            },
        ),
        frozen_columns(TABLE, WORDS, when=ALWAYS),
        frozen_columns(TABLE, ["recipient"], when="OLD.state = 'sent'", name="sent"),
    ]
