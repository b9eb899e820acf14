"""A block as somebody types it, and back: nothing is lost on the way."""

import json
from pathlib import Path
from typing import Any

import pytest

from pharmacy.leaflets.blocks import read_blocks
from pharmacy.leaflets.plain_text import as_items, as_text, plain_edition

SEED = Path(__file__).parents[3] / "pharmacy/leaflets/seed/leaflet_edition.json"
BLOCKS: list[dict[str, Any]] = json.loads(SEED.read_text(encoding="utf-8"))["blocks"]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block["slot"])
def test_every_block_of_the_proposed_edition_comes_back_as_it_was(block: dict[str, Any]) -> None:
    assert as_items(as_text(block["items"])) == block["items"]


def test_what_is_typed_by_hand_is_understood() -> None:
    typed = "First.\r\nStill first.\r\n\r\nThese:\r\n- one\r\n* two\r\n\r\n1) do\r\n2. then\r\n\r\n"
    assert as_items(typed) == [
        {"kind": "paragraph", "text": "First. Still first."},
        {"kind": "paragraph", "text": "These:"},
        {"kind": "list", "items": ["one", "two"]},
        {"kind": "steps", "items": ["do", "then"]},
    ]
    assert as_items(" \n ") == []


def test_the_sentences_to_begin_with_make_an_edition() -> None:
    blocks = read_blocks(plain_edition("ketotifen"))
    assert {"title", "keeping_it", "notice_call_911"} <= {block.slot for block in blocks}
