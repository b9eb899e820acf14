"""The intake: which pages are shown, what is taken as an answer, and what is said when it cannot be."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from pharmacy.intake.questionnaire import (
    QUESTIONNAIRE,
    Route,
    UnknownPage,
    Validated,
    alerts_for,
    first_unanswered_page,
    initial,
    merge,
    next_page,
    page_by_id,
    pages_for,
    previous_page,
    questions_for,
    summary,
    unanswered,
    validate,
)
from tests.screening.cases import CLEAR

TODAY = datetime.date(2026, 12, 5)
COMPLETE: dict[str, Any] = {
    **CLEAR,
    "ldn_before": "no",
    "ack_offlabel": "yes",
    "ack_opioid": "yes",
    "ack_contact": "yes",
    "signed_by": "me",
    "signature": "Elena Ruiz",
}
QUESTIONS = {each.id: each for page in QUESTIONNAIRE.pages for each in page.questions}


def read(page: str, **raw: str | list[str]) -> Validated:
    return validate(page_by_id(page), raw, today=TODAY)


# --- pages ---


def test_opioids_come_first_of_all() -> None:
    assert [page.id for page in pages_for({})][:3] == ["opioid-now", "opioid-last", "opioid-like"]


def test_there_are_between_twelve_and_eighteen_pages() -> None:
    assert len(pages_for({"sex_at_birth": "male"})) == 17
    assert len(pages_for({"sex_at_birth": "female"})) == 18


@pytest.mark.parametrize(
    ("sex", "shown"),
    [("male", False), ("female", True), ("intersex", True), ("undisclosed", True)],
)
def test_pregnancy_is_asked_of_everyone_but_men(sex: str, shown: bool) -> None:
    assert ("pregnancy" in [page.id for page in pages_for({"sex_at_birth": sex})]) is shown


def test_one_walks_forward_and_back_through_the_same_pages() -> None:
    answers = {"sex_at_birth": "male"}
    walked, page = [], next_page(answers, None)
    while page is not None:
        walked.append(page.id)
        page = next_page(answers, page.id)
    assert walked == [each.id for each in pages_for(answers)]
    back, page = [], previous_page(answers, "agreement")
    while page is not None:
        back.append(page.id)
        page = previous_page(answers, page.id)
    assert back == walked[-2::-1]


@pytest.mark.parametrize("page", ["nowhere", "pregnancy"])
def test_a_page_that_does_not_concern_this_person(page: str) -> None:
    with pytest.raises(UnknownPage):
        next_page({"sex_at_birth": "male"}, page)


def test_ids_are_used_once() -> None:
    ids = [each.id for page in QUESTIONNAIRE.pages for each in page.questions]
    assert len(ids) == len(set(ids))
    assert len({page.id for page in QUESTIONNAIRE.pages}) == len(QUESTIONNAIRE.pages)


def test_every_required_question_says_what_to_do_when_it_is_left_out() -> None:
    for question in QUESTIONS.values():
        if question.required or question.required_if:
            assert str(question.missing), question.id


# --- reading a page ---


def test_a_page_left_empty_names_each_question() -> None:
    found = read("liver-kidneys")
    assert set(found.errors) == {"liver", "lft_raised", "kidney"}
    assert found.cleared == ("liver", "lft_raised", "kidney")
    assert not found.is_valid


def test_a_value_that_is_not_offered_is_refused() -> None:
    assert read("opioid-now", opioid_now="maybe").errors == {
        "opioid_now": "Choose one of the answers shown."
    }


@pytest.mark.parametrize(
    ("month", "day", "year"),
    [("12", "2", "2026"), ("Dec", "02", "2026"), ("december", "2", "2026")],
)
def test_a_day_is_typed_in_three_parts(month: str, day: str, year: str) -> None:
    found = read(
        "opioid-last",
        opioid_last_date="date",
        opioid_last_date_month=month,
        opioid_last_date_day=day,
        opioid_last_date_year=year,
        opioid_last_name="codeine",
    )
    assert found.answers == {"opioid_last_date": "2026-12-02", "opioid_last_name": "codeine"}
    assert found.is_valid


@pytest.mark.parametrize(
    ("month", "day", "year", "field", "says"),
    [
        ("2", "30", "2026", "day", "does not exist"),
        ("13", "1", "2026", "day", "does not exist"),
        ("12", "", "2026", "day", "month, the day and the year"),
        ("12", "x", "2026", "day", "in numbers"),
        ("smarch", "1", "2026", "day", "in numbers"),
        ("12", "1", "26", "year", "four digits"),
        ("12", "1", "0026", "year", "four digits"),
        ("12", "6", "2026", "day", "still ahead"),
    ],
)
def test_a_day_that_cannot_be(month: str, day: str, year: str, field: str, says: str) -> None:
    found = read(
        "opioid-last",
        opioid_last_date="date",
        opioid_last_date_month=month,
        opioid_last_date_day=day,
        opioid_last_date_year=year,
        opioid_last_name="codeine",
    )
    (error,) = found.errors.items()
    assert error[0] == f"opioid_last_date_{field}"
    assert says in error[1]
    assert found.answers == {"opioid_last_name": "codeine"}


def test_choosing_the_day_without_typing_it() -> None:
    assert set(read("opioid-last", opioid_last_date="date").errors) == {"opioid_last_date_day"}


def test_typing_a_day_without_choosing_it_is_understood() -> None:
    found = read(
        "opioid-last",
        opioid_last_date_month="11",
        opioid_last_date_day="30",
        opioid_last_date_year="2026",
        opioid_last_name="Norco",
    )
    assert found.answers["opioid_last_date"] == "2026-11-30"


def test_never_and_a_day_contradict_each_other() -> None:
    found = read("opioid-last", opioid_last_date="never", opioid_last_date_day="3")
    assert "change one of them" in found.errors["opioid_last_date"]


def test_which_opioid_is_wanted_only_with_a_day() -> None:
    assert read("opioid-last", opioid_last_date="never").is_valid
    assert read("opioid-last", opioid_last_date="not_sure").is_valid
    dated = read(
        "opioid-last",
        opioid_last_date="date",
        opioid_last_date_month="12",
        opioid_last_date_day="1",
        opioid_last_date_year="2026",
    )
    assert set(dated.errors) == {"opioid_last_name"}


def test_surgery_lies_ahead_and_its_day_may_be_unknown() -> None:
    assert read("surgery", surgery_planned="yes").is_valid
    past = read(
        "surgery",
        surgery_planned="yes",
        surgery_date_month="12",
        surgery_date_day="4",
        surgery_date_year="2026",
    )
    assert past.errors == {"surgery_date_day": "This day has passed. Please check it."}


def test_medicines_are_read_line_by_line() -> None:
    found = read(
        "medicines",
        medicines=" Zoloft  50 mg\r\n\r\nvitamin D \r",
        medicines_complete="all",
    )
    assert found.answers["medicines"] == ["Zoloft 50 mg", "vitamin D"]


@pytest.mark.parametrize(
    ("lines", "complete", "error"),
    [
        ("", "all", "medicines"),
        ("Zoloft", "none", "medicines"),
        ("Zoloft", "", "medicines_complete"),
    ],
)
def test_a_list_and_its_completeness_must_agree(lines: str, complete: str, error: str) -> None:
    found = read("medicines", medicines=lines, medicines_complete=complete)
    assert set(found.errors) == {error}
    if lines:
        assert found.answers["medicines"] == ["Zoloft"]


@pytest.mark.parametrize("lines", ["", "Zoloft"])
def test_not_being_sure_of_the_list_is_an_answer(lines: str) -> None:
    assert read("medicines", medicines=lines, medicines_complete="not_sure").is_valid


def test_none_of_these_stands_alone() -> None:
    found = read("allergies", allergy=["none", "dye"])
    assert found.errors == {
        "allergy": "You chose “None of these” and something else. Please change one of them."
    }
    assert read("allergies", allergy=["lactose", "dye", "dye"]).answers["allergy"] == [
        "lactose",
        "dye",
    ]
    assert "allergy" in read("allergies", allergy=["dust"]).errors


def test_an_unknown_page_is_refused() -> None:
    with pytest.raises(UnknownPage):
        page_by_id("nowhere")


def test_no_allergy_chosen_is_no_answer() -> None:
    assert set(read("allergies", allergy=[]).errors) == {"allergy"}


def test_something_else_has_to_be_named() -> None:
    assert set(read("allergies", allergy=["other"]).errors) == {"allergy_reaction"}
    assert read("allergies", allergy=["other"], allergy_reaction="eggs").is_valid


def test_nothing_is_agreed_to_in_silence() -> None:
    found = read("agreement", ack_offlabel="on", ack_opioid="", signed_by="me", signature="E")
    assert set(found.errors) == {"ack_opioid", "ack_contact", "signature"}


def test_invisible_characters_are_dropped_and_text_has_a_limit() -> None:
    found = read("ldn-before", ldn_before="yes", ldn_before_details="1.5\x00 mg\u200b at night")
    assert found.answers["ldn_before_details"] == "1.5 mg at night"
    long = read("ldn-before", ldn_before="yes", ldn_before_details="x" * 4100)
    assert "100 characters too long" in long.errors["ldn_before_details"]


# --- keeping answers ---


def test_a_page_read_again_replaces_its_own_answers_only() -> None:
    kept = merge(
        {**COMPLETE, "dob": "1980-05-05"}, page_by_id("alcohol"), read("alcohol", alcohol="light")
    )
    assert kept == {**COMPLETE, "alcohol": "light", "dob": "1980-05-05"}


def test_answers_that_no_longer_concern_this_person_are_dropped() -> None:
    kept = merge(
        COMPLETE, page_by_id("about-you"), read("about-you", species="me", sex_at_birth="male")
    )
    assert {"pregnant", "trying", "breastfeeding"}.isdisjoint(kept)
    assert unanswered(kept) == ()


def test_what_was_cleared_is_forgotten() -> None:
    answers = {**COMPLETE, "surgery_planned": "yes", "surgery_date": "2026-12-20"}
    kept = merge(answers, page_by_id("surgery"), read("surgery", surgery_planned="no"))
    assert "surgery_date" not in kept


@pytest.mark.parametrize("question", [q for q in COMPLETE if QUESTIONS[q].required])
def test_every_required_answer_is_missed(question: str) -> None:
    answers = {key: value for key, value in COMPLETE.items() if key != question}
    missing = unanswered(answers)
    assert question in missing
    page = first_unanswered_page(answers)
    assert page is not None
    assert question in [each.id for each in page.questions]


def test_a_complete_set_misses_nothing() -> None:
    assert unanswered(COMPLETE) == ()
    assert first_unanswered_page(COMPLETE) is None


def test_the_form_is_filled_with_what_was_answered() -> None:
    answers = {
        **COMPLETE,
        "opioid_last_date": "2026-12-02",
        "surgery_date": "2027-01-09",
        "medicines": ["a", "b"],
    }
    filled: dict[str, str | list[str]] = {}
    for question in QUESTIONS.values():
        filled |= initial(question, answers)
    assert filled["opioid_last_date"] == "date"
    assert (filled["opioid_last_date_month"], filled["opioid_last_date_day"]) == ("12", "2")
    assert "surgery_date" not in filled
    assert filled["surgery_date_year"] == "2027"
    assert filled["medicines"] == "a\nb"
    assert filled["allergy"] == ["none"]
    assert filled["signature"] == "Elena Ruiz"


def test_every_page_filled_from_its_answers_reads_the_same_again() -> None:
    answers = {
        **COMPLETE,
        "opioid_last_date": "2026-12-02",
        "opioid_last_name": "codeine",
        "allergy": ["lactose", "other"],
        "allergy_reaction": "eggs: hives",
        "surgery_planned": "yes",
        "surgery_date": "2027-01-09",
    }
    for page in pages_for(answers):
        raw: dict[str, Any] = {}
        for question in questions_for(page, answers):
            raw |= initial(question, answers)
        found = validate(page, raw, today=TODAY)
        assert found.is_valid, (page.id, found.errors)
        assert merge(answers, page, found) == answers


# --- what is said ---


def test_988_stands_on_the_page_and_comes_first_after_a_yes() -> None:
    page = page_by_id("mood")
    assert "988" in str(alerts_for(page, {})[0].text)
    assert len(alerts_for(page, {"mood_severe": "no"})) == 1
    for value in ("yes", "private", "not_sure"):
        assert any("988" in str(each.text) for each in alerts_for(page, {"mood_severe": value})[1:])


def test_withdrawal_now_is_answered_at_once() -> None:
    page = page_by_id("withdrawal")
    assert alerts_for(page, {"opioid_withdrawal_symptoms": "no"}) == ()
    (alert,) = alerts_for(page, {"opioid_withdrawal_symptoms": "yes"})
    assert "911" in str(alert.text)


def test_the_private_pages_offer_to_talk_in_private() -> None:
    assert [page.id for page in QUESTIONNAIRE.pages if page.private] == ["opioid-treatment", "mood"]
    for question in ("oud_treatment", "oud_history", "mood_severe"):
        assert "private" in {option.value for option in QUESTIONS[question].options}


def test_the_summary_speaks_in_words() -> None:
    answers = {
        **COMPLETE,
        "opioid_last_date": "2026-12-02",
        "allergy": ["lactose", "dye"],
        "opioid_now": "not_sure",
    }
    rows = {row.question_id: row for row in summary(answers)}
    assert rows["opioid_now"].value == "I’m not sure"
    assert rows["opioid_now"].route is Route.BLOCK
    assert rows["opioid_now"].page_id == "opioid-now"
    assert rows["opioid_last_date"].value == "2 December 2026"
    assert rows["allergy"].value == "Lactose (milk sugar)\nDyes"
    assert rows["allergy"].route is Route.PHARMACIST
    assert rows["medicines"].value == "Zoloft 50 mg daily\nvitamin D"
    assert rows["supplements"].value == "None"
    assert rows["ack_opioid"].value == "Agreed"
    assert rows["surgery_date"].value == "Not answered"
    assert not rows["surgery_date"].answered


def test_the_summary_has_a_row_for_every_question_asked() -> None:
    assert [row.question_id for row in summary(COMPLETE)] == [
        each.id for page in pages_for(COMPLETE) for each in questions_for(page, COMPLETE)
    ]
