"""Writing policies: a new version is drafted, then approved by another pharmacist."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.people.actors import SYSTEM, Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.values import check_value

SEED = Path(__file__).with_name("seed") / "policies.json"


class AlreadyApproved(Refusal):
    """The version was approved before."""


class ApproverIsAuthor(Refusal):
    """The author tried to approve their own version."""


class DraftWaits(Refusal):
    """An earlier draft of the policy is not decided yet."""


def seeded_values(entry: dict[str, Any], *, on: date) -> dict[str, Any]:
    """Return the columns of a policy's first version from its entry in the seed."""
    return {
        "key": entry["key"],
        "version": 1,
        "title": entry["title"],
        "value": entry["value"],
        "unit": entry["unit"] or "",
        "minimum_override": entry["min_override"] or "",
        "source": " ".join(filter(None, (entry["source_text"], entry.get("source_url")))),
        "source_status": entry["source_status"],
        "note": entry.get("note") or "",
        "effective_on": on,
    }


def seed_entries() -> list[dict[str, Any]]:
    """Return the policies that come with the program, in their order."""
    entries: list[dict[str, Any]] = json.loads(SEED.read_text(encoding="utf-8"))["policies"]
    return entries


@writing()
def draft_seeded_policies(*, at: datetime) -> int:
    """Draft the first version of every policy that has none; return how many were drafted.

    Nobody is their author, so any pharmacist may approve them, one by one; until then none of them is in force.
    """
    known = set(PolicyVersion.objects.values_list("key", flat=True))
    missing = [entry for entry in seed_entries() if entry["key"] not in known]
    on = timezone.localdate(at)
    for entry in missing:
        draft = PolicyVersion.objects.create(**seeded_values(entry, on=on))
        record_event(
            event="policy_drafted",
            record=draft,
            by=SYSTEM,
            at=at,
            new={"key": draft.key, "value": draft.value},
        )
    return len(missing)


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
    minimum_override: str = "",
) -> PolicyVersion:
    """Return a new, unapproved version of an existing policy with another value.

    Raises DraftWaits while an earlier draft is undecided, ValueNotReadable or OverrideAboveValue.
    """
    latest = PolicyVersion.objects.filter(key=key).order_by("-version")[:1].get()
    if latest.approved_at is None:
        raise DraftWaits(_("A draft of this policy waits already. Change that one, or approve it."))
    check_value(key, value, before=latest.value, minimum_override=minimum_override)
    draft = PolicyVersion.objects.create(
        key=key,
        version=latest.version + 1,
        title=latest.title,
        value=value,
        unit=latest.unit,
        minimum_override=minimum_override,
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
def change_policy_draft(
    *,
    version: PolicyVersion,
    value: str,
    source: str,
    effective_on: date,
    by: Actor,
    at: datetime,
    note: str = "",
    minimum_override: str = "",
) -> PolicyVersion:
    """Change a draft and return it. Whoever changes one has written it: another pharmacist approves it.

    Raises AlreadyApproved, ValueNotReadable or OverrideAboveValue.
    """
    author_id = person_in((Role.PHARMACIST,), by)
    draft = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    if draft.approved_at is not None:
        raise AlreadyApproved(_("This version is approved already. Draft a new one."))
    check_value(draft.key, value, before=draft.value, minimum_override=minimum_override)
    old = {"value": draft.value, "minimum_override": draft.minimum_override}
    draft.value, draft.minimum_override = value, minimum_override
    draft.source, draft.note, draft.effective_on = source, note, effective_on
    draft.author_id = author_id
    draft.save()
    new = {"key": draft.key, "value": value, "minimum_override": minimum_override}
    record_event(event="policy_changed", record=draft, by=by, at=at, old=old, new=new)
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
