"""Many container labels as one file, with PlutoPrint: some milliseconds a label where WeasyPrint takes tens.

The file has no tags, so it is only for labels that are printed and stuck on; the paper that is kept of each label comes
from rendering.py. Labels are set as there: the first of the same settings in which every label of a container fits.
Only a worker imports this module.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import plutoprint
from django.utils.translation import gettext as _

from pharmacy.documents.label_formats import LabelFormat
from pharmacy.documents.label_sizes import Setting, page_style, settings_for, too_small
from pharmacy.documents.own_files import ADDRESS, STATIC, NotOneOfOurFiles, own_path
from pharmacy.documents.pages import LabelSplit, label_article
from pharmacy.documents.rendering import check_letters

_CHUNK = 100
"""So many labels are set at once: memory stays flat however long the run is."""

_STYLES = (
    "fonts/print.css",
    "documents/letters.css",
    "web/tokens.css",
    "documents/label.css",
    "documents/label_run.css",
)
_ADDRESS_IN_STYLE = re.compile(r'url\("([^"]+)"\)')
_MARKS = """
.label { position: relative; visibility: hidden; }
.label::before {
  content: ""; position: absolute; left: 0; top: 0; width: 9pt; height: 9pt; background: #000000; visibility: visible;
}
"""
"""Nothing is seen but a black square at the head of each label: from them we read on which pages labels begin."""

_SETTING = "setting-goes-here"

_LOOKED_AT = (16, 12)
"""Pixels from the corner of the page: the margin, and a part of the square. Nothing else is drawn there."""
_DARK = 64

Context = Mapping[str, Any]


@dataclass(frozen=True)
class _Label:
    """The label of one order line: what it says, the setting it is tried in, how many pages it should take."""

    context: Context
    settings: Sequence[Setting]
    attempt: int = 0
    written: dict[LabelSplit, str] = field(default_factory=dict)

    @property
    def setting(self) -> Setting:
        return self.settings[self.attempt]

    @property
    def pages(self) -> int:
        return self.setting.labels * len(self.context["containers"])

    def html(self) -> str:
        """Return it in its setting. What it says depends on the split alone, so it is written once for each."""
        split = self.setting.split
        if split not in self.written:
            self.written[split] = label_article(self.context, setting=_SETTING, split=split)
        return self.written[split].replace(_SETTING, self.setting.classes, 1)


@dataclass(frozen=True)
class Printed:
    """A run as PDF, and how many labels each of its order lines takes, in their order."""

    pdf: bytes
    labels: Sequence[int]


def labels_pdf(
    contexts: Iterable[Context], *, stock: LabelFormat, start_position: int = 1, made_at: datetime
) -> bytes:
    """Return the PDF of a run; see `print_labels`."""
    run = print_labels(contexts, stock=stock, start_position=start_position, made_at=made_at)
    return run.pdf


def print_labels(
    contexts: Iterable[Context], *, stock: LabelFormat, start_position: int = 1, made_at: datetime
) -> Printed:
    """Return one PDF with the labels in their order, from the first free place of the first page.

    `made_at` is the only date in it: the same labels give the same bytes. Raises LabelTooSmall or NotInOurType.
    """
    _use_own_fonts_only()
    file, counts = io.BytesIO(), []
    page = plutoprint.PageSize(stock.page_width, stock.page_height)
    with plutoprint.PDFCanvas.create_for_stream(file, page) as canvas:
        canvas.set_metadata(plutoprint.PDF_METADATA_TITLE, _("Container labels"))
        moment = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        canvas.set_metadata(plutoprint.PDF_METADATA_CREATION_DATE, moment)
        slot, drawn = start_position - 1, False
        for book, counted in _books(contexts, stock):
            counts.extend(counted)
            for number in range(book.get_page_count()):
                if slot == stock.a_page:
                    canvas.show_page()
                    slot = 0
                _draw(canvas, book, number, at=stock.place(slot))
                slot, drawn = slot + 1, True
        if drawn:
            canvas.show_page()
    return Printed(file.getvalue(), counts)


def _draw(
    canvas: plutoprint.PDFCanvas, book: plutoprint.Book, number: int, *, at: tuple[float, float]
) -> None:
    canvas.save_state()
    canvas.translate(*at)
    canvas.scale(plutoprint.UNITS_PX, plutoprint.UNITS_PX)
    book.render_page(canvas, number)
    canvas.restore_state()


def _books(
    contexts: Iterable[Context], stock: LabelFormat
) -> Iterator[tuple[plutoprint.Book, list[int]]]:
    """Set the labels, a chunk at a time, each in the first setting in which it fits; with how many pages each has."""
    waiting = iter(contexts)
    while chunk := list(islice(waiting, _CHUNK)):
        for share, alike in _by_share(chunk):
            fitted = _fitted(alike, stock, share)
            articles = [label.html() for label in fitted]
            check_letters("".join(articles))
            yield _book(articles, stock, share), [label.pages for label in fitted]


def _by_share(contexts: Sequence[Context]) -> Iterator[tuple[str, list[Context]]]:
    """The labels in their order, in groups whose clusters take the same part of a label."""
    for share, alike in groupby(contexts, key=lambda each: str(each["template"]["cluster_share"])):
        yield share, list(alike)


def _fitted(contexts: Sequence[Context], stock: LabelFormat, share: str) -> list[_Label]:
    labels = [_Label(context, settings_for(context["template"])) for context in contexts]
    unfit = list(range(len(labels)))
    while unfit:
        book = _book([labels[index].html() for index in unfit], stock, share, marked=True)
        sizes = _pages_of(book, [labels[index] for index in unfit])
        unfit = [index for index, fits in zip(unfit, sizes, strict=True) if not fits]
        for index in unfit:
            labels[index] = _next_attempt(labels[index])
    return labels


def _next_attempt(label: _Label) -> _Label:
    if label.attempt + 1 == len(label.settings):
        raise too_small(str(label.context["title"]))
    return replace(label, attempt=label.attempt + 1)


def _pages_of(book: plutoprint.Book, labels: Sequence[_Label]) -> list[bool]:
    """Say of each label whether each of its pages is the beginning of one."""
    begins = [_is_beginning(book, number) for number in range(book.get_page_count())]
    starts = [number for number, is_one in enumerate(begins) if is_one]
    starts.append(len(begins))
    fits, first = [], 0
    for label in labels:
        fits.append(starts[first + label.pages] - starts[first] == label.pages)
        first += label.pages
    if first != len(starts) - 1:
        raise ValueError("every label begins on a page of its own")
    return fits


def _is_beginning(book: plutoprint.Book, number: int) -> bool:
    corner = plutoprint.ImageCanvas(*_LOOKED_AT, plutoprint.IMAGE_FORMAT_A8)
    book.render_page(corner, number)
    return max(bytes(corner.get_data())) > _DARK


def _book(
    articles: Sequence[str], stock: LabelFormat, share: str, *, marked: bool = False
) -> plutoprint.Book:
    size = plutoprint.PageSize(stock.width, stock.height)
    book = plutoprint.Book(size, plutoprint.PAGE_MARGINS_NONE, plutoprint.MEDIA_TYPE_PRINT)
    book.custom_resource_fetcher = _fetcher()
    style = _style() + page_style(stock, share=share) + (_MARKS if marked else "")
    html = f'<!doctype html><html lang="en"><body>{"".join(articles)}</body></html>'
    book.load_html(html, style, "", ADDRESS)
    return book


class _OurFiles(plutoprint.ResourceFetcher):
    """Reads what own_files.py allows, each file once, and nothing else."""

    def fetch_url(self, url: str) -> plutoprint.ResourceData:
        """Return a file of ours; raises NotOneOfOurFiles."""
        return _resource(url)


@cache
def _fetcher() -> _OurFiles:
    return _OurFiles()


@cache
def _resource(url: str) -> plutoprint.ResourceData:
    path = own_path(url)
    if path is None:
        raise NotOneOfOurFiles(url)
    return plutoprint.ResourceData(path.read_bytes(), "font/ttf")


@cache
def _style() -> str:
    """Every style sheet of a label in one, with the addresses of its fonts in full."""
    return "".join(_sheet(name) for name in _STYLES)


def _sheet(name: str) -> str:
    folder = name.rpartition("/")[0]
    text = (STATIC / name).read_text(encoding="utf-8")
    return _ADDRESS_IN_STYLE.sub(rf'url("{ADDRESS}{folder}/\1")', text)


@cache
def _use_own_fonts_only() -> None:
    plutoprint.plutobook_set_fontconfig_path(str(Path(__file__).parent / "no_system_fonts.conf"))
