"""Writing policies: a new version is drafted, then approved by another pharmacist."""

from datetime import date, datetime

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.policies.models import PolicyVersion


class AlreadyApproved(Refusal):
    """The version was approved before."""


class ApproverIsAuthor(Refusal):
    """The author tried to approve their own version."""


@writing()
def draft_policy(
    *,
    key: str,
    value: str,
    source: str,
    effective_on: date,
    by: Actor,
    at: datetime,
    note: str = "",
) -> PolicyVersion:
    """Return a new, unapproved version of an existing policy with another value."""
    latest = PolicyVersion.objects.filter(key=key).order_by("-version")[:1].get()
    draft = PolicyVersion.objects.create(
        key=key,
        version=latest.version + 1,
        title=latest.title,
        value=value,
        unit=latest.unit,
        minimum_override=latest.minimum_override,
        source=source,
        note=note,
        effective_on=effective_on,
        author_id=person_in((Role.PHARMACIST,), by),
    )
    record_event(
        event="policy_drafted", record=draft, by=by, at=at, new={"key": key, "value": value}
    )
    return draft


@writing()
def approve_policy(*, version: PolicyVersion, by: Actor, at: datetime) -> PolicyVersion:
    """Approve a drafted version. Raises when it is approved already or `by` wrote it."""
    if version.approved_at is not None:
        raise AlreadyApproved(f"Version {version.version} of this policy is approved already.")
    if version.author_id is not None and version.author_id == by.user_id:
        raise ApproverIsAuthor("Another pharmacist has to approve what you wrote.")
    PolicyVersion.objects.filter(pk=version.pk).update(
        approved_by_id=person_in((Role.PHARMACIST,), by), approved_at=at
    )
    version.refresh_from_db()
    record_event(
        event="policy_approved",
        record=version,
        by=by,
        at=at,
        new={"key": version.key, "version": version.version, "value": version.value},
    )
    return version
