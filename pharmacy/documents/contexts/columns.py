"""Laying blocks out in two columns of about the same length. It decides where they stand, never what they say."""

import textwrap
from collections.abc import Sequence
from itertools import product

from pharmacy.documents.contexts.parts import Context

_LINE_LETTERS = 46
_HEADING_LINES = 1.6
_PARAGRAPH_LINES = 0.1
_MOST_TRIED = 12
"""With more blocks than this, the first ones go to the shorter column as they come; the rest is tried out."""


def two_columns(blocks: Sequence[Context], *, as_they_come: int = 1) -> list[list[str]]:
    """Return the slots of both columns, in their order within each.

    The first blocks (`as_they_come`) take turns, so that they stand at the top; the others go wherever both
    columns come out shortest.
    """
    fixed = max(as_they_come, len(blocks) - _MOST_TRIED)
    lengths = [_lines(block) for block in blocks]
    start = _taking_turns(lengths[:fixed])
    rest = product((0, 1), repeat=max(len(blocks) - fixed, 0))
    best = min(((*start, *sides) for sides in rest), key=lambda sides: _longest(lengths, sides))
    slots = [block["slot"] for block in blocks]
    return [[slot for slot, at in zip(slots, best, strict=True) if at == side] for side in (0, 1)]


def _taking_turns(lengths: Sequence[float]) -> tuple[int, ...]:
    sides: list[int] = []
    for index in range(len(lengths)):
        left, right = (_column(lengths[:index], sides, side) for side in (0, 1))
        sides.append(0 if left <= right else 1)
    return tuple(sides)


def _longest(lengths: Sequence[float], sides: Sequence[int]) -> float:
    return max(_column(lengths, sides, 0), _column(lengths, sides, 1))


def _column(lengths: Sequence[float], sides: Sequence[int], side: int) -> float:
    return sum(length for length, at in zip(lengths, sides, strict=True) if at == side)


def _lines(block: Context) -> float:
    """About how many lines a block takes up. A guess: real widths are known only when it is set."""
    texts = [text for item in block["items"] for text in item["texts"]]
    return _HEADING_LINES + sum(
        len(textwrap.wrap(text, _LINE_LETTERS)) + _PARAGRAPH_LINES for text in texts
    )
