"""What a recall set aside of a lot leaves to be destroyed or returned, with a reason; a reason may be of any length."""

from django.db import migrations, models

from pharmacy.audit.triggers import PutBack, SetAside, forbidden

# SQLite makes the table anew, and neither loses a guard nor trips over one that asks for it meanwhile.
_ASIDE = SetAside("inventory_stockmove")
_PLACES = [
    ("supplier", "supplier"),
    ("shelf", "shelf"),
    ("reserved", "reserved for a batch"),
    ("used", "used"),
    ("quarantine", "set aside, recalled"),
    ("waste", "waste"),
    ("adjustment", "adjustment"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_squashed_0005"),
    ]

    operations = [
        _ASIDE,
        migrations.AlterField(
            model_name="stocklevel",
            name="place",
            field=models.CharField(choices=_PLACES, max_length=20, verbose_name="place"),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="from_place",
            field=models.CharField(choices=_PLACES, max_length=20, verbose_name="from"),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="reason",
            field=models.TextField(blank=True, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="to_place",
            field=models.CharField(choices=_PLACES, max_length=20, verbose_name="to"),
        ),
        PutBack(_ASIDE),
        forbidden(
            "inventory_stockmove",
            "INSERT",
            name="inventory_set_aside_is_not_used",
            condition=(
                "NEW.from_place = 'quarantine' "
                "AND (NEW.to_place NOT IN ('waste', 'supplier') OR NEW.reason = '')"
            ),
            message="inventory_set_aside_is_not_used",
        ),
    ]
