"""Who approved an edition, and when, stands as firm as its words."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns

_TABLE, _APPROVED = "leaflets_leafletedition", "OLD.state <> 'draft'"
_WORDS = ["rule_set", "language", "number", "blocks", "author_id"]


class Migration(migrations.Migration):
    dependencies = [("leaflets", "0001_squashed_0003")]

    operations = [
        frozen_columns(_TABLE, _WORDS, when=_APPROVED).off(),
        frozen_columns(
            _TABLE, [*_WORDS, "created_at", "approved_by_id", "approved_at"], when=_APPROVED
        ),
    ]
