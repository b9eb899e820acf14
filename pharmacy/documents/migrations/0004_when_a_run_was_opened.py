"""When a run of labels was opened first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_print_runs_lot_labels_formula_records"),
    ]

    operations = [
        migrations.AddField(
            model_name="printrun",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="first opened at"),
        ),
    ]
