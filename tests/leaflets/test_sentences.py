"""What the product says from the first day: easy to read, American spelling, and free of wrong claims."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from pharmacy.screening.substances import load_substance
from tests.leaflets.readability import grade, sentences, words
from tests.leaflets.texts import (
    FILLED,
    block_texts,
    blocks,
    condition_lines,
    for_patients,
    for_professionals,
    leaflet_for_patients,
    questionnaire,
    rule_texts_for_patients,
    seed,
)

PATIENT_BLOCKS = [each for each in blocks() if each["audience"] == "patient"]
SLOTS = {
    "title", "opioid_stop_box", "what_it_is", "can_and_cannot_do", "before_you_take", "how_to_take_capsules",
    "how_to_take_drops", "missed_dose", "too_strong", "other_medicines", "notice_common", "notice_call_today",
    "notice_call_911", "surgery", "keeping_it", "check_ins", "report_side_effects", "off_label", "wallet_card",
    "prescriber_opioid", "prescriber_before_writing", "prescriber_dose", "prescriber_monitoring",
    "prescriber_stop_rules", "prescriber_evidence", "prescriber_off_label",
}  # fmt: skip

# What earlier pages on this medicine claim and what is wrong, unproven or not allowed.
BANNED = {
    "treats an overdose": r"(treat|revers|rescue)\w*\s+(\w+\s+){0,4}overdose",
    "isomers": r"isomer|dextro|levo-?naltrexone|racemic|50:50",
    "cancer": r"(slow|kill|shrink|stop|reduc|fight|prevent)\w*\s+(\w+\s+){0,4}(cancer|tumou?r|unwanted cells)|oncogene",
    "cell growth": r"cells? growing|cell growth",
    "receptor potency": r"potent|TLR\s?\d|toll-like|NF-?k",
    "a count of articles": r"\b\d{3,}\b[^.]{0,20}\b(articles|papers|publications)\b|pubmed",
    "less thyroid medicine": r"(less|lower|reduce|cut|fewer)\s+(\w+\s+){0,3}thyroid (medicine|hormone|dose)",
    "T cells rise": r"T-?(cells?|lymphocytes?)\s+(\w+\s+){0,2}(rise|increase)|lymphocyte",
    "straight into the blood": r"(directly|straight) into (the|your) blood",
    "endorphins cure": r"endorphin",
    "up to 300 mg": r"\b300 mg",
    "strong evidence": r"(strong|growing) (\w+ )?(body of|evidence)",
    "wears off, so it is fine": r"wears? off",
    "many respond": r"many \w+ (diseases|conditions) (seem to )?respond",
    "safe with opioids": r"safe with opioids|low dose is safe",
    "cures": r"\bcures?\b|\bmiracle",
}
BRITISH = re.compile(
    r"anaesth|diarrhoea|oestr|tumour|colour|flavour|favour|randomis|analys(e|ed|ing)\b|paediat|haem|oedema|litre|"
    r"programme|behaviour|judgement|licence|recognis|centre\b|practise|\bwhilst\b|labelled|counsell",
    re.IGNORECASE,
)


# --- easy to read ---


@pytest.mark.parametrize("block", PATIENT_BLOCKS, ids=lambda block: str(block["slot"]))
def test_every_block_for_patients_reads_at_grade_six_or_below(block: dict[str, object]) -> None:
    assert grade(block_texts(block)) <= 6.0


@pytest.mark.parametrize(
    "texts", [leaflet_for_patients, questionnaire, rule_texts_for_patients, condition_lines]
)
def test_everything_for_patients_reads_at_grade_six_or_below(
    texts: Callable[[], list[str]],
) -> None:
    assert grade(texts()) <= 6.0


def test_no_sentence_for_patients_has_more_than_twenty_words() -> None:
    long = [each for text in for_patients() for each in sentences(text) if len(words(each)) > 20]
    assert long == []


def test_nobody_is_shouted_at_or_given_codes() -> None:
    assert [text for text in for_patients() if "!" in text] == []
    assert [text for text in leaflet_for_patients() if re.search(r"[A-Z]{3}-\d\d", text)] == []


def test_american_spelling() -> None:
    assert [text for text in [*for_patients(), *for_professionals()] if BRITISH.search(text)] == []


# --- what may not be said ---


@pytest.mark.parametrize("claim", sorted(BANNED))
def test_no_wrong_claim_is_made(claim: str) -> None:
    pattern = re.compile(BANNED[claim], re.IGNORECASE)
    made = [text for text in [*for_patients(), *for_professionals()] if pattern.search(text)]
    assert made == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("treats an overdose", "Naltrexone is used to treat acute overdose of these opioids."),
        ("isomers", "Naltrexone is produced in a 50:50 mixture of two isomers."),
        ("cancer", "It can reduce the speed of unwanted cells growing."),
        ("cancer", "LDN slows the growth of tumors."),
        ("receptor potency", "It is a potent antagonist at TLR4."),
        ("a count of articles", "There are over 580 LDN articles on PubMed."),
        ("less thyroid medicine", "Most people need less thyroid hormone."),
        ("T cells rise", "T-lymphocytes dramatically increase."),
        ("straight into the blood", "Drops go directly into the bloodstream."),
        ("up to 300 mg", "The usual dose is 50 mg to 300 mg."),
        ("many respond", "Many autoimmune diseases seem to respond to LDN."),
        ("strong evidence", "There is a strong growing body of research."),
    ],
)
def test_the_wrong_claims_would_be_caught(claim: str, text: str) -> None:
    assert re.search(BANNED[claim], text, re.IGNORECASE)


def test_cancer_is_named_only_to_say_that_it_is_not_treated_or_must_be_told() -> None:
    said = [
        each
        for text in leaflet_for_patients()
        for each in sentences(text)
        if "cancer" in each.lower()
    ]
    assert said == ["It does not treat cancer.", "had a transplant, or have cancer"]


# --- what must be said ---


def test_every_slot_is_there_once() -> None:
    slots = [each["slot"] for each in blocks()]
    assert sorted(slots) == sorted(SLOTS)


def test_the_opioid_warning_is_the_first_thing_after_the_title() -> None:
    assert [each["slot"] for each in blocks()][:2] == ["title", "opioid_stop_box"]
    box = " ".join(block_texts(blocks()[1]))
    for name in ("codeine", "tramadol", "hydrocodone", "oxycodone", "morphine", "fentanyl", "methadone",
                 "Suboxone", "Butrans", "kratom", "cough", "10 days", "14 days", "Call us"):  # fmt: skip
        assert name in box
    prescriber = [each for each in blocks() if each["audience"] == "prescriber"]
    assert prescriber[0]["slot"] == "prescriber_opioid"


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("off_label", "has not approved"),
        ("what_it_is", "do not know for sure how LDN works"),
        ("can_and_cannot_do", "does not help everyone"),
        ("missed_dose", "Never take two"),
        ("notice_call_today", "988"),
        ("notice_call_911", "trouble breathing"),
        ("keeping_it", "1-800-222-1222"),
        ("report_side_effects", "FDA"),
        ("too_strong", "7 days"),
        ("surgery", "3 days before"),
        ("wallet_card", "blocks opioids"),
        ("prescriber_evidence", "without an effect stand beside"),
    ],
)
def test_what_each_block_must_say(slot: str, said: str) -> None:
    (block,) = [each for each in blocks() if each["slot"] == slot]
    assert said in " ".join(block_texts(block))


def test_placeholders_are_declared_and_every_declared_one_is_used() -> None:
    edition = seed("leaflet_edition.json")
    used = set(re.findall(r"\{(\w+)\}", str(edition["blocks"])))
    assert used == set(edition["placeholders"]) == set(FILLED)


def test_no_number_a_pharmacist_owns_is_written_into_a_sentence() -> None:
    raw = str(seed("leaflet_edition.json")["blocks"])
    assert re.findall(r"\b(?:7|10|14|28|72)\s+(?:days|hours)", raw) == []


def test_every_block_names_rules_that_exist() -> None:
    from_rules = {each.id for each in load_substance("naltrexone-hydrochloride").rules.rules}
    for block in blocks():
        assert set(block["basis"]) <= from_rules, block["slot"]


# --- evidence ---


def test_only_studies_about_the_substance_are_carried() -> None:
    studies = seed("studies.json")["studies"]
    assert {each["relevance"] for each in studies} == {"direct-ldn", "naltrexone-pharmacology"}
    assert len({each["code"] for each in studies}) == len(studies) == 79


def test_studies_point_to_known_conditions_and_the_other_way_round() -> None:
    conditions = {each["code"] for each in seed("conditions.json")["conditions"]}
    named = {code for each in seed("studies.json")["studies"] for code in each["conditions"]}
    assert named == conditions


def test_studies_from_memory_are_not_marked_as_read() -> None:
    unread = [each for each in seed("studies.json")["studies"] if not each["read_at_source"]]
    assert len(unread) == 9
    assert {"rodriguez-2023", "metyas-2018", "tamariz-2024"} <= {each["code"] for each in unread}


def test_the_largest_trial_stands_beside_the_positive_ones() -> None:
    studies = [
        each for each in seed("studies.json")["studies"] if "fibromyalgia" in each["conditions"]
    ]
    directions = {each["direction"] for each in studies}
    assert {"positive", "null", "mixed"} <= directions
    (largest,) = [each for each in studies if each["code"] == "due-bruun-2024"]
    assert largest["direction"] == "null"
    assert "did not ease pain more than placebo" in largest["finding"]
    (line,) = [
        c["patient_line"]
        for c in seed("conditions.json")["conditions"]
        if c["code"] == "fibromyalgia"
    ]
    assert "largest study found no benefit" in line


def test_every_condition_with_a_null_trial_says_so_to_patients() -> None:
    null = {
        code
        for each in seed("studies.json")["studies"]
        if each["direction"] == "null"
        for code in each["conditions"]
    }
    told = re.compile(r"no benefit|not shown|no change|higher doses only", re.IGNORECASE)
    for condition in seed("conditions.json")["conditions"]:
        if condition["code"] in null:
            assert told.search(condition["patient_line"]), condition["code"]


def test_addresses_can_be_opened() -> None:
    for each in seed("studies.json")["studies"]:
        assert each["source_url"] is None or re.match(
            r"https?://[\w.-]+/\S+$", each["source_url"]
        ), each["code"]
