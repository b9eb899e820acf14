"""Who asked for a paper is frozen with its words; once it is ready, so is the sum of its bytes."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns

_READY = "OLD.state = 'ready'"
_ALWAYS = "OLD.kind IS NOT NULL"
_WORDS = [
    "kind",
    "context",
    "template_version",
    "context_sha256",
    "order_id",
    "line_id",
    "record_id",
    "lot_id",
    "formula_id",
]
_ASKED = ["corrects_id", "requested_at", "requested_by_id"]
_RENDERED = ["state", "rendered_at", "sha256", "error"]


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_labels_from_stock")]

    operations = [
        frozen_columns("documents_document", _WORDS, when=_ALWAYS).off(),
        frozen_columns("documents_document", [*_WORDS, *_ASKED], when=_ALWAYS),
        frozen_columns(
            "documents_document", [*_RENDERED, "labels_taken"], when=_READY, name="ready"
        ),
        frozen_columns(
            "documents_printrun", [*_RENDERED, "label_counts"], when=_READY, name="ready"
        ),
    ]
