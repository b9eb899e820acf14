"""A scanned label leads to what it is stuck on: the fill of a patient's container, the lot of a received one."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from pharmacy.documents.models import Document, DocumentKind
from pharmacy.documents.rendering import render_pdf
from pharmacy.documents.tasks import render
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Allocation
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import ready
from tests.factories.papers import pictures_of, said_of, symbols_in

pytestmark = pytest.mark.django_db


def found_by(client: Client, scan: str) -> str:
    return str(client.post(reverse("admin:find"), {"what": scan})["Location"])


def test_the_label_of_a_container_leads_to_its_fill(
    bench: Bench, technician: Client, tmp_path: Path
) -> None:
    order, record = ready(bench, key="scan")
    label = said_of(order, record).label
    (picture,) = pictures_of(render_pdf(DocumentKind.CONTAINER_LABEL, label), tmp_path)
    (scan,) = symbols_in(picture)
    here = reverse("admin:dispense", args=[order.pk])
    assert found_by(technician, scan) == here
    raw = scan.replace("(91)", "]d291").replace("(92)", "\x1d92")
    assert found_by(technician, f" {raw} ") == here
    assert scan not in here
    Allocation.objects.filter(line__order=order).delete()
    assert found_by(technician, scan) == reverse("admin:batch", args=[record.pk])


def test_a_label_of_nothing_we_know_is_looked_for_as_words(technician: Client) -> None:
    for scan in ("(91)99999-0-1(92)B-1999-0001", "(91)LOT99999999", "]d2junk", "(", "\x1d91"):
        assert found_by(technician, scan) == reverse("admin:find")
    assert "Nothing is called that." in technician.get(reverse("admin:find")).content.decode()


def test_the_label_of_a_lot_leads_to_the_lot(bench: Bench, technician: Client) -> None:
    lot = IngredientLot.objects.order_by("pk").first()
    assert lot is not None
    assert found_by(technician, lot_symbol_text(lot)) == reverse("admin:lot", args=[lot.pk])


def test_labels_of_a_lot_and_a_formula_are_asked_for_on_their_pages(
    bench: Bench, technician: Client
) -> None:
    lot = IngredientLot.objects.earliest("pk")
    here = reverse("admin:lot_labels", args=[lot.pk])
    assert here in technician.get(reverse("admin:lot", args=[lot.pk])).content.decode()
    for junk in ("", "0", "51", "x"):
        assert technician.post(here, {"labels-copies": junk}).status_code == 422
    assert not Document.objects.exists()
    technician.post(
        here, {"labels-copies": "2", "labels-stock": "roll-3x2", "labels-start_position": "1"}
    )
    labels = Document.objects.get()
    assert (labels.lot, labels.context["copies"]) == (lot, ["", ""])
    formula = MasterFormulationRecord.objects.earliest("pk")
    technician.post(reverse("admin:formula_print", args=[formula.pk]))
    record = Document.objects.get(formula=formula)
    for paper in (labels, record):
        assert render(document_id=paper.pk) == "ready"
        shown = technician.get(reverse("admin:paper", args=[paper.pk])).content.decode()
        assert str(paper.context["title"]) in shown or str(paper.context["name"]) in shown
        technician.post(reverse("admin:paper_open", args=[paper.pk]))
        pdf = technician.get(reverse("admin:paper_pdf", args=[paper.pk]))
        assert pdf["Content-Type"] == "application/pdf"
