"""Somebody at the contact form, over the network, and what has become of what they sent."""

import re
import time
import urllib.parse
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar

import time_machine
from django.conf import settings

from pharmacy.contacts.models import Enquiry
from pharmacy.followups.models import OutgoingMessage
from pharmacy.web.machines import new_key, signed_key
from tests.infrastructure.house import House
from tests.infrastructure.mail import MailServer

PATIENCE_SECONDS = 1.0
"""What a broker that is away may cost the person who waits for the answer."""


def write_to_us(house: House, name: str) -> float:
    """Fill in the contact form and send it. Return how many seconds the answer took; fails unless it was "sent"."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{house.url}/contact/", timeout=10) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token is not None
    # The form was shown a while ago: nobody types as fast as this test.
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=1), tick=False):
        key = signed_key(new_key())
    typed = {
        "csrfmiddlewaretoken": token[1],
        "key": key,
        "needs_prescriber": "no",
        "topic": "other",
        "message": "Are you open on Saturday?",
        "name": name,
        "email": address_of(name),
    }
    body = urllib.parse.urlencode(typed).encode()
    began = time.monotonic()
    with browser.open(f"{house.url}/contact/", data=body, timeout=10) as answer:
        took = time.monotonic() - began
        assert answer.url == f"{house.url}/contact/sent/", answer.read().decode()
    return took


def address_of(name: str) -> str:
    """Return the e-mail address of somebody."""
    return f"{name.lower()}@people.example"


def all_is_sent(*names: str) -> bool:
    """Say whether each of these people's enquiries is stored, and both of its e-mails are marked as sent."""
    stored = list(Enquiry.objects.order_by("pk").values_list("name", flat=True))
    assert stored == list(names)
    sent = OutgoingMessage.objects.filter(state="sent").count()
    return sent == 2 * len(names)


def check_each_arrived_once(mail: MailServer, *names: str) -> None:
    """Fail unless each of these people got one e-mail and the staff one for each of them, under ids of their own."""
    arrived = Counter(str(message["To"]) for message in mail.inbox)
    assert arrived == Counter(
        [address_of(name) for name in names] + [settings.STAFF_NOTIFICATION_ADDRESS for _ in names]
    )
    assert len({message["Message-ID"] for message in mail.inbox}) == len(mail.inbox)
