"""Exclusions written in words, held against what a formula contains."""

import pytest

from pharmacy.formulations.excipient_facts import facts_named
from pharmacy.formulations.models import ExcipientFact
from pharmacy.screening.substances import load_substance
from pharmacy.workflow.check_prescription import written_findings
from pharmacy.workflow.demonstration import Bench, order_from
from tests.factories.job import AT, bench, form

__all__ = ["bench"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("No lactose, please; dye-free", ["lactose", "dye"]),
        ("Patient is vegan", ["lactose", "gelatin", "animal_origin"]),
        ("Celiac disease", ["gluten"]),
        ("No MCT oil", ["coconut_oil"]),
        ("penicillin", []),
        ("", []),
    ],
)
def test_words_name_facts(text: str, named: list[str]) -> None:
    assert [fact.value for fact in facts_named(text)] == named


def test_every_fact_is_one_that_the_rules_ask_about_and_the_other_way() -> None:
    rules = load_substance("naltrexone-hydrochloride").rules

    assert set(ExcipientFact.values) == set(rules.excipients())


@pytest.mark.django_db
def test_what_is_to_be_left_out_stands_beside_the_formula(bench: Bench) -> None:
    sent = form(key="leave-out", exclusions="lactose and cellulose", allergies="NKDA")
    order = order_from(sent, bench=bench, at=AT)
    found = order.findings.get(kind="LEAVE-OUT")

    assert found.evidence.splitlines() == [
        "lactose and cellulose",
        "In this formula: cellulose.",
        "Not in this formula: lactose.",
    ]
    line = order.lines.select_related("formula").get()
    assert len(list(written_findings(order.prescription, line.formula))) == 1
