"""Writing policies: a new version is drafted, then approved by another pharmacist."""

from datetime import date, datetime

from django.db.models import Max

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.people.actors import Actor
from pharmacy.policies.models import PolicyVersion


class OnlyAPharmacistOwnsPolicies(Refusal):
    """Somebody other than a pharmacist tried to write or approve a policy."""


class AlreadyApproved(Refusal):
    """The version was approved before."""


class ApproverIsAuthor(Refusal):
    """The author tried to approve their own version."""


@writing()
def draft_policy(
    *, key: str, value: str, source: str, effective_on: date, by: Actor, at: datetime, note: str = ""
) -> PolicyVersion:
    """Return a new, unapproved version of an existing policy with another value."""
    _check_pharmacist(by)
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
        author_id=by.user_id,
    )
    record_event(event="policy_drafted", record=draft, by=by, at=at, new={"key": key, "value": value})
    return draft


@writing()
def approve_policy(*, version: PolicyVersion, by: Actor, at: datetime) -> PolicyVersion:
    """Approve a drafted version. Raises when it is approved already or `by` wrote it."""
    _check_pharmacist(by)
    if version.approved_at is not None:
        raise AlreadyApproved(f"Version {version.version} of this policy is approved already.")
    if version.author_id is not None and version.author_id == by.user_id:
        raise ApproverIsAuthor("Another pharmacist has to approve what you wrote.")
    PolicyVersion.objects.filter(pk=version.pk).update(approved_by_id=by.user_id, approved_at=at)
    version.refresh_from_db()
    record_event(
        event="policy_approved",
        record=version,
        by=by,
        at=at,
        new={"key": version.key, "version": version.version, "value": version.value},
    )
    return version


def next_version(key: str) -> int:
    """Return the number the next version of `key` will have."""
    newest = PolicyVersion.objects.filter(key=key).aggregate(newest=Max("version"))["newest"]
    return (newest or 0) + 1


def _check_pharmacist(by: Actor) -> None:
    if not by.is_pharmacist:
        raise OnlyAPharmacistOwnsPolicies("Only a pharmacist may change or approve a policy.")
