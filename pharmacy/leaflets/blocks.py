"""The blocks of a leaflet edition: sentences with gaps, grouped under headings, each with its place on the paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from compounding.errors import Refusal

GAPS = frozenset(
    {
        "pharmacy_phone", "patient_name", "prescriber_name", "current_dose", "condition_name",
        "condition_line", "condition_because", "opioid_free_days_short", "opioid_free_days_long",
        "after_opioid_restart_days_short", "surgery_hold_hours", "surgery_hold_days",
        "half_dose_days", "missed_days_restart", "benefit_weeks", "warn_above_mg",
        "override_above_mg", "followup_days", "storage", "beyond_use_date", "emergency_number",
        "crisis_line", "poison_line", "fda_report_line",
    }
)  # fmt: skip
"""What an edition may leave open: filled from the order, the batch and the policies when a leaflet is made."""

AUDIENCES = ("patient", "card", "prescriber")
KINDS = ("paragraph", "list", "steps")


class EditionFaulty(Refusal):
    """An edition that no leaflet can be made from."""


@dataclass(frozen=True)
class Item:
    """A paragraph, a list, or numbered steps. A paragraph has one text."""

    kind: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Sentences under one heading. `slot` names the place."""

    slot: str
    audience: str
    heading: str
    items: tuple[Item, ...]


def read_blocks(plain: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return the blocks of an edition. Raises EditionFaulty, which names the slot."""
    blocks = tuple(_block(each) for each in plain)
    slots = [block.slot for block in blocks]
    if len(set(slots)) != len(slots):
        raise EditionFaulty("Two blocks of this edition stand in the same place.")
    return blocks


def _block(plain: Mapping[str, Any]) -> Block:
    slot = str(plain.get("slot", ""))
    if not slot or not plain.get("heading") or plain.get("audience") not in AUDIENCES:
        raise EditionFaulty(f"The block “{slot}” needs a slot, a heading and an audience.")
    items = tuple(_item(each, slot) for each in plain.get("items", ()))
    if not items:
        raise EditionFaulty(f"The block “{slot}” says nothing.")
    block = Block(slot, plain["audience"], plain["heading"], items)
    for text in (block.heading, *(text for item in items for text in item.texts)):
        _check_gaps(text, slot)
    return block


def _item(plain: Mapping[str, Any], slot: str) -> Item:
    kind = plain.get("kind")
    texts = (plain.get("text"),) if kind == "paragraph" else tuple(plain.get("items", ()))
    if kind not in KINDS or not texts or not all(isinstance(text, str) and text for text in texts):
        raise EditionFaulty(f"An item of the block “{slot}” is empty or of no known kind.")
    return Item(kind, texts)


def gaps_in(text: str) -> frozenset[str]:
    """Return the names of the gaps in a sentence."""
    return frozenset(name for _text, name, _spec, _conversion in Formatter().parse(text) if name)


def _check_gaps(text: str, slot: str) -> None:
    unknown = gaps_in(text) - GAPS
    if unknown:
        raise EditionFaulty(
            f"The block “{slot}” has a gap that nothing fills: {', '.join(sorted(unknown))}."
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the sentence with its gaps filled. Raises `KeyError` for a gap without a value."""
    return text.format_map(values)
