"""After a wrong container the right one is scanned again before anything is weighed."""

from django.db import migrations

from pharmacy.audit.triggers import forbidden

_WRONG_SINCE = (
    "NEW.scan_id IS NOT NULL AND EXISTS (SELECT 1 FROM batches_nearmiss m "
    "JOIN batches_containerscan s ON s.id = NEW.scan_id WHERE m.line_id = NEW.line_id AND m.at > s.at)"
)


class Migration(migrations.Migration):
    dependencies = [("batches", "0002_steps_before_it_is_finished")]

    operations = [
        forbidden(
            "batches_weighing",
            "INSERT",
            name="batches_no_wrong_scan_since",
            condition=_WRONG_SINCE,
            message="batches_no_wrong_scan_since",
        ),
    ]
