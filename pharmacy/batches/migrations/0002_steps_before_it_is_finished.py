"""A batch is compounded only when every line is weighed and every step marked as done, a critical one as checked."""

from django.db import migrations

from pharmacy.audit.triggers import forbidden

_LINE_LEFT = (
    "EXISTS (SELECT 1 FROM batches_batchline l WHERE l.record_id = NEW.id "
    "AND NOT EXISTS (SELECT 1 FROM batches_weighing w WHERE w.line_id = l.id))"
)
_STEP_LEFT = (
    "EXISTS (SELECT 1 FROM formulations_formulastep s WHERE s.formula_id = NEW.formula_id "
    "AND NOT EXISTS (SELECT 1 FROM batches_stepdone d WHERE d.record_id = NEW.id AND d.position = s.position))"
)
_FINISHED = (
    "NEW.state IN ('compounded', 'checked', 'released') AND OLD.state IN ('planned', 'weighing')"
)
_NOT_CHECKED = (
    "NEW.entry = '' AND EXISTS (SELECT 1 FROM batches_compoundingrecord r "
    "JOIN formulations_formulastep s ON s.formula_id = r.formula_id "
    "WHERE r.id = NEW.record_id AND s.position = NEW.position AND (s.is_critical OR s.entry <> ''))"
)
_FOLLOWED = "EXISTS (SELECT 1 FROM batches_stepdone d WHERE d.record_id = NEW.{record} AND d.by_id = NEW.{person})"


class Migration(migrations.Migration):
    dependencies = [("batches", "0001_squashed_0006"), ("formulations", "0001_squashed_0007")]

    operations = [
        forbidden(
            "batches_compoundingrecord",
            "UPDATE OF state",
            name="batches_compounded_has_weighings",
            condition=f"{_FINISHED} AND {_LINE_LEFT}",
            message="batches_compounded_has_weighings",
        ),
        forbidden(
            "batches_compoundingrecord",
            "UPDATE OF state",
            name="batches_compounded_has_its_steps",
            condition=f"{_FINISHED} AND {_STEP_LEFT}",
            message="batches_compounded_has_its_steps",
        ),
        forbidden(
            "batches_stepdone",
            "INSERT",
            name="batches_step_says_it_was_checked",
            condition=_NOT_CHECKED,
            message="batches_step_says_it_was_checked",
        ),
        forbidden(
            "batches_compoundingrecord",
            "UPDATE OF verified_by_id",
            name="batches_verifier_did_no_step",
            condition=_FOLLOWED.format(record="id", person="verified_by_id"),
            message="batches_verifier_did_no_step",
        ),
        forbidden(
            "batches_verification",
            "INSERT",
            name="batches_signer_did_no_step",
            condition=_FOLLOWED.format(record="record_id", person="by_id"),
            message="batches_signer_did_no_step",
        ),
    ]
