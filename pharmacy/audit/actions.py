"""Writing to the audit trail, inside the transaction of the change it tells of."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import models, transaction

from pharmacy.audit.models import AuditEvent, ChainHead
from pharmacy.people.actors import Actor

GENESIS = "0" * 64


@dataclass
class _Chain:
    """The chain while its head is locked: the last hash, and the events that wait for the end of the change."""

    hash: str
    events: list[AuditEvent]


_CHAIN: ContextVar[_Chain | None] = ContextVar("chain", default=None)


@contextmanager
def writing() -> Iterator[None]:
    """One transaction for one change of the pharmacy's records; also usable as a decorator.

    It locks the head of the audit chain first. Every change ends in an audit event, so two changes would
    wait for each other there anyway; waiting at the start means they cannot deadlock over other rows.
    A change inside another is part of it: it makes no savepoint, and a refusal undoes the whole.
    The events of a change are written together at its end; a trigger moves the head with each.
    """
    if _CHAIN.get() is not None:
        with transaction.atomic(savepoint=False):
            yield
        return
    with transaction.atomic():
        chain = _Chain(locked_head().hash, [])
        opened = _CHAIN.set(chain)
        try:
            yield
        finally:
            _CHAIN.reset(opened)
        AuditEvent.objects.bulk_create(chain.events)


def locked_head() -> ChainHead:
    """Return the head of the chain, locked until the transaction ends."""
    heads = ChainHead.objects.select_for_update()
    # `first` would sort the one row; the pharmacy's very first change makes it.
    for head in heads.filter(pk=1):
        return head
    return heads.get_or_create(pk=1, defaults={"hash": GENESIS})[0]


def record_event(
    *,
    event: str,
    record: models.Model,
    by: Actor,
    at: datetime,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
) -> None:
    """Append one event about `record`, in the transaction that changes it.

    Raises TransactionManagementError outside `writing()`.
    """
    chain = _CHAIN.get()
    if chain is None:
        raise transaction.TransactionManagementError("Events are recorded inside writing().")
    entry = AuditEvent(
        at=at,
        actor_role=by.role.value,
        actor_name=by.name,
        actor_id="" if by.user_id is None else str(by.user_id),
        event=event,
        record_type=record._meta.label_lower,
        record_id=str(record.pk),
        old=_plain(old),
        new=_plain(new),
        previous_hash=chain.hash,
    )
    chain.hash = entry.hash = hash_of(entry)
    chain.events.append(entry)


def hash_of(entry: AuditEvent) -> str:
    """Return the SHA-256 (hex) of an event's content together with the hash before it."""
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [entry.actor_role, entry.actor_name, entry.actor_id],
        "event": entry.event,
        "record": [entry.record_type, entry.record_id],
        "old": entry.old,
        "new": entry.new,
        "previous": entry.previous_hash,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(values: Mapping[str, object] | None) -> dict[str, str | None]:
    """Every value as text, so that what is hashed is what every database gives back."""
    return {key: None if value is None else str(value) for key, value in (values or {}).items()}
