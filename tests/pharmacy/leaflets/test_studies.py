"""Studies: only those that are about the substance and were read may be shown, those without an effect too."""

from typing import Any

import pytest

from pharmacy.leaflets.actions import ReadBefore, tick_as_read
from pharmacy.leaflets.models import Condition, Study
from pharmacy.leaflets.queries import MOST_STUDIES, evidence_for, studies_to_show
from pharmacy.people.actors import NotYourRole
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT

pytestmark = pytest.mark.django_db

NALTREXONE = "naltrexone-hydrochloride"


def study(bench: Bench, code: str, **changed: Any) -> Study:
    """A study of hiccups that was read."""
    fields = {
        "rule_set": NALTREXONE,
        "authors": f"{code.title()} A",
        "year": 2020,
        "title": code,
        "finding": "x",
        "grade": "B",
        "direction": "positive",
        "relevance": "direct-ldn",
        "read_by_id": bench.pharmacist.user_id,
        "read_at": AT,
    }
    made = Study.objects.create(code=code, **(fields | changed))
    made.conditions.add(Condition.objects.get_or_create(code="hiccups", name="Hiccups")[0])
    return made


def codes(rule_set: str = NALTREXONE) -> list[str]:
    """The codes of the evidence for hiccups."""
    condition = Condition.objects.get(code="hiccups")
    return [each.code for each in evidence_for(condition, rule_set)]


def test_what_nobody_read_is_not_shown(bench: Bench) -> None:
    study(bench, "read")
    unread = study(bench, "unread", read_by_id=None, read_at=None)
    assert codes() == ["read"]
    tick_as_read(study=unread, by=bench.pharmacist, at=AT)
    assert sorted(codes()) == ["read", "unread"]
    assert unread in studies_to_show(NALTREXONE)


def test_only_a_pharmacist_ticks_and_only_once(bench: Bench) -> None:
    unread = study(bench, "unread", read_by_id=None, read_at=None)
    with pytest.raises(NotYourRole):
        tick_as_read(study=unread, by=bench.technician, at=AT)
    tick_as_read(study=unread, by=bench.pharmacist, at=AT)
    with pytest.raises(ReadBefore):
        tick_as_read(study=unread, by=bench.verifier, at=AT)


def test_what_is_not_about_the_substance_is_not_shown(bench: Bench) -> None:
    study(bench, "unrelated", relevance="unrelated")
    study(bench, "full-dose", relevance="naltrexone-pharmacology")
    study(bench, "other-substance", rule_set="ketotifen")
    assert codes() == []
    shown = {each.code for each in studies_to_show(NALTREXONE)}
    assert "full-dose" in shown
    assert not shown & {"unrelated", "other-substance"}


def test_weaker_designs_are_shown_only_where_there_is_no_trial(bench: Bench) -> None:
    study(bench, "cases", grade="D")
    assert codes() == ["cases"]
    study(bench, "trial", grade="A")
    assert codes() == ["trial"]


def test_one_without_an_effect_is_never_left_out_for_one_with_an_effect(bench: Bench) -> None:
    for number in range(8):
        study(bench, f"positive-{number}", year=2024 - number)
    study(bench, "null", direction="null", year=1999)
    study(bench, "mixed", direction="mixed", year=1998)
    shown = codes()
    assert len(shown) == MOST_STUDIES
    assert {"null", "mixed"} <= set(shown)
    assert [code for code in shown if code.startswith("positive")] == [
        "positive-0",
        "positive-1",
        "positive-2",
        "positive-3",
    ]


def test_without_an_effect_all_are_shown_even_when_they_are_many(bench: Bench) -> None:
    for number in range(MOST_STUDIES + 2):
        study(bench, f"null-{number}", direction="null")
    assert len(codes()) == MOST_STUDIES + 2
