"""Several papers as one file, in the order they are printed: the stored bytes, page by page, nothing drawn again.

The tags of each paper come along, so that the whole file is as readable to a screen reader as its parts.
The same papers give the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from xml.sax.saxutils import escape

from django.utils.text import capfirst
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from pharmacy.documents.models import Document
from pharmacy.documents.queries import pdf_bytes

_ROOT, _PARENTS, _NUMBERS, _CHILDREN = "/StructTreeRoot", "/ParentTree", "/Nums", "/K"


@dataclass(frozen=True)
class Part:
    """One paper of a file: the name its bookmark bears, and its bytes."""

    name: str
    pdf: bytes


def papers_file(documents: Sequence[Document], *, title: str) -> bytes:
    """Return ready papers as one PDF, in the order given. Raises BytesMissing or BytesChanged."""
    parts = [Part(capfirst(each.get_kind_display()), pdf_bytes(each)) for each in documents]
    return one_file(parts, title=title)


def one_file(parts: Sequence[Part], *, title: str) -> bytes:
    """Return the papers as one PDF/UA file with a bookmark for each. `parts` is never empty."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(parts[0].pdf)))
    writer.root_object.pop(NameObject("/Outlines"), None)
    starts = [0]
    for number, part in enumerate(parts[1:], 2):
        starts.append(len(writer.pages))
        _append(writer, PdfReader(io.BytesIO(part.pdf)), number)
    for part, page in zip(parts, starts, strict=True):
        writer.add_outline_item(title=part.name, page_number=page)
    _retitle(writer, title)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _append(writer: PdfWriter, reader: PdfReader, number: int) -> None:
    """Add the pages of a paper and hang its tags beside those that are there."""
    root = _dictionary(writer.root_object[_ROOT])
    parents = cast(ArrayObject, _dictionary(root[_PARENTS])[_NUMBERS])
    offset = 1 + max((int(key) for key in parents[::2]), default=-1)
    pages = [(page, writer.add_page(page)) for page in reader.pages]
    added = _dictionary(_dictionary(reader.root_object[_ROOT]).clone(writer))
    for original, page in pages:
        # pypdf leaves this number out, because alone it would point to nothing.
        page[NameObject("/StructParents")] = original["/StructParents"]
        _shift_page(page, offset)
    for key, value in _pairs(cast(ArrayObject, _dictionary(added[_PARENTS])[_NUMBERS])):
        parents.extend([NumberObject(int(key) + offset), value])
    for child in cast(ArrayObject, added[_CHILDREN]):
        element = _dictionary(child)
        element[NameObject("/P")] = writer.root_object.raw_get(_ROOT)
        cast(ArrayObject, root[_CHILDREN]).append(child)
        _rename_headers(element, f"{number}-")


def _pairs(flat: ArrayObject) -> list[tuple[Any, PdfObject]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


def _shift_page(page: PageObject, offset: int) -> None:
    """Tell the page, and what is to be pressed on it, where its tags now stand."""
    links = [_dictionary(each) for each in page.get("/Annots", ())]
    for holder, name in [(page, "/StructParents"), *((link, "/StructParent") for link in links)]:
        holder[NameObject(name)] = NumberObject(int(cast(int, holder[name])) + offset)


def _rename_headers(element: DictionaryObject, prefix: str) -> None:
    """Keep the names of table headers apart: two papers may use the same ones."""
    if "/ID" in element:
        element[NameObject("/ID")] = TextStringObject(f"{prefix}{element['/ID']}")
    attributes = element.get("/A")
    if isinstance(attributes, Mapping) and "/Headers" in attributes:
        renamed = [TextStringObject(f"{prefix}{each}") for each in attributes["/Headers"]]
        cast(DictionaryObject, attributes)[NameObject("/Headers")] = ArrayObject(renamed)
    children = element.get(_CHILDREN, ())
    for child in children if isinstance(children, ArrayObject) else [children]:
        found = child.get_object()
        if isinstance(found, DictionaryObject) and found.get("/Type") == "/StructElem":
            _rename_headers(found, prefix)


def _retitle(writer: PdfWriter, title: str) -> None:
    """Give the file its own title, in both places where one stands."""
    before = "" if writer.metadata is None else str(writer.metadata.title)
    writer.add_metadata({"/Title": title})
    metadata = writer.root_object["/Metadata"].get_object()
    if isinstance(metadata, StreamObject):
        said = metadata.get_data().decode("utf-8")
        metadata.set_data(said.replace(escape(before), escape(title)).encode("utf-8"))


def _dictionary(found: PdfObject) -> DictionaryObject:
    return cast(DictionaryObject, found.get_object())
