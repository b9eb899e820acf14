"""Prescribed, made and on paper: drops in oil, and an oral suspension that is not naltrexone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pharmacy.batches.actions import plan_record
from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.contexts.record import record_context
from pharmacy.formulations.queries import NoApprovedFormula
from pharmacy.orders.models import Order
from pharmacy.orders.plans import PlanOutlastsBottle
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
from pharmacy.workflow.print_papers import print_papers
from pharmacy.workflow.seed.answers import answers
from tests.factories.job import AT, bench, form, fresh

__all__ = ["bench"]
pytestmark = pytest.mark.django_db

D = Decimal


def ready_by(bench: Bench, code: str) -> tuple[Order, CompoundingRecord]:
    """Return an order by a formula, ready to dispense, and its batch."""
    sent = replace(form("drops", key=f"by-{code}"), formula_code=code)
    order = order_from(sent, bench=bench, at=AT)
    answer_for(order, answers(), at=AT)
    order = approve(fresh(order), bench=bench, at=AT)
    record = plan([order], bench=bench, at=AT)
    weigh(record, bench=bench, at=AT)
    record = release(finish_and_check(record, bench=bench, at=AT), bench=bench, at=AT)
    return fresh(order), record


def test_oil_drops_go_the_whole_way_and_say_to_shake(bench: Bench) -> None:
    order, record = ready_by(bench, "ldn-oil-drops")

    papers = print_papers(order=order, start_on=None, by=bench.pharmacist, at=AT)
    told = str([paper.context for paper in papers])

    assert (order.state, record.formula.code) == ("ready", "ldn-oil-drops")
    assert "Shake well before each dose." in told
    assert "medium-chain triglyceride oil" in told
    assert "room temperature" in told


def test_a_suspension_is_ordered_made_and_on_record(bench: Bench) -> None:
    """It is approved once a pharmacist has approved a leaflet about it; what is made of it is the same."""
    sent = replace(
        form("drops", key="suspension"),
        formula_code="allopurinol-suspension",
        strength=D(20),
        steps=((D(100), 30),),
    )
    line = order_from(sent, bench=bench, at=AT).lines.select_related("formula").get()
    record = plan_record(
        formula=line.formula,
        strength=line.strength,
        units=line.quantity,
        balance=bench.balance,
        by=bench.technician,
        at=AT,
    )
    weigh(record, bench=bench, at=AT)
    record = release(finish_and_check(record, bench=bench, at=AT), bench=bench, at=AT)

    assert (line.quantity, record.state) == (2, "released")
    said = str(record_context(record.number))
    for words in (
        "2 bottles",
        "20 mg/mL",
        "Make up with syrup vehicle q.s. ad 208.08 mL and mix.",
        "Measure the pH of the shaken suspension",
    ):
        assert words in said
    assert "{" not in "".join(record_context(record.number)["procedure"]["steps"])


def test_a_suspension_is_not_prescribed_for_longer_than_it_keeps(bench: Bench) -> None:
    sent = replace(
        form("drops", key="too-long"),
        formula_code="allopurinol-suspension",
        strength=D(20),
        steps=((D(100), 60),),
    )

    with pytest.raises(PlanOutlastsBottle, match=r"the oral suspension can be used for 3\d days"):
        order_from(sent, bench=bench, at=AT)


def test_a_triturate_is_not_prescribed(bench: Bench) -> None:
    sent = replace(form(key="powder"), formula_code="naltrexone-triturate-1", strength=D(1))

    with pytest.raises(NoApprovedFormula, match="made for the shelf, not for patients"):
        order_from(sent, bench=bench, at=AT)
