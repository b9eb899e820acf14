"""Rules, medicine list and questionnaire fit each other: nothing triggers on what is never asked or found."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import pharmacy.screening
from pharmacy.intake.questionnaire import QUESTIONNAIRE, QuestionType, Route
from pharmacy.screening.medicines import BrokenMedicineList, MatchSeverity, read_dictionary
from pharmacy.screening.rule_set import (
    AnswerTrigger,
    BrokenRuleSet,
    ExcipientTrigger,
    LastUseTrigger,
    MedicineTrigger,
    Rule,
    Severity,
    read_rule_set,
)
from pharmacy.screening.substances import known_substances
from tests.screening.cases import CLEAR, NALTREXONE, screened

RULES = NALTREXONE.rules
MEDICINES = NALTREXONE.medicines
DATA = Path(pharmacy.screening.__file__).parent / "data" / "naltrexone-hydrochloride"
QUESTIONS = {each.id: each for page in QUESTIONNAIRE.pages for each in page.questions}
CHOICES = {QuestionType.CHOICE, QuestionType.YES_NO_UNSURE, QuestionType.MULTI_CHOICE}


def _file(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return data


def _answer_triggers() -> list[tuple[Rule, AnswerTrigger]]:
    return [(r, t) for r in RULES.rules for t in r.triggers if isinstance(t, AnswerTrigger)]


def _medicine_triggers() -> list[MedicineTrigger]:
    return [t for r in RULES.rules for t in r.triggers if isinstance(t, MedicineTrigger)]


def test_there_is_a_substance_and_all_thirty_six_rules() -> None:
    assert known_substances() == ("naltrexone-hydrochloride",)
    assert len(RULES.rules) == 36
    severities = [rule.severity for rule in RULES.rules]
    assert [severities.count(each) for each in Severity] == [10, 14, 12]


def test_every_rule_can_be_triggered_and_says_something_to_everyone() -> None:
    for rule in RULES.rules:
        assert rule.triggers, rule.id
        assert rule.sources, rule.id
        assert all((rule.pharmacist, rule.prescriber, rule.patient)), rule.id


def test_rules_trigger_only_on_questions_that_are_asked_and_answers_that_can_be_given() -> None:
    for rule, trigger in _answer_triggers():
        question = QUESTIONS[trigger.condition.question]
        offered = {option.value for option in question.options}
        wanted = {*trigger.condition.any_of, *trigger.condition.none_of}
        assert wanted <= offered, (rule.id, wanted - offered)
    for rule in RULES.rules:
        for each in rule.triggers:
            if isinstance(each, LastUseTrigger):
                assert {each.date_question, each.name_question} <= QUESTIONS.keys()
            if isinstance(each, ExcipientTrigger):
                offered = {option.value for option in QUESTIONS[each.question].options}
                assert set(each.flags) <= offered


def test_every_required_safety_choice_is_known_to_the_rules_and_the_other_way_round() -> None:
    asked = {
        each.id
        for each in QUESTIONS.values()
        if each.safety and each.required and each.type in {*CHOICES, QuestionType.DATE_OR_CHOICE}
    }
    assert asked == {each.question for each in RULES.safety_questions}


def test_a_question_is_missed_only_by_those_who_are_asked() -> None:
    shown_if = {each.id: page.show_if for page in QUESTIONNAIRE.pages for each in page.questions}
    for each in RULES.safety_questions:
        assert each.asked_if == shown_if[each.question], each.question


def test_not_sure_can_be_said_on_every_safety_question_and_always_raises() -> None:
    may_lack_it = {"species", "sex_at_birth"}
    for question in QUESTIONS.values():
        if question.safety and question.options and question.id not in may_lack_it:
            assert "not_sure" in {option.value for option in question.options}, question.id
            several = question.type is QuestionType.MULTI_CHOICE
            changed: dict[str, Any] = {question.id: ["not_sure"] if several else "not_sure"}
            found = screened(**changed)
            assert found, question.id
            if question.required:
                assert any(each.holds for each in found.values()), question.id


@pytest.mark.parametrize(
    ("question", "value", "route"),
    [
        (question.id, option.value, option.route)
        for question in QUESTIONS.values()
        if question.safety and question.type in CHOICES
        for option in question.options
    ],
)
def test_where_an_answer_leads_is_what_the_rules_do(
    question: str, value: str, route: Route
) -> None:
    several = QUESTIONS[question].type is QuestionType.MULTI_CHOICE
    changed: dict[str, Any] = {question: [value] if several else value}
    if value == "none" and question.endswith("_complete"):
        changed[question.removesuffix("_complete")] = []
    found = screened(excipients=None, **changed).values()
    if any(each.urgent for each in found):
        expected = Route.URGENT
    elif any(each.blocks for each in found):
        expected = Route.BLOCK
    elif any(each.holds for each in found):
        expected = Route.PHARMACIST
    else:
        expected = Route.NONE
    assert route is expected


def test_the_flags_of_formulas_are_what_patients_are_asked_about() -> None:
    assert RULES.excipients() == (
        "lactose",
        "gelatin",
        "dye",
        "cellulose",
        "benzoate",
        "paraben",
        "flavor",
        "xylitol",
        "coconut_oil",
        "sugar",
        "gluten",
        "alcohol_excipient",
        "animal_origin",
    )


def test_every_medicine_that_matters_meets_a_rule() -> None:
    triggers = _medicine_triggers()
    untouched = [
        entry.id
        for entry in MEDICINES.entries.values()
        if entry.severity is not MatchSeverity.INFO
        and not any(
            entry.id in each.entries or entry.medicine_class in each.classes for each in triggers
        )
    ]
    assert untouched == []


def test_rules_name_only_medicines_and_classes_that_are_listed() -> None:
    classes = {entry.medicine_class for entry in MEDICINES.entries.values()}
    for trigger in _medicine_triggers():
        assert set(trigger.entries) <= MEDICINES.entries.keys(), trigger.phrase
        assert set(trigger.classes) <= classes, trigger.phrase
        assert set(trigger.sources) <= set(RULES.medicine_texts), trigger.phrase


def test_every_opioid_names_a_wait() -> None:
    without = [
        entry.id
        for entry in MEDICINES.entries.values()
        if entry.medicine_class in {"opioid agonist", "partial opioid agonist"} and not entry.wait
    ]
    assert without == ["opioid-unspecified"]  # not named: the wait for the unknown applies


def test_the_clear_patient_answers_every_safety_question() -> None:
    assert {each.question for each in RULES.safety_questions} <= CLEAR.keys()


def test_sources_say_whether_they_were_read() -> None:
    assert {each.status for rule in RULES.rules for each in rule.sources} == {"source", "memory"}


def test_long_acting_and_tagged_names_are_listed_names() -> None:
    for entry in _file("medicines.json")["entries"]:
        listed = {each.lower() for each in [*entry["names"], *entry["misspellings"]]}
        marked = [
            *entry["long_acting_names"],
            *(n for names in entry["tags"].values() for n in names),
        ]
        assert {each.lower() for each in marked} <= listed, entry["id"]


def test_no_name_belongs_to_two_medicines() -> None:
    owner: dict[str, str] = {}
    for entry in _file("medicines.json")["entries"]:
        for name in [*entry["names"], *entry["misspellings"], *entry["street_names"]]:
            assert owner.setdefault(name.lower(), entry["id"]) == entry["id"], name


def test_a_cue_for_an_unknown_medicine_is_refused() -> None:
    data = _file("medicines.json")
    data["cues"][0]["entry"] = "codeinne"
    with pytest.raises(BrokenMedicineList, match="codeinne"):
        read_dictionary(data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "weather"}, "unknown kind: weather"),
        ({"kind": "medicine", "phrase": "Any", "sources": []}, "names no medicine"),
    ],
)
def test_a_trigger_that_says_nothing_is_refused(change: dict[str, Any], message: str) -> None:
    data = _file("rules.json")
    data["rules"][0]["triggers"].append(change)
    with pytest.raises(BrokenRuleSet, match=message):
        read_rule_set(data)


def test_two_rules_of_one_name_are_refused() -> None:
    data = _file("rules.json")
    data["rules"].append(copy.deepcopy(data["rules"][0]))
    with pytest.raises(BrokenRuleSet, match="same id"):
        read_rule_set(data)
