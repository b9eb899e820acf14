"""Papers in one action, watched, opened with a note; then the last checks, and the order is handed over."""

import io
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from pharmacy.documents.actions import note_failure
from pharmacy.documents.models import Document, DocumentKind, PrintEvent
from pharmacy.followups.models import FollowUp
from pharmacy.formulations.models import FormulaLine
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import Place
from pharmacy.inventory.moves import move_stock
from pharmacy.orders.models import Fill, FillContainer, Order, OrderLine
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.take_container import KEPT
from tests.factories.job import AT, approved, ready
from tests.factories.papers import made_ready
from tests.factories.policies import undecide
from tests.factories.triggers import without_triggers
from tests.pharmacy.backoffice.rows import a_check_in
from tests.pharmacy.workflow.test_dispense_order import lot, on_shelf


def post(client: Client, name: str, *args: object, **typed: object) -> HttpResponse:
    return client.post(reverse(f"admin:{name}", args=args), typed)  # type: ignore[return-value]


def page(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def ask_for_papers(client: Client, order: Order, **typed: str) -> HttpResponse:
    return post(client, "order_print", order.pk, **{"print-start_on": "2026-11-22", **typed})


def rendered(**about: object) -> list[Document]:
    return [made_ready(each) for each in Document.objects.filter(**about).order_by("pk")]


def open_together(client: Client, order: Order) -> HttpResponse:
    """Follow a press of "Print" to its end; return the answer that holds the file."""
    answer = post(client, "order_papers", order.pk)
    assert answer["Location"] == reverse("admin:order_papers_pdf", args=[order.pk])
    return client.get(answer["Location"])  # type: ignore[return-value]


def test_one_press_prints_label_and_leaflet_in_one_file(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    assert "not asked for yet" in page(technician, "dispense", order.pk)
    answer = ask_for_papers(technician, order)
    assert answer["Location"] == reverse("admin:order_papers", args=[order.pk])
    waiting = page(technician, "order_papers", order.pk)
    assert "The papers are being prepared." in waiting
    assert 'data-look-again="600"' in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert "data-send-itself" not in waiting
    kinds = [each.kind for each in rendered(order=order)]
    assert kinds == [DocumentKind.CONTAINER_LABEL, DocumentKind.LEAFLET]
    assert "data-send-itself" in page(technician, "order_papers", order.pk)
    assert not PrintEvent.objects.filter(document__order=order).exists()

    pdf = open_together(technician, order)
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == f'inline; filename="papers-{order.number}.pdf"'
    sizes = [
        (float(each.mediabox.width), float(each.mediabox.height))
        for each in PdfReader(io.BytesIO(pdf.content)).pages
    ]
    assert sizes[0] == (288.0, 144.0)
    assert set(sizes[1:]) == {(612.0, 792.0)}
    noted = PrintEvent.objects.filter(document__order=order, by__username="nguyen")
    assert noted.values("document").distinct().count() == noted.count() == 2
    assert "Label and leaflet are printed" in page(technician, "dispense", order.pk)


def test_the_pages_look_again_while_papers_are_printed(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    ask_for_papers(technician, order)
    assert 'data-look-again="2000"' in page(technician, "dispense", order.pk)
    rendered(order=order)
    assert 'data-look-again="2000"' in page(technician, "dispense", order.pk)
    open_together(technician, order)
    assert "data-look-again" not in page(technician, "dispense", order.pk)


def test_nothing_is_noted_while_a_paper_is_missing(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    ask_for_papers(technician, order)
    label = Document.objects.get(order=order, kind=DocumentKind.CONTAINER_LABEL)
    made_ready(label)
    answer = post(technician, "order_papers", order.pk)
    assert answer.status_code == 422
    assert "The leaflet is being prepared." in answer.content.decode()
    leaflet = Document.objects.get(order=order, kind=DocumentKind.LEAFLET)
    note_failure(document=leaflet, error="MemoryError", at=AT)
    text = page(technician, "order_papers", order.pk)
    assert "Nothing is printed." in text
    assert reverse("admin:paper", args=[leaflet.pk]) in text
    assert not PrintEvent.objects.filter(document__order=order).exists()


def test_all_papers_again_want_one_reason(bench: Bench, technician: Client) -> None:
    order, _record = ready(bench)
    ask_for_papers(technician, order)
    rendered(order=order)
    open_together(technician, order)
    assert "Why again" in page(technician, "dispense", order.pk)
    answer = ask_for_papers(technician, order)
    assert answer.status_code == 422
    assert "Say why it is printed again." in answer.content.decode()
    ask_for_papers(technician, order, **{"print-reason": "The printer ran dry"})
    open_together(technician, order)
    assert PrintEvent.objects.filter(reason="The printer ran dry").count() == 2


@pytest.mark.parametrize("name", ["order_papers", "order_papers_pdf"])
def test_nobody_opens_what_nobody_asked_for(
    name: str, bench: Bench, technician: Client, pharmacist: Client
) -> None:
    order, _record = ready(bench)
    ask_for_papers(technician, order)
    rendered(order=order)
    for answer in (
        pharmacist.get(reverse(f"admin:{name}", args=[order.pk])),
        post(pharmacist, name, order.pk),
    ):
        assert answer["Location"] == reverse("admin:dispense", args=[order.pk])
    assert not PrintEvent.objects.filter(document__order=order).exists()


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


def test_the_offered_lot_goes_with_one_press(pharmacist: Client, capsules_to_dispense: int) -> None:
    there = reverse("admin:dispense", args=[capsules_to_dispense])
    shown = pharmacist.get(there)
    (row,) = shown.context["panel"].rows
    assert (row.lot, row.is_open) == (lot("VL-60-2"), False)
    sent = {row.lot_name: str(row.lot.pk), row.quantity.html_name: "1", row.why.html_name: ""}
    assert pharmacist.post(there, sent).status_code == 302
    assert FillContainer.objects.get().lot == lot("VL-60-2")
    for name in ("dispense", "order"):
        told = pharmacist.get(
            reverse(f"admin:{name}", args=[capsules_to_dispense])
        ).content.decode()
        assert "1 × 60 mL vial, lot VL-60-2" in told


def test_the_scanned_one_wins(pharmacist: Client, capsules_to_dispense: int) -> None:
    there = reverse("admin:dispense", args=[capsules_to_dispense])
    shown = pharmacist.get(there, {"scanned": lot_symbol_text(lot("VL-60-5"))})
    (row,) = shown.context["panel"].rows
    assert row.lot == lot("VL-60-5")
    assert "The one you scanned" in row.under
    wrong = pharmacist.get(there, {"scanned": "JR-120-1"})
    assert "You scanned 120 mL jar" in wrong.context["panel"].wrong_scan
    assert wrong.context["panel"].rows[0].lot == lot("VL-60-2")


def test_a_vial_and_its_closure_are_scanned_one_after_the_other(
    pharmacist: Client, capsules_to_dispense: int
) -> None:
    line = OrderLine.objects.get(order=capsules_to_dispense)
    closure = lot("JR-120-1")
    with without_triggers("formulations_formulaline"):
        FormulaLine.objects.create(
            formula=line.formula,
            position=90,
            ingredient=closure.ingredient,
            role="container",
            amount=1,
        )
    there = reverse("admin:dispense", args=[capsules_to_dispense])
    scans = ["VL-60-5", "JR-120-1"]
    panel = pharmacist.get(there, {"scanned": scans}).context["panel"]
    assert [row.lot.lot_number for row in panel.rows] == list(panel.scanned) == scans
    sent = {row.lot_name: str(row.lot.pk) for row in panel.rows}
    assert pharmacist.post(there, {**sent, "scanned": scans}).status_code == 302
    taken = FillContainer.objects.order_by("pk").values_list("lot__lot_number", flat=True)
    assert list(taken) == scans


def test_nothing_on_the_shelf_is_no_dead_end(
    bench: Bench, pharmacist: Client, capsules_to_dispense: int
) -> None:
    for number in ("VL-60-2", "VL-60-5"):
        move_stock(
            lot=lot(number),
            quantity=Decimal(on_shelf(number)),
            from_place=Place.SHELF,
            to_place=Place.WASTE,
            reference="x",
            by=bench.pharmacist,
            at=AT,
        )
    there = reverse("admin:dispense", args=[capsules_to_dispense])
    (row,) = pharmacist.get(there).context["panel"].rows
    assert (row.lot, row.is_open) == (None, True)
    sent = {row.quantity.html_name: "1", row.why.html_name: ""}
    refused = pharmacist.post(there, sent)
    assert refused.status_code == 422
    assert "No lot of 60 mL vial can be taken" in refused.content.decode()
    sent[row.why.html_name] = "A vial of the other branch, no lot on it"
    assert pharmacist.post(there, sent).status_code == 302
    assert FillContainer.objects.get().why_no_lot == sent[row.why.html_name]


def test_an_undecided_policy_is_asked_for_and_breaks_no_page(
    pharmacist: Client, capsules_to_dispense: int
) -> None:
    undecide(KEPT)
    assert "Last checks" in page(pharmacist, "dispense", capsules_to_dispense)
    refused = post(pharmacist, "dispense", capsules_to_dispense)
    assert refused.status_code == 422
    assert "A pharmacist approves one under Policies" in refused.content.decode()
    assert not Fill.objects.exists()
