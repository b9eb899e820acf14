"""What these rows are called where people read them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("recalls", "0001_squashed_0002"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="recalltry",
            options={
                "verbose_name": "try to reach somebody",
                "verbose_name_plural": "tries to reach somebody",
            },
        ),
    ]
