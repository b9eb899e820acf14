"""Reading one page as it was sent: clean answers, and a sentence for everything that cannot be taken as it stands."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from pharmacy.intake.question import TYPED_DAY, DateRule, Page, Question, QuestionType
from pharmacy.screening.conditions import Answers, AnswerValue, any_group_met, is_answered

Raw = Mapping[str, str | Sequence[str]]
"""What a form sends: input name -> one value or several."""

_LONGEST_TEXT: Final = 500
_LONGEST_LONG_TEXT: Final = 4000
_LONGEST_LIST: Final = 8000
_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_OLDEST: Final = 1900


class _Unreadable(Exception):
    """An answer cannot be taken. Carries the input and the sentence for the person; never leaves this module."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Validated:
    """A page read: its answers, a sentence for each input that has to be changed, and what was left empty."""

    answers: Mapping[str, AnswerValue]
    errors: Mapping[str, str]
    cleared: tuple[str, ...]

    @property
    def is_valid(self) -> bool:
        """Whether the page may be left."""
        return not self.errors


def read_page(page: Page, raw: Raw, *, today: datetime.date) -> Validated:
    """Return the answers on a page and the errors, keyed by the name of the input to go to.

    `today` is the day where the person is. Readable answers come back even when others have errors, so that
    nothing typed is lost.
    """
    answers: dict[str, AnswerValue] = {}
    errors: dict[str, str] = {}
    for question in page.questions:
        try:
            answer = _READERS[question.type](question, raw, today)
        except _Unreadable as found:
            errors[found.field] = found.sentence
            continue
        if answer is not None:
            answers[question.id] = answer
    for question in page.questions:
        if not any(name in errors for name in _inputs(question)):
            errors |= _contradiction(question, answers)
    cleared = tuple(each.id for each in page.questions if each.id not in answers)
    return Validated(answers, errors, cleared)


def _contradiction(question: Question, answers: Answers) -> dict[str, str]:
    """A required answer that is missing, or one that another answer rules out."""
    answered = is_answered(answers, question.id) and bool(answers[question.id])
    required = question.required or (
        bool(question.required_if) and any_group_met(question.required_if, answers)
    )
    if required and not answered:
        return {question.id: str(question.missing)}
    if answered and question.empty_if and any_group_met(question.empty_if, answers):
        return {
            question.id: _(
                "You wrote something here, and chose “none” below. Please change one of them."
            )
        }
    return {}


def _inputs(question: Question) -> tuple[str, ...]:
    return (question.id, *(f"{question.id}_{part}" for part in ("month", "day", "year")))


def _given(raw: Raw, name: str) -> list[str]:
    value = raw.get(name, ())
    values = [value] if isinstance(value, str) else list(value)
    return [
        _CONTROL.sub("", each.replace("\r\n", "\n").replace("\r", "\n")).strip() for each in values
    ]


def _one(raw: Raw, name: str) -> str:
    values = [each for each in _given(raw, name) if each]
    return values[-1] if values else ""


def _read_choice(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    value = _one(raw, question.id)
    if not value:
        return None
    if value not in {each.value for each in question.options}:
        raise _Unreadable(question.id, _("Choose one of the answers shown."))
    return value


def _read_multi_choice(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    chosen = [each for each in dict.fromkeys(_given(raw, question.id)) if each]
    if not chosen:
        return None
    known = {each.value: each for each in question.options}
    if any(each not in known for each in chosen):
        raise _Unreadable(question.id, _("Choose from the answers shown."))
    alone = [known[each] for each in chosen if known[each].exclusive]
    if alone and len(chosen) > 1:
        sentence = _("You chose “%(alone)s” and something else. Please change one of them.")
        raise _Unreadable(question.id, sentence % {"alone": alone[0].label})
    return chosen


def _read_text(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    return _limited(question, " ".join(_one(raw, question.id).split()), _LONGEST_TEXT) or None


def _read_long_text(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    return _limited(question, _one(raw, question.id), _LONGEST_LONG_TEXT) or None


def _read_list(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    text = _limited(question, "\n".join(_given(raw, question.id)), _LONGEST_LIST)
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _limited(question: Question, text: str, longest: int) -> str:
    if len(text) > longest:
        sentence = _("This is %(over)s characters too long. Please shorten it, or call us.")
        raise _Unreadable(question.id, sentence % {"over": len(text) - longest})
    return text


def _read_consent(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    return "yes" if _one(raw, question.id) in ("yes", "on", "true") else None


def _read_signature(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    name = " ".join(_one(raw, question.id).split())
    if name and not re.search(r"[^\W\d_]{2,}", name):
        raise _Unreadable(question.id, str(question.missing))
    return _limited(question, name, 200) or None


def _read_date(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    month, day, year = (_one(raw, f"{question.id}_{part}") for part in ("month", "day", "year"))
    if not (month or day or year):
        return None
    found = _as_date(question, month, day, year)
    if question.date_rule is DateRule.NOT_AHEAD and found > today:
        raise _Unreadable(f"{question.id}_day", _("This day is still ahead. Please check it."))
    if question.date_rule is DateRule.NOT_PAST and found < today:
        raise _Unreadable(f"{question.id}_day", _("This day has passed. Please check it."))
    return found.isoformat()


def _read_date_or_choice(question: Question, raw: Raw, today: datetime.date) -> AnswerValue | None:
    """A typed day, or one of the choices. Both at once are a contradiction, unless the choice is the typed day."""
    choice = _read_choice(question, raw, today)
    day = _read_date(question, raw, today) if choice in (None, TYPED_DAY) else None
    if choice is None:
        return day
    typed = any(_one(raw, f"{question.id}_{part}") for part in ("month", "day", "year"))
    if choice == TYPED_DAY:
        if day is None:
            raise _Unreadable(f"{question.id}_day", _("Enter the month, the day and the year."))
        return day
    if typed:
        raise _Unreadable(
            question.id, _("You chose an answer and typed a day. Please change one of them.")
        )
    return choice


def _as_date(question: Question, month: str, day: str, year: str) -> datetime.date:
    field = f"{question.id}_day"
    number = _month(month)
    if not (month and day and year):
        raise _Unreadable(
            field, _("Enter the month, the day and the year. Your best guess is fine.")
        )
    if number is None or not day.isdecimal() or not year.isdecimal():
        raise _Unreadable(field, _("Enter the day in numbers, for example 12 5 2026."))
    if len(year) != 4 or int(year) < _OLDEST:
        raise _Unreadable(
            f"{question.id}_year", _("Enter the year with four digits, for example 2026.")
        )
    try:
        return datetime.date(int(year), number, int(day))
    except ValueError:
        raise _Unreadable(field, _("This day does not exist. Please check it.")) from None


def _month(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    short = text.lower()[:3]
    return _MONTHS.index(short) + 1 if short in _MONTHS else None


_READERS: Final = {
    QuestionType.CHOICE: _read_choice,
    QuestionType.YES_NO_UNSURE: _read_choice,
    QuestionType.MULTI_CHOICE: _read_multi_choice,
    QuestionType.DATE: _read_date,
    QuestionType.DATE_OR_CHOICE: _read_date_or_choice,
    QuestionType.TEXT: _read_text,
    QuestionType.LONG_TEXT: _read_long_text,
    QuestionType.MEDICINE_LIST: _read_list,
    QuestionType.CONSENT: _read_consent,
    QuestionType.SIGNATURE: _read_signature,
}
