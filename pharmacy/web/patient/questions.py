"""An intake page as it is shown: each question with its choices, what was answered, and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from pharmacy.intake.questionnaire import (
    TYPED_DAY,
    Option,
    Page,
    Question,
    QuestionType,
    initial,
    questions_for,
)
from pharmacy.screening.conditions import Answers
from pharmacy.web.forms import ErrorLink

Sent = Mapping[str, str | Sequence[str]]
_KINDS = {
    QuestionType.CHOICE: "radio",
    QuestionType.YES_NO_UNSURE: "radio",
    QuestionType.DATE_OR_CHOICE: "radio",
    QuestionType.MULTI_CHOICE: "checkbox",
    QuestionType.CONSENT: "consent",
    QuestionType.DATE: "date",
    QuestionType.TEXT: "line",
    QuestionType.SIGNATURE: "line",
    QuestionType.LONG_TEXT: "text",
    QuestionType.MEDICINE_LIST: "text",
}


@dataclass(frozen=True, slots=True)
class ShownOption:
    """One card."""

    value: str
    label: str
    hint: str
    checked: bool
    opens_day: bool


@dataclass(frozen=True, slots=True)
class ShownDay:
    """The three boxes of a day."""

    month: str
    day: str
    year: str


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question with everything its template needs."""

    name: str
    kind: str
    text: str
    hint: str
    why: str
    optional: bool
    options: tuple[ShownOption, ...]
    value: str
    day: ShownDay
    error: str
    is_list: bool
    is_name: bool
    is_title: bool
    """Whether the question is the heading of its page."""

    @property
    def described_by(self) -> str:
        """The ids of what is read out after the label."""
        parts = [(self.hint, "hint"), (self.error, "error")]
        return " ".join(f"q-{self.name}-{part}" for said, part in parts if said)


def shown_questions(
    page: Page,
    answers: Answers,
    *,
    sent: Sent | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[ShownQuestion]:
    """Return the questions of a page, filled with what was just sent, or else with what was answered before."""
    wrong = errors or {}
    return [_shown(page, each, answers, sent, wrong) for each in questions_for(page, answers)]


def question_error_links(
    page: Page, answers: Answers, errors: Mapping[str, str]
) -> list[ErrorLink]:
    """Return the lines of the error summary, in the order of the questions."""
    links = []
    for question in questions_for(page, answers):
        for name in _inputs(question):
            if name in errors:
                links.append(
                    ErrorLink(text=errors[name], href=f"#{_input_id(question, name)}", name=name)
                )
    return links


def sent_values(post: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what a form sent, every input as a list."""
    return {name: list(values) for name, values in post.items()}


def _shown(
    page: Page, question: Question, answers: Answers, sent: Sent | None, errors: Mapping[str, str]
) -> ShownQuestion:
    values: Sent = initial(question, answers) if sent is None else sent
    error = next((errors[name] for name in _inputs(question) if name in errors), "")
    return ShownQuestion(
        name=question.id,
        kind=_KINDS[question.type],
        text=str(question.text),
        hint=str(question.hint),
        why=str(question.why),
        optional=not question.required and not question.required_if,
        options=tuple(_shown_options(question, _all(values, question.id))),
        value="\n".join(_all(values, question.id)),
        day=ShownDay(*(_one(values, f"{question.id}_{part}") for part in ("month", "day", "year"))),
        error=error,
        is_list=question.type is QuestionType.MEDICINE_LIST,
        is_name=question.type is QuestionType.SIGNATURE,
        is_title=str(question.text) == str(page.title),
    )


def _shown_options(question: Question, chosen: Sequence[str]) -> list[ShownOption]:
    if question.type is QuestionType.CONSENT:
        return [ShownOption("yes", str(question.text), "", "yes" in chosen, opens_day=False)]
    return [_shown_option(question, each, chosen) for each in question.options]


def _shown_option(question: Question, option: Option, chosen: Sequence[str]) -> ShownOption:
    return ShownOption(
        value=option.value,
        label=str(option.label),
        hint=str(option.hint),
        checked=option.value in chosen,
        opens_day=question.type is QuestionType.DATE_OR_CHOICE and option.value == TYPED_DAY,
    )


def month_choices() -> list[tuple[str, str]]:
    """Return the months by number and full name, with an empty choice first."""
    return [("", _("Month")), *((str(number), str(name)) for number, name in MONTHS.items())]


def _inputs(question: Question) -> tuple[str, ...]:
    return (question.id, *(f"{question.id}_{part}" for part in ("month", "day", "year")))


def _input_id(question: Question, name: str) -> str:
    """The id of the input that an error is about; of the first card, where there are cards."""
    if name != question.id:
        return f"q-{name}"
    if _KINDS[question.type] in ("radio", "checkbox", "consent"):
        return f"q-{name}-0"
    return f"q-{name}_month" if question.type is QuestionType.DATE else f"q-{name}"


def _all(values: Sent, name: str) -> list[str]:
    given = values.get(name, ())
    return [given] if isinstance(given, str) else list(given)


def _one(values: Sent, name: str) -> str:
    return next(iter(_all(values, name)), "")
