"""The HTML of a paper: one template a kind, for the screen and for the press alike.

No WeasyPrint here: the web process shows papers as pages; only a worker prints them (rendering.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from pharmacy.documents.models import Document, DocumentKind
from pharmacy.documents.symbols import data_matrix

_NUMBER_AND_WORD = re.compile(r"(?<=[0-9]) (?=[a-z°]|[A-Z][a-z])")


class LabelSplit(StrEnum):
    """What of a container label goes onto a second one."""

    NOTHING = "nothing"
    NOTES = "notes"
    """Storage, instructions and ingredients."""
    NOTES_AND_PLAN = "notes_and_plan"
    """Those, and all steps of the directions but the first."""
    FACTS_TOO = "facts_too"
    """Those, and what is in it, who prescribed it and when: the last way out."""


@dataclass(frozen=True)
class Design:
    """How a kind of paper is drawn. The version is raised when its template or style changes what is printed."""

    template: str
    stylesheet: str
    version: str


DESIGNS: Mapping[str, Design] = {
    DocumentKind.CONTAINER_LABEL: Design("documents/label.html", "documents/label.css", "3"),
    DocumentKind.COMPOUNDING_RECORD: Design("documents/record.html", "documents/record.css", "2"),
    DocumentKind.LEAFLET: Design("documents/leaflet.html", "documents/leaflet.css", "1"),
    DocumentKind.LOT_LABEL: Design("documents/lot_label.html", "documents/lot_label.css", "2"),
    DocumentKind.FORMULA_RECORD: Design("documents/formula.html", "documents/formula.css", "1"),
}


def document_html(document: Document) -> str:
    """Return the paper as a piece of a page: an `<article>` that says what the PDF says, word for word.

    The page around it links `documents/screen.css`.
    """
    return _article(
        document.kind, document.context, {"on_page": True, "split": LabelSplit.NOTHING.value}
    )


def paper_html(
    kind: str,
    context: Mapping[str, Any],
    *,
    setting: str = "",
    split: LabelSplit = LabelSplit.NOTHING,
    places_before: Sequence[int] = (),
) -> str:
    """Return the whole HTML document to print. `setting` is a class that says how large a label is set.

    On a sheet of labels those at the `places_before` are left empty.
    """
    options = {"setting": setting, "split": split.value, "places_before": places_before}
    article = _article(kind, context, options)
    with override(context["language"]):
        return render_to_string(
            "documents/paper.html",
            {"language": context["language"], "title": context["title"], "article": article},
        )


def label_article(context: Mapping[str, Any], *, setting: str, split: LabelSplit) -> str:
    """Return a container label as it stands inside a page of many."""
    options = {"setting": setting, "split": split.value}
    return _article(DocumentKind.CONTAINER_LABEL, context, options)


def _article(kind: str, context: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    symbol = data_matrix(context["code"]) if "code" in context else None
    with override(context["language"]):
        shown = {"paper": _bound(context), "symbol": symbol, "cluster": _cluster(context)}
        return render_to_string(DESIGNS[kind].template, {**shown, **options})


def _cluster(context: Mapping[str, Any]) -> Sequence[str]:
    """The order of a label's cluster. Labels of the designs before 3 do not say it."""
    template: Mapping[str, Any] = context.get("template", {})
    order: Sequence[str] = template.get("cluster", ("patient", "medicine", "directions"))
    return order


def _bound(value: Any) -> Any:
    """The same text with every number held to the word after it: no line ends between 14 and days."""
    if isinstance(value, str):
        return _NUMBER_AND_WORD.sub("\N{NO-BREAK SPACE}", value)
    if isinstance(value, Mapping):
        return {key: _bound(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_bound(part) for part in value]
    return value
