"""How many queries each page asks, with one order and with fifty: the same, and as query_counts.json says.

A page that asks more has to say why: run with QUERY_COUNTS=write, and the change shows in the commit.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pharmacy.documents.models import Document, PrintRun
from pharmacy.formulations.actions import draft_from
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.models import Balance, IngredientLot
from pharmacy.leaflets.models import LeafletEdition
from pharmacy.orders.models import Fill, Order
from pharmacy.recalls.models import Recall
from pharmacy.workflow.demonstration import Bench, plan
from tests.factories.job import AT, answered, approved, printed
from tests.factories.job import ready as ready_order
from tests.pharmacy.backoffice.recall_rows import a_recall
from tests.pharmacy.backoffice.rows import (
    a_call,
    a_check_in,
    a_deviation,
    a_run,
    an_enquiry,
    more_orders_like,
)

BASELINE = Path(__file__).with_name("query_counts.json")
MANY = 50
LISTS = (
    "orders_order",
    "orders_prescription",
    "orders_orderfinding",
    "intake_patient",
    "batches_compoundingrecord",
    "batches_containerscan",
    "batches_deviation",
    "documents_printrun",
    "followups_patientcall",
)


def pages(order: Order, ready: Order, record_id: int) -> Iterator[tuple[str, str]]:
    """Return each page with its name."""
    yield "queue", reverse("admin:index")
    yield "queue, on hold", reverse("admin:index") + "?list=on_hold"
    yield "panel", reverse("admin:order_panel", args=[order.pk])
    yield "order", reverse("admin:order", args=[order.pk])
    yield "dispense", reverse("admin:dispense", args=[ready.pk])
    yield "to make", reverse("admin:to_make")
    yield "batches", reverse("admin:batches")
    yield "batch", reverse("admin:batch", args=[record_id])
    yield (
        "paper",
        reverse("admin:paper", args=[Document.objects.get(order=ready, kind="leaflet").pk]),
    )
    yield from shelf_pages(record_id)
    yield from papers_and_rules()
    yield "enquiries", reverse("admin:enquiries")
    yield "check-ins", reverse("admin:check_ins")
    yield "calls", reverse("admin:calls")
    yield "messages", reverse("admin:messages")
    yield "records", reverse("admin:records")
    for model in LISTS:
        yield f"records: {model}", reverse(f"admin:{model}_changelist")
    yield "records: audit", reverse("admin:audit_auditevent_changelist")


def shelf_pages(record_id: int) -> Iterator[tuple[str, str]]:
    """Return the pages of lots, instruments, recalls and the bench."""
    yield "lots", reverse("admin:lots")
    yield "lot", reverse("admin:lot", args=[IngredientLot.objects.get(lot_number="NX-2201").pk])
    yield "recalls", reverse("admin:recalls")
    lot = IngredientLot.objects.get(lot_number="NX-2201")
    yield "recall of a lot", reverse("admin:recall_of_lot", args=[lot.pk])
    yield "recall", reverse("admin:recall", args=[Recall.objects.earliest("pk").pk])
    yield "droppers", reverse("admin:droppers")
    yield "balance care", reverse("admin:balance_care", args=[Balance.objects.earliest("pk").pk])
    balance = Balance.objects.earliest("pk")
    yield "balance", reverse("admin:balance", args=[balance.pk])
    yield "receive a lot", reverse("admin:lot_receive")
    yield "make ahead", reverse("admin:make_ahead")
    yield "bench", reverse("admin:bench", args=[record_id])
    yield "lots of a batch", reverse("admin:batch_lots", args=[record_id])
    yield "label runs", reverse("admin:label_runs")
    yield "label run", reverse("admin:label_run", args=[PrintRun.objects.earliest("pk").pk])


def papers_and_rules() -> Iterator[tuple[str, str]]:
    """Return the pages of formulas, policies, leaflets and calculators."""
    yield "formulas", reverse("admin:formulas")
    formula = MasterFormulationRecord.objects.get(code="ldn-capsules")
    yield "formula", reverse("admin:formula", args=[formula.pk])
    draft = MasterFormulationRecord.objects.get(code="ldn-drops", state="draft")
    approved_drops = MasterFormulationRecord.objects.get(code="ldn-drops", state="approved")
    yield "formula, draft", reverse("admin:formula", args=[draft.pk])
    for part in ("record", "ingredients", "steps", "checks"):
        yield f"formula, {part}", reverse("admin:formula_edit", args=[draft.pk, part])
    yield "what changed", reverse("admin:formula_changes", args=[draft.pk, approved_drops.pk])
    yield "policies", reverse("admin:policies")
    yield "leaflets", reverse("admin:leaflets")
    edition = LeafletEdition.objects.earliest("pk")
    yield "edition", reverse("admin:edition", args=[edition.pk])
    yield "calculators", reverse("admin:calculators")


def counted(client: Client, found: Iterator[tuple[str, str]]) -> dict[str, int]:
    """Return how many queries each page asks."""
    counts = {}
    for name, url in found:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, name
        counts[name] = len(queries)
    return counts


@pytest.fixture
def counts(bench: Bench, pharmacist: Client) -> dict[str, dict[str, int]]:
    """The counts of every page with one order in each list, and with fifty more."""
    order = answered(bench, said={"thyroid_med": "yes"}, key="count-review")
    answered(bench, said={"opioid_now": "not_sure"}, key="count-hold")
    waiting = approved(bench, key="count-make")
    ready, _record = printed(bench, key="count-ready")
    record = plan([approved(bench, key="count-batch")], bench=bench, at=AT)
    an_enquiry()
    a_check_in(ready)
    a_call(ready)
    handed_out(more_orders_like(waiting, 1), ready)
    a_recall(bench)
    labelled, _record = ready_order(bench, key="count-label")
    a_run(labelled, bench)
    a_deviation(record)
    draft_from(
        formula=MasterFormulationRecord.objects.get(code="ldn-drops"),
        reason="Another container",
        by=bench.pharmacist,
        at=AT,
    )
    few = counted(pharmacist, pages(order, ready, record.pk))
    more_orders_like(order, MANY)
    more_orders_like(order, MANY, state="on_hold")
    handed_out(more_orders_like(waiting, MANY), ready)
    for number in range(MANY):
        an_enquiry(f"Question {number}")
        a_check_in(ready, side_effects=f"Dreams {number}")
        a_deviation(record)
    for each in Order.objects.exclude(pk=ready.pk)[:MANY]:
        a_call(each)
    many = counted(pharmacist, pages(order, ready, record.pk))
    return {name: {"1": few[name], "50": many[name]} for name in few}


def handed_out(orders: list[Order], ready: Order) -> None:
    """Fill the orders from the batch of one that is ready: a recall has that many patients more to reach."""
    record = ready.lines.get().allocations.get().record
    Fill.objects.bulk_create(
        Fill(
            line=order.lines.get(),
            record=record,
            quantity=1,
            dispensed_at=AT,
            dispensed_by_id=record.planned_by_id,
        )
        for order in orders
    )


def test_pages_ask_as_much_as_they_say(counts: dict[str, dict[str, int]]) -> None:
    if os.environ.get("QUERY_COUNTS") == "write":
        BASELINE.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    assert counts == json.loads(BASELINE.read_text(encoding="utf-8"))


def test_fifty_orders_ask_no_more_than_one() -> None:
    baseline: dict[str, dict[str, int]] = json.loads(BASELINE.read_text(encoding="utf-8"))
    assert {name: each for name, each in baseline.items() if each["50"] > each["1"]} == {}


def test_no_page_asks_too_much() -> None:
    baseline: dict[str, dict[str, int]] = json.loads(BASELINE.read_text(encoding="utf-8"))
    assert {name: each["50"] for name, each in baseline.items() if each["50"] > 40} == {}
