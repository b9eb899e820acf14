"""What is due becomes a message: however late, however often, and once."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.audit.queries import events_of
from pharmacy.followups.actions import schedule
from pharmacy.followups.expansion import expand_due_followups
from pharmacy.followups.models import FollowUp, FollowUpKind, OutgoingMessage
from pharmacy.workflow.answer_enquiry import close_enquiry
from tests.pharmacy.followups.rows import (
    NOW,
    a_pharmacist_actor,
    a_policy,
    an_enquiry,
    an_order,
    states,
)

pytestmark = pytest.mark.django_db
WAIT = timedelta(hours=24)


def _kinds() -> list[str]:
    return list(OutgoingMessage.objects.order_by("pk").values_list("followup__kind", flat=True))


def test_what_is_due_is_queued_and_done() -> None:
    enquiry = an_enquiry()
    assert expand_due_followups(at=NOW) == 2
    assert sorted(_kinds()) == ["acknowledge_enquiry", "tell_staff"]
    assert states() == ["queued", "queued"]
    done = FollowUp.objects.filter(enquiry=enquiry, done_at=NOW)
    assert {f.kind for f in done} == {"acknowledge_enquiry", "tell_staff"}


def test_a_second_run_doubles_nothing() -> None:
    an_enquiry()
    expand_due_followups(at=NOW)
    assert expand_due_followups(at=NOW) == 0
    assert expand_due_followups(at=NOW + timedelta(minutes=5)) == 0
    assert OutgoingMessage.objects.count() == 2


def test_what_is_not_due_waits() -> None:
    an_enquiry()
    assert expand_due_followups(at=NOW - timedelta(seconds=1)) == 0


def test_a_missed_beat_loses_nothing() -> None:
    a_policy("patient_link_days", "14")
    order = an_order(dispensed=True)
    for day in (7, 28):
        due_at = NOW + timedelta(days=day)
        schedule(kind=FollowUpKind.CHECK_IN, due_at=due_at, order=order, sequence=day)
    # The worker stood still from before the first to long after the second.
    assert expand_due_followups(at=NOW + timedelta(days=90)) == 2


def test_more_than_one_batch_is_expanded_in_one_run() -> None:
    for number in range(60):
        an_enquiry(f"key-{number}")
    assert expand_due_followups(at=NOW) == 120


def test_one_that_cannot_be_written_stays_due_and_stops_no_other() -> None:
    # No policy says how long a patient's link may live.
    schedule(kind=FollowUpKind.INVITE_PATIENT, due_at=NOW - timedelta(days=1), order=an_order())
    an_enquiry()
    with pytest.raises(ExceptionGroup) as failed:
        expand_due_followups(at=NOW)
    assert "patient_link_days" in str(failed.value.exceptions[0])
    assert OutgoingMessage.objects.count() == 2
    a_policy("patient_link_days", "14")
    assert expand_due_followups(at=NOW) == 1


def test_the_audit_trail_says_what_kind_was_queued() -> None:
    an_enquiry()
    expand_due_followups(at=NOW)
    message = OutgoingMessage.objects.get(followup__kind=FollowUpKind.TELL_STAFF)
    assert [(e.event, e.new) for e in events_of(message)] == [
        ("message_queued", {"kind": "tell_staff"})
    ]


def test_each_message_has_its_own_id_at_our_own_domain() -> None:
    an_enquiry()
    expand_due_followups(at=NOW)
    ids = set(OutgoingMessage.objects.values_list("message_id", flat=True))
    assert len(ids) == 2
    assert all(i.startswith("<") and i.endswith("@pharmacy.example>") for i in ids)


def test_after_a_weekend_without_a_worker_one_reminder_goes_out() -> None:
    an_enquiry()
    expand_due_followups(at=NOW + timedelta(days=3))
    assert _kinds().count("remind_staff") == 1
    following = FollowUp.objects.get(kind=FollowUpKind.REMIND_STAFF, done_at=None)
    assert (following.sequence, following.due_at) == (2, NOW + timedelta(days=4))


def test_a_patient_who_has_not_answered_is_reminded_once() -> None:
    a_policy("patient_link_days", "14")
    a_policy("patient_link_reminder_days", "2")
    schedule(kind=FollowUpKind.INVITE_PATIENT, due_at=NOW, order=an_order())
    sent_on = []
    for day in range(30):
        if expand_due_followups(at=NOW + timedelta(days=day)):
            sent_on.append(day)
    assert sent_on == [0, 2]
    first, second = OutgoingMessage.objects.order_by("pk")
    assert "still" in second.subject
    assert "still" not in first.subject


def test_without_an_approved_policy_the_patient_is_invited_and_not_reminded() -> None:
    a_policy("patient_link_days", "14")
    schedule(kind=FollowUpKind.INVITE_PATIENT, due_at=NOW, order=an_order())
    assert expand_due_followups(at=NOW) == 1
    assert expand_due_followups(at=NOW + timedelta(days=30)) == 0


@settings(max_examples=25, deadline=None)
@given(
    gaps=st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=12),
    closed_after=st.integers(min_value=0, max_value=12),
)
def test_reminders_keep_their_distance_and_end_with_the_enquiry(
    gaps: list[int], closed_after: int
) -> None:
    """Whenever the sweep runs: one reminder a run at most, a full wait between two, none after the end."""
    key = f"key {len(gaps)} {closed_after} {OutgoingMessage.objects.count()} {FollowUp.objects.count()}"
    enquiry = an_enquiry(key)
    now, sent = NOW, []
    last_reminder = NOW
    for run, gap in enumerate(gaps):
        if run == closed_after:
            close_enquiry(enquiry=enquiry, by=a_pharmacist_actor(key), at=now)
        now += timedelta(hours=gap)
        before = _reminders(enquiry.pk)
        expand_due_followups(at=now)
        new = _reminders(enquiry.pk) - before
        is_due = now - last_reminder >= WAIT
        assert new == (1 if is_due and run < closed_after else 0)
        if new:
            sent.append(now)
            last_reminder = now
    assert all(later - earlier >= WAIT for earlier, later in _pairs([NOW, *sent]))
    waiting = FollowUp.objects.filter(enquiry=enquiry, done_at=None, dropped_at=None)
    assert waiting.count() == (0 if closed_after < len(gaps) else 1)


def _reminders(enquiry_id: int) -> int:
    return OutgoingMessage.objects.filter(
        followup__kind=FollowUpKind.REMIND_STAFF, followup__enquiry_id=enquiry_id
    ).count()


def _pairs(moments: list[datetime]) -> list[tuple[datetime, datetime]]:
    return list(pairwise(moments))
