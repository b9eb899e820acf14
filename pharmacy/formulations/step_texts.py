"""The text of a step with its quantities inside the sentence.

"Weigh {naltrexone} and {mcc}." names the lines of the formula by their keys; {water:half} is half of one. The
words for them come from the batch, so that the sentence scales with it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from compounding.errors import Refusal

OF_THE_BATCH = ("batch", "units", "fill", "strength")
"""Names that every formula has: the size of the batch, its units, what goes into each unit, its strength."""

KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(:half)?\}")


class UnknownQuantity(Refusal):
    """A step names a quantity that the formula does not have."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a step's text; `key` names the quantity that stands there, or nothing."""

    text: str
    key: str = ""
    is_half: bool = False


def pieces(text: str) -> list[Piece]:
    """Return the text in its stretches: plain words, and quantities by their keys."""
    found: list[Piece] = []
    end = 0
    for place in _PLACE.finditer(text):
        if place.start() > end:
            found.append(Piece(text[end : place.start()]))
        found.append(Piece(place.group(0), place.group(1), bool(place.group(2))))
        end = place.end()
    if end < len(text):
        found.append(Piece(text[end:]))
    return found


def keys_in(text: str) -> list[str]:
    """Return the keys that the text names, each once, in their order."""
    return list(dict.fromkeys(piece.key for piece in pieces(text) if piece.key))


def faults_in(text: str, known: Iterable[str]) -> list[str]:
    """Return what is wrong with the quantities of a step's text, in sentences; empty when all are known."""
    names = set(known) | set(OF_THE_BATCH)
    unknown = [key for key in keys_in(text) if key not in names]
    found = [_("“{%(key)s}” is no ingredient of this formula.") % {"key": key} for key in unknown]
    stray = [piece.text for piece in pieces(text) if not piece.key and set("{}") & set(piece.text)]
    if stray:
        found.append(
            _("A brace in “%(text)s” does not name a quantity.") % {"text": stray[0].strip()}
        )
    return found


def filled(text: str, quantity: Callable[[Piece], str]) -> str:
    """Return the text with the words of each quantity in its place."""
    return "".join(quantity(piece) if piece.key else piece.text for piece in pieces(text))


def words_for(words: Mapping[str, str]) -> Callable[[Piece], str]:
    """Return how a piece is said from ready words by key; raises UnknownQuantity for one that is not there."""

    def said(piece: Piece) -> str:
        if piece.key not in words:
            raise UnknownQuantity(
                _("“{%(key)s}” is no quantity of this batch.") % {"key": piece.key}
            )
        return (
            _("half of %(amount)s") % {"amount": words[piece.key]}
            if piece.is_half
            else words[piece.key]
        )

    return said
