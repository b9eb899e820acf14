"""A photograph has its bytes, its size and its digest."""

from django.db import migrations

from pharmacy.audit.triggers import forbidden


class Migration(migrations.Migration):
    dependencies = [("batches", "0003_scan_after_a_wrong_one")]

    operations = [
        forbidden(
            "batches_photo",
            "INSERT",
            name="batches_photo_is_whole",
            condition="NEW.width < 1 OR NEW.height < 1 OR length(NEW.image) < 4 OR length(NEW.sha256) <> 64",
            message="batches_photo_is_whole",
        ),
    ]
