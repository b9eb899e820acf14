"""What a worker does for papers. Only workers import this module, and WeasyPrint with it."""

import logging
import traceback
from datetime import timedelta

from django.utils import timezone

from compounding.errors import Refusal
from pharmacy.audit.transitions import ChangedMeanwhile
from pharmacy.celery import app
from pharmacy.documents.actions import RENDER_TASK, keep_file, note_failure
from pharmacy.documents.label_formats import label_format
from pharmacy.documents.label_runs import Printed, print_labels
from pharmacy.documents.models import Document, PrintRun
from pharmacy.documents.own_files import NotOneOfOurFiles
from pharmacy.documents.queries import documents_waiting
from pharmacy.documents.rendering import Rendered, render_paper
from pharmacy.documents.runs import (
    RUN_TASK,
    contexts_of,
    keep_run,
    note_run_failure,
    runs_waiting,
)
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
        rendered = render_paper(document.kind, document.context)
    except (Exception, NotOneOfOurFiles) as error:
        logger.error("Document %s could not be rendered: %s.", document_id, _where(error))
        return _finish(document, error=_for_staff(error))
    return _finish(document, rendered=rendered)


def _finish(document: Document, *, rendered: Rendered | None = None, error: str = "") -> str:
    """Write the outcome; another worker that was faster has written the same one."""
    now = timezone.now()
    try:
        if rendered is None:
            note_failure(document=document, error=error, at=now)
        else:
            keep_file(document=document, pdf=rendered.pdf, labels=rendered.labels, at=now)
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
    """Hand every paper and run that still waits to a worker; return how many. Beat calls it: no nudge need arrive."""
    before = timezone.now() - _GRACE
    runs, waiting = runs_waiting(before=before), documents_waiting(before=before)
    for run_id in runs:
        nudge(RUN_TASK, run_id=run_id)
    for document_id in waiting:
        nudge(RENDER_TASK, document_id=document_id)
    return len(runs) + len(waiting)


@app.task(name=RUN_TASK)
def render_run(*, run_id: int) -> str:
    """Render the labels of a run as one file, keep its bytes, return its state. Twice does nothing twice."""
    run = PrintRun.objects.get(pk=run_id)
    if run.state != DocumentState.REQUESTED:
        return run.state
    try:
        printed = print_labels(
            contexts_of(run),
            stock=label_format(run.label_format),
            start_position=run.start_position,
            made_at=run.requested_at,
        )
    except (Exception, NotOneOfOurFiles) as error:
        logger.error("Print run %s could not be rendered: %s.", run_id, _where(error))
        return _finish_run(run, error=_for_staff(error))
    return _finish_run(run, printed=printed)


def _finish_run(run: PrintRun, *, printed: Printed | None = None, error: str = "") -> str:
    now = timezone.now()
    try:
        if printed is None:
            note_run_failure(run=run, error=error, at=now)
        else:
            keep_run(run=run, pdf=printed.pdf, label_counts=printed.labels, at=now)
    except ChangedMeanwhile:
        run.refresh_from_db(fields=["state"])
    return run.state
