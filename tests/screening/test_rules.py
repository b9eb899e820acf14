"""What the safety rules find in a patient's answers."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from pharmacy.screening.policy import BadWait, MissingPolicy, ScreeningPolicy, WaitDays
from pharmacy.screening.rule_set import Severity
from pharmacy.screening.rules import (
    RuleFinding,
    ScreeningFacts,
    Unanswered,
    queue_order,
    require_answered,
    screen,
)
from pharmacy.screening.substances import UnknownSubstance, load_substance
from tests.screening.cases import CLEAR, NALTREXONE, TODAY, screened


def only(findings: dict[str, RuleFinding]) -> RuleFinding:
    (found,) = findings.values()
    return found


def test_a_patient_without_any_doubt_raises_nothing() -> None:
    assert screened() == {}


@pytest.mark.parametrize(
    ("answers", "rule", "severity", "phrase"),
    [
        ({"opioid_now": "yes"}, "OPI-01", "absolute", "Takes an opioid now"),
        ({"opioid_now": "not_sure"}, "OPI-01", "absolute", "Not sure: opioid now"),
        ({"oud_treatment": "yes"}, "OPI-04", "absolute", "In opioid use treatment"),
        ({"oud_treatment": "private"}, "OPI-04", "absolute", "Opioid treatment: wants to talk"),
        ({"oud_history": "private"}, "OPI-04", "relative", "Opioid history: wants to talk"),
        ({"oud_history": "yes"}, "OPI-10", "counsel", "Past opioid use treatment"),
        ({"opioid_withdrawal_symptoms": "yes"}, "OPI-05", "absolute", "Withdrawal signs now"),
        ({"opioid_urine": "positive"}, "OPI-05", "absolute", "Opioid test positive"),
        ({"opioid_like_supplement": "yes"}, "OPI-06", "absolute", "Uses kratom or similar"),
        ({"opioid_like_supplement": "not_sure"}, "OPI-06", "absolute", "Not sure: kratom or similar"),
        ({"medicines": ["Percocet 5/325"]}, "OPI-01", "absolute", "Opioid listed: Percocet (oxycodone)"),
        ({"medicines": ["tramadol"]}, "OPI-01", "absolute", "Opioid listed: tramadol"),
        ({"supplements": ["kratom"]}, "OPI-06", "absolute", "Acts like an opioid: kratom"),
        ({"supplements": ["ibogaine"]}, "OPI-06", "relative", "May act like an opioid: ibogaine"),
        ({"medicines": ["Tussionex"]}, "OPI-07", "absolute", "Cough or headache opioid: Tussionex"),
        ({"medicines": ["Imodium"]}, "OPI-08", "counsel", "Diarrhea medicine: Imodium (loperamide)"),
        ({"medicines": ["Imodium daily"]}, "OPI-08", "relative", "Daily diarrhea medicine: Imodium"),
        ({"medicines": ["Movantik"]}, "OPI-09", "relative", "Points to an opioid: Movantik"),
        ({"medicines": ["Viberzi"]}, "OPI-09", "relative", "Opposes naltrexone: Viberzi"),
        ({"medicines": ["Contrave"]}, "DUP-01", "absolute", "Also takes Contrave"),
        ({"medicines": ["naltrexone 50 mg"]}, "DUP-01", "absolute", "Also takes naltrexone"),
        ({"medicines": ["Lybalvi"]}, "DUP-02", "relative", "Opioid blocker: Lybalvi (samidorphan)"),
        ({"medicines": ["lofexidine"]}, "OPI-05", "relative", "Withdrawal medicine: lofexidine"),
        ({"surgery_planned": "yes"}, "SUR-01", "relative", "Surgery or procedure planned"),
        ({"liver": "acute_hepatitis"}, "HEP-01", "absolute", "Acute hepatitis"),
        ({"liver": "failure"}, "HEP-01", "absolute", "Liver failure"),
        ({"liver": "fatty_liver"}, "HEP-02", "relative", "Fatty liver"),
        ({"liver": "not_sure"}, "HEP-02", "relative", "Not sure: liver"),
        ({"lft_raised": "yes"}, "HEP-02", "relative", "Raised liver tests"),
        ({"alcohol": "heavy"}, "HEP-02", "relative", "Heavy drinking"),
        ({"supplements": ["kava"]}, "HEP-02", "counsel", "Liver signal: kava"),
        ({"alcohol": "light"}, "ALC-01", "counsel", "Drinks alcohol"),
        ({"kidney": "severe"}, "REN-01", "relative", "Severe kidney disease"),
        ({"kidney": "dialysis"}, "REN-01", "relative", "On dialysis"),
        ({"transplant": "yes"}, "IMM-01", "relative", "Transplant"),
        ({"medicines": ["Prograf"]}, "IMM-01", "relative", "Transplant medicine: Prograf"),
        ({"immunosuppressant": "yes"}, "IMM-02", "counsel", "Immune-lowering medicine"),
        ({"immunosuppressant": "not_sure"}, "IMM-02", "relative", "Not sure: immune medicine"),
        ({"cancer": "active"}, "IMM-03", "relative", "Cancer now"),
        ({"thyroid_med": "yes"}, "THY-01", "relative", "Thyroid medicine"),
        ({"medicines": ["levothyroxine 75"]}, "THY-01", "relative", "Thyroid medicine: levothyroxine"),
        ({"pregnant": "yes"}, "PRG-01", "relative", "Pregnant, or could be"),
        ({"trying": "not_sure"}, "PRG-01", "relative", "Not sure: trying to get pregnant"),
        ({"breastfeeding": "yes"}, "LAC-01", "relative", "Breastfeeding"),
        ({"allergy": ["naloxone"]}, "ALL-01", "absolute", "Allergy: naloxone"),
        ({"allergy": ["other"], "allergy_reaction": "penicillin"}, "ALL-02", "relative",
         "Other allergy: read it"),
        ({"mood_severe": "yes"}, "PSY-01", "relative", "Very low mood or self-harm"),
        ({"mood_severe": "private"}, "PSY-01", "relative", "Mood: wants to talk"),
        ({"medicines": ["thioridazine"]}, "SED-01", "counsel", "Sleepiness with thioridazine"),
        ({"species": "animal"}, "VET-01", "relative", "For an animal"),
        ({"drug_testing": "yes"}, "UDS-01", "counsel", "Has drug tests"),
        ({"medicines_complete": "not_sure"}, "OPI-01", "relative", "Not sure: list of medicines"),
        ({"supplements_complete": "not_sure"}, "OPI-06", "relative", "Not sure: list of supplements"),
    ],
)  # fmt: skip
def test_one_answer_raises_one_rule(
    answers: dict[str, Any], rule: str, severity: str, phrase: str
) -> None:
    found = only(screened(**answers))
    assert (found.rule_id, found.severity, found.phrase) == (rule, severity, phrase)
    assert found.blocks is (severity == "absolute")
    assert found.holds is (severity != "counsel")
    assert found.why
    assert found.pharmacist
    assert found.prescriber
    assert found.patient
    assert found.sources


@pytest.mark.parametrize(
    ("age", "rule"),
    [(17, "PED-01"), (18, None), (74, None), (75, "AGE-01"), (0, "PED-01")],
)
def test_age(age: int, rule: str | None) -> None:
    assert list(screened(age=age)) == ([rule] if rule else [])


def test_a_first_fill_is_counseled_on_six_things_and_not_held() -> None:
    found = screened(first_fill=True)
    assert set(found) == {"OPI-10", "SUR-02", "DRV-01", "MIS-01", "OFF-01", "CHI-01"}
    assert not any(each.holds for each in found.values())


@pytest.mark.parametrize(
    ("gap", "rules"), [(3, set()), (4, {"OPI-10"}), (7, {"OPI-10"}), (8, {"OPI-10", "MIS-01"})]
)
def test_a_gap_in_treatment(gap: int, rules: set[str]) -> None:
    assert set(screened(gap_days=gap)) == rules


# --- the wait after the last opioid ---


def test_a_short_acting_opioid_three_days_ago_gives_the_first_safe_day() -> None:
    found = only(
        screened(opioid_last_date="2026-12-02", opioid_last_name="hydrocodone after a tooth")
    )
    assert found.rule_id == "OPI-02"
    assert found.phrase == "Opioid 3 days ago"
    assert found.earliest_start == datetime.date(2026, 12, 12)
    assert found.min_override == datetime.date(2026, 12, 9)
    assert found.blocks
    assert found.why == (
        "Last opioid: 2 December 2026, “hydrocodone after a tooth”. "
        "Wait of 10 days: first dose from 12 December 2026.",
    )


@pytest.mark.parametrize(
    ("name", "day", "rule"),
    [
        ("codeine", "2026-11-26", "OPI-02"),
        ("codeine", "2026-11-25", None),
        ("OxyContin", "2026-11-25", "OPI-03"),
        ("fentanyl patch", "2026-11-22", "OPI-03"),
        ("fentanyl patch", "2026-11-21", None),
        ("some pain pill", "2026-11-22", "OPI-03"),
        ("some pain pill", "2026-11-21", None),
        ("", "2026-11-22", "OPI-03"),
        ("tramaadol", "2026-11-25", "OPI-03"),
        ("not sure, maybe Norco", "2026-11-25", "OPI-03"),
        ("Norco or OxyContin", "2026-11-25", "OPI-03"),
        ("Norco, four tablets for my tooth", "2026-11-25", None),
        ("codeine, and then a fentanyl patch", "2026-11-25", "OPI-03"),
        ("Sublocade", "2026-03-01", "OPI-03"),
        ("codeine", "2026-12-05", "OPI-02"),
        ("codeine", "2026-12-07", "OPI-02"),
    ],
)
def test_the_wait_depends_on_what_was_taken_and_is_long_when_unknown(
    name: str, day: str, rule: str | None
) -> None:
    found = screened(opioid_last_date=day, opioid_last_name=name)
    assert list(found) == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("day", "phrase"),
    [
        ("2026-12-05", "Opioid today"),
        ("2026-12-04", "Opioid 1 day ago"),
        ("2026-12-07", "Opioid dated ahead"),
    ],
)
def test_how_long_ago_in_words(day: str, phrase: str) -> None:
    assert only(screened(opioid_last_date=day, opioid_last_name="codeine")).phrase == phrase


def test_after_a_depot_no_day_is_promised() -> None:
    found = only(screened(opioid_last_date="2026-09-01", opioid_last_name="Sublocade"))
    assert found.earliest_start is None
    assert found.min_override is None
    assert "specialist decides" in found.why[0]


def test_not_knowing_the_day_blocks_without_a_day() -> None:
    found = only(screened(opioid_last_date="not_sure"))
    assert (found.rule_id, found.phrase) == ("OPI-03", "Not sure: last opioid date")
    assert found.blocks
    assert found.earliest_start is None


def test_not_knowing_the_day_of_a_short_acting_opioid() -> None:
    assert only(screened(opioid_last_date="not_sure", opioid_last_name="Norco")).rule_id == "OPI-02"


def test_never_and_yet_named_is_a_contradiction_to_be_asked() -> None:
    found = only(screened(opioid_last_date="never", opioid_last_name="Norco"))
    assert found.phrase == "Never an opioid, yet one is named"
    assert found.holds
    assert not found.blocks


@pytest.mark.parametrize("value", ["never", "over_year"])
def test_long_past_or_never_needs_no_wait(value: str) -> None:
    assert screened(opioid_last_date=value) == {}


def test_the_wait_is_the_policys_and_not_the_codes() -> None:
    answers = {**CLEAR, "opioid_last_date": "2026-12-01", "opioid_last_name": "tramadol"}
    policy = ScreeningPolicy({"short": WaitDays(4, 4), "long": WaitDays(30, 20)})
    from_names = screen(
        answers,
        substance=NALTREXONE,
        age_years=40,
        matches=(),
        facts=ScreeningFacts(on=TODAY, first_fill=False, excipients=frozenset()),
        policy=policy,
    )
    assert [each.earliest_start for each in from_names] == [datetime.date(2026, 12, 31)]


def test_a_missing_policy_stops_the_screening_of_everybody() -> None:
    with pytest.raises(MissingPolicy, match="long wait"):
        screen(
            CLEAR,
            substance=NALTREXONE,
            age_years=40,
            matches=(),
            facts=ScreeningFacts(on=TODAY, first_fill=False),
            policy=ScreeningPolicy({"short": WaitDays(10, 7)}),
        )


@pytest.mark.parametrize(("days", "override"), [(7, 10), (10, -1)])
def test_a_wait_that_cannot_be(days: int, override: int) -> None:
    with pytest.raises(BadWait):
        WaitDays(days, override)


# --- guesses, denials, past use, silence ---


def test_a_guess_holds_and_asks_where_the_name_would_block() -> None:
    found = only(screened(medicines=["tramaadol 50"]))
    assert (found.rule_id, found.phrase) == ("OPI-01", "Ask about “tramaadol”")
    assert found.holds
    assert not found.blocks
    assert found.why == ("Medicines: “tramaadol 50”. Did you mean tramadol?",)


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("stopped tramadol 2023", "Past use: tramadol"),
        ("no tramadol", "Denied: tramadol"),
        ("allergic to codeine", "Allergy named: codeine"),
        ("no opioids", "Denied: opioid (not named)"),
    ],
)
def test_a_denied_or_past_medicine_holds_and_shows_the_line(line: str, phrase: str) -> None:
    found = only(screened(medicines=[line]))
    assert found.phrase == phrase
    assert found.holds
    assert not found.blocks
    assert line in found.why[0]


def test_a_sure_name_leads_over_a_guess_and_all_evidence_is_kept() -> None:
    found = only(screened(medicines=["tramaadol", "Percocet", "stopped Norco 2020"]))
    assert found.blocks
    assert found.phrase == "Opioid listed: Percocet (oxycodone)"
    assert len(found.why) == 3


def test_a_no_does_not_outweigh_a_medicine_that_is_listed() -> None:
    assert "OPI-01" in screened(opioid_now="no", medicines=["Nucynta 50"])


def test_an_opioid_allergy_holds_for_a_pharmacist() -> None:
    found = only(screened(allergy_reaction="codeine gives me hives"))
    assert found.rule_id == "OPI-01"
    assert found.severity is Severity.RELATIVE


def test_treatment_medicines_raise_treatment_and_opioid_but_pain_patches_only_opioid() -> None:
    assert set(screened(medicines=["Suboxone film"])) == {"OPI-01", "OPI-04"}
    assert set(screened(medicines=["Butrans patch"])) == {"OPI-01"}


def test_the_own_low_dose_is_no_finding() -> None:
    assert screened(medicines=["LDN 3 mg at bedtime"]) == {}


@pytest.mark.parametrize("question", sorted(set(CLEAR) - {"medicines", "supplements"}))
def test_every_unanswered_safety_question_is_a_finding(question: str) -> None:
    found = screened(without=(question,))["UNANSWERED"]
    assert found.unanswered
    assert found.holds
    assert found.phrase.startswith("Not answered: ")


def test_several_unanswered_questions_are_counted() -> None:
    found = screened(without=("liver", "kidney"), age=None)["UNANSWERED"]
    assert found.phrase == "3 questions not answered"
    assert found.why == (
        "Liver: not answered",
        "Kidneys: not answered",
        "Date of birth: not answered",
    )


def test_men_are_not_asked_about_pregnancy() -> None:
    assert screened(sex_at_birth="male", without=("pregnant", "trying", "breastfeeding")) == {}
    assert "UNANSWERED" in screened(sex_at_birth="intersex", without=("pregnant",))


def test_an_empty_text_is_no_answer() -> None:
    assert "UNANSWERED" in screened(liver="  ")


def test_unanswered_can_be_refused() -> None:
    require_answered(CLEAR, NALTREXONE.rules, age_years=40)
    answers = {key: value for key, value in CLEAR.items() if key != "liver"}
    with pytest.raises(Unanswered, match="Not answered yet: Liver.") as refused:
        require_answered(answers, NALTREXONE.rules, age_years=40)
    assert refused.value.questions == ("liver",)


# --- inactive ingredients ---


@pytest.mark.parametrize(
    ("excipients", "phrase", "holds"),
    [
        (frozenset({"lactose"}), "Allergy: lactose (in formula)", True),
        (frozenset({"gelatin"}), "Allergy: lactose, dye (not in formula)", False),
        (None, "Allergy: lactose, dye (formula not set)", True),
    ],
)
def test_an_allergy_is_held_against_the_formula(
    excipients: frozenset[str] | None, phrase: str, holds: bool
) -> None:
    found = only(screened(allergy=["lactose", "dye"], excipients=excipients))
    assert (found.phrase, found.holds) == (phrase, holds)


def test_many_allergies_still_fit_the_queue() -> None:
    found = only(
        screened(allergy=["lactose", "gelatin", "coconut_oil", "benzoate"], excipients=None)
    )
    assert found.phrase == "Allergy: 4 ingredients (formula not set)"


# --- order and form ---


def test_urgent_comes_first_then_severity() -> None:
    found = screened(
        first_fill=True,
        mood_severe="yes",
        opioid_now="yes",
        liver="chronic",
        opioid_withdrawal_symptoms="yes",
    )
    assert list(found)[:4] == ["OPI-05", "PSY-01", "OPI-01", "HEP-02"]
    assert [each.urgent for each in found.values()][:3] == [True, True, False]
    assert queue_order(list(reversed(list(found.values()))))[0].rule_id == "OPI-05"


def test_screening_twice_gives_the_same() -> None:
    assert screened(opioid_now="yes") == screened(opioid_now="yes")


def test_an_unknown_substance_is_refused() -> None:
    with pytest.raises(UnknownSubstance, match="no screening rules"):
        load_substance("aspirin")


def test_every_phrase_fits_the_queue_whatever_was_typed() -> None:
    long_name = "Imodium Multi-Symptom Relief Advanced Formula"
    found = screened(
        medicines=[
            long_name,
            "buprenorphine extended-release injection",
            "Deodorized Tincture of Opium",
        ],
        allergy=["naltrexone", "naloxone", "nalmefene"],
    )
    assert found
    assert all(len(each.phrase) <= 40 for each in found.values())
