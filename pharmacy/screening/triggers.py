"""Whether a trigger stands in one case, and the evidence for it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from compounding.wording import full_day
from pharmacy.screening.conditions import Answers, answer_values, is_met
from pharmacy.screening.facts import ScreeningFacts
from pharmacy.screening.medicines import WaitKind
from pharmacy.screening.names import Certainty, MedicineMatch, Said
from pharmacy.screening.policy import ScreeningPolicy, WaitDays
from pharmacy.screening.rule_set import (
    AgeTrigger,
    AnswerTrigger,
    ExcipientTrigger,
    Fact,
    FactTrigger,
    GapTrigger,
    LastUseTrigger,
    MedicineTrigger,
    RuleSet,
    Severity,
    Trigger,
)

LONGEST_PHRASE: Final = 40
_WEAKEST_WAIT_FIRST: Final = (WaitKind.SHORT, WaitKind.LONG, WaitKind.SPECIALIST)
_SAID: Final = {Said.NEGATED: "Denied", Said.PAST: "Past use", Said.ALLERGY: "Allergy named"}


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the triggers may look at."""

    answers: Answers
    age_years: int | None
    matches: Sequence[MedicineMatch]
    facts: ScreeningFacts
    policy: ScreeningPolicy
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class Hit:
    """One reason why a rule stands."""

    phrase: str
    why: str
    severity: Severity | None = None
    """Other than the rule's own."""
    softened: bool = False
    """A guess or a denied, past or allergy mention: it holds where the rule would block."""
    urgent: bool = False
    earliest_start: datetime.date | None = None
    min_override: datetime.date | None = None


def hits(trigger: Trigger, case: Case) -> list[Hit]:
    """Return the reasons for which a trigger stands; an empty list when it does not."""
    match trigger:
        case AnswerTrigger():
            return _answer(trigger, case)
        case MedicineTrigger():
            return [
                _medicine_hit(trigger, each, case)
                for each in case.matches
                if _applies(trigger, each)
            ]
        case LastUseTrigger():
            return _last_use(trigger, case)
        case ExcipientTrigger():
            return _excipient(trigger, case)
        case AgeTrigger():
            return _age(trigger, case)
        case FactTrigger():
            return _fact(trigger, case)
        case GapTrigger():
            return _gap(trigger, case)


def fitted(text: str) -> str:
    """The text cut to what fits into a row of the queue."""
    return text if len(text) <= LONGEST_PHRASE else text[: LONGEST_PHRASE - 1].rstrip() + "…"


def _said_so(question: str, values: Sequence[str], case: Case) -> str:
    return f"{case.rules.label(question)}: {', '.join(case.rules.value(each) for each in values)}"


def _answer(trigger: AnswerTrigger, case: Case) -> list[Hit]:
    if not is_met(trigger.condition, case.answers):
        return []
    question = trigger.condition.question
    given = answer_values(case.answers, question)
    values = [each for each in given if each in trigger.condition.any_of] or list(given)
    phrase = trigger.phrase.replace(
        "{values}", ", ".join(case.rules.value(each) for each in values)
    )
    return [
        Hit(
            fitted(phrase),
            _said_so(question, values, case),
            trigger.severity,
            urgent=trigger.urgent,
        )
    ]


def _applies(trigger: MedicineTrigger, match: MedicineMatch) -> bool:
    if match.source not in trigger.sources:
        return False
    if match.entry_id not in trigger.entries and match.medicine_class not in trigger.classes:
        return False
    if trigger.tags and not match.tags.intersection(trigger.tags):
        return False
    return not match.tags.intersection(trigger.without_tags)


def _medicine_hit(trigger: MedicineTrigger, match: MedicineMatch, case: Case) -> Hit:
    sure = match.certainty is Certainty.EXACT and match.said is Said.PLAIN
    why = f"{case.rules.label(match.source)}: “{match.phrase}”"
    if match.question:
        why = f"{why}. {match.question}"
    return Hit(_medicine_phrase(trigger, match), why, trigger.severity, softened=not sure)


def _medicine_phrase(trigger: MedicineTrigger, match: MedicineMatch) -> str:
    if match.said is not Said.PLAIN:
        return fitted(f"{_SAID[match.said]}: {match.name}")
    written = " ".join(match.matched_text.split())
    if match.certainty is Certainty.ASK:
        return fitted(f"Ask about “{written}”")
    if written.lower() == match.name.lower():
        return fitted(trigger.phrase.replace("{name}", written))
    both = trigger.phrase.replace("{name}", f"{written} ({match.name})")
    return (
        both if len(both) <= LONGEST_PHRASE else fitted(trigger.phrase.replace("{name}", written))
    )


def _last_use(trigger: LastUseTrigger, case: Case) -> list[Hit]:
    given = answer_values(case.answers, trigger.date_question)
    if not given:
        return []  # an unanswered safety question is reported as such
    value = given[0]
    kind, named = _wait_kind(trigger, case)
    why = _last_use_why(trigger, value, case)
    if value in trigger.never and named:
        return (
            [Hit(fitted(trigger.denied_phrase), why, Severity.RELATIVE)]
            if kind in trigger.waits
            else []
        )
    if value == "not_sure":
        return [Hit(fitted(trigger.unsure_phrase), why)] if kind in trigger.waits else []
    last_use = _as_date(value)
    if last_use is None or kind not in trigger.waits:
        return []
    phrase = fitted(trigger.phrase.replace("{ago}", _ago(last_use, case.facts.on)))
    if kind is WaitKind.SPECIALIST:
        return [Hit(phrase, f"{why}. No fixed wait: a specialist decides.")]
    return _running_wait(case.policy.wait(kind), last_use, phrase, why, case)


def _running_wait(
    wait: WaitDays, last_use: datetime.date, phrase: str, why: str, case: Case
) -> list[Hit]:
    earliest = wait.earliest_start(last_use)
    if case.facts.on >= earliest:
        return []
    override = wait.earliest_by_override(last_use)
    why = f"{why}. Wait of {wait.days} days: first dose from {full_day(earliest)}."
    return [Hit(phrase, why, earliest_start=earliest, min_override=override)]


def _wait_kind(trigger: LastUseTrigger, case: Case) -> tuple[WaitKind, bool]:
    """The longest wait among the things named, and whether any was. What is not surely named waits longest."""
    named = [each for each in case.matches if each.source == trigger.name_question]
    kinds: list[WaitKind] = [each.wait for each in named if each.wait is not WaitKind.NONE]
    text = f" {' '.join(answer_values(case.answers, trigger.name_question)).lower()} "
    guessed = any(each in text for each in trigger.unsure_words)
    if not kinds or guessed or any(each.certainty is Certainty.ASK for each in named):
        kinds.append(case.rules.unknown_wait)
    return max(kinds, key=_WEAKEST_WAIT_FIRST.index), bool(named)


def _last_use_why(trigger: LastUseTrigger, value: str, case: Case) -> str:
    last_use = _as_date(value)
    when = full_day(last_use) if last_use is not None else case.rules.value(value)
    why = f"{case.rules.label(trigger.date_question)}: {when}"
    named = " ".join(" ".join(answer_values(case.answers, trigger.name_question)).split())
    return f"{why}, “{named}”" if named else f"{why}, not named"


def _as_date(value: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def _ago(last_use: datetime.date, on: datetime.date) -> str:
    days = (on - last_use).days
    if days < 0:
        return "dated ahead"
    if days == 0:
        return "today"
    return "1 day ago" if days == 1 else f"{days} days ago"


def _excipient(trigger: ExcipientTrigger, case: Case) -> list[Hit]:
    avoided = [
        each for each in answer_values(case.answers, trigger.question) if each in trigger.flags
    ]
    if not avoided:
        return []
    if case.facts.excipients is None:
        return [_excipient_hit(trigger, avoided, case, "formula not set", Severity.RELATIVE)]
    held = [each for each in avoided if each in case.facts.excipients]
    if held:
        return [_excipient_hit(trigger, held, case, "in formula", Severity.RELATIVE)]
    return [_excipient_hit(trigger, avoided, case, "not in formula", Severity.COUNSEL)]


def _excipient_hit(
    trigger: ExcipientTrigger, flags: list[str], case: Case, where: str, severity: Severity
) -> Hit:
    names = ", ".join(case.rules.value(each) for each in flags)
    phrase = f"{trigger.phrase.replace('{values}', names)} ({where})"
    if len(phrase) > LONGEST_PHRASE:
        phrase = f"{trigger.phrase.replace('{values}', f'{len(flags)} ingredients')} ({where})"
    return Hit(fitted(phrase), f"{_said_so(trigger.question, flags, case)} ({where})", severity)


def _age(trigger: AgeTrigger, case: Case) -> list[Hit]:
    age = case.age_years
    if age is None:
        return []  # reported as unanswered
    below = trigger.below is not None and age < trigger.below
    at_least = trigger.at_least is not None and age >= trigger.at_least
    return [Hit(fitted(trigger.phrase), f"Age: {age}")] if below or at_least else []


def _fact(trigger: FactTrigger, case: Case) -> list[Hit]:
    match trigger.fact:
        case Fact.FIRST_FILL:
            return [Hit(fitted(trigger.phrase), "First fill")] if case.facts.first_fill else []


def _gap(trigger: GapTrigger, case: Case) -> list[Hit]:
    gap = case.facts.gap_days
    if gap is None or gap <= trigger.more_than_days:
        return []
    return [Hit(fitted(trigger.phrase), f"{gap} days without the medicine")]
