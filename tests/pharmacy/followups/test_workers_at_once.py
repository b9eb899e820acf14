"""Several workers at the same rows: each thing happens once. On SQLite, and once more on PostgreSQL."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from pharmacy.audit.queries import verify_chain
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import OutgoingMessage
from pharmacy.followups.sending import send_due_messages, send_message
from tests.infrastructure.mail import MailServer
from tests.pharmacy.followups.rows import NOW, an_enquiry, clock_at, states

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
WORKERS = 4


def _at_once(*works: Callable[[], object]) -> None:
    """Do all of these at the same moment, each in a thread; raises what any of them raised."""
    start, failures = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise ExceptionGroup("Some workers failed", failures)


def test_of_workers_that_claim_one_message_one_sends_it(mail: MailServer) -> None:
    an_enquiry()
    expand_due_followups(at=NOW)
    message = OutgoingMessage.objects.earliest("pk")
    sent: list[bool] = []

    def work() -> None:
        sent.append(send_message(message_id=message.pk, clock=clock_at(NOW)))

    _at_once(*[work] * WORKERS)
    assert sorted(sent) == [False] * (WORKERS - 1) + [True]
    assert [m["Message-ID"] for m in mail.inbox] == [message.message_id]


def test_sweeps_that_meet_send_each_message_once(mail: MailServer) -> None:
    for number in range(10):
        an_enquiry(f"key-{number}")
    expand_due_followups(at=NOW)
    _at_once(*[lambda: send_due_messages(clock=clock_at(NOW))] * WORKERS)
    assert states() == ["sent"] * 20
    times_sent = Counter(m["Message-ID"] for m in mail.inbox)
    assert set(times_sent.values()) == {1}
    assert len(times_sent) == 20
    assert verify_chain().intact


def test_sweeps_that_meet_queue_each_followup_once() -> None:
    for number in range(10):
        an_enquiry(f"key-{number}")
    _at_once(*[lambda: expand_due_followups(at=NOW)] * WORKERS)
    assert states() == ["queued"] * 20
    assert verify_chain().intact


def test_a_form_sent_twice_at_the_same_moment_is_one_enquiry() -> None:
    _at_once(*[lambda: an_enquiry("pressed twice")] * WORKERS)
    expand_due_followups(at=NOW)
    assert states() == ["queued"] * 2
