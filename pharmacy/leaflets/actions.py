"""Writing leaflet editions, and ticking studies as read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.leaflets.blocks import read_blocks
from pharmacy.leaflets.models import LeafletEdition, Study
from pharmacy.leaflets.states import EDITION_STATES, EditionState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role


class AuthorMayNotApprove(Refusal):
    """Whoever wrote an edition tried to approve it."""


class NotADraft(Refusal):
    """An approved edition never changes."""


class ReadBefore(Refusal):
    """Somebody has ticked the study as read already."""


@writing()
def draft_edition(
    *, rule_set: str, language: str, blocks: Sequence[Mapping[str, Any]], by: Actor, at: datetime
) -> LeafletEdition:
    """Return a new draft with the next edition number. Raises EditionFaulty."""
    author_id = person_in(Role.of_staff(), by)
    read_blocks(blocks)
    earlier = LeafletEdition.objects.filter(rule_set=rule_set, language=language)
    number = (earlier.aggregate(newest=Max("number"))["newest"] or 0) + 1
    edition = LeafletEdition.objects.create(
        rule_set=rule_set,
        language=language,
        number=number,
        blocks=blocks,
        author_id=author_id,
        created_at=at,
    )
    record_event(event="edition_drafted", record=edition, by=by, at=at, new={"number": number})
    return edition


@writing()
def change_draft(
    *, edition: LeafletEdition, blocks: Sequence[Mapping[str, Any]], by: Actor, at: datetime
) -> LeafletEdition:
    """Replace the blocks of a draft; whoever does has written it, and another approves.

    Raises NotADraft or EditionFaulty.
    """
    author_id = person_in(Role.of_staff(), by)
    read_blocks(blocks)
    changed = LeafletEdition.objects.filter(pk=edition.pk, state=EditionState.DRAFT)
    if changed.update(blocks=blocks, author_id=author_id) != 1:
        raise NotADraft(_("This edition is not a draft. Start a new one."))
    edition.blocks, edition.author_id = blocks, author_id
    record_event(event="edition_changed", record=edition, by=by, at=at)
    return edition


@writing()
def approve_edition(*, edition: LeafletEdition, by: Actor, at: datetime) -> LeafletEdition:
    """Approve a draft; the edition that held until now retires with it.

    Raises AuthorMayNotApprove, EditionFaulty, or the state table's refusals.
    """
    approver_id = person_in(frozenset({Role.PHARMACIST}), by)
    edition = LeafletEdition.objects.get(pk=edition.pk)
    if edition.author_id == approver_id:
        raise AuthorMayNotApprove(_("Another pharmacist approves what you wrote."))
    read_blocks(edition.blocks)
    EDITION_STATES.find(edition.state, EditionState.APPROVED)
    same = LeafletEdition.objects.filter(rule_set=edition.rule_set, language=edition.language)
    for held in same.filter(state=EditionState.APPROVED):
        move(held, table=EDITION_STATES, to=EditionState.RETIRED, by=by, at=at)
    move(
        edition,
        table=EDITION_STATES,
        to=EditionState.APPROVED,
        by=by,
        at=at,
        approved_by_id=approver_id,
        approved_at=at,
    )
    return edition


@writing()
def tick_as_read(*, study: Study, by: Actor, at: datetime) -> Study:
    """Record that a pharmacist has read a study's abstract; it may be shown to people from now on."""
    reader_id = person_in(frozenset({Role.PHARMACIST}), by)
    unread = Study.objects.filter(pk=study.pk, read_by__isnull=True)
    if unread.update(read_by_id=reader_id, read_at=at) != 1:
        raise ReadBefore(_("This study is ticked as read already."))
    study.refresh_from_db()
    record_event(event="study_read", record=study, by=by, at=at, new={"code": study.code})
    return study
