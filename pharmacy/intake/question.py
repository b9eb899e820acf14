"""What an intake question is made of. Data only; who asks it and how it looks is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pharmacy.screening.conditions import Alternatives

Text = str | Promise
"""A sentence for a person: translated when it is shown."""


class QuestionType(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    YES_NO_UNSURE = "yes_no_unsure"
    MULTI_CHOICE = "multi_choice"
    DATE = "date"
    DATE_OR_CHOICE = "date_or_choice"
    TEXT = "text"
    LONG_TEXT = "long_text"
    MEDICINE_LIST = "medicine_list"
    CONSENT = "consent"
    SIGNATURE = "signature"


class Route(StrEnum):
    """Where an answer leads."""

    NONE = "none"
    PHARMACIST = "pharmacist"
    """A pharmacist looks at it before anything is made."""
    BLOCK = "block"
    """Nothing is made until a pharmacist has resolved it."""
    URGENT = "urgent"
    """The person is told what to do at once, and a pharmacist calls the same day."""


class DateRule(StrEnum):
    """Which days make sense."""

    ANY = "any"
    NOT_AHEAD = "not_ahead"
    NOT_PAST = "not_past"


TYPED_DAY = "date"
"""The choice that stands for a day typed beside it, in a DATE_OR_CHOICE."""

REFILL = "refill"
"""Stands as "yes" among the answers of somebody who has had the medicine before. Nobody is asked for it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice."""

    value: str
    label: Text
    hint: Text = ""
    route: Route = Route.NONE
    exclusive: bool = False
    """In a multiple choice: stands alone ("none of these")."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What must be said at once: after one of these answers, or always when there are no values."""

    title: Text
    text: Text
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `safety` marks those that the screening rules read."""

    id: str
    text: Text
    type: QuestionType
    hint: Text = ""
    why: Text = ""
    options: tuple[Option, ...] = ()
    required: bool = True
    safety: bool = False
    missing: Text = ""
    """What to say when a required answer is not there."""
    show_if: Alternatives = ()
    required_if: Alternatives = ()
    """For a question that is not always required."""
    empty_if: Alternatives = ()
    """When another answer says that nothing belongs here."""
    alerts: tuple[Alert, ...] = ()
    date_rule: DateRule = DateRule.ANY


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked at one time: one question, or a few that belong together."""

    id: str
    title: Text
    questions: tuple[Question, ...]
    intro: Text = ""
    show_if: Alternatives = ()
    private: bool = False
    """The answers are of a kind one may want to keep between oneself and the pharmacist."""
    lasting: bool = False
    """The answers hold for long: before a refill they are shown to be read over, and not asked again."""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All pages in their order. An answer set keeps the version it was given for."""

    version: str
    pages: tuple[Page, ...]


NOT_SURE_HINT = _("A pharmacist will look at this with you before anything is made.")


def not_sure(route: Route = Route.PHARMACIST) -> Option:
    """The choice that every safety question offers."""
    return Option("not_sure", _("I’m not sure"), NOT_SURE_HINT, route)


def no_yes_not_sure(
    yes: Route, *, yes_hint: Text = "", unsure: Route = Route.PHARMACIST
) -> tuple[Option, ...]:
    """The three choices of a yes-or-no question."""
    return (Option("no", _("No")), Option("yes", _("Yes"), yes_hint, yes), not_sure(unsure))
