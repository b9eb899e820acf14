"""Whether a question is asked, or a rule triggered, as data: which answers must or must not stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

AnswerValue = str | Sequence[str]
Answers = Mapping[str, AnswerValue]


@dataclass(frozen=True, slots=True)
class Condition:
    """Met when the question is answered with one of `any_of` (when given) and with none of `none_of`."""

    question: str
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


Alternatives = tuple[tuple[Condition, ...], ...]
"""Met when every condition of at least one group is met. Nothing at all means always."""


def answer_values(answers: Answers, question: str) -> tuple[str, ...]:
    """The answer as a tuple of values; empty when the question is not answered."""
    value = answers.get(question)
    if value is None:
        return ()
    values = (value,) if isinstance(value, str) else tuple(value)
    return tuple(each for each in values if each.strip())


def is_answered(answers: Answers, question: str) -> bool:
    """Whether something was answered. An empty text is no answer; an empty list is one ("nothing")."""
    value = answers.get(question)
    if value is None:
        return False
    return bool(value.strip()) if isinstance(value, str) else True


def is_met(condition: Condition, answers: Answers) -> bool:
    """Whether the condition stands. An unanswered question meets no condition."""
    values = answer_values(answers, condition.question)
    if not values:
        return False
    if condition.any_of and not any(each in condition.any_of for each in values):
        return False
    return not any(each in condition.none_of for each in values)


def any_group_met(alternatives: Alternatives, answers: Answers) -> bool:
    """Whether at least one group of conditions is met as a whole; true when there is no group."""
    if not alternatives:
        return True
    return any(all(is_met(each, answers) for each in group) for group in alternatives)
