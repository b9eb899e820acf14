"""Paper to PDF/UA with WeasyPrint. Only a worker imports this module: it costs a second and much memory.

The same context gives the same bytes: no dates in the file, our own fonts only, one FontConfiguration a process
(a new one for every paper would leak).
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pydyf
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint import Document as Laid
from weasyprint.text.fonts import FontConfiguration

from compounding.errors import Refusal
from pharmacy.documents.models import DocumentKind
from pharmacy.documents.own_files import ADDRESS, STATIC, OwnFiles
from pharmacy.documents.pages import DESIGNS, LabelSplit, paper_html

_NO_SYSTEM_FONTS = Path(__file__).parent / "no_system_fonts.conf"
_FACES = (
    STATIC / "fonts" / "AtkinsonHyperlegibleNext-Regular.ttf",
    STATIC / "documents" / "fonts" / "NotoSans-Regular.ttf",
)
_NO_TEXT, _ZERO_WIDTH_SPACE = b" <>", b" <200b>"


class LabelTooSmall(Refusal):
    """The words of a label do not fit on two labels at the sizes that may be read."""


class NotInOurType(Refusal):
    """A paper has a letter that our fonts do not have; it would come out as a box."""


@dataclass(frozen=True)
class Setting:
    """How a label is set: classes of label.css, and what goes onto a second label."""

    classes: str
    split: LabelSplit = LabelSplit.NOTHING


LABEL_SETTINGS: Sequence[Setting] = (
    Setting("small-8"),
    Setting("small-7-5"),
    Setting("small-7"),
    Setting("small-7 cluster-medium"),
    Setting("small-6-5 cluster-medium"),
    Setting("small-6-5 cluster-least"),
    Setting("small-6 cluster-least"),
    Setting("small-8", LabelSplit.NOTES),
    Setting("small-7-5 cluster-medium", LabelSplit.NOTES),
    Setting("small-7 cluster-least", LabelSplit.NOTES),
    Setting("small-6 cluster-least", LabelSplit.NOTES),
    Setting("small-8", LabelSplit.NOTES_AND_PLAN),
    Setting("small-7-5 cluster-medium plan-medium", LabelSplit.NOTES_AND_PLAN),
    Setting("small-7 cluster-least plan-least", LabelSplit.NOTES_AND_PLAN),
    Setting("small-6 cluster-least plan-small", LabelSplit.NOTES_AND_PLAN),
)
"""From roomy to tight. What stands around the cluster shrinks first; the cluster never below 12 points."""


_SIDES_FOR_PATIENT = 2


def render_pdf(kind: str, context: Mapping[str, Any]) -> bytes:
    """Return the PDF of a paper. Raises LabelTooSmall, NotInOurType or NotOneOfOurFiles."""
    laid = _LAID.get(DocumentKind(kind), _other)(kind, context)
    pdf: bytes = laid.write_pdf(pdf_variant="pdf/ua-1", finisher=_give_every_glyph_a_letter)
    return pdf


def _label(kind: str, context: Mapping[str, Any]) -> Laid:
    """The first setting in which every label of the paper fits on its own 4 x 2 inches."""
    for setting in LABEL_SETTINGS:
        html = paper_html(kind, context, setting=setting.classes, split=setting.split)
        laid = _lay_out(kind, html)
        each = 1 if setting.split is LabelSplit.NOTHING else 2
        if len(laid.pages) == each * len(context["containers"]):
            return laid
    raise LabelTooSmall(
        _("The label of %(rx)s does not fit, even on two labels. Shorten its directions or notes.")
        % {"rx": context["rx"]}
    )


def _lot_label(kind: str, context: Mapping[str, Any]) -> Laid:
    """The larger of two settings in which each label fits on its own 3 x 2 inches."""
    for setting in ("", "small"):
        laid = _lay_out(kind, paper_html(kind, context, setting=setting))
        if len(laid.pages) == len(context["copies"]):
            return laid
    raise LabelTooSmall(
        _("The label of %(lot)s does not fit. Shorten the ingredient's name.")
        % {"lot": context["lot"]}
    )


def _leaflet(kind: str, context: Mapping[str, Any]) -> Laid:
    """Two close sides for the patient if they hold everything, else roomy ones; then the prescriber's."""
    close = _lay_out(kind, paper_html(kind, context, setting="close"))
    headings = [[mark[1] for mark in page.bookmarks] for page in close.pages]
    for_prescriber = context["prescriber_page"]["heading"]
    sides = next(at for at, marks in enumerate(headings) if for_prescriber in marks)
    return close if sides <= _SIDES_FOR_PATIENT else _lay_out(kind, paper_html(kind, context))


def _other(kind: str, context: Mapping[str, Any]) -> Laid:
    return _lay_out(kind, paper_html(kind, context))


_LAID = {
    DocumentKind.CONTAINER_LABEL: _label,
    DocumentKind.LEAFLET: _leaflet,
    DocumentKind.LOT_LABEL: _lot_label,
}


def _lay_out(kind: str, html: str) -> Laid:
    check_letters(html)
    return HTML(string=html, base_url=ADDRESS, url_fetcher=OwnFiles()).render(
        font_config=_fonts(), stylesheets=[*_shared_styles(), _style(DESIGNS[kind].stylesheet)]
    )


@cache
def _fonts() -> FontConfiguration:
    """The one FontConfiguration of this process, which knows no font of the machine."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_NO_SYSTEM_FONTS)
    try:
        return FontConfiguration()
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _shared_styles() -> tuple[CSS, ...]:
    tokens = (STATIC / "web" / "tokens.css").read_text(encoding="utf-8")
    return (
        _style("fonts/print.css"),
        _style("documents/letters.css"),
        CSS(string=tokens, font_config=_fonts()),
    )


@cache
def _style(name: str) -> CSS:
    return CSS(url=ADDRESS + name, url_fetcher=OwnFiles(), font_config=_fonts())


@cache
def _letters() -> frozenset[str]:
    """Every letter that our type has; all weights of a family have the same."""
    return frozenset(chr(code) for face in _FACES for code in TTFont(face).getBestCmap())


def check_letters(html: str) -> None:
    """Raise NotInOurType for a letter we cannot print. It may also be put together from its base and its marks."""
    for letter in sorted(set(html)):
        if letter.isspace() or letter in _letters():
            continue
        if not _letters().issuperset(normalize("NFD", letter)):
            raise NotInOurType(
                _("This paper has a letter that our type does not have: %(code)s.")
                % {"code": f"U+{ord(letter):04X}"}
            )


def _give_every_glyph_a_letter(_laid: Laid, pdf: pydyf.PDF) -> None:
    """PDF/UA wants a letter for every glyph. WeasyPrint gives a letter put together from two glyphs only once,
    and leaves the other glyph without; it gets a space of no width."""
    for part in pdf.objects:
        if isinstance(part, pydyf.Stream) and b"begincmap" in part.stream:
            part.stream[:] = [
                line.replace(_NO_TEXT, _ZERO_WIDTH_SPACE) if isinstance(line, bytes) else line
                for line in part.stream
            ]
