"""Rules the database holds itself, whoever writes."""

from django.db import migrations

from pharmacy.audit.triggers import append_only, frozen_columns


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        append_only("documents_documentfile"),
        append_only("documents_printevent"),
        frozen_columns(
            "documents_document",
            [
                "kind",
                "context",
                "template_version",
                "context_sha256",
                "order_id",
                "line_id",
                "record_id",
            ],
            when="OLD.kind IS NOT NULL",
        ),
    ]
