"""What a worker does for papers. Only workers import this module, and WeasyPrint with it."""

import logging
import traceback
from datetime import timedelta

from django.utils import timezone

from compounding.errors import Refusal
from pharmacy.audit.transitions import ChangedMeanwhile
from pharmacy.celery import app
from pharmacy.documents.actions import RENDER_TASK, keep_file, note_failure
from pharmacy.documents.models import Document
from pharmacy.documents.own_files import NotOneOfOurFiles
from pharmacy.documents.queries import documents_waiting
from pharmacy.documents.rendering import render_pdf
from pharmacy.documents.states import DocumentState
from pharmacy.nudges import nudge

logger = logging.getLogger(__name__)

_GRACE = timedelta(seconds=20)
"""So long a new paper is left to the worker that was nudged for it."""


@app.task(name=RENDER_TASK)
def render(*, document_id: int) -> str:
    """Render a paper that waits, keep its bytes, and return the state it is in. Twice does nothing twice.

    Rendering stands outside of any transaction; bytes and state are written in one.
    """
    document = Document.objects.get(pk=document_id)
    if document.state != DocumentState.REQUESTED:
        return document.state
    try:
        pdf = render_pdf(document.kind, document.context)
    except (Exception, NotOneOfOurFiles) as error:
        logger.error("Document %s could not be rendered: %s.", document_id, _where(error))
        return _finish(document, error=_for_staff(error))
    return _finish(document, pdf=pdf)


def _finish(document: Document, *, pdf: bytes = b"", error: str = "") -> str:
    """Write the outcome; another worker that was faster has written the same one."""
    now = timezone.now()
    try:
        if error:
            note_failure(document=document, error=error, at=now)
        else:
            keep_file(document=document, pdf=pdf, at=now)
    except ChangedMeanwhile:
        document.refresh_from_db(fields=["state"])
    return document.state


def _for_staff(error: BaseException) -> str:
    """A refusal says it in words. Of anything else only the kind: its text might quote the paper."""
    return str(error) if isinstance(error, Refusal) else type(error).__name__


def _where(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, line {last.lineno}"


@app.task(name="pharmacy.documents.tasks.render_requested")
def render_requested() -> int:
    """Hand every paper that still waits to a worker; return how many. Beat calls it, so no nudge need arrive."""
    waiting = documents_waiting(before=timezone.now() - _GRACE)
    for document_id in waiting:
        nudge(RENDER_TASK, document_id=document_id)
    return len(waiting)
