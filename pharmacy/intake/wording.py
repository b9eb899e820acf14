"""An answer as a person says it."""

from __future__ import annotations

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pharmacy.intake.question import Question, QuestionType
from pharmacy.screening.conditions import Answers, answer_values, is_answered


def answer_in_words(question: Question, answers: Answers) -> str:
    """Return the answer in words, one line for each item of a list; "Not answered" when there is none."""
    if not is_answered(answers, question.id):
        return _("Not answered")
    values = answer_values(answers, question.id)
    if question.type is QuestionType.CONSENT:
        return _("Agreed")
    if question.type is QuestionType.MEDICINE_LIST:
        return "\n".join(values) or _("None")
    labels = {each.value: str(each.label) for each in question.options}
    return "\n".join(labels.get(each) or _typed(question, each) for each in values)


def _typed(question: Question, value: str) -> str:
    if question.type in (QuestionType.DATE, QuestionType.DATE_OR_CHOICE):
        return date_format(datetime.date.fromisoformat(value), "j F Y")
    return value
