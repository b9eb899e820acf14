"""What is scanned, read, photographed and looked at stays; a deviation freezes when it is closed."""

from django.db import migrations

from pharmacy.audit.triggers import append_only, forbidden, frozen_columns

_OTHER_LINE = "NEW.scan_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM batches_containerscan s WHERE s.id = NEW.scan_id AND s.line_id = NEW.line_id)"
_OTHER_BALANCE = "NEW.reading_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM batches_balancereading r WHERE r.id = NEW.reading_id AND r.balance_id = NEW.balance_id AND r.amount_mg = NEW.amount)"
_USED_READING = "NEW.reading_id IS NOT NULL AND EXISTS (SELECT 1 FROM batches_weighing w WHERE w.reading_id = NEW.reading_id)"


class Migration(migrations.Migration):
    dependencies = [("batches", "0004_the_bench")]

    operations = [
        append_only("batches_containerscan"),
        append_only("batches_nearmiss"),
        append_only("batches_balancereading"),
        append_only("batches_stepdone"),
        append_only("batches_photo"),
        append_only("batches_secondlook"),
        append_only("batches_aheadoforders"),
        frozen_columns(
            "batches_balancetoken",
            ["balance_id", "digest", "made_at", "made_by_id"],
            when="OLD.digest IS NOT NULL",
        ),
        frozen_columns(
            "batches_deviation",
            ["record_id", "quality_check_id", "what_happened", "what_was_done", "at", "by_id"],
            when="OLD.record_id IS NOT NULL",
        ),
        frozen_columns(
            "batches_deviation",
            ["disposition", "assessment", "closed_at", "closed_by_id"],
            when="OLD.closed_at IS NOT NULL",
            name="closed",
        ),
        forbidden(
            "batches_weighing",
            "INSERT",
            name="batches_scan_is_of_the_line",
            condition=_OTHER_LINE,
            message="batches_scan_is_of_the_line",
        ),
        forbidden(
            "batches_weighing",
            "INSERT",
            name="batches_reading_is_the_weighing",
            condition=_OTHER_BALANCE,
            message="batches_reading_is_the_weighing",
        ),
        forbidden(
            "batches_weighing",
            "INSERT",
            name="batches_reading_is_used_once",
            condition=_USED_READING,
            message="batches_reading_is_used_once",
        ),
    ]
