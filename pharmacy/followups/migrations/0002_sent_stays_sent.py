"""A message that was sent is never made to wait again: it would go out twice."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns

_TABLE, _SENT = "followups_outgoingmessage", "OLD.state = 'sent'"
_HOW = [
    "recipient",
    "state",
    "link_secret",
    "queued_at",
    "send_after",
    "attempts",
    "claimed_at",
    "sent_at",
    "last_error",
]


class Migration(migrations.Migration):
    dependencies = [("followups", "0001_squashed_0008")]

    operations = [
        frozen_columns(_TABLE, ["recipient"], when=_SENT, name="sent").off(),
        frozen_columns(_TABLE, _HOW, when=_SENT, name="sent"),
    ]
