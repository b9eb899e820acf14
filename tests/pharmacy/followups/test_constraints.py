"""What the database itself holds about follow-ups, messages, check-ins and enquiries, tried past the ORM."""

from datetime import timedelta

import pytest

from pharmacy.audit.actions import writing
from pharmacy.followups.actions import create_check_in, schedule
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import FollowUpKind, OutgoingMessage
from tests.factories.raw_sql import check_refused, write
from tests.pharmacy.followups.rows import NOW, a_pharmacist, an_enquiry, an_order

pytestmark = pytest.mark.django_db

FOLLOWUP = "followups_followup"
MESSAGE = "followups_outgoingmessage"
ENQUIRY = "contacts_enquiry"


@pytest.fixture
def message() -> OutgoingMessage:
    an_enquiry()
    expand_due_followups(at=NOW)
    return OutgoingMessage.objects.earliest("pk")


@pytest.fixture
def sent(message: OutgoingMessage) -> OutgoingMessage:
    write(
        f"UPDATE {MESSAGE} SET state = 'sent', claimed_at = %s, sent_at = %s WHERE id = %s",
        [NOW, NOW, message.pk],
    )
    return message


class TestFollowUp:
    def test_it_is_about_one_thing(self) -> None:
        followup = schedule(kind=FollowUpKind.CHECK_IN, due_at=NOW, order=an_order(), sequence=7)
        for change in (f"enquiry_id = {an_enquiry().pk}", "order_id = NULL"):
            check_refused(
                f"UPDATE {FOLLOWUP} SET {change} WHERE id = %s",
                [followup.pk],
                by="followups_about_one_thing",
            )

    def test_there_is_one_of_a_kind_and_number(self) -> None:
        order, enquiry = an_order(), an_enquiry()
        for day in (7, 28):
            schedule(kind=FollowUpKind.CHECK_IN, due_at=NOW, order=order, sequence=day)
        schedule(kind=FollowUpKind.REMIND_STAFF, due_at=NOW, enquiry=enquiry, sequence=2)
        for about in ("order_id", "enquiry_id"):
            check_refused(
                f"UPDATE {FOLLOWUP} SET sequence = 5 "
                f"WHERE kind IN ('check_in', 'remind_staff') AND {about} IS NOT NULL",
                by="unique|UNIQUE",
            )

    @pytest.mark.parametrize(
        "change",
        [
            "dropped_because = 'closed'",
            "dropped_at = due_at",
            "dropped_at = due_at, done_at = due_at, dropped_because = 'closed'",
        ],
    )
    def test_what_is_dropped_says_why_and_was_not_done(self, change: str) -> None:
        an_enquiry()
        check_refused(f"UPDATE {FOLLOWUP} SET {change}", by="followups_dropped_says_why")


class TestMessage:
    @pytest.mark.parametrize(
        "change", ["state = 'sent', claimed_at = queued_at", "sent_at = queued_at"]
    )
    def test_sent_has_a_time_and_nothing_else_has(
        self, message: OutgoingMessage, change: str
    ) -> None:
        check_refused(f"UPDATE {MESSAGE} SET {change}", by="followups_sent_has_a_time")

    @pytest.mark.parametrize("change", ["state = 'claimed'", "claimed_at = queued_at"])
    def test_claimed_has_a_time_and_what_waits_has_none(
        self, message: OutgoingMessage, change: str
    ) -> None:
        check_refused(f"UPDATE {MESSAGE} SET {change}", by="followups_claimed_has_a_time")

    @pytest.mark.parametrize(
        "change",
        [
            "subject = 'Something else'",
            "body_text = 'Something else'",
            "body_html = 'Something else'",
            "message_id = '<other@pharmacy.example>'",
        ],
    )
    def test_its_words_never_change(self, message: OutgoingMessage, change: str) -> None:
        check_refused(f"UPDATE {MESSAGE} SET {change} WHERE id = %s", [message.pk], by="frozen")

    def test_its_address_may_be_mended_until_it_is_sent(self, message: OutgoingMessage) -> None:
        write(f"UPDATE {MESSAGE} SET recipient = 'right@people.example'")
        message.refresh_from_db()
        assert message.recipient == "right@people.example"

    def test_once_sent_its_address_stands(self, sent: OutgoingMessage) -> None:
        check_refused(
            f"UPDATE {MESSAGE} SET recipient = 'other@people.example' WHERE id = %s",
            [sent.pk],
            by="is sent",
        )

    def test_it_is_not_deleted(self, message: OutgoingMessage) -> None:
        check_refused(f"DELETE FROM {MESSAGE} WHERE id = %s", [message.pk], by="frozen")

    def test_one_followup_has_one_message(self, message: OutgoingMessage) -> None:
        check_refused(
            f"INSERT INTO {MESSAGE} (followup_id, state, message_id, recipient, subject, body_text, body_html, "
            "queued_at, send_after, attempts, last_error) VALUES "
            "(%s, 'queued', '<x@y.example>', 'a@b.example', 's', 't', 'h', %s, %s, 0, '')",
            [message.followup_id, NOW, NOW],
            by="unique|UNIQUE",
        )


class TestCheckIn:
    @pytest.mark.parametrize("change", ["seen_at = %(at)s", "seen_by_id = %(by)s"])
    def test_seen_has_a_time_and_a_person(self, change: str) -> None:
        with writing():
            create_check_in(
                order=an_order(),
                feeling="worse",
                opioid_since="no",
                side_effects="",
                wants_call=False,
                at=NOW,
            )
        seen = change % {"at": "at", "by": a_pharmacist().pk}
        check_refused(f"UPDATE followups_checkin SET {seen}", by="followups_seen_by_and_at")


class TestEnquiry:
    @pytest.mark.parametrize(
        "change",
        [
            "answer = 'Yes.'",
            "answered_at = received_at",
            "answered_at = received_at, answer = 'Yes.'",
        ],
    )
    def test_an_answer_has_words_a_time_and_a_person(self, change: str) -> None:
        an_enquiry()
        check_refused(f"UPDATE {ENQUIRY} SET {change}", by="contacts_answered_at_by_and_what")

    def test_answered_means_there_is_an_answer(self) -> None:
        an_enquiry()
        check_refused(
            f"UPDATE {ENQUIRY} SET state = 'answered'", by="contacts_answered_means_an_answer"
        )

    @pytest.mark.parametrize("column", ["reference", "idempotency_key"])
    def test_references_and_keys_are_never_twice(self, column: str) -> None:
        an_enquiry("one")
        an_enquiry("two", at=NOW + timedelta(hours=1))
        check_refused(f"UPDATE {ENQUIRY} SET {column} = 'same'", by="unique|UNIQUE")
