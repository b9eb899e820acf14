"""The DataMatrix on a container label: what it says, how it is drawn, how it is read back.

It says which order line the container is for and which lot it was filled from, in GS1 syntax with the
company-internal application identifiers: (91) order line, (92) lot. A GTIN is not used, because a preparation made
for one patient has none; GS1 asks that lot (10) and serial (21) never stand without one. Nothing in it tells who the
patient is or what the medicine is.
"""

import re
from dataclasses import dataclass

import zint
from django.utils.translation import gettext as _

from compounding.errors import Refusal

_READ = re.compile(r"\(91\)(?P<line>[0-9]+-[0-9]+-[0-9]+)\(92\)(?P<lot>[A-Z0-9-]{1,20})")


class NotOurSymbol(Refusal):
    """What was scanned is no container label of this pharmacy."""


@dataclass(frozen=True)
class ContainerCode:
    """What a container label's symbol says."""

    order_number: str
    """As people say it: "10482-0"."""
    line: int
    lot: str


@dataclass(frozen=True)
class Symbol:
    """A symbol as one SVG path, in modules; `size` is its width and height without the quiet zone."""

    size: int
    path: str


def container_code(code: ContainerCode) -> str:
    """Return the text to encode, as people write GS1 data: "(91)10482-0-1(92)B-2026-0412"."""
    return f"(91){code.order_number}-{code.line}(92){code.lot}"


def read_container_code(scanned: str) -> ContainerCode:
    """Return what a scanned label says; takes the text with brackets, or raw with group separators.

    Raises `NotOurSymbol`.
    """
    written = scanned.strip().removeprefix("]d2")
    if not written.startswith("("):
        order_line, _separator, lot = (
            written.removeprefix("\x1d").removeprefix("91").partition("\x1d92")
        )
        written = f"(91){order_line}(92){lot}"
    found = _READ.fullmatch(written)
    if found is None:
        raise NotOurSymbol(_("This is not a container label of ours."))
    order_number, _dash, line = found["line"].rpartition("-")
    return ContainerCode(order_number=order_number, line=int(line), lot=found["lot"])


def data_matrix(text: str) -> Symbol:
    """Return the GS1 DataMatrix of a text with bracketed application identifiers."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.DATAMATRIX
    symbol.input_mode = zint.InputMode.GS1 | zint.InputMode.GS1PARENS
    symbol.option_3 = zint.DataMatrixOptions.SQUARE
    symbol.encode(text)
    symbol.buffer_vector()
    scale = symbol.vector.width / symbol.width
    path = "".join(
        f"M{_modules(bar.x, scale)} {_modules(bar.y, scale)}h{_modules(bar.width, scale)}"
        f"v{_modules(bar.height, scale)}h-{_modules(bar.width, scale)}z"
        for bar in symbol.vector.rectangles
    )
    return Symbol(size=symbol.width, path=path)


def _modules(length: float, scale: float) -> int:
    return round(length / scale)
