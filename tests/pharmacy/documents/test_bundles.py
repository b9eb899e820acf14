"""Several papers in one file: every page as it was, in order, tagged, the same bytes every time."""

import io

import page as pdf_ua
import pytest
from pypdf import PdfReader

from pharmacy.documents.bundles import Part, one_file
from pharmacy.documents.models import DocumentKind
from pharmacy.documents.rendering import render_pdf
from pharmacy.workflow.demonstration import Bench
from tests.factories.papers import page_texts, said_for

pytestmark = pytest.mark.django_db

KINDS = (
    DocumentKind.CONTAINER_LABEL,
    DocumentKind.CONTAINER_LABEL,
    DocumentKind.LEAFLET,
    DocumentKind.COMPOUNDING_RECORD,
)


@pytest.fixture(scope="module")
def parts(bench: Bench) -> list[Part]:
    said = said_for(bench, "drops")
    pdfs = {kind: render_pdf(kind, said.contexts[kind]) for kind in set(KINDS)}
    return [Part(str(kind.label), pdfs[kind]) for kind in KINDS]


@pytest.fixture(scope="module")
def file(parts: list[Part]) -> bytes:
    return one_file(parts, title="Papers & <more>, Rx 10001-0")


def test_every_page_in_the_order_of_printing(parts: list[Part], file: bytes) -> None:
    assert page_texts(file) == [text for part in parts for text in page_texts(part.pdf)]
    pages = PdfReader(io.BytesIO(file)).pages
    assert [each.mediabox.width for each in pages][:3] == [288, 288, 612]


def test_the_same_papers_are_the_same_bytes(parts: list[Part], file: bytes) -> None:
    assert one_file(parts, title="Papers & <more>, Rx 10001-0") == file


def test_the_tags_of_all_papers_survive(parts: list[Part], file: bytes) -> None:
    report = pdf_ua.validate_pdf_bytes(file, profile="ua1")
    assert report.is_compliant, [(each.rule_id, each.message) for each in report.failures]
    assert tagged(file) == [kind for part in parts for kind in tagged(part.pdf)]
    for number, page in enumerate(PdfReader(io.BytesIO(file)).pages):
        assert int(str(page["/StructParents"])) == number


def test_title_and_bookmarks_name_the_papers(file: bytes) -> None:
    reader = PdfReader(io.BytesIO(file))
    assert reader.metadata is not None
    assert reader.metadata.title == "Papers & <more>, Rx 10001-0"
    assert [entry.title for entry in reader.outline] == [kind.label for kind in KINDS]  # type: ignore[union-attr]
    assert [reader.get_destination_page_number(entry) for entry in reader.outline] == [0, 1, 2, 6]  # type: ignore[arg-type]


def test_one_paper_alone_is_a_file_too(parts: list[Part]) -> None:
    assert page_texts(one_file(parts[:1], title="One")) == page_texts(parts[0].pdf)


def tagged(pdf: bytes) -> list[str]:
    """The kinds of all tags, depth first."""
    found: list[str] = []

    def walk(element: object) -> None:
        element = getattr(element, "get_object", lambda: element)()
        if isinstance(element, dict):
            if element.get("/Type") == "/StructElem":
                found.append(str(element["/S"]))
            walk(element.get("/K"))
        elif isinstance(element, list):
            for child in element:
                walk(child)

    walk(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"])  # type: ignore[index]
    return found
