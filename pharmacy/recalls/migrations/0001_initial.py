"""Recalls, who has to hear of them, and each try to reach somebody."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("batches", "0003_guard_release"),
        ("contacts", "0001_initial"),
        ("followups", "0006_recall_kinds"),
        ("intake", "0002_guards"),
        ("inventory", "0004_place_for_recalled"),
        ("orders", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="recall")),
                ("is_drill", models.BooleanField(default=False, verbose_name="drill")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "waiting for approval"),
                            ("approved", "running"),
                            ("closed", "closed"),
                            ("withdrawn", "withdrawn"),
                            ("drilled", "drill"),
                        ],
                        default="drafted",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("class_1", "Class I: it may harm somebody seriously, or kill"),
                            (
                                "class_2",
                                "Class II: it may harm for a time; serious harm is unlikely",
                            ),
                            ("class_3", "Class III: it is not likely to harm anybody"),
                        ],
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved at"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                ("closing_note", models.TextField(blank=True, verbose_name="how it ended")),
                (
                    "batches_found",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="batches found"
                    ),
                ),
                (
                    "fills_found",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="fills found"),
                ),
                (
                    "patients_found",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="patients found"
                    ),
                ),
                (
                    "prescribers_found",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="prescribers found"
                    ),
                ),
                (
                    "letters",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="messages written"
                    ),
                ),
                (
                    "seconds",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=9,
                        null=True,
                        verbose_name="seconds it took",
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
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="batches.compoundingrecord",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="inventory.ingredientlot",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecallContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fills", models.PositiveIntegerField(verbose_name="fills")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "to be reached"),
                            ("reached", "reached"),
                            ("unreachable", "not reachable"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="tries")),
                (
                    "last_try_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last tried at"),
                ),
                (
                    "reached_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reached at"),
                ),
                (
                    "reached_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "by telephone"),
                            ("in_person", "in person"),
                            ("email", "they answered our e-mail"),
                            ("post", "they answered our letter"),
                        ],
                        max_length=20,
                        verbose_name="how reached",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("returns", "Takes no more; brings or sends it back"),
                            ("discards", "Takes no more; we told them how to dispose of it"),
                            ("none_left", "Has none of it left"),
                            ("unwell", "Has taken it and is unwell"),
                            ("knows", "Knows and acts on it"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "followup",
                    models.OneToOneField(
                        help_text="The e-mail.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_contact",
                        to="followups.followup",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        help_text="The newest that is concerned.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.order",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_contacts",
                        to="intake.patient",
                    ),
                ),
                (
                    "prescriber",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recall_contacts",
                        to="contacts.prescriber",
                    ),
                ),
                (
                    "reached_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="recalls.recall",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecallTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("phone", "by telephone"),
                            ("in_person", "in person"),
                            ("email", "they answered our e-mail"),
                            ("post", "they answered our letter"),
                        ],
                        max_length=20,
                        verbose_name="how",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("no_answer", "No answer"),
                            ("message_left", "Asked to call back"),
                            ("wrong_number", "Wrong number"),
                        ],
                        max_length=20,
                        verbose_name="result",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="what was said")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="all_tries",
                        to="recalls.recallcontact",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="recall",
            index=models.Index(
                condition=models.Q(("is_drill", False), ("state__in", ["drafted", "approved"])),
                fields=["-opened_at"],
                name="recalls_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("batch__isnull", True), ("lot__isnull", False)),
                    models.Q(("batch__isnull", False), ("lot__isnull", True)),
                    _connector="OR",
                ),
                name="recalls_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="recalls_say_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="recalls_approved_by_and_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("opened_by")), _negated=True),
                    _connector="OR",
                ),
                name="recalls_approver_is_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_by__isnull", False), ("state__in", ["approved", "closed"])),
                    models.Q(
                        models.Q(("state__in", ["approved", "closed"]), _negated=True),
                        ("approved_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="recalls_running_means_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_drill", False), models.Q(("state", "drilled"), _negated=True)),
                    models.Q(("is_drill", True), ("state__in", ["drafted", "drilled"])),
                    _connector="OR",
                ),
                name="recalls_drill_stays_a_drill",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["drafted", "withdrawn"]),
                    models.Q(
                        ("batches_found__isnull", False),
                        ("fills_found__isnull", False),
                        ("letters__isnull", False),
                        ("patients_found__isnull", False),
                        ("prescribers_found__isnull", False),
                        ("seconds__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="recalls_say_what_they_found",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["closed", "withdrawn"]),
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        models.Q(("closing_note", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state__in", ["closed", "withdrawn"]), _negated=True),
                        ("closed_at__isnull", True),
                        ("closed_by__isnull", True),
                        ("closing_note", ""),
                    ),
                    _connector="OR",
                ),
                name="recalls_closed_by_at_and_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_drill", False), ("state__in", ["drafted", "approved"])),
                fields=("lot",),
                name="recalls_one_open_a_lot",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_drill", False), ("state__in", ["drafted", "approved"])),
                fields=("batch",),
                name="recalls_one_open_a_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="recallcontact",
            index=models.Index(fields=["recall", "state", "tries", "id"], name="recalls_to_call"),
        ),
        migrations.AddConstraint(
            model_name="recallcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("patient__isnull", False), ("prescriber__isnull", True)),
                    models.Q(("patient__isnull", True), ("prescriber__isnull", False)),
                    _connector="OR",
                ),
                name="recalls_contact_is_one_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcontact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("patient__isnull", False)),
                fields=("recall", "patient"),
                name="recalls_patient_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcontact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("prescriber__isnull", False)),
                fields=("recall", "prescriber"),
                name="recalls_prescriber_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("reached_at__isnull", False),
                        ("reached_by__isnull", False),
                        ("state", "reached"),
                        models.Q(("reached_how", ""), _negated=True),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "reached"), _negated=True),
                        ("reached_at__isnull", True),
                        ("reached_by__isnull", True),
                        ("outcome", ""),
                        ("reached_how", ""),
                    ),
                    _connector="OR",
                ),
                name="recalls_reached_by_at_how_and_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("last_try_at__isnull", True), ("tries", 0)),
                    models.Q(("last_try_at__isnull", False), ("tries__gt", 0)),
                    _connector="OR",
                ),
                name="recalls_tried_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("tries__gt", 0), _connector="OR"),
                name="recalls_settled_means_tried",
            ),
        ),
    ]
