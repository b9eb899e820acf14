"""Labels are stock: every print takes its labels from their lot, an empty shelf stops nothing and is told."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from pharmacy.documents.actions import ReprintNeedsReason
from pharmacy.documents.models import PrintEvent
from pharmacy.documents.tasks import render, render_run
from pharmacy.inventory.actions import recall_lot
from pharmacy.inventory.labels import take_labels
from pharmacy.inventory.models import IngredientLot, Place, StockMove
from pharmacy.inventory.queries import quantity_at
from pharmacy.orders.models import Order
from pharmacy.people.models import User
from pharmacy.workflow.demonstration import Bench
from pharmacy.workflow.print_labels import open_run, print_labels
from pharmacy.workflow.print_papers import open_document, open_papers, print_papers
from tests.factories.job import AT, fresh, ready
from tests.factories.papers import made_ready

pytestmark = pytest.mark.django_db

ROLL = "roll-4x2"


@pytest.fixture(scope="module")
def order_key(bench: Bench) -> int:
    return ready(bench, key="label-stock")[0].pk


@pytest.fixture
def order(order_key: int) -> Order:
    return Order.objects.get(pk=order_key)


def label_lot() -> IngredientLot:
    return IngredientLot.objects.get(ingredient__label_stock=ROLL)


def on_shelf() -> Decimal:
    return quantity_at(label_lot(), Place.SHELF)


def moves() -> list[tuple[Decimal, str, str]]:
    found = StockMove.objects.filter(lot=label_lot(), to_place=Place.USED).order_by("pk")
    return list(found.values_list("quantity", "reference", "reason"))


def printed(order: Order, bench: Bench, **asked: object) -> list[PrintEvent]:
    papers = print_papers(order=order, start_on=None, by=bench.technician, at=AT, **asked)  # type: ignore[arg-type]
    for each in papers:
        made_ready(each)
    ids = [each.pk for each in papers]
    reason = str(asked.get("reason", ""))
    return open_papers(document_ids=ids, by=bench.technician, at=AT, reason=reason)


def test_a_print_takes_its_labels_and_so_does_each_reprint(order: Order, bench: Bench) -> None:
    before = on_shelf()
    label, leaflet = printed(order, bench)
    assert (label.labels, leaflet.labels) == (1, 0)
    assert moves() == [(Decimal(1), f"labels, {order.number}", "")]
    again = open_document(document=label.document, by=bench.technician, at=AT, reason="Smeared")
    assert (again.labels, again.labels_not_in_stock) == (1, 0)
    assert moves()[1:] == [(Decimal(1), f"labels, {order.number}", "Smeared")]
    assert on_shelf() == before - 2


def test_a_refused_print_takes_nothing(order: Order, bench: Bench) -> None:
    label, _leaflet = printed(order, bench)
    with pytest.raises(ReprintNeedsReason):
        open_document(document=label.document, by=bench.technician, at=AT)
    assert len(moves()) == 1


def test_a_run_is_one_move_and_the_label_is_not_printed_again_by_itself(
    order: Order, bench: Bench
) -> None:
    run = print_labels(orders=[order], stock=ROLL, start_position=1, by=bench.technician, at=AT)
    assert render_run(run_id=run.pk) == "ready"
    (event,) = open_run(run=run, by=bench.technician, at=AT)
    assert event.labels == 1
    assert moves() == [(Decimal(1), str(run), "")]
    render(document_id=event.document_id)
    (leaflet,) = printed(fresh(order), bench)
    assert leaflet.document.kind == "leaflet"
    with pytest.raises(ReprintNeedsReason, match="All of it was printed before"):
        printed(fresh(order), bench)
    both = printed(fresh(order), bench, reason="Wet")
    assert [each.document.kind for each in both] == ["container_label", "leaflet"]
    assert moves()[1:] == [(Decimal(1), f"labels, {order.number}", "Wet")]


def test_other_labels_count_as_printed_and_are_taken_from_their_own_lot(
    order: Order, bench: Bench
) -> None:
    printed(order, bench)
    with pytest.raises(ReprintNeedsReason):
        printed(fresh(order), bench, stock="sheet-4x2", start_position=3)
    label, _leaflet = printed(
        fresh(order), bench, stock="sheet-4x2", start_position=3, reason="No roll"
    )
    assert (label.labels, label.labels_not_in_stock) == (1, 1)
    assert len(moves()) == 1


def test_an_empty_shelf_stops_no_print_and_is_told(
    order: Order, bench: Bench, client: Client
) -> None:
    client.force_login(User.objects.get(pk=str(bench.technician.user_id)))
    recall_lot(lot=label_lot(), reason="Glue", by=bench.pharmacist, at=AT)
    papers = print_papers(order=order, start_on=None, by=bench.technician, at=AT)
    made_ready(papers[0])
    answer = client.post(reverse("admin:paper_open", args=[papers[0].pk]))
    assert answer.status_code == 302
    page = client.get(reverse("admin:paper", args=[papers[0].pk])).content.decode()
    assert "1 label was taken from no lot" in page
    assert "1 from no lot on the shelf" in page
    assert moves() == []


def test_a_lot_that_runs_out_gives_what_it_has(bench: Bench) -> None:
    there = int(on_shelf())
    asked = {"stock": ROLL, "reference": "test", "by": bench.technician, "at": AT}
    assert take_labels(labels=there + 3, **asked) == 3  # type: ignore[arg-type]
    assert label_lot().state == "exhausted"
    assert take_labels(labels=2, **asked) == 2  # type: ignore[arg-type]
