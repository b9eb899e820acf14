"""A step is done after those before it, and not for a batch that was given up."""

from django.db import migrations

from pharmacy.audit.triggers import forbidden

_OF_THE_BATCH = (
    "SELECT 1 FROM batches_compoundingrecord r JOIN formulations_formulastep s ON s.formula_id = r.formula_id "
    "WHERE r.id = NEW.record_id"
)
_NO_SUCH_STEP = f"NOT EXISTS ({_OF_THE_BATCH} AND s.position = NEW.position)"
_EARLIER_OPEN = (
    f"EXISTS ({_OF_THE_BATCH} AND s.position < NEW.position AND NOT EXISTS "
    "(SELECT 1 FROM batches_stepdone d WHERE d.record_id = r.id AND d.position = s.position))"
)
# One that is compounded has no step left: batches_compounded_has_its_steps.
_GIVEN_UP = (
    "EXISTS (SELECT 1 FROM batches_compoundingrecord r "
    "WHERE r.id = NEW.record_id AND r.state IN ('rejected', 'recalled'))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("batches", "0006_what_it_is_called"),
        ("formulations", "0001_squashed_0007"),
    ]

    operations = [
        forbidden(
            "batches_stepdone",
            "INSERT",
            name="batches_step_in_its_turn",
            condition=f"{_NO_SUCH_STEP} OR {_EARLIER_OPEN}",
            message="batches_step_in_its_turn",
        ),
        forbidden(
            "batches_stepdone",
            "INSERT",
            name="batches_no_step_of_a_given_up_batch",
            condition=_GIVEN_UP,
            message="batches_no_step_of_a_given_up_batch",
        ),
    ]
