"""This room's tables and guards, as they stood when the first migrations were made one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import append_only, forbidden, frozen_columns

_RECALLED_LOT_IN = (
    "EXISTS (SELECT 1 FROM batches_batchline l JOIN inventory_ingredientlot i ON i.id = l.lot_id "
    "WHERE l.record_id = {record} AND i.state = 'recalled')"
)
_NOT_RELEASED = "NOT EXISTS (SELECT 1 FROM batches_compoundingrecord r WHERE r.id = NEW.record_id AND r.state = 'released')"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("batches", "0001_squashed_0006"),
        ("contacts", "0001_initial"),
        ("followups", "0001_squashed_0008"),
        ("intake", "0001_squashed_0002"),
        ("inventory", "0001_squashed_0005"),
        ("orders", "0001_squashed_0003"),
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
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="batches.compoundingrecord",
                    ),
                ),
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
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("is_drill", False), ("state__in", ["drafted", "approved"])
                        ),
                        fields=["-opened_at"],
                        name="recalls_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", True), ("lot__isnull", False)),
                            models.Q(("batch__isnull", False), ("lot__isnull", True)),
                            _connector="OR",
                        ),
                        name="recalls_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="recalls_say_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="recalls_approved_by_and_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("opened_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="recalls_approver_is_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_by__isnull", False),
                                ("state__in", ["approved", "closed"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["approved", "closed"]), _negated=True),
                                ("approved_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="recalls_running_means_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("is_drill", False), models.Q(("state", "drilled"), _negated=True)
                            ),
                            models.Q(("is_drill", True), ("state__in", ["drafted", "drilled"])),
                            _connector="OR",
                        ),
                        name="recalls_drill_stays_a_drill",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
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
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("is_drill", False), ("state__in", ["drafted", "approved"])
                        ),
                        fields=("lot",),
                        name="recalls_one_open_a_lot",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("is_drill", False), ("state__in", ["drafted", "approved"])
                        ),
                        fields=("batch",),
                        name="recalls_one_open_a_batch",
                    ),
                ],
            },
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
                (
                    "recall",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="recalls.recall",
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
                    "order",
                    models.ForeignKey(
                        help_text="The newest that is concerned.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.order",
                    ),
                ),
                ("fills", models.PositiveIntegerField(verbose_name="fills")),
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["recall", "state", "tries", "id"], name="recalls_to_call")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("patient__isnull", False), ("prescriber__isnull", True)),
                            models.Q(("patient__isnull", True), ("prescriber__isnull", False)),
                            _connector="OR",
                        ),
                        name="recalls_contact_is_one_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("patient__isnull", False)),
                        fields=("recall", "patient"),
                        name="recalls_patient_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("prescriber__isnull", False)),
                        fields=("recall", "prescriber"),
                        name="recalls_prescriber_once",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("last_try_at__isnull", True), ("tries", 0)),
                            models.Q(("last_try_at__isnull", False), ("tries__gt", 0)),
                            _connector="OR",
                        ),
                        name="recalls_tried_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("tries__gt", 0), _connector="OR"),
                        name="recalls_settled_means_tried",
                    ),
                ],
            },
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
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="all_tries",
                        to="recalls.recallcontact",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
            ],
        ),
        append_only("recalls_recalltry"),
        frozen_columns(
            "recalls_recall",
            [
                "number",
                "lot_id",
                "batch_id",
                "is_drill",
                "urgency",
                "reason",
                "opened_by_id",
                "opened_at",
            ],
            when="OLD.number IS NOT NULL",
        ),
        frozen_columns(
            "recalls_recall",
            [
                "approved_by_id",
                "approved_at",
                "batches_found",
                "fills_found",
                "patients_found",
                "prescribers_found",
                "letters",
                "seconds",
            ],
            when="OLD.seconds IS NOT NULL",
            name="found",
        ),
        frozen_columns(
            "recalls_recallcontact",
            ["recall_id", "patient_id", "prescriber_id", "order_id", "fills", "followup_id"],
            when="OLD.recall_id IS NOT NULL",
        ),
        frozen_columns(
            "recalls_recallcontact",
            ["state", "reached_at", "reached_by_id", "reached_how", "outcome"],
            when="OLD.state = 'reached'",
            name="settled",
        ),
        forbidden(
            "batches_batchline",
            "INSERT",
            name="recalls_recalled_is_not_planned",
            condition=(
                "EXISTS (SELECT 1 FROM inventory_ingredientlot i WHERE i.id = NEW.lot_id AND i.state = 'recalled')"
            ),
            message="recalls_recalled_is_not_planned",
        ),
        forbidden(
            "batches_weighing",
            "INSERT",
            name="recalls_recalled_is_not_weighed",
            condition=(
                "EXISTS (SELECT 1 FROM batches_batchline l JOIN inventory_ingredientlot i ON i.id = l.lot_id "
                "WHERE l.id = NEW.line_id AND i.state = 'recalled')"
            ),
            message="recalls_recalled_is_not_weighed",
        ),
        forbidden(
            "batches_compoundingrecord",
            "UPDATE OF state",
            name="recalls_recalled_is_not_released",
            condition="NEW.state = 'released' AND " + _RECALLED_LOT_IN.format(record="NEW.id"),
            message="recalls_recalled_is_not_released",
        ),
        forbidden(
            "batches_unitmove",
            "INSERT",
            name="recalls_recalled_is_not_handed_out",
            condition=f"NEW.to_place = 'patient' AND ({_NOT_RELEASED} OR {_RECALLED_LOT_IN.format(record='NEW.record_id')})",
            message="recalls_recalled_is_not_handed_out",
        ),
        forbidden(
            "orders_fill",
            "INSERT",
            name="recalls_recalled_is_not_filled",
            condition=f"{_NOT_RELEASED} OR {_RECALLED_LOT_IN.format(record='NEW.record_id')}",
            message="recalls_recalled_is_not_filled",
        ),
    ]
