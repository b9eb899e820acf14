"""The audit trail: append-only, each event chained to the one before by its hash."""

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which record, when, from what to what.

    No foreign keys, so that the trail never depends on live data; no names of patients and no health
    information, so that it can be shown to an inspector as it is.
    """

    at = models.DateTimeField()
    actor_role = models.CharField(max_length=20)
    actor_name = models.CharField(max_length=150)
    actor_id = models.CharField(max_length=40, blank=True)
    event = models.CharField(max_length=60)
    record_type = models.CharField(max_length=60)
    record_id = models.CharField(max_length=40)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [models.Index(fields=["record_type", "record_id", "id"], name="audit_by_record")]

    def __str__(self) -> str:
        return f"{self.event} {self.record_type} {self.record_id}"


class ChainHead(models.Model):
    """The last hash. Its one row is locked while an event is written, so the chain has no forks."""

    hash = models.CharField(max_length=64)
    events = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.events} events"
