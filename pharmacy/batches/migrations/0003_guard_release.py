"""Nobody who weighed or made a batch verifies it, and what was released stays as it was."""

from django.db import migrations

from pharmacy.audit.triggers import forbidden, frozen_columns

_WEIGHED = (
    "EXISTS (SELECT 1 FROM batches_weighing w JOIN batches_batchline l ON l.id = w.line_id "
    "WHERE l.record_id = NEW.{record} AND w.by_id = NEW.{person})"
)
_MADE = "EXISTS (SELECT 1 FROM batches_compoundingrecord r WHERE r.id = NEW.record_id AND r.made_by_id = NEW.by_id)"


class Migration(migrations.Migration):
    dependencies = [("batches", "0002_guards")]

    operations = [
        forbidden(
            "batches_compoundingrecord",
            "UPDATE OF verified_by_id",
            name="batches_verifier_did_not_weigh",
            condition=_WEIGHED.format(record="id", person="verified_by_id"),
            message="batches_verifier_did_not_weigh",
        ),
        forbidden(
            "batches_verification",
            "INSERT",
            name="batches_signer_did_not_make",
            condition=f"{_WEIGHED.format(record='record_id', person='by_id')} OR {_MADE}",
            message="batches_signer_did_not_make",
        ),
        frozen_columns(
            "batches_compoundingrecord",
            [
                "made_by_id",
                "compounded_at",
                "observed_description",
                "units_made",
                "units_wasted",
                "beyond_use_on",
                "beyond_use_reason",
                "beyond_use_limits",
            ],
            when="OLD.compounded_at IS NOT NULL",
            name="made",
        ),
        frozen_columns(
            "batches_compoundingrecord",
            ["verified_by_id", "released_at"],
            when="OLD.released_at IS NOT NULL",
            name="signed",
        ),
    ]
