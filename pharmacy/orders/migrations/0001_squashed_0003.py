"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("batches", "0001_squashed_0006"),
        ("contacts", "0001_initial"),
        ("formulations", "0001_squashed_0007"),
        ("intake", "0001_squashed_0002"),
        ("leaflets", "0001_squashed_0003"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Prescription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="Rx number")),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "prescriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prescriptions",
                        to="contacts.prescriber",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prescriptions",
                        to="intake.patient",
                    ),
                ),
                (
                    "substance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="formulations.substance",
                    ),
                ),
                (
                    "dosage_form",
                    models.CharField(
                        choices=[
                            ("capsule", "capsule"),
                            ("drops", "drops"),
                            ("suspension", "oral suspension"),
                            ("triturate", "triturate"),
                        ],
                        max_length=20,
                        verbose_name="form",
                    ),
                ),
                ("formula_code", models.CharField(max_length=40, verbose_name="formula")),
                (
                    "strength",
                    models.DecimalField(
                        decimal_places=6,
                        help_text="mg per capsule, or mg per mL.",
                        max_digits=15,
                        verbose_name="strength",
                    ),
                ),
                (
                    "time_of_day",
                    models.CharField(
                        choices=[("bedtime", "at bedtime"), ("morning", "in the morning")],
                        max_length=20,
                        verbose_name="time of day",
                    ),
                ),
                ("directions", models.TextField(verbose_name="directions")),
                (
                    "extra_directions",
                    models.CharField(blank=True, max_length=300, verbose_name="more directions"),
                ),
                ("refills", models.PositiveIntegerField(default=0, verbose_name="refills")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("strength", "This strength is not sold"),
                            (
                                "form",
                                "This form is not sold, or the patient cannot take the one that is",
                            ),
                            (
                                "excipient",
                                "The patient does not tolerate an ingredient of the product sold",
                            ),
                            ("other", "Another medical reason"),
                        ],
                        max_length=20,
                        verbose_name="reason for compounding",
                    ),
                ),
                (
                    "reason_text",
                    models.CharField(blank=True, max_length=500, verbose_name="reason in words"),
                ),
                (
                    "condition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="leaflets.condition",
                    ),
                ),
                (
                    "condition_text",
                    models.CharField(blank=True, max_length=200, verbose_name="condition in words"),
                ),
                (
                    "allergies",
                    models.TextField(
                        blank=True, verbose_name="allergies as the prescriber knows them"
                    ),
                ),
                (
                    "exclusions",
                    models.CharField(blank=True, max_length=300, verbose_name="leave out"),
                ),
                (
                    "says_opioid_free",
                    models.BooleanField(verbose_name="prescriber says: no opioids"),
                ),
                ("signed_name", models.CharField(max_length=200, verbose_name="signed as")),
                ("as_typed", models.JSONField(verbose_name="as typed")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("strength__gt", 0)), name="orders_strength_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refills__lte", 11)), name="orders_refills_at_most_11"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "prescription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="orders.prescription",
                    ),
                ),
                ("fill_number", models.PositiveIntegerField(default=0, verbose_name="fill")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "waiting for the patient"),
                            ("in_review", "to review"),
                            ("needs_answer", "needs an answer"),
                            ("on_hold", "on hold"),
                            ("approved", "approved"),
                            ("in_compounding", "being made"),
                            ("ready", "ready to dispense"),
                            ("dispensed", "dispensed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="received",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "intake",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="intake.intakesubmission",
                    ),
                ),
                (
                    "screened_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="screened at"),
                ),
                (
                    "screened_with",
                    models.JSONField(blank=True, default=dict, verbose_name="screened with"),
                ),
                ("start_on", models.DateField(blank=True, null=True, verbose_name="first dose on")),
                (
                    "from_step",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="A refill of a plan that builds up goes on from its last step.",
                        verbose_name="goes on from step",
                    ),
                ),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved at"),
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
                    "dispensed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dispensed at"),
                ),
                (
                    "dispensed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("cancel_reason", models.TextField(blank=True, verbose_name="why cancelled")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "due_on", "id"], name="orders_queue"),
                    models.Index(fields=["-received_at", "-id"], name="orders_newest"),
                    models.Index(
                        condition=models.Q(("state", "dispensed")),
                        fields=["dispensed_at"],
                        name="orders_dispensed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("prescription", "fill_number"), name="orders_one_row_a_fill"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="orders_approved_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["approved", "in_compounding", "ready", "dispensed"]),
                                _negated=True,
                            ),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="orders_approved_means_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "dispensed"), _negated=True),
                                ("dispensed_at__isnull", True),
                                ("dispensed_by__isnull", True),
                            ),
                            models.Q(
                                ("dispensed_at__isnull", False),
                                ("dispensed_by__isnull", False),
                                ("state", "dispensed"),
                            ),
                            _connector="OR",
                        ),
                        name="orders_dispensed_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancel_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="orders_cancelled_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_step__gt", 0)), name="orders_from_step_positive"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["dispensed", "cancelled"]), _negated=True
                        ),
                        fields=("prescription",),
                        name="orders_one_open_fill",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
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
                        related_name="lines",
                        to="orders.order",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="line")),
                (
                    "formula",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="formulations.masterformulationrecord",
                    ),
                ),
                (
                    "strength",
                    models.DecimalField(decimal_places=6, max_digits=15, verbose_name="strength"),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        help_text="Capsules, or bottles.", verbose_name="quantity"
                    ),
                ),
                ("directions", models.TextField(verbose_name="directions on the label")),
                ("days_supply", models.PositiveIntegerField(verbose_name="days' supply")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["formula", "strength"], name="orders_lines_to_make")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "position"), name="orders_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_supply__gt", 0), ("quantity__gt", 0), ("strength__gt", 0)
                        ),
                        name="orders_line_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fills",
                        to="orders.orderline",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fills",
                        to="batches.compoundingrecord",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("dispensed_at", models.DateTimeField(verbose_name="dispensed at")),
                (
                    "dispensed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("line", "record"), name="orders_fill_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="orders_fill_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="orders.orderline",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="batches.compoundingrecord",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("line",),
                        name="orders_one_batch_a_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="orders_allocation_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientLink",
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
                        related_name="links",
                        to="orders.order",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("intake", "answer the safety questions"),
                            ("plan", "see the plan and the leaflet"),
                        ],
                        max_length=20,
                        verbose_name="purpose",
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                (
                    "opened_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="opened at"),
                ),
                (
                    "failed_attempts",
                    models.PositiveIntegerField(default=0, verbose_name="wrong dates of birth"),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="replaced by a fresh one at"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="orders_link_expires_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "prescription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clarifications",
                        to="orders.prescription",
                    ),
                ),
                ("text", models.TextField(verbose_name="what was said")),
                ("told_by", models.CharField(max_length=200, verbose_name="by whom")),
                ("told_how", models.CharField(max_length=60, verbose_name="how")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TitrationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "prescription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="orders.prescription",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="step")),
                (
                    "dose_mg",
                    models.DecimalField(decimal_places=6, max_digits=15, verbose_name="dose, mg"),
                ),
                ("days", models.PositiveIntegerField(verbose_name="days")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("prescription", "position"), name="orders_step_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gt", 0), ("dose_mg__gt", 0)),
                        name="orders_step_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderFinding",
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
                        related_name="findings",
                        to="orders.order",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="rule")),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("absolute", "stops the order"),
                            ("relative", "hold for review"),
                            ("counsel", "counsel"),
                        ],
                        max_length=20,
                        verbose_name="severity",
                    ),
                ),
                ("phrase", models.CharField(max_length=60, verbose_name="in short")),
                ("evidence", models.TextField(verbose_name="because")),
                ("pharmacist_text", models.TextField(verbose_name="for the pharmacist")),
                (
                    "prescriber_text",
                    models.TextField(blank=True, verbose_name="for the prescriber"),
                ),
                ("patient_text", models.TextField(blank=True, verbose_name="for the patient")),
                ("source", models.TextField(blank=True, verbose_name="source")),
                (
                    "earliest_start_on",
                    models.DateField(blank=True, null=True, verbose_name="earliest first dose"),
                ),
                (
                    "min_override_on",
                    models.DateField(
                        blank=True,
                        help_text="How far a pharmacist may go with a reason, by the policy that was in force.",
                        null=True,
                        verbose_name="earliest first dose by override",
                    ),
                ),
                ("raised_at", models.DateTimeField(verbose_name="raised at")),
                (
                    "overridden_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="let pass at"),
                ),
                (
                    "overridden_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("override_reason", models.TextField(blank=True, verbose_name="why it may pass")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("overridden_at__isnull", True),
                                ("overridden_by__isnull", True),
                                ("override_reason", ""),
                            ),
                            models.Q(
                                ("overridden_at__isnull", False),
                                ("overridden_by__isnull", False),
                                models.Q(("override_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_override_by_at_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("min_override_on__isnull", True),
                            ("min_override_on__lte", models.F("earliest_start_on")),
                            _connector="OR",
                        ),
                        name="orders_override_is_earlier",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderHold",
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
                        related_name="holds",
                        to="orders.order",
                    ),
                ),
                ("reason", models.TextField(verbose_name="why")),
                ("lifted_when", models.TextField(verbose_name="what would lift it")),
                (
                    "returns_to",
                    models.CharField(
                        choices=[
                            ("received", "waiting for the patient"),
                            ("in_review", "to review"),
                            ("needs_answer", "needs an answer"),
                            ("on_hold", "on hold"),
                            ("approved", "approved"),
                            ("in_compounding", "being made"),
                            ("ready", "ready to dispense"),
                            ("dispensed", "dispensed"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=20,
                        verbose_name="goes back to",
                    ),
                ),
                ("placed_at", models.DateTimeField(verbose_name="held at")),
                (
                    "placed_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty when the safety rules held it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="lifted at"),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("lift_note", models.TextField(blank=True, verbose_name="what was found")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("order",),
                        name="orders_one_open_hold",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lift_note", ""),
                                ("lifted_at__isnull", True),
                                ("lifted_by__isnull", True),
                            ),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lift_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_lifted_by_at_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("lifted_when", ""), _negated=True),
                        ),
                        name="orders_hold_says_why",
                    ),
                ],
            },
        ),
        append_only("orders_prescription"),
        append_only("orders_titrationstep"),
        append_only("orders_clarification"),
        append_only("orders_fill"),
    ]
