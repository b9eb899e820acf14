"""This room's tables and guards, as they stood when the first migrations were made one."""

from django.db import migrations, models

from pharmacy.audit.triggers import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hash", models.CharField(max_length=64)),
                ("events", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_role", models.CharField(max_length=20)),
                ("actor_name", models.CharField(max_length=150)),
                ("actor_id", models.CharField(blank=True, max_length=40)),
                ("event", models.CharField(max_length=60)),
                ("record_type", models.CharField(max_length=60)),
                ("record_id", models.CharField(max_length=40)),
                ("old", models.JSONField(default=dict)),
                ("new", models.JSONField(default=dict)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["record_type", "record_id", "id"], name="audit_by_record")
                ],
            },
        ),
        append_only("audit_auditevent"),
    ]
