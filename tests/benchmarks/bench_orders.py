"""One order from the prescriber's form to the patient's hand, and the pages that staff look at all day."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from itertools import count

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from pharmacy.documents.rendering import render_pdf
from pharmacy.documents.tasks import render
from pharmacy.orders.models import Order
from pharmacy.people.models import User
from pharmacy.workflow.demonstration import (
    Bench,
    answer_for,
    approve,
    finish_and_check,
    order_from,
    plan,
    release,
    weigh,
)
from pharmacy.workflow.dispense_order import dispense_order
from pharmacy.workflow.print_papers import open_document, print_papers
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE, capsules_form
from pharmacy.workflow.seed.pharmacy import seed_house
from tests.benchmarks.frame import Pair, bench

_numbers = count(1)


def _house() -> Bench:
    return seed_house(at=timezone.now() - timedelta(days=30))


def _to_ready(bench: Bench) -> Order:
    """Form, intake, review, batch of two ingredients and a shell, checks, release."""
    at = timezone.now()
    form = capsules_form(patient=GRACE, key=f"benchmark-{next(_numbers)}")
    order = order_from(form, bench=bench, at=at)
    answer_for(order, answers(), at=at)
    order = approve(order, bench=bench, at=at)
    record = plan([order], bench=bench, at=at)
    weigh(record, bench=bench, at=at)
    release(finish_and_check(record, bench=bench, at=at), bench=bench, at=at)
    return Order.objects.get(pk=order.pk)


@bench(
    what="an order from form to ready",
    against="the same and its papers, dispensed",
    most_queries=133,
)
def order() -> Pair:
    house = _house()

    def to_dispensed() -> None:
        ready, at = _to_ready(house), timezone.now()
        for document in print_papers(order=ready, start_on=None, by=house.pharmacist, at=at):
            render(document_id=document.pk)
            open_document(document=document, by=house.pharmacist, at=at)
        dispense_order(order=ready, by=house.pharmacist, at=at)

    return Pair(ours=lambda: _to_ready(house), other=to_dispensed)


@bench(what="a container label to PDF", against="the order's leaflet to PDF")
def papers() -> Pair:
    house = _house()
    ready = _to_ready(house)
    found = {
        document.kind: document.context
        for document in print_papers(
            order=ready, start_on=None, by=house.pharmacist, at=timezone.now()
        )
    }
    return Pair(
        ours=lambda: render_pdf("container_label", found["container_label"]),
        other=lambda: render_pdf("leaflet", found["leaflet"]),
    )


def _page(address: Callable[[], str]) -> Pair:
    """Compare a staff page over 3,000 orders with the first page, which asks the database nothing."""
    _house()
    if Order.objects.count() < 3000:
        call_command("generate", orders=3000, stdout=StringIO())
    client = Client()
    client.force_login(
        User.objects.get(username="okafor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    url = address()
    assert client.get(url).status_code == 200, url
    return Pair(ours=lambda: client.get(url), other=lambda: Client().get("/"))


@bench(what="the work queue over 3,000 orders", against="the first page")
def page_queue() -> Pair:
    return _page(lambda: "/admin/")


@bench(what="an order's page over 3,000 orders", against="the first page")
def page_order() -> Pair:
    return _page(lambda: f"/admin/order/{Order.objects.order_by('-id')[0].pk}/")


@bench(what="the prescriber's form", against="the first page")
def page_prescribe() -> Pair:
    _house()
    client = Client()
    return Pair(
        ours=lambda: client.get("/prescribe/", follow=True), other=lambda: Client().get("/")
    )
