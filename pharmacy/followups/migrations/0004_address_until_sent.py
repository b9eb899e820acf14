"""A message's words are frozen from the start; its address only once it is sent, so that a wrong one can be mended."""

from django.db import migrations

from pharmacy.audit.triggers import frozen_columns

TABLE = "followups_outgoingmessage"
WORDS = ["followup_id", "message_id", "subject", "body_text", "body_html"]
ALWAYS = "OLD.message_id IS NOT NULL"

before = frozen_columns(TABLE, [*WORDS, "recipient"], when=ALWAYS)


class Migration(migrations.Migration):
    dependencies = [("followups", "0003_link_secret")]

    operations = [
        before.off(),
        frozen_columns(TABLE, WORDS, when=ALWAYS),
        frozen_columns(TABLE, ["recipient"], when="OLD.state = 'sent'", name="sent"),
    ]
