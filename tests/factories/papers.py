"""What the papers of an order say, and ways to read a paper back: its text, page by page, and its symbols."""

import io
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from pypdf import PdfReader

from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.actions import keep_file
from pharmacy.documents.contexts.label import label_context
from pharmacy.documents.contexts.leaflet import LeafletFacts, leaflet_context
from pharmacy.documents.contexts.parts import Context
from pharmacy.documents.contexts.record import record_context
from pharmacy.documents.models import Document, DocumentKind
from pharmacy.documents.pages import document_html
from pharmacy.documents.rendering import Rendered, render_paper
from pharmacy.documents.states import DocumentState
from pharmacy.orders.models import Order
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT, ready

DAY = date(2026, 11, 22)
LONG_NAME = "Maximiliana-Alexandrina Featherstonehaugh-Cholmondeley-Smyth"


@dataclass(frozen=True)
class Said:
    """The contexts of one order's papers, by kind."""

    order: Order
    record: CompoundingRecord
    contexts: Mapping[str, Context]

    @property
    def label(self) -> Context:
        return self.contexts[DocumentKind.CONTAINER_LABEL]

    @property
    def leaflet(self) -> Context:
        return self.contexts[DocumentKind.LEAFLET]

    @property
    def batch(self) -> Context:
        return self.contexts[DocumentKind.COMPOUNDING_RECORD]


def said_for(bench: Bench, kind: str, **changed: Any) -> Said:
    """Return what the papers of a ready order of capsules or drops say."""
    order, record = ready(bench, kind, key=f"papers-{kind}", **changed)
    return said_of(order, record)


def said_of(order: Order, record: CompoundingRecord, *, start_on: date = DAY) -> Said:
    """Return what the papers of an order and its batch say."""
    line = order.lines.select_related("formula").get()
    line.order = order
    contexts: dict[str, Context] = {
        DocumentKind.CONTAINER_LABEL: label_context(
            line=line, record=record, start_on=start_on, filled_on=DAY
        ),
        DocumentKind.LEAFLET: leaflet_context(LeafletFacts(order, [record], start_on, DAY)),
        DocumentKind.COMPOUNDING_RECORD: record_context(record.number),
    }
    return Said(order, record, contexts)


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page, with every kind of space as one space."""
    return [spaced(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def spaced(text: str) -> str:
    """Return the text with every run of spaces of any kind as one space."""
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """Return the text without any space: lines end anywhere on a paper."""
    return re.sub(r"\s+", "", text)


_RENDERED: dict[tuple[str, str], Rendered] = {}


def made_ready(document: Document) -> Document:
    """Return the document as a worker leaves it; what says the same was rendered once, for it has the same bytes."""
    if document.state != DocumentState.REQUESTED:
        return document
    said = document.kind, document.context_sha256
    paper = _RENDERED.get(said) or render_paper(document.kind, document.context)
    _RENDERED[said] = paper
    keep_file(document=document, pdf=paper.pdf, labels=paper.labels, at=AT)
    document.refresh_from_db()
    return document


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("title", "desc")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("title", "desc")

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._hidden:
            self.texts.append(spaced(data))


def html_texts(html: str) -> list[str]:
    """Return the pieces of text a person sees in HTML; the text beside a picture is not among them."""
    parser = _Texts()
    parser.feed(html)
    return parser.texts


def page_of(kind: str, context: Context) -> str:
    """Return the HTML of a paper as it stands on a page."""
    return document_html(Document(kind=kind, context=context))


def pictures_of(pdf: bytes, folder: Path, *, dpi: int = 203) -> Iterator[Image.Image]:
    """Give a picture of each page, as a label printer of that resolution would print it."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-png", str(file), str(folder / "page")], check=True
    )
    for path in sorted(folder.glob("page*.png")):
        with Image.open(path) as picture:
            yield picture.convert("L")


def symbols_in(picture: Image.Image) -> list[str]:
    """Return the texts of all barcodes in a picture."""
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def words_off_the_paper(pdf: bytes, folder: Path, *, margin: float) -> list[str]:
    """Return the words that come nearer to an edge of their page than the margin (points)."""
    file = folder / "edges.pdf"
    file.write_bytes(pdf)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(file), "-"], check=True, capture_output=True, text=True
    ).stdout
    width, height = (float(side) for side in _PAGE.findall(boxes)[0])
    return [
        word
        for left, top, right, bottom, word in _WORD.findall(boxes)
        if min(float(left), float(top), width - float(right), height - float(bottom)) < margin
    ]


_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')
_WORD = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>'
)
