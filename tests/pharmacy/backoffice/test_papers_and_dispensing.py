"""Papers in one action, watched, opened with a note; then the last checks, and the order is handed over."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pharmacy.documents.actions import note_failure
from pharmacy.documents.models import Document, DocumentKind, PrintEvent
from pharmacy.documents.tasks import render
from pharmacy.followups.models import FollowUp
from pharmacy.orders.models import Fill, Order
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT, approved, ready
from tests.pharmacy.backoffice.rows import a_check_in


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def ask_for_papers(client: Client, order: Order, **typed: str) -> HttpResponse:
    return post(client, "order_print", order.pk, **{"print-start_on": "2026-11-22", **typed})


def rendered(**about: object) -> list[Document]:
    documents = Document.objects.filter(**about).order_by("pk")
    for document in documents:
        assert render(document_id=document.pk) == "ready"
    return list(documents)


def test_label_and_leaflet_are_asked_for_in_one_action(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    assert "not asked for yet" in page(technician, "dispense", order.pk)
    answer = ask_for_papers(technician, order)
    assert answer["Location"] == reverse("admin:dispense", args=[order.pk])
    assert {document.kind for document in Document.objects.filter(order=order)} == {
        DocumentKind.CONTAINER_LABEL,
        DocumentKind.LEAFLET,
    }
    waiting = page(technician, "dispense", order.pk)
    assert "The papers are being prepared." in waiting
    assert 'data-look-again="2000"' in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting


def test_a_day_that_is_over_is_refused_and_kept(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    answer = ask_for_papers(technician, order, **{"print-start_on": "2026-11-01"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="2026-11-01"' in text
    assert "There is a problem" in text
    assert not Document.objects.filter(order=order).exists()


def test_a_paper_is_a_page_and_a_pdf(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    ask_for_papers(technician, order)
    label, leaflet = rendered(order=order)
    text = page(technician, "paper", leaflet.pk)
    assert "Grace Okonkwo" in text
    assert "Not yet." in text
    # The PDF leads back to the page until somebody has opened it, so that every print is noted.
    assert technician.get(reverse("admin:paper_pdf", args=[label.pk])).status_code == 302
    answer = post(technician, "paper_open", label.pk)
    assert answer["Location"] == reverse("admin:paper_pdf", args=[label.pk])
    pdf = technician.get(answer["Location"])
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert "Grace" not in pdf["Content-Disposition"]
    event = PrintEvent.objects.get(document__order=order)
    assert (event.document_id, event.by.username) == (label.pk, "nguyen")  # type: ignore[union-attr]


def test_printing_again_says_why(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    ask_for_papers(technician, order)
    label, _leaflet = rendered(order=order)
    post(technician, "paper_open", label.pk)
    answer = post(technician, "paper_open", label.pk)
    assert answer.status_code == 422
    assert "Say why it is printed again." in answer.content.decode()
    answer = post(technician, "paper_open", label.pk, **{"open-reason": "The first one smeared"})
    assert answer.status_code == 302
    assert "The first one smeared" in page(technician, "paper", label.pk)


def test_a_paper_that_failed_is_tried_again(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    ask_for_papers(technician, order)
    document = Document.objects.filter(order=order).order_by("pk").first()
    assert document is not None
    note_failure(document=document, error="NoApprovedEdition", at=AT)
    assert "could not be prepared" in page(technician, "dispense", order.pk)
    assert "NoApprovedEdition" in page(technician, "paper", document.pk)
    assert post(technician, "paper_retry", document.pk).status_code == 302
    document.refresh_from_db()
    assert document.state == "requested"
    answer = post(technician, "paper_retry", document.pk)
    assert answer.status_code == 422


def test_the_compounding_record_is_a_paper_too(bench: Bench, technician: Client) -> None:
    _order, record = ready(bench)
    answer = post(technician, "batch_print", record.pk)
    (document,) = rendered(record=record, kind="compounding_record")
    assert answer["Location"] == reverse("admin:paper", args=[document.pk])
    assert record.number in page(technician, "paper", document.pk)
    assert "Compounding record" in page(technician, "batch", record.pk)


def test_without_papers_nothing_is_handed_over(bench: Bench, pharmacist: Client) -> None:
    order, _record = ready(bench)
    text = page(pharmacist, "dispense", order.pk)
    assert "Not printed yet: container label, leaflet" in text
    answer = post(pharmacist, "dispense", order.pk)
    assert answer.status_code == 422
    assert "Print first: container label, leaflet." in answer.content.decode()
    assert not Fill.objects.filter(line__order=order).exists()


def test_handing_over_closes_the_order(
    bench: Bench, capsules_to_dispense: int, pharmacist: Client
) -> None:
    text = page(pharmacist, "dispense", capsules_to_dispense)
    assert "Label and leaflet are printed" in text
    assert 'mark--stop">' not in text
    answer = post(pharmacist, "dispense", capsules_to_dispense)
    assert answer["Location"] == "/admin/?list=ready"
    order = Order.objects.get(pk=capsules_to_dispense)
    assert (order.state, order.dispensed_by.username) == ("dispensed", "okafor")  # type: ignore[union-attr]
    assert Fill.objects.get(line__order=order).quantity == 126
    assert FollowUp.objects.filter(order=order, kind="check_in").count() == 2
    assert "Dispensed by Maya Okafor, RPh" in page(pharmacist, "dispense", order.pk)


def test_a_technician_sees_the_checks_and_no_button(
    bench: Bench, capsules_to_dispense: int, technician: Client
) -> None:
    text = page(technician, "dispense", capsules_to_dispense)
    assert "Last checks" in text
    assert "A pharmacist dispenses it." in text
    assert 'data-key="d"' not in text


def test_an_order_that_is_not_ready_says_so(bench: Bench, pharmacist: Client) -> None:
    order = approved(bench)
    text = page(pharmacist, "dispense", order.pk)
    assert "This order is not ready to dispense." in text
    assert "No batch is set aside for this order." in text
    answer = post(pharmacist, "dispense", order.pk)
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["paper", "paper_pdf"])
def test_a_paper_that_does_not_exist(name: str, bench: Bench, pharmacist: Client) -> None:
    assert pharmacist.get(reverse(f"admin:{name}", args=[9999])).status_code == 404


def test_the_orders_page_prints_in_one_action(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    text = page(technician, "order", order.pk)
    assert "Print label and leaflet, first dose 22 November" in text
    assert 'name="print-start_on" value="2026-11-22"' in text
    assert "not asked for yet" in text


def test_an_order_tells_what_follows(
    bench: Bench, capsules_to_dispense: int, pharmacist: Client
) -> None:
    post(pharmacist, "dispense", capsules_to_dispense)
    a_check_in(Order.objects.get(pk=capsules_to_dispense))
    text = page(pharmacist, "order", capsules_to_dispense)
    assert "(day 7)" in text
    assert "due 20 December 2026" in text
    assert "Vivid dreams" in text
