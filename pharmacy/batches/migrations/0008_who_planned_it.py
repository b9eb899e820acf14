"""Who planned a batch, and when, stands as firm as what was planned."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns

_TABLE, _ALWAYS = "batches_compoundingrecord", "OLD.number IS NOT NULL"
_PLAN = [
    "number",
    "formula_id",
    "strength",
    "units_wanted",
    "worksheet",
    "worksheet_sha256",
    "policy_versions",
]


class Migration(migrations.Migration):
    dependencies = [("batches", "0007_steps_in_their_turn")]

    operations = [
        frozen_columns(_TABLE, _PLAN, when=_ALWAYS).off(),
        frozen_columns(_TABLE, [*_PLAN, "planned_by_id", "planned_at"], when=_ALWAYS),
    ]
