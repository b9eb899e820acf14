"""Leaflet editions: what they are made of, who approves them, and that an approved one stays as it is."""

from copy import deepcopy
from typing import Any

import pytest

from pharmacy.audit.models import AuditEvent
from pharmacy.audit.transitions import MoveNotAllowed
from pharmacy.leaflets.actions import (
    AuthorMayNotApprove,
    NotADraft,
    approve_edition,
    change_draft,
    draft_edition,
)
from pharmacy.leaflets.blocks import EditionFaulty, fill, gaps_in, read_blocks
from pharmacy.leaflets.models import LeafletEdition
from pharmacy.leaflets.queries import NoApprovedEdition, approved_edition
from pharmacy.leaflets.states import EditionState
from pharmacy.people.actors import NotYourRole
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT

pytestmark = pytest.mark.django_db

NALTREXONE = "naltrexone-hydrochloride"
BLOCK = {
    "slot": "missed_dose",
    "audience": "patient",
    "heading": "If you miss a dose",
    "items": [
        {"kind": "paragraph", "text": "Skip it. Call us: {pharmacy_phone}."},
        {"kind": "list", "items": ["never two at once", "never more"]},
    ],
}


def drafted(bench: Bench, blocks: list[Any] | None = None) -> LeafletEdition:
    """A draft by the technician."""
    return draft_edition(
        rule_set=NALTREXONE, language="en", blocks=blocks or [BLOCK], by=bench.technician, at=AT
    )


def test_blocks_are_read_with_their_gaps() -> None:
    (block,) = read_blocks([BLOCK])
    assert (block.slot, block.audience) == ("missed_dose", "patient")
    assert [item.kind for item in block.items] == ["paragraph", "list"]
    assert block.items[1].texts == ("never two at once", "never more")
    assert gaps_in(block.items[0].texts[0]) == {"pharmacy_phone"}
    assert fill(block.items[0].texts[0], {"pharmacy_phone": "555"}) == "Skip it. Call us: 555."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"slot": ""}, "needs a slot"),
        ({"heading": ""}, "needs a slot, a heading"),
        ({"audience": "everybody"}, "an audience"),
        ({"items": []}, "says nothing"),
        ({"items": [{"kind": "table", "items": ["x"]}]}, "of no known kind"),
        ({"items": [{"kind": "paragraph", "text": ""}]}, "is empty"),
        ({"items": [{"kind": "list", "items": []}]}, "is empty"),
        ({"items": [{"kind": "list", "items": ["a", 2]}]}, "is empty"),
        ({"heading": "For {somebody}"}, "nothing fills: somebody"),
        ({"items": [{"kind": "paragraph", "text": "{storage} {x}"}]}, "nothing fills: x"),
    ],
)
def test_a_faulty_block_is_refused_with_its_name(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EditionFaulty, match=sentence):
        read_blocks([{**BLOCK, **changed}])


def test_no_place_is_taken_twice() -> None:
    with pytest.raises(EditionFaulty, match="same place"):
        read_blocks([BLOCK, BLOCK])


def test_a_draft_gets_the_next_number_and_replaces_what_held_once_approved(bench: Bench) -> None:
    first = approved_edition(NALTREXONE)
    draft = drafted(bench)
    assert (draft.number, draft.state) == (first.number + 1, EditionState.DRAFT)
    assert approved_edition(NALTREXONE) == first
    approve_edition(edition=draft, by=bench.pharmacist, at=AT)
    held = approved_edition(NALTREXONE)
    assert (held, held.approved_by_id, held.approved_at) == (draft, bench.pharmacist.user_id, AT)
    first.refresh_from_db()
    assert first.state == EditionState.RETIRED
    events = AuditEvent.objects.order_by("-id").values_list("event", flat=True)[:3]
    assert list(events) == ["edition_approved", "edition_retired", "edition_drafted"]


def test_only_another_pharmacist_approves(bench: Bench) -> None:
    with pytest.raises(NotYourRole):
        approve_edition(edition=drafted(bench), by=bench.technician, at=AT)
    own = draft_edition(
        rule_set=NALTREXONE, language="en", blocks=[BLOCK], by=bench.pharmacist, at=AT
    )
    with pytest.raises(AuthorMayNotApprove):
        approve_edition(edition=own, by=bench.pharmacist, at=AT)


def test_a_retired_edition_does_not_come_back(bench: Bench) -> None:
    first = approved_edition(NALTREXONE)
    approve_edition(edition=drafted(bench), by=bench.pharmacist, at=AT)
    with pytest.raises(MoveNotAllowed):
        approve_edition(edition=first, by=bench.pharmacist, at=AT)
    assert approved_edition(NALTREXONE).number == first.number + 1


def test_a_draft_may_be_changed_an_approved_edition_may_not(bench: Bench) -> None:
    draft = drafted(bench)
    other = deepcopy(BLOCK) | {"heading": "A dose missed"}
    change_draft(edition=draft, blocks=[other], by=bench.technician, at=AT)
    draft.refresh_from_db()
    assert draft.blocks[0]["heading"] == "A dose missed"
    approve_edition(edition=draft, by=bench.pharmacist, at=AT)
    with pytest.raises(NotADraft):
        change_draft(edition=draft, blocks=[BLOCK], by=bench.technician, at=AT)


def test_a_faulty_draft_is_never_written_nor_approved(bench: Bench) -> None:
    with pytest.raises(EditionFaulty):
        drafted(bench, [{**BLOCK, "items": []}])
    draft = drafted(bench)
    LeafletEdition.objects.filter(pk=draft.pk).update(blocks=[{**BLOCK, "audience": "x"}])
    with pytest.raises(EditionFaulty):
        approve_edition(edition=draft, by=bench.pharmacist, at=AT)


def test_another_substance_or_language_has_no_edition_until_one_is_approved(bench: Bench) -> None:
    for rule_set, language in (("ketotifen", "en"), (NALTREXONE, "es"), ("", "en")):
        with pytest.raises(NoApprovedEdition):
            approved_edition(rule_set, language)
