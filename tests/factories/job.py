"""A pharmacy ready for its first order, and orders that have come as far as a test needs, by the real commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.actions import keep_file
from pharmacy.documents.models import DocumentKind
from pharmacy.inventory.models import Balance
from pharmacy.orders.models import Order
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
from pharmacy.workflow.print_papers import open_document, print_papers
from pharmacy.workflow.receive_prescription import PrescriptionForm
from pharmacy.workflow.seed.answers import answers
from pharmacy.workflow.seed.orders import GRACE, capsules_form, drops_form
from pharmacy.workflow.seed.pharmacy import seed_house
from tests.infrastructure.pristine import PRISTINE, Pristine

AT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
"""Ten in the morning of 22 November 2026 at the pharmacy."""


@pytest.fixture(scope="module")
def bench(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Bench]:
    """A pharmacy with people, policies, leaflets, formulas and lots; what a module adds to it is rolled back."""
    with django_db_blocker.unblock(), _furnished_copy(), transaction.atomic():
        yield _furnished()
        transaction.set_rollback(True)


_FURNISHED = Pristine(name="furnished")
_known: list[Bench] = []


@contextmanager
def _furnished_copy() -> Iterator[None]:
    """Furnish an SQLite database by a copy of one: it is set up once for all modules of a process."""
    if connection.vendor != "sqlite":
        yield
        return
    if _known:
        _FURNISHED.put_back()
    else:
        _known.append(_furnished())
        _FURNISHED.keep()
    yield
    PRISTINE.put_back()


def _furnished() -> Bench:
    if not _known:
        return seed_house(at=AT - timedelta(days=30))
    return replace(_known[0], balance=Balance.objects.get(pk=_known[0].balance.pk))


def form(kind: str = "capsules", **changed: Any) -> PrescriptionForm:
    """Return a form as the prescriber of the demonstration sends it, with some fields changed."""
    make = drops_form if kind == "drops" else capsules_form
    return replace(make(patient=GRACE, key=changed.pop("key", "test-form")), **changed)


def received(bench: Bench, kind: str = "capsules", **changed: Any) -> Order:
    """Return an order that waits for its patient."""
    return order_from(form(kind, **changed), bench=bench, at=AT)


def answered(
    bench: Bench, kind: str = "capsules", said: dict[str, Any] | None = None, key: str = "test-form"
) -> Order:
    """Return an order whose patient has answered, cleanly or as `said`."""
    order = received(bench, kind, key=key)
    answer_for(order, answers(**(said or {})), at=AT)
    return fresh(order)


def approved(bench: Bench, kind: str = "capsules", key: str = "test-form") -> Order:
    """Return an order that a pharmacist has approved."""
    return approve(answered(bench, kind, key=key), bench=bench, at=AT)


def made(
    bench: Bench, kind: str = "capsules", key: str = "test-form"
) -> tuple[Order, CompoundingRecord]:
    """Return an order being made and its batch, weighed and checked."""
    order = approved(bench, kind, key)
    record = plan([order], bench=bench, at=AT)
    weigh(record, bench=bench, at=AT)
    return fresh(order), finish_and_check(record, bench=bench, at=AT)


def ready(
    bench: Bench, kind: str = "capsules", key: str = "test-form"
) -> tuple[Order, CompoundingRecord]:
    """Return an order that is ready to dispense and its released batch."""
    order, record = made(bench, kind, key)
    return fresh(order), release(record, bench=bench, at=AT)


@pytest.fixture(scope="module")
def capsules_to_dispense(bench: Bench) -> int:
    """The key of a capsule order with nothing left to do but dispense it; each test rolls back what it does with it."""
    return printed(bench, key="to-dispense")[0].pk


def printed(
    bench: Bench, kind: str = "capsules", key: str = "test-form"
) -> tuple[Order, CompoundingRecord]:
    """Return a ready order whose papers were printed, and its batch. Nobody reads them: a few bytes stand for each."""
    order, record = ready(bench, kind, key)
    for document in print_papers(order=order, start_on=None, by=bench.pharmacist, at=AT):
        labels = int(document.kind == DocumentKind.CONTAINER_LABEL)
        keep_file(document=document, pdf=b"%PDF-1.7", labels=labels, at=AT)
        open_document(document=document, by=bench.pharmacist, at=AT)
    return fresh(order), record


def fresh(order: Order) -> Order:
    """Return the order as it stands in the database."""
    return Order.objects.select_related("prescription").get(pk=order.pk)
