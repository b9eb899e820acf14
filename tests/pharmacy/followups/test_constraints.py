"""What may still be written about a message past the ORM."""

import pytest

from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import OutgoingMessage
from tests.factories.raw_sql import write
from tests.pharmacy.followups.rows import NOW, an_enquiry


@pytest.mark.django_db
def test_its_address_may_be_mended_until_it_is_sent() -> None:
    an_enquiry()
    expand_due_followups(at=NOW)
    write("UPDATE followups_outgoingmessage SET recipient = 'right@people.example'")
    assert {message.recipient for message in OutgoingMessage.objects.all()} == {
        "right@people.example"
    }
