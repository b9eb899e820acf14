"""Recalled means that no path picks, weighs, releases or dispenses it, whoever writes; what a recall says stays.

The guards stand on other rooms' tables and ask others still. A migration that builds one of those tables anew on SQLite
drops them first and lists them again after.
"""

from django.db import migrations

from pharmacy.audit.triggers import append_only, forbidden, frozen_columns

_RECALLED_LOT_IN = (
    "EXISTS (SELECT 1 FROM batches_batchline l JOIN inventory_ingredientlot i ON i.id = l.lot_id "
    "WHERE l.record_id = {record} AND i.state = 'recalled')"
)
_NOT_RELEASED = "NOT EXISTS (SELECT 1 FROM batches_compoundingrecord r WHERE r.id = NEW.record_id AND r.state = 'released')"


class Migration(migrations.Migration):
    dependencies = [("recalls", "0001_initial")]

    operations = [
        append_only("recalls_recalltry"),
        frozen_columns(
            "recalls_recall",
            [
                "number",
                "lot_id",
                "batch_id",
                "is_drill",
                "urgency",
                "reason",
                "opened_by_id",
                "opened_at",
            ],
            when="OLD.number IS NOT NULL",
        ),
        frozen_columns(
            "recalls_recall",
            [
                "approved_by_id",
                "approved_at",
                "batches_found",
                "fills_found",
                "patients_found",
                "prescribers_found",
                "letters",
                "seconds",
            ],
            when="OLD.seconds IS NOT NULL",
            name="found",
        ),
        frozen_columns(
            "recalls_recallcontact",
            ["recall_id", "patient_id", "prescriber_id", "order_id", "fills", "followup_id"],
            when="OLD.recall_id IS NOT NULL",
        ),
        frozen_columns(
            "recalls_recallcontact",
            ["state", "reached_at", "reached_by_id", "reached_how", "outcome"],
            when="OLD.state = 'reached'",
            name="settled",
        ),
        forbidden(
            "batches_batchline",
            "INSERT",
            name="recalls_recalled_is_not_planned",
            condition=(
                "EXISTS (SELECT 1 FROM inventory_ingredientlot i WHERE i.id = NEW.lot_id AND i.state = 'recalled')"
            ),
            message="recalls_recalled_is_not_planned",
        ),
        forbidden(
            "batches_weighing",
            "INSERT",
            name="recalls_recalled_is_not_weighed",
            condition=(
                "EXISTS (SELECT 1 FROM batches_batchline l JOIN inventory_ingredientlot i ON i.id = l.lot_id "
                "WHERE l.id = NEW.line_id AND i.state = 'recalled')"
            ),
            message="recalls_recalled_is_not_weighed",
        ),
        forbidden(
            "batches_compoundingrecord",
            "UPDATE OF state",
            name="recalls_recalled_is_not_released",
            condition="NEW.state = 'released' AND " + _RECALLED_LOT_IN.format(record="NEW.id"),
            message="recalls_recalled_is_not_released",
        ),
        forbidden(
            "batches_unitmove",
            "INSERT",
            name="recalls_recalled_is_not_handed_out",
            condition=f"NEW.to_place = 'patient' AND ({_NOT_RELEASED} OR {_RECALLED_LOT_IN.format(record='NEW.record_id')})",
            message="recalls_recalled_is_not_handed_out",
        ),
        forbidden(
            "orders_fill",
            "INSERT",
            name="recalls_recalled_is_not_filled",
            condition=f"{_NOT_RELEASED} OR {_RECALLED_LOT_IN.format(record='NEW.record_id')}",
            message="recalls_recalled_is_not_filled",
        ),
    ]
