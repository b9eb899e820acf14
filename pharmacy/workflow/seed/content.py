"""Policies, conditions, studies and the leaflet edition that a pharmacy starts from.

The files hold drafts with their sources. Here two people put them in force: one wrote them, the other approves.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.leaflets.actions import draft_edition
from pharmacy.leaflets.models import Condition, LeafletEdition, Study
from pharmacy.leaflets.states import EDITION_STATES, EditionState
from pharmacy.people.actors import Actor, actor_of
from pharmacy.people.models import User
from pharmacy.policies.actions import approve_policy, seed_entries, seeded_values
from pharmacy.policies.models import PolicyVersion

ROOMS = Path(__file__).resolve().parents[2]


@writing()
def seed_policies(*, author: User, approver: User, at: datetime) -> None:
    """Put the first version of every policy in force that has none, drafted before or not."""
    known = set(PolicyVersion.objects.values_list("key", flat=True))
    for draft in PolicyVersion.objects.filter(version=1, author=None, approved_at=None):
        PolicyVersion.objects.filter(pk=draft.pk).update(effective_on=timezone.localdate(at))
        approve_policy(version=draft, by=actor_of(approver), at=at)
    for entry in seed_entries():
        if entry["key"] in known:
            continue
        version = PolicyVersion.objects.create(
            **seeded_values(entry, on=timezone.localdate(at)),
            author=author,
            approved_by=approver,
            approved_at=at,
        )
        record_event(
            event="policy_approved",
            record=version,
            by=actor_of(approver),
            at=at,
            new={"key": version.key, "version": 1, "value": version.value},
        )


@writing()
def seed_leaflets(*, author: User, approver: User, at: datetime) -> None:
    """Add conditions, studies (those read at their source are ticked as read) and the first leaflet edition."""
    add_evidence(reader=approver, at=at)
    _edition(_read("leaflets/seed/leaflet_edition.json"), author, approver, at)


@writing()
def add_evidence(*, reader: User | None, at: datetime) -> int:
    """Add the conditions and studies that are missing; return how many studies were added.

    `reader` is who has read those that were read at their source; without one, a pharmacist ticks each as read.
    """
    for position, entry in enumerate(_read("leaflets/seed/conditions.json")["conditions"]):
        Condition.objects.get_or_create(
            code=entry["code"],
            defaults={
                "name": entry["name"],
                "icd10": entry["icd10"],
                "patient_line": entry["patient_line"],
                "because": entry["because"],
                "position": position,
            },
        )
    conditions = {condition.code: condition for condition in Condition.objects.all()}
    about = _read("leaflets/seed/leaflet_edition.json")["substance"]
    entries = _read("leaflets/seed/studies.json")["studies"]
    return sum(_study(entry, about, conditions, reader, at) for entry in entries)


def draft_proposed_edition(*, by: Actor, at: datetime) -> LeafletEdition | None:
    """Return the proposed leaflet edition as a draft of this person; None when there is any edition already."""
    content = _read("leaflets/seed/leaflet_edition.json")
    about = {"rule_set": content["substance"], "language": content["language"]}
    if LeafletEdition.objects.filter(**about).exists():
        return None
    return draft_edition(blocks=content["blocks"], by=by, at=at, **about)


def _study(
    entry: dict[str, Any],
    rule_set: str,
    conditions: dict[str, Condition],
    reader: User | None,
    at: datetime,
) -> bool:
    """Say whether the study was added."""
    read = reader is not None and entry["read_at_source"]
    study, created = Study.objects.get_or_create(
        code=entry["code"],
        defaults={
            "rule_set": rule_set,
            "read_by": reader if read else None,
            "read_at": at if read else None,
            **{
                key: entry[key]
                for key in ("year", "grade", "direction", "relevance", "finding", "title")
            },
            **{
                key: entry[key] or ""
                for key in (
                    "authors",
                    "journal",
                    "doi",
                    "pmid",
                    "design",
                    "participants",
                    "dose",
                    "source_url",
                )
            },
        },
    )
    if created:
        study.conditions.set(conditions[code] for code in entry["conditions"])
    return created


def _edition(content: dict[str, Any], author: User, approver: User, at: datetime) -> None:
    key = {"rule_set": content["substance"], "language": content["language"]}
    if LeafletEdition.objects.filter(**key).exists():
        return
    edition = LeafletEdition.objects.create(
        **key, number=content["edition"], blocks=content["blocks"], author=author, created_at=at
    )
    move(
        edition,
        table=EDITION_STATES,
        to=EditionState.APPROVED,
        by=actor_of(approver),
        at=at,
        approved_by_id=approver.pk,
        approved_at=at,
    )


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOMS / name).read_text(encoding="utf-8"))
    return content
