"""A study speaks of several conditions, and a condition has several codes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leaflets", "0002_guards")]

    operations = [
        migrations.RemoveField(model_name="study", name="condition"),
        migrations.RemoveField(model_name="study", name="condition_text"),
        migrations.AddField(
            model_name="study",
            name="conditions",
            field=models.ManyToManyField(
                blank=True, related_name="studies", to="leaflets.condition"
            ),
        ),
        migrations.RemoveField(model_name="condition", name="icd10"),
        migrations.AddField(
            model_name="condition",
            name="icd10",
            field=models.JSONField(blank=True, default=list, verbose_name="ICD-10-CM codes"),
        ),
    ]
