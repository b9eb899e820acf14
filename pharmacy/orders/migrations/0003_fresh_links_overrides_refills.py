"""Links that a fresh one replaced, how far a finding may be overridden, and refills."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_guards"),
        ("orders", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="from_step",
            field=models.PositiveIntegerField(
                default=1,
                help_text="A refill of a plan that builds up goes on from its last step.",
                verbose_name="goes on from step",
            ),
        ),
        migrations.AddField(
            model_name="orderfinding",
            name="min_override_on",
            field=models.DateField(
                blank=True,
                help_text="How far a pharmacist may go with a reason, by the policy that was in force.",
                null=True,
                verbose_name="earliest first dose by override",
            ),
        ),
        migrations.AddField(
            model_name="patientlink",
            name="replaced_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="replaced by a fresh one at"
            ),
        ),
        migrations.AlterField(
            model_name="prescription",
            name="dosage_form",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_step__gt", 0)), name="orders_from_step_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["dispensed", "cancelled"]), _negated=True),
                fields=("prescription",),
                name="orders_one_open_fill",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_override_on__isnull", True),
                    ("min_override_on__lte", models.F("earliest_start_on")),
                    _connector="OR",
                ),
                name="orders_override_is_earlier",
            ),
        ),
    ]
