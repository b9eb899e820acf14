"""Whether stored papers are what they say: the kept bytes, and the same bytes again from what is stored.

Only where WeasyPrint may be loaded: it renders every paper anew.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from pharmacy.documents.contexts.parts import context_digest
from pharmacy.documents.label_formats import label_format
from pharmacy.documents.label_runs import labels_pdf
from pharmacy.documents.models import Document, DocumentFile, PrintRun, PrintRunFile
from pharmacy.documents.pages import DESIGNS
from pharmacy.documents.rendering import render_pdf
from pharmacy.documents.runs import contexts_of
from pharmacy.documents.states import DocumentState

_ROWS_AT_ONCE = 50


@dataclass(frozen=True)
class Verified:
    """One stored paper: what is wrong with it, or nothing; and whether it was rendered anew."""

    paper: str
    wrong: str
    rendered: bool


def verify_papers() -> Iterator[Verified]:
    """Look at every paper that was rendered, oldest first, then at every print run, a few at a time.

    A paper of an older design is not rendered anew, since its templates are no longer here; its bytes are still
    compared with what was written down when they were made.
    """
    ready = Document.objects.filter(state=DocumentState.READY).order_by("pk")
    for document in ready.iterator(chunk_size=_ROWS_AT_ONCE):
        yield _verify(document)
    runs = PrintRun.objects.filter(state=DocumentState.READY).order_by("pk")
    for run in runs.iterator(chunk_size=_ROWS_AT_ONCE):
        yield _verify_run(run)


def _verify(document: Document) -> Verified:
    same_design = document.template_version == DESIGNS[document.kind].version
    wrong = _wrong_in(document)
    if not wrong and same_design:
        again = hashlib.sha256(render_pdf(document.kind, document.context)).hexdigest()
        wrong = "" if again == document.sha256 else "rendered anew it comes out differently"
    return Verified(f"{document.kind} {document.pk}", wrong, same_design)


def _wrong_in(document: Document) -> str:
    if context_digest(document.context) != document.context_sha256:
        return "what it says was changed"
    file = DocumentFile.objects.filter(document=document).first()
    if file is None:
        return "its bytes are missing"
    if hashlib.sha256(file.pdf).hexdigest() != document.sha256:
        return "its bytes were changed"
    return ""


def _verify_run(run: PrintRun) -> Verified:
    """A run is drawn from the labels of its time; one of an older design is not drawn anew."""
    versions = set(run.labels.values_list("document__kind", "document__template_version"))
    same_design = all(DESIGNS[kind].version == version for kind, version in versions)
    file = PrintRunFile.objects.filter(run=run).first()
    wrong = ""
    if file is None:
        wrong = "its bytes are missing"
    elif hashlib.sha256(file.pdf).hexdigest() != run.sha256:
        wrong = "its bytes were changed"
    elif same_design and hashlib.sha256(_drawn(run)).hexdigest() != run.sha256:
        wrong = "rendered anew it comes out differently"
    return Verified(str(run), wrong, same_design)


def _drawn(run: PrintRun) -> bytes:
    return labels_pdf(
        contexts_of(run),
        stock=label_format(run.label_format),
        start_position=run.start_position,
        made_at=run.requested_at,
    )
