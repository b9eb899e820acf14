"""One real order, from the prescriber's form on: which e-mails its patient gets, on which days, and what is in them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import FollowUp
from pharmacy.followups.sending import send_due_messages
from pharmacy.orders.models import Order
from pharmacy.workflow.demonstration import Bench, answer_for
from pharmacy.workflow.dispense_order import dispense_order
from pharmacy.workflow.review_order import cancel_order
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE
from tests.factories.job import AT, answered, received
from tests.infrastructure.mail import MailServer

pytestmark = pytest.mark.django_db
HEALTH = ("naltrexone", "LDN", "mg", "capsule", "fibromyalgia", "opioid", "Lily", "Chen", "Grace")


def _run_for(days: int, mail: MailServer) -> list[int]:
    """Let the sweeps run twice a day; return on which days the patient was written to."""
    written = []
    for hour in range(0, days * 24, 12):
        now = AT + timedelta(hours=hour)
        before = len(mail.sent_to(GRACE.email))
        expand_due_followups(at=now)
        send_due_messages(clock=_clock(now))
        written += [hour // 24] * (len(mail.sent_to(GRACE.email)) - before)
    return written


def _clock(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def _words(message: EmailMessage) -> str:
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    return str(message["Subject"]) + "".join(b.get_content() for b in bodies if b is not None)


def test_who_does_not_answer_is_invited_and_reminded_once(bench: Bench, mail: MailServer) -> None:
    received(bench)
    assert _run_for(10, mail) == [0, 2]


def test_who_answers_is_not_reminded(bench: Bench, mail: MailServer) -> None:
    order = received(bench)
    assert _run_for(1, mail) == [0]
    answer_for(order, answers(), at=AT + timedelta(days=1))
    assert _run_for(10, mail) == []
    assert (
        FollowUp.objects.get(order=order, sequence=2).dropped_because == "The patient has answered."
    )


def test_a_cancelled_order_writes_to_nobody(bench: Bench, mail: MailServer) -> None:
    order = answered(bench)
    cancel_order(order=order, reason="Ordered twice.", by=bench.pharmacist, at=AT)
    assert _run_for(10, mail) == []


def test_after_dispensing_the_patient_gets_the_pages_and_is_asked_on_two_days(
    bench: Bench, capsules_to_dispense: int, mail: MailServer
) -> None:
    expand_due_followups(at=AT)
    send_due_messages(clock=_clock(AT))
    mail.inbox.clear()
    order = Order.objects.get(pk=capsules_to_dispense)
    dispense_order(order=order, by=bench.pharmacist, at=AT)
    assert _run_for(40, mail) == [0, 7, 28]
    assert [str(m["Subject"]) for m in mail.sent_to(GRACE.email)][1:] == ["How is it going?"] * 2
    assert "for 28 days now" in _words(mail.inbox[-1])


def test_no_email_of_an_order_tells_of_it(
    bench: Bench, capsules_to_dispense: int, mail: MailServer
) -> None:
    order = Order.objects.get(pk=capsules_to_dispense)
    dispense_order(order=order, by=bench.pharmacist, at=AT)
    _run_for(30, mail)
    for message in mail.sent_to(GRACE.email):
        # A link's secret is letters by chance; any word may turn up in it.
        said = re.sub(r"/p/[\w-]+/", "/p/", _words(message)).lower()
        assert "/p/" in said
        for word in HEALTH:
            assert word.lower() not in said
