"""The intake: its pages in their order, and what follows from the answers given so far.

Pure functions over the answers, one JSON-friendly mapping of question id to value; nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from compounding.errors import Refusal
from pharmacy.intake.health_pages import HEALTH_PAGES
from pharmacy.intake.medicine_pages import MEDICINE_PAGES
from pharmacy.intake.opioid_pages import OPIOID_PAGES
from pharmacy.intake.question import (
    REFILL,
    TYPED_DAY,
    Alert,
    DateRule,
    Option,
    Page,
    Question,
    Questionnaire,
    QuestionType,
    Route,
)
from pharmacy.intake.reading import Validated, read_page
from pharmacy.intake.wording import answer_in_words
from pharmacy.screening.conditions import (
    Answers,
    answer_values,
    any_group_met,
    is_answered,
)

__all__ = [
    "QUESTIONNAIRE",
    "TYPED_DAY",
    "Alert",
    "DateRule",
    "Option",
    "Page",
    "Question",
    "QuestionType",
    "Questionnaire",
    "Route",
    "SummaryRow",
    "UnknownPage",
    "Validated",
    "alerts_for",
    "carried_over",
    "first_unanswered_page",
    "initial",
    "is_for_refill",
    "merge",
    "next_page",
    "page_by_id",
    "pages_for",
    "previous_page",
    "questions_for",
    "summary",
    "unanswered",
    "validate",
]

QUESTIONNAIRE: Final = Questionnaire(
    version="2", pages=(*OPIOID_PAGES, *MEDICINE_PAGES, *HEALTH_PAGES)
)


class UnknownPage(Refusal):
    """The questionnaire has no page of that name, or not for this person."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One answer as a person says it, with the page where it can be changed."""

    page_id: str
    question_id: str
    label: str
    value: str
    safety: bool
    answered: bool
    route: Route


def page_by_id(page_id: str) -> Page:
    """Return a page of the questionnaire. Raises UnknownPage."""
    for page in QUESTIONNAIRE.pages:
        if page.id == page_id:
            return page
    raise UnknownPage("This page does not exist.")


def pages_for(answers: Answers) -> tuple[Page, ...]:
    """Return the pages that this person sees, in order."""
    return tuple(page for page in QUESTIONNAIRE.pages if any_group_met(page.show_if, answers))


def questions_for(page: Page, answers: Answers) -> tuple[Question, ...]:
    """Return the questions of a page that this person is asked."""
    return tuple(each for each in page.questions if any_group_met(each.show_if, answers))


def next_page(answers: Answers, current: str | None) -> Page | None:
    """Return the page after `current` (the first one for None); None after the last page."""
    pages = pages_for(answers)
    if current is None:
        return pages[0]
    place = _place(pages, current)
    return pages[place + 1] if place + 1 < len(pages) else None


def previous_page(answers: Answers, current: str) -> Page | None:
    """Return the page before `current`; None before the first page."""
    pages = pages_for(answers)
    place = _place(pages, current)
    return pages[place - 1] if place > 0 else None


def first_unanswered_page(answers: Answers) -> Page | None:
    """Return the first page with a required question left open; None when all is answered."""
    left = set(unanswered(answers))
    return next(
        (page for page in pages_for(answers) if any(each.id in left for each in page.questions)),
        None,
    )


def unanswered(answers: Answers) -> tuple[str, ...]:
    """Return the required questions that this person is asked and has not answered."""
    return tuple(
        question.id
        for page in pages_for(answers)
        for question in questions_for(page, answers)
        if _is_required(question, answers) and not is_answered(answers, question.id)
    )


validate = read_page


def merge(answers: Mapping[str, Any], page: Page, read: Validated) -> dict[str, Any]:
    """Return all answers with those of one page replaced.

    Answers to questions that no longer concern this person are dropped; keys the questionnaire does not know
    stay as they are.
    """
    asked_here = {each.id for each in page.questions}
    merged = {key: value for key, value in answers.items() if key not in asked_here} | dict(
        read.answers
    )
    asked = {each.id for shown in pages_for(merged) for each in questions_for(shown, merged)}
    known = {each.id for shown in QUESTIONNAIRE.pages for each in shown.questions}
    return {key: value for key, value in merged.items() if key in asked or key not in known}


def carried_over(earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a refill need not ask again: the answers of lasting pages, to be read over before signing.

    Everything about opioids, other medicines, pregnancy and surgery is asked anew.
    """
    kept = {
        question.id for page in QUESTIONNAIRE.pages if page.lasting for question in page.questions
    }
    return {REFILL: "yes"} | {key: value for key, value in earlier.items() if key in kept}


def is_for_refill(answers: Answers) -> bool:
    """Say whether these are the answers before a refill."""
    return answers.get(REFILL) == "yes"


def alerts_for(page: Page, answers: Answers) -> tuple[Alert, ...]:
    """Return what has to be said at once about the answers on a page; standing alerts always."""
    return tuple(
        alert
        for question in page.questions
        for alert in question.alerts
        if not alert.values or set(alert.values) & set(answer_values(answers, question.id))
    )


def summary(answers: Answers) -> tuple[SummaryRow, ...]:
    """Return every question this person is asked with the answer in words, for reading over and for review."""
    return tuple(
        SummaryRow(
            page_id=page.id,
            question_id=question.id,
            label=str(question.text),
            value=answer_in_words(question, answers),
            safety=question.safety,
            answered=is_answered(answers, question.id),
            route=_route(question, answers),
        )
        for page in pages_for(answers)
        for question in questions_for(page, answers)
    )


def initial(question: Question, answers: Answers) -> dict[str, str | list[str]]:
    """Return input name -> value, to fill the form with what was answered before."""
    value = answers.get(question.id)
    if value is None:
        return {}
    if question.type is QuestionType.MULTI_CHOICE:
        return {question.id: list(answer_values(answers, question.id))}
    if not isinstance(value, str):
        return {question.id: "\n".join(value)}
    is_choice = any(each.value == value for each in question.options)
    if question.type not in (QuestionType.DATE, QuestionType.DATE_OR_CHOICE) or is_choice:
        return {question.id: value}
    year, month, day = value.split("-")
    parts: dict[str, str | list[str]] = {
        f"{question.id}_month": str(int(month)),
        f"{question.id}_day": str(int(day)),
        f"{question.id}_year": year,
    }
    return parts | (
        {question.id: TYPED_DAY} if question.type is QuestionType.DATE_OR_CHOICE else {}
    )


def _place(pages: tuple[Page, ...], page_id: str) -> int:
    for place, page in enumerate(pages):
        if page.id == page_id:
            return place
    raise UnknownPage("This page does not exist, or it does not concern you.")


def _is_required(question: Question, answers: Answers) -> bool:
    if question.required:
        return True
    return bool(question.required_if) and any_group_met(question.required_if, answers)


def _route(question: Question, answers: Answers) -> Route:
    """The heaviest route among the chosen options."""
    chosen = set(answer_values(answers, question.id))
    if question.type is QuestionType.DATE_OR_CHOICE and chosen - {
        each.value for each in question.options
    }:
        chosen = {TYPED_DAY}
    routes = [each.route for each in question.options if each.value in chosen]
    return max(routes, key=list(Route).index, default=Route.NONE)
