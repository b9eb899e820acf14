"""What these rows are called where people read them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("batches", "0005_recalled_and_set_aside"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="aheadoforders",
            options={
                "verbose_name": "reason for making ahead",
                "verbose_name_plural": "reasons for making ahead",
            },
        ),
    ]
