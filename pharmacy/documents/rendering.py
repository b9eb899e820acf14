"""Paper to PDF/UA with WeasyPrint. Only a worker imports this module: it costs a second and much memory.

The same context gives the same bytes: no dates in the file, our own fonts only, one FontConfiguration a process
(a new one for every paper would leak).
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
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
from pharmacy.documents.label_formats import FORMATS, LOT_FORMATS, LabelFormat, label_format
from pharmacy.documents.label_sizes import (
    LOT_SETTINGS,
    LabelTooSmall,
    page_style,
    settings_for,
    sheet_style,
    too_small,
)
from pharmacy.documents.models import DocumentKind
from pharmacy.documents.own_files import ADDRESS, STATIC, OwnFiles
from pharmacy.documents.pages import DESIGNS, paper_html

_NO_SYSTEM_FONTS = Path(__file__).parent / "no_system_fonts.conf"
_FACES = (
    STATIC / "fonts" / "AtkinsonHyperlegibleNext-Regular.ttf",
    STATIC / "documents" / "fonts" / "NotoSans-Regular.ttf",
)
_NO_TEXT, _ZERO_WIDTH_SPACE = b" <>", b" <200b>"


class NotInOurType(Refusal):
    """A paper has a letter that our fonts do not have; it would come out as a box."""


_SIDES_FOR_PATIENT = 2


@dataclass(frozen=True)
class Rendered:
    """A paper as PDF, and how many labels it takes; none when it is no label."""

    pdf: bytes
    labels: int


@dataclass(frozen=True)
class _Pages:
    laid: Laid
    labels: int = 0


def render_pdf(kind: str, context: Mapping[str, Any]) -> bytes:
    """Return the PDF of a paper. Raises what `render_paper` raises."""
    return render_paper(kind, context).pdf


def render_paper(kind: str, context: Mapping[str, Any]) -> Rendered:
    """Return a paper. Raises LabelTooSmall, NotInOurType, NoSuchLabelStock or NotOneOfOurFiles."""
    pages = _LAID.get(DocumentKind(kind), _other)(kind, context)
    pdf: bytes = pages.laid.write_pdf(pdf_variant="pdf/ua-1", finisher=_give_every_glyph_a_letter)
    return Rendered(pdf, pages.labels)


def _label(kind: str, context: Mapping[str, Any]) -> _Pages:
    """The first setting in which each label fits on its own; a sheet then takes them from its first free label on."""
    template = context["template"]
    stock, places = _stock(context["stock"], FORMATS)
    for setting in settings_for(template):
        html = partial(paper_html, kind, context, setting=setting.classes, split=setting.split)
        laid = _lay_out(kind, html(), page_style(stock, share=template["cluster_share"]))
        labels = setting.labels * len(context["containers"])
        if len(laid.pages) == labels:
            if stock.a_page == 1:
                return _Pages(laid, labels)
            sheet = sheet_style(stock, share=template["cluster_share"])
            return _Pages(_lay_out(kind, html(places_before=places), sheet), labels)
    raise too_small(context["title"])


def _lot_label(kind: str, context: Mapping[str, Any]) -> _Pages:
    """The largest setting in which each label fits on its own, as a page or on its place of a sheet."""
    stock, places = _stock(context["stock"], LOT_FORMATS)
    for setting in LOT_SETTINGS:
        html = partial(paper_html, kind, context, setting=setting)
        laid = _lay_out(kind, html(), page_style(stock))
        labels = len(context["copies"])
        if len(laid.pages) == labels:
            if stock.a_page == 1:
                return _Pages(laid, labels)
            sheet = _lay_out(kind, html(places_before=places), sheet_style(stock))
            return _Pages(sheet, labels)
    raise LabelTooSmall(
        _("The label of %(lot)s does not fit. Shorten the ingredient's name or take larger labels.")
        % {"lot": context["lot"]}
    )


def _stock(
    said: Mapping[str, Any], formats: Mapping[str, LabelFormat]
) -> tuple[LabelFormat, Sequence[int]]:
    """The stock a label is printed on, and the labels of its sheet that are used up."""
    place = said["start_position"]
    return label_format(said["key"], start_position=place, among=formats), range(place - 1)


def _leaflet(kind: str, context: Mapping[str, Any]) -> _Pages:
    """Two close sides for the patient if they hold everything, else roomy ones; then the prescriber's."""
    close = _lay_out(kind, paper_html(kind, context, setting="close"))
    headings = [[mark[1] for mark in page.bookmarks] for page in close.pages]
    for_prescriber = context["prescriber_page"]["heading"]
    sides = next(at for at, marks in enumerate(headings) if for_prescriber in marks)
    fits = sides <= _SIDES_FOR_PATIENT
    return _Pages(close if fits else _lay_out(kind, paper_html(kind, context)))


def _other(kind: str, context: Mapping[str, Any]) -> _Pages:
    return _Pages(_lay_out(kind, paper_html(kind, context)))


_LAID = {
    DocumentKind.CONTAINER_LABEL: _label,
    DocumentKind.LEAFLET: _leaflet,
    DocumentKind.LOT_LABEL: _lot_label,
}


def _lay_out(kind: str, html: str, style: str = "") -> Laid:
    check_letters(html)
    return HTML(string=html, base_url=ADDRESS, url_fetcher=OwnFiles()).render(
        font_config=_fonts(),
        stylesheets=[
            *_shared_styles(),
            _style(DESIGNS[kind].stylesheet),
            CSS(string=style, font_config=_fonts()),
        ],
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
