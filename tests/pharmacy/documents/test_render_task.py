"""A worker renders what waits: once, outside of a transaction, with a way back when it fails."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection

from pharmacy.audit.models import AuditEvent
from pharmacy.audit.transitions import MoveNotAllowed, NotYourMove
from pharmacy.celery import app
from pharmacy.documents import rendering, tasks
from pharmacy.documents.contexts.parts import Context, context_digest
from pharmacy.documents.models import Document, DocumentFile, DocumentKind
from pharmacy.documents.queries import BytesChanged, BytesMissing, pdf_bytes, pdf_name
from pharmacy.documents.states import DocumentState
from pharmacy.documents.tasks import render, render_requested
from pharmacy.people.actors import SYSTEM
from pharmacy.people.models import User
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.print_papers import try_again
from tests.factories.job import AT
from tests.factories.papers import Said, said_for

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def capsules(bench: Bench) -> Said:
    return said_for(bench, "capsules")


def asked_for(
    said: Said, bench: Bench, context: Context | None = None, *, at: datetime = AT
) -> Document:
    """A label that waits to be rendered."""
    context = said.label if context is None else context
    return Document.objects.create(
        kind=DocumentKind.CONTAINER_LABEL,
        context=context,
        context_sha256=context_digest(context),
        template_version="1",
        order=said.order,
        line=said.order.lines.get(),
        record=said.record,
        requested_at=at,
        requested_by=User.objects.get(username="okafor"),
    )


def test_a_rendered_paper_is_ready_with_its_bytes(capsules: Said, bench: Bench) -> None:
    document = asked_for(capsules, bench)
    assert render(document_id=document.pk) == DocumentState.READY
    document.refresh_from_db()
    assert pdf_bytes(document).startswith(b"%PDF-1.7")
    assert document.rendered_at is not None
    assert len(document.sha256) == 64
    event = AuditEvent.objects.latest("id")
    assert (event.event, event.record_id, event.actor_role) == (
        "document_rendered",
        str(document.pk),
        "system",
    )


def test_twice_does_nothing_twice(capsules: Said, bench: Bench) -> None:
    document = asked_for(capsules, bench)
    render(document_id=document.pk)
    events = AuditEvent.objects.count()
    assert render(document_id=document.pk) == DocumentState.READY
    assert AuditEvent.objects.count() == events
    assert DocumentFile.objects.filter(document=document).count() == 1


def test_two_workers_at_once_leave_one_file(
    capsules: Said, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second worker finishes while the first still renders."""
    document = asked_for(capsules, bench)
    really = rendering.render_paper
    others: list[str] = []

    def interrupted(kind: str, context: Context) -> rendering.Rendered:
        pdf = really(kind, context)
        if not others:
            others.append("busy")
            others.append(render(document_id=document.pk))
        return pdf

    monkeypatch.setattr(tasks, "render_paper", interrupted)
    assert render(document_id=document.pk) == DocumentState.READY
    assert others == ["busy", DocumentState.READY]
    assert DocumentFile.objects.filter(document=document).count() == 1


def test_nothing_is_rendered_inside_a_transaction(
    capsules: Said, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No block is open around it but the test's own."""
    document = asked_for(capsules, bench)
    really = rendering.render_paper
    open_blocks: list[int] = []

    def watched(kind: str, context: Context) -> rendering.Rendered:
        open_blocks.append(len(connection.savepoint_ids))
        return really(kind, context)

    monkeypatch.setattr(tasks, "render_paper", watched)
    around = len(connection.savepoint_ids)
    render(document_id=document.pk)
    assert open_blocks == [around]


def test_what_cannot_be_set_fails_with_a_sentence(capsules: Said, bench: Bench) -> None:
    document = asked_for(capsules, bench, {**capsules.label, "patient": "張"})
    assert render(document_id=document.pk) == DocumentState.FAILED
    document.refresh_from_db()
    assert document.error == "This paper has a letter that our type does not have: U+5F35."
    with pytest.raises(BytesMissing, match="could not be prepared"):
        pdf_bytes(document)


def test_what_breaks_says_only_its_kind(
    capsules: Said, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception may quote the paper. Neither the row nor the log does."""
    broken = {key: part for key, part in capsules.label.items() if key != "containers"}
    document = asked_for(capsules, bench, broken)
    assert render(document_id=document.pk) == DocumentState.FAILED
    document.refresh_from_db()
    assert document.error == "KeyError"
    assert "Okonkwo" not in caplog.text
    assert f"Document {document.pk} could not be rendered: KeyError in " in caplog.text


def test_a_failed_paper_is_tried_again_by_staff_only(capsules: Said, bench: Bench) -> None:
    document = asked_for(capsules, bench, {**capsules.label, "patient": "張"})
    render(document_id=document.pk)
    with pytest.raises(NotYourMove):
        try_again(document=document, by=SYSTEM, at=AT)
    again = try_again(document=document, by=bench.technician, at=AT)
    assert (again.state, again.error) == (DocumentState.REQUESTED, "")
    render(document_id=document.pk)
    with pytest.raises(MoveNotAllowed):
        try_again(document=asked_for(capsules, bench), by=bench.technician, at=AT)


def test_the_sweep_hands_over_what_waits_and_leaves_the_newest_to_their_worker(
    capsules: Said, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(
        app, "send_task", lambda name, kwargs: asked.append((name, kwargs["document_id"]))
    )
    waiting = asked_for(capsules, bench)
    done = asked_for(capsules, bench)
    render(document_id=done.pk)
    now = AT + timedelta(hours=1)
    asked_for(capsules, bench, at=now)
    with time_machine.travel(now, tick=False):
        assert render_requested() == 1
    assert asked == [(render.name, waiting.pk)]
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        assert render_requested() == 2


def test_beat_sweeps() -> None:
    entries = [entry["task"] for entry in app.conf.beat_schedule.values()]
    assert render_requested.name in entries


def test_bytes_that_were_changed_are_not_handed_out(capsules: Said, bench: Bench) -> None:
    document = asked_for(capsules, bench)
    render(document_id=document.pk)
    document.refresh_from_db()
    document.sha256 = "0" * 64
    with pytest.raises(BytesChanged):
        pdf_bytes(document)


def test_a_file_is_named_by_kind_and_number(capsules: Said, bench: Bench) -> None:
    document = asked_for(capsules, bench)
    assert pdf_name(document) == f"container-label-{capsules.order.number}.pdf"
    record = Document(kind=DocumentKind.COMPOUNDING_RECORD, record=capsules.record)
    assert pdf_name(record) == f"compounding-record-{capsules.record.number}.pdf"
