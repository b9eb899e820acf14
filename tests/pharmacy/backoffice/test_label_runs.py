"""The labels of several orders at once: chosen, prepared by a worker, opened with a note for each."""

import io

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from pharmacy.audit.actions import writing
from pharmacy.documents.actions import ReprintNeedsReason
from pharmacy.documents.models import Document, PrintEvent, PrintRun
from pharmacy.documents.runs import MOST_LABELS, NothingToRun, request_run
from pharmacy.documents.states import DocumentState
from pharmacy.documents.tasks import render_requested, render_run
from pharmacy.orders.models import Allocation, Order
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.print_labels import NotThisOrder, open_run, print_labels
from tests.factories.job import AT, approved, ready
from tests.factories.papers import page_texts

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def two_keys(bench: Bench) -> list[int]:
    return [
        ready(bench, "capsules", key="run-capsules")[0].pk,
        ready(bench, "drops", key="run-drops")[0].pk,
    ]


@pytest.fixture
def two(two_keys: list[int]) -> list[Order]:
    return [Order.objects.get(pk=key) for key in two_keys]


def asked(orders: list[Order], bench: Bench, **changed: object) -> PrintRun:
    arguments = {
        "stock": "roll-4x2",
        "start_position": 1,
        "by": bench.technician,
        "at": AT,
    } | changed
    return print_labels(orders=orders, **arguments)  # type: ignore[arg-type]


def send(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def test_labels_of_two_orders_come_as_one_file_and_are_noted(
    two: list[Order], technician: Client
) -> None:
    chosen = page(technician, "label_runs")
    assert chosen.count("not printed yet") == 2
    typed = {"run-orders": [each.pk for each in two], "run-stock": "sheet-4x2"}
    answer = send(technician, "label_runs", **typed, **{"run-start_position": "3"})
    run = PrintRun.objects.get()
    assert answer["Location"] == reverse("admin:label_run", args=[run.pk])
    assert "The labels are being prepared." in page(technician, "label_run", run.pk)
    assert send(technician, "label_run", run.pk).status_code == 422
    assert render_run(run_id=run.pk) == "ready"
    assert not PrintEvent.objects.exists()
    opened = send(technician, "label_run", run.pk)
    assert opened["Location"] == reverse("admin:label_run_pdf", args=[run.pk])
    file = technician.get(opened["Location"])
    (sheet,) = page_texts(file.content)
    assert all(order.number in sheet for order in two)
    assert PdfReader(io.BytesIO(file.content)).pages[0].mediabox.height == 792
    assert PrintEvent.objects.filter(document__runs__run=run).count() == 2
    again = page(technician, "label_runs")
    assert again.count("printed before") == 3  # two rows and the hint
    assert '<option value="sheet-4x2" selected>' in again


def test_printed_again_only_with_a_reason(two: list[Order], bench: Bench) -> None:
    run = asked(two, bench)
    render_run(run_id=run.pk)
    run.refresh_from_db()
    open_run(run=run, by=bench.technician, at=AT)
    with pytest.raises(ReprintNeedsReason):
        open_run(run=run, by=bench.technician, at=AT)
    with pytest.raises(NotThisOrder, match=f"Order {two[0].number}: This was printed before"):
        asked(two, bench)
    second = asked(two, bench, reason="Printer jam")
    render_run(run_id=second.pk)
    second.refresh_from_db()
    reasons = {event.reason for event in open_run(run=second, by=bench.technician, at=AT)}
    assert reasons == {"Printer jam"}


def test_one_order_that_cannot_be_printed_stops_all_and_is_named(
    two: list[Order], bench: Bench
) -> None:
    early = approved(bench, key="run-early")
    with pytest.raises(NotThisOrder, match=f"Order {early.number}"):
        asked([*two, early], bench)
    Allocation.objects.filter(line__order=two[1]).update(withdrawn_at=AT)
    with pytest.raises(NotThisOrder, match=f"Order {two[1].number}"):
        asked(two, bench)
    assert not PrintRun.objects.exists()
    assert not Document.objects.exists()


def test_what_is_chosen_wrongly_is_said_and_nothing_is_lost(
    two: list[Order], technician: Client
) -> None:
    nothing = send(technician, "label_runs", **{"run-stock": "roll-3x2", "run-start_position": "1"})
    assert nothing.status_code == 422
    assert "Choose the orders whose labels are to be printed" in nothing.content.decode()
    typed = {"run-orders": [two[0].pk], "run-stock": "sheet-4x2", "run-start_position": "11"}
    refused = send(technician, "label_runs", **typed)
    assert "begin at a label from 1 to 10" in refused.content.decode()
    assert f'value="{two[0].pk}" checked' in refused.content.decode()
    for junk in ("x", "-1", "999999999"):
        typed = {"run-orders": [junk], "run-stock": "vellum", "run-start_position": "0"}
        assert send(technician, "label_runs", **typed).status_code == 422
    assert not PrintRun.objects.exists()


def test_a_run_that_fails_says_so_and_goes_again(
    two: list[Order], bench: Bench, technician: Client
) -> None:
    run = asked(two, bench)
    label = run.labels.get(position=1).document
    endless = {**label.context, "patient": "漢"}
    broken = Document.objects.create(
        kind=label.kind,
        context=endless,
        context_sha256="0" * 64,
        template_version="2",
        order=label.order,
        line=label.line,
        record=label.record,
        requested_at=AT,
        requested_by=label.requested_by,
    )
    with writing():
        bad = request_run(
            documents=[broken], stock="roll-4x2", start_position=1, by=bench.technician, at=AT
        )
    assert render_run(run_id=bad.pk) == "failed"
    said = page(technician, "label_run", bad.pk)
    assert "U+6F22" in said
    assert "Nothing is printed" in said
    assert send(technician, "label_run_retry", bad.pk).status_code == 302
    bad.refresh_from_db()
    assert bad.state == DocumentState.REQUESTED


def test_nobody_reads_the_file_before_it_is_opened(
    two: list[Order], bench: Bench, technician: Client
) -> None:
    run = asked(two, bench)
    render_run(run_id=run.pk)
    answer = technician.get(reverse("admin:label_run_pdf", args=[run.pk]))
    assert answer["Location"] == reverse("admin:label_run", args=[run.pk])


def test_a_nudge_that_never_arrives_is_made_up_for(two: list[Order], bench: Bench) -> None:
    asked(two, bench)
    assert render_requested() == 3  # the run and the two labels


def test_no_more_labels_than_one_file_holds(bench: Bench) -> None:
    too_many = [Document(kind="container_label")] * (MOST_LABELS + 1)
    with pytest.raises(NothingToRun, match="1000 labels at most"):
        request_run(
            documents=too_many, stock="roll-4x2", start_position=1, by=bench.technician, at=AT
        )
