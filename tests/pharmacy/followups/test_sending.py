"""A queued message goes out once; one that is refused goes out later, or tells a person."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from pharmacy.audit.queries import events_of, verify_chain
from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.followups.actions import schedule
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import FollowUpKind, OutgoingMessage
from pharmacy.followups.queries import failed_messages, messages_waiting_since
from pharmacy.followups.sending import (
    release_lost_claims,
    retry_message,
    send_due_messages,
    send_message,
)
from pharmacy.intake.models import Patient
from pharmacy.orders.models import Order
from pharmacy.people.actors import SYSTEM
from pharmacy.workflow.answer_enquiry import answer_enquiry
from tests.infrastructure.mail import MailServer
from tests.pharmacy.followups.rows import (
    ASKER_EMAIL,
    NOW,
    PATIENT_EMAIL,
    a_pharmacist_actor,
    a_policy,
    an_enquiry,
    an_order,
    clock_at,
    states,
)

pytestmark = pytest.mark.django_db


def _an_acknowledgement() -> OutgoingMessage:
    enquiry = an_enquiry()
    enquiry.followups.filter(kind=FollowUpKind.TELL_STAFF).update(due_at=NOW + timedelta(days=99))
    expand_due_followups(at=NOW)
    return OutgoingMessage.objects.get()


def _an_invitation() -> OutgoingMessage:
    a_policy("patient_link_days", "14")
    schedule(kind=FollowUpKind.INVITE_PATIENT, due_at=NOW, order=an_order())
    expand_due_followups(at=NOW)
    return OutgoingMessage.objects.get()


def _after(seconds: float) -> Callable[[], datetime]:
    return clock_at(NOW + timedelta(seconds=seconds))


def test_it_arrives_as_it_was_queued(mail: MailServer) -> None:
    message = _an_acknowledgement()
    assert send_message(message_id=message.pk, clock=_after(0))
    (arrived,) = mail.sent_to(ASKER_EMAIL)
    text, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None
    assert html is not None
    assert arrived["Message-ID"] == message.message_id
    assert arrived["Subject"] == message.subject
    assert arrived["From"] == "Example Compounding Pharmacy <hello@pharmacy.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert text.get_content().splitlines() == message.body_text.splitlines()
    assert html.get_content().splitlines() == message.body_html.splitlines()


def test_what_a_person_wrote_does_not_say_a_machine_did(mail: MailServer) -> None:
    answer_enquiry(enquiry=an_enquiry(), answer="Yes.", by=a_pharmacist_actor(), at=NOW)
    expand_due_followups(at=NOW)
    send_due_messages(clock=_after(0))
    assert mail.inbox[0]["Auto-Submitted"] is None


def test_sent_is_written_down_once(mail: MailServer) -> None:
    message = _an_acknowledgement()
    assert send_due_messages(clock=_after(0)) == 1
    assert send_due_messages(clock=_after(1000)) == 0
    assert not send_message(message_id=message.pk, clock=_after(1000))
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == ("sent", NOW, 1)
    assert [e.event for e in events_of(message)] == [
        "message_queued",
        "message_claimed",
        "message_sent",
    ]
    assert verify_chain().intact
    assert len(mail.inbox) == 1


def test_once_sent_the_row_no_longer_holds_the_links_secret(mail: MailServer) -> None:
    message = _an_invitation()
    secret = str(message.link_secret)
    send_due_messages(clock=_after(0))
    message.refresh_from_db()
    assert message.link_secret is None
    assert "/p/secret-not-kept/" in message.body_text
    (arrived,) = mail.sent_to(PATIENT_EMAIL)
    text, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None
    assert html is not None
    assert f"/p/{secret}/" in text.get_content()
    assert f"/p/{secret}/" in html.get_content()
    assert "secret-not-kept" not in text.get_content() + html.get_content()


def test_a_server_that_is_away_loses_nothing_and_costs_no_try(mail: MailServer) -> None:
    mail.stop()
    message = _an_acknowledgement()
    for hour in range(24 * 7):
        assert send_due_messages(clock=_after(hour * 3600)) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 0)
    assert "did not answer" in message.last_error
    assert messages_waiting_since(before=NOW + timedelta(days=1)).get() == message
    mail.start()
    assert send_due_messages(clock=_after(7 * 24 * 3600)) == 1
    assert len(mail.inbox) == 1


def test_one_message_finds_out_for_all_that_the_server_is_away(mail: MailServer) -> None:
    mail.stop()
    for number in range(5):
        an_enquiry(f"key-{number}")
    expand_due_followups(at=NOW)
    send_due_messages(clock=_after(0))
    assert OutgoingMessage.objects.exclude(last_error="").count() == 1
    mail.start()
    assert send_due_messages(clock=_after(30)) == 10


def test_a_message_refused_for_now_is_tried_again_at_growing_intervals(mail: MailServer) -> None:
    mail.refuses = True
    message = _an_acknowledgement()
    tried: list[int] = []
    for second in range(0, 1000, 10):
        send_due_messages(clock=_after(second))
        if mail.refused > len(tried):
            tried.append(second)
    assert tried == [0, 30, 150, 750]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.claimed_at) == ("failed", 4, None)
    assert message.last_error == "451 4.3.0 Try again later"


def test_a_message_refused_for_now_goes_out_once_it_is_taken(mail: MailServer) -> None:
    mail.refuses = True
    message = _an_acknowledgement()
    send_due_messages(clock=_after(0))
    mail.refuses = False
    assert send_due_messages(clock=_after(29)) == 0
    assert send_due_messages(clock=_after(30)) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("sent", 2, "")
    assert mail.inbox[0]["Message-ID"] == message.message_id


def test_a_nudge_that_comes_early_does_not_shorten_the_wait(mail: MailServer) -> None:
    mail.refuses = True
    message = _an_acknowledgement()
    assert not send_message(message_id=message.pk, clock=_after(0))
    mail.refuses = False
    assert not send_message(message_id=message.pk, clock=_after(29))
    assert mail.inbox == []
    assert send_message(message_id=message.pk, clock=_after(30))


def test_a_mailbox_that_does_not_exist_is_told_to_a_person_at_once(mail: MailServer) -> None:
    mail.recipients_get = "550 5.1.1 No such mailbox"
    message = _an_acknowledgement()
    send_due_messages(clock=_after(0))
    assert failed_messages().get() == message
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (1, "550 5.1.1 No such mailbox")


def test_a_mailbox_that_is_full_is_tried_again(mail: MailServer) -> None:
    mail.recipients_get = "452 4.2.2 Mailbox full"
    _an_acknowledgement()
    send_due_messages(clock=_after(0))
    assert states() == ["queued"]


def test_a_server_that_closes_for_the_moment_is_away(mail: MailServer) -> None:
    mail.recipients_get = "421 4.3.2 Closing for maintenance"
    message = _an_acknowledgement()
    send_due_messages(clock=_after(0))
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 0)


def test_one_refused_for_good_stops_no_other(mail: MailServer) -> None:
    reminder = an_enquiry().followups.get(kind=FollowUpKind.REMIND_STAFF)
    bad = OutgoingMessage.objects.create(
        followup=reminder,
        message_id="<bad@pharmacy.example>",
        recipient=ASKER_EMAIL,
        subject="two\nlines",
        queued_at=NOW,
        send_after=NOW,
    )
    expand_due_followups(at=NOW)
    assert send_due_messages(clock=_after(0)) == 2
    assert failed_messages().get() == bad


def test_a_pharmacist_mends_the_address_and_sends_a_failed_message_again(mail: MailServer) -> None:
    mail.recipients_get = "550 5.1.1 No such mailbox"
    message = _an_invitation()
    send_due_messages(clock=_after(0))
    mail.recipients_get = ""
    Patient.objects.update(email="elena.ruiz@patients.example")
    message.refresh_from_db()
    retry_message(message=message, by=a_pharmacist_actor(), at=NOW + timedelta(hours=1))
    assert not failed_messages().exists()
    assert send_due_messages(clock=_after(3600)) == 1
    assert len(mail.sent_to("elena.ruiz@patients.example")) == 1
    assert not mail.sent_to(PATIENT_EMAIL)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    assert "to a new address" in [event.new.get("note") for event in events_of(message)]


def test_only_what_failed_is_sent_again_and_only_by_the_staff(mail: MailServer) -> None:
    message = _an_acknowledgement()
    with pytest.raises(MoveNotAllowed):
        retry_message(message=message, by=a_pharmacist_actor(), at=NOW)
    mail.recipients_get = "550 5.1.1 No such mailbox"
    send_due_messages(clock=_after(0))
    message.refresh_from_db()
    with pytest.raises(NotYourMove):
        retry_message(message=message, by=SYSTEM, at=NOW)


class TestLease:
    """A claim holds for a while. Whoever has it sends; when it runs out, another may."""

    @pytest.fixture(autouse=True)
    def _lease(self, settings: Settings) -> None:
        settings.MESSAGE_LEASE_SECONDS = 120

    @pytest.fixture
    def claimed(self) -> OutgoingMessage:
        """A message whose worker died between claim and send."""
        message = _an_acknowledgement()
        OutgoingMessage.objects.filter(pk=message.pk).update(state="claimed", claimed_at=NOW)
        return message

    def test_nobody_else_sends_what_is_claimed(
        self, mail: MailServer, claimed: OutgoingMessage
    ) -> None:
        assert not send_message(message_id=claimed.pk, clock=_after(119))
        assert send_due_messages(clock=_after(119)) == 0
        assert mail.inbox == []

    def test_when_the_lease_ends_it_goes_out_under_the_same_id(
        self, mail: MailServer, claimed: OutgoingMessage
    ) -> None:
        assert send_due_messages(clock=_after(120)) == 1
        assert [m["Message-ID"] for m in mail.inbox] == [claimed.message_id]
        assert [e.new.get("note") for e in events_of(claimed)][1] == "lease ended"

    def test_a_slow_sender_whose_lease_ended_still_writes_that_it_was_sent(
        self, mail: MailServer
    ) -> None:
        message = _an_acknowledgement()
        moments = iter([NOW, NOW + timedelta(seconds=130)])

        def slow_clock() -> datetime:
            moment = next(moments)
            release_lost_claims(at=moment)  # the sweep of another worker, meanwhile
            return moment

        assert send_message(message_id=message.pk, clock=slow_clock)
        assert send_due_messages(clock=_after(1000)) == 0
        message.refresh_from_db()
        assert message.state == "sent"
        assert len(mail.inbox) == 1


def test_log_lines_name_neither_person_nor_words(
    mail: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail.recipients_get = f"550 5.1.1 <{PATIENT_EMAIL}> unknown"
    message = _an_invitation()
    send_due_messages(clock=_after(0))
    assert f"Message {message.pk}" in caplog.text
    assert PATIENT_EMAIL not in caplog.text
    assert Order.objects.get().number not in caplog.text
