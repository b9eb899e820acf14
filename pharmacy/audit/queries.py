"""Reading and checking the audit trail."""

from dataclasses import dataclass

from django.db import models

from pharmacy.audit.actions import GENESIS, hash_of
from pharmacy.audit.models import AuditEvent, ChainHead


@dataclass(frozen=True)
class ChainReport:
    """The result of walking the chain: how many events were read and what is wrong, if anything."""

    events: int
    problem: str

    @property
    def intact(self) -> bool:
        return not self.problem


def verify_chain() -> ChainReport:
    """Walk every event in order and recompute its hash."""
    previous, count = GENESIS, 0
    for entry in AuditEvent.objects.order_by("id").iterator(chunk_size=2000):
        count += 1
        if entry.previous_hash != previous:
            return ChainReport(count, f"Event {entry.pk} does not follow the one before it.")
        if hash_of(entry) != entry.hash:
            return ChainReport(count, f"Event {entry.pk} was changed after it was written.")
        previous = entry.hash
    head = ChainHead.objects.filter(pk=1).first()
    known = (head.hash, head.events) if head else (GENESIS, 0)
    if known != (previous, count):
        return ChainReport(count, "Events are missing at the end of the chain.")
    return ChainReport(count, "")


def events_of(record: models.Model) -> models.QuerySet[AuditEvent]:
    """Return a record's events, oldest first."""
    return AuditEvent.objects.filter(
        record_type=record._meta.label_lower, record_id=str(record.pk)
    ).order_by("id")
