"""A batch may be recalled before it is released; what is left of it is set aside, until it is destroyed or returned."""

from django.db import migrations, models

from pharmacy.audit.triggers import PutBack, SetAside, forbidden

# SQLite makes the table anew, and neither loses a guard nor trips over one that asks for it meanwhile.
_ASIDE = SetAside("batches_compoundingrecord")


class Migration(migrations.Migration):
    dependencies = [
        ("batches", "0004_photo_is_whole"),
    ]

    operations = [
        _ASIDE,
        migrations.RemoveConstraint(
            model_name="compoundingrecord",
            name="batches_compounded_says_what",
        ),
        migrations.RemoveConstraint(
            model_name="compoundingrecord",
            name="batches_released_means_verified",
        ),
        migrations.AlterField(
            model_name="compoundingrecord",
            name="reject_reason",
            field=models.TextField(
                blank=True, verbose_name="why rejected, or recalled before it was released"
            ),
        ),
        migrations.AlterField(
            model_name="unitlevel",
            name="place",
            field=models.CharField(
                choices=[
                    ("bench", "bench"),
                    ("stock", "finished stock"),
                    ("tested", "used for tests"),
                    ("waste", "waste"),
                    ("quarantine", "set aside, recalled"),
                    ("returned", "returned"),
                    ("patient", "dispensed"),
                    ("shelf", "ingredients' shelf"),
                ],
                max_length=20,
                verbose_name="place",
            ),
        ),
        migrations.AlterField(
            model_name="unitmove",
            name="from_place",
            field=models.CharField(
                choices=[
                    ("bench", "bench"),
                    ("stock", "finished stock"),
                    ("tested", "used for tests"),
                    ("waste", "waste"),
                    ("quarantine", "set aside, recalled"),
                    ("returned", "returned"),
                    ("patient", "dispensed"),
                    ("shelf", "ingredients' shelf"),
                ],
                max_length=20,
                verbose_name="from",
            ),
        ),
        migrations.AlterField(
            model_name="unitmove",
            name="to_place",
            field=models.CharField(
                choices=[
                    ("bench", "bench"),
                    ("stock", "finished stock"),
                    ("tested", "used for tests"),
                    ("waste", "waste"),
                    ("quarantine", "set aside, recalled"),
                    ("returned", "returned"),
                    ("patient", "dispensed"),
                    ("shelf", "ingredients' shelf"),
                ],
                max_length=20,
                verbose_name="to",
            ),
        ),
        migrations.AddConstraint(
            model_name="compoundingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["planned", "weighing", "rejected", "recalled"]),
                    models.Q(
                        ("made_by__isnull", False),
                        ("units_made__gt", 0),
                        ("units_made__isnull", False),
                        ("units_wasted__isnull", False),
                        ("beyond_use_on__isnull", False),
                        models.Q(("beyond_use_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="batches_compounded_says_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="compoundingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True),
                    ("verified_by__isnull", False),
                    _connector="OR",
                ),
                name="batches_released_means_verified",
            ),
        ),
        migrations.AddConstraint(
            model_name="compoundingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "recalled"), _negated=True),
                    ("verified_by__isnull", False),
                    models.Q(("reject_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="batches_recalled_says_why",
            ),
        ),
        PutBack(_ASIDE),
        forbidden(
            "batches_compoundingrecord",
            "UPDATE OF state",
            name="batches_recalled_stays_recalled",
            condition="OLD.state IN ('recalled', 'rejected') AND NEW.state <> OLD.state",
            message="batches_recalled_stays_recalled",
        ),
        forbidden(
            "batches_unitmove",
            "INSERT",
            name="batches_set_aside_is_not_used",
            condition="NEW.from_place = 'quarantine' AND NEW.to_place NOT IN ('waste', 'returned')",
            message="batches_set_aside_is_not_used",
        ),
    ]
