"""The audit trail: chained, append-only, and it notices."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from pharmacy.audit.actions import GENESIS, record_event, writing
from pharmacy.audit.models import AuditEvent, ChainHead
from pharmacy.audit.queries import events_of, verify_chain
from pharmacy.leaflets.models import Condition
from pharmacy.people.actors import SYSTEM
from tests.factories.triggers import without_triggers

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def write_events(count: int) -> Condition:
    condition = Condition.objects.create(code="asthma", name="Asthma")
    for number in range(count):
        with writing():
            record_event(
                event="looked_at", record=condition, by=SYSTEM, at=AT, new={"time": number}
            )
    return condition


@writing()
def write_and_fail(condition: Condition) -> None:
    record_event(event="looked_at", record=condition, by=SYSTEM, at=AT)
    raise ZeroDivisionError


@pytest.mark.django_db
def test_each_event_carries_the_hash_of_the_one_before() -> None:
    condition = write_events(3)
    hashes = [(event.previous_hash, event.hash) for event in events_of(condition)]
    assert hashes[0][0] == GENESIS
    assert [before for before, _own in hashes[1:]] == [own for _before, own in hashes[:-1]]
    assert verify_chain().intact
    assert verify_chain().events == 3


@pytest.mark.django_db
def test_values_are_kept_as_text() -> None:
    condition = write_events(1)
    assert events_of(condition).get().new == {"time": "0"}


@pytest.mark.django_db
def test_a_refused_change_leaves_no_event() -> None:
    condition = write_events(1)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(condition)
    assert verify_chain().events == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("attack", "told"),
    [
        ("UPDATE audit_auditevent SET actor_name = 'x' WHERE id = {second}", "was changed"),
        ("DELETE FROM audit_auditevent WHERE id = {second}", "does not follow"),
        ("DELETE FROM audit_auditevent WHERE id = {last}", "missing at the end"),
    ],
)
def test_the_walk_finds_what_somebody_changed_without_the_triggers(attack: str, told: str) -> None:
    write_events(3)
    ids = list(AuditEvent.objects.order_by("id").values_list("id", flat=True))
    with without_triggers("audit_auditevent"), connection.cursor() as cursor:
        cursor.execute(attack.format(second=ids[1], last=ids[2]))
    assert told in verify_chain().problem
    with pytest.raises(CommandError, match=told):
        call_command("verify_audit")


@pytest.mark.django_db
def test_one_head_counts_the_events() -> None:
    write_events(2)
    assert ChainHead.objects.get().events == 2


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_database_refuses_an_event_that_does_not_follow() -> None:
    write_events(2)
    first = AuditEvent.objects.order_by("id")[0]
    first.pk, first.hash = None, "f" * 64
    with pytest.raises(DatabaseError, match="does not follow its chain"), transaction.atomic():
        first.save(force_insert=True)
    assert verify_chain().intact


@pytest.mark.postgres
@pytest.mark.django_db
def test_several_events_of_one_change_are_chained_one_by_one() -> None:
    condition = Condition.objects.create(code="asthma", name="Asthma")
    with writing():
        for event in ("looked_at", "looked_away"):
            record_event(event=event, record=condition, by=SYSTEM, at=AT)
    assert [event.event for event in events_of(condition)] == ["looked_at", "looked_away"]
    assert (verify_chain().problem, ChainHead.objects.get().events) == ("", 2)


@pytest.mark.django_db
def test_no_event_is_recorded_outside_a_change() -> None:
    condition = write_events(1)
    with pytest.raises(transaction.TransactionManagementError):
        record_event(event="looked_at", record=condition, by=SYSTEM, at=AT)
