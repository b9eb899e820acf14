"""The safety rules of one substance, as data: what triggers them, what they ask for, what is said to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from compounding.errors import Refusal
from pharmacy.screening.conditions import Alternatives, Condition
from pharmacy.screening.medicines import WaitKind


class BrokenRuleSet(Refusal):
    """The rules contradict themselves."""


class Severity(StrEnum):
    """What a rule does to an order."""

    ABSOLUTE = "absolute"
    """Blocks until a pharmacist has resolved it."""
    RELATIVE = "relative"
    """Held for a pharmacist."""
    COUNSEL = "counsel"
    """Dispense with counseling, recorded."""


class Fact(StrEnum):
    """What is known about the order and not from the patient's answers."""

    FIRST_FILL = "first_fill"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from. Status "source" was read there; "memory" is to be checked."""

    text: str
    url: str | None
    status: str


@dataclass(frozen=True, slots=True)
class AnswerTrigger:
    """An answer was given."""

    condition: Condition
    phrase: str
    severity: Severity | None
    urgent: bool


@dataclass(frozen=True, slots=True)
class MedicineTrigger:
    """A medicine was named in one of the texts."""

    phrase: str
    severity: Severity | None
    sources: tuple[str, ...]
    entries: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    without_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastUseTrigger:
    """Something was last used so recently that the wait is not over."""

    date_question: str
    name_question: str
    waits: tuple[WaitKind, ...]
    never: tuple[str, ...]
    unsure_words: tuple[str, ...]
    """Words in the name that show a guess: what is guessed waits as long as the unknown."""
    phrase: str
    unsure_phrase: str
    denied_phrase: str


@dataclass(frozen=True, slots=True)
class ExcipientTrigger:
    """An allergy to an inactive ingredient, held against the formula."""

    question: str
    flags: tuple[str, ...]
    phrase: str


@dataclass(frozen=True, slots=True)
class AgeTrigger:
    """The patient's age in whole years."""

    phrase: str
    below: int | None
    at_least: int | None


@dataclass(frozen=True, slots=True)
class FactTrigger:
    """A fact about the order."""

    fact: Fact
    phrase: str


@dataclass(frozen=True, slots=True)
class GapTrigger:
    """Days without the medicine."""

    more_than_days: int
    phrase: str


Trigger = (
    AnswerTrigger
    | MedicineTrigger
    | LastUseTrigger
    | ExcipientTrigger
    | AgeTrigger
    | FactTrigger
    | GapTrigger
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One safety rule with its three wordings."""

    id: str
    topic: str
    severity: Severity
    triggers: tuple[Trigger, ...]
    pharmacist: str
    prescriber: str
    patient: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class SafetyQuestion:
    """A question that must be answered, and of whom it is asked (nothing: of everyone)."""

    question: str
    asked_if: Alternatives


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a substance, in their order of weight."""

    key: str
    version: str
    substance: str
    rules: tuple[Rule, ...]
    safety_questions: tuple[SafetyQuestion, ...]
    medicine_texts: tuple[str, ...]
    """The questions answered in free text that are searched for medicine names."""
    unknown_wait: WaitKind
    """The wait after something that could not be named."""
    question_labels: Mapping[str, str]
    value_labels: Mapping[str, str]

    def waits(self) -> frozenset[WaitKind]:
        """The waits in days that the rules need a policy for."""
        asked = {
            w
            for r in self.rules
            for t in r.triggers
            if isinstance(t, LastUseTrigger)
            for w in t.waits
        }
        return frozenset(asked - {WaitKind.NONE, WaitKind.SPECIALIST})

    def excipients(self) -> tuple[str, ...]:
        """The inactive ingredients that patients are asked about: the words a formula's flags must be of."""
        asked = [t.flags for r in self.rules for t in r.triggers if isinstance(t, ExcipientTrigger)]
        return tuple(dict.fromkeys(flag for flags in asked for flag in flags))

    def label(self, question: str) -> str:
        """A short name of a question, for the pharmacist."""
        return self.question_labels.get(question, question)

    def value(self, value: str) -> str:
        """An answer in words."""
        return self.value_labels.get(value, value.replace("_", " "))


def read_rule_set(data: Mapping[str, Any]) -> RuleSet:
    """Return the rules held in a rule file. Raises BrokenRuleSet when it contradicts itself."""
    rules = tuple(_rule(each) for each in data["rules"])
    if len({each.id for each in rules}) != len(rules):
        raise BrokenRuleSet("Two safety rules have the same id.")
    return RuleSet(
        key=data["rule_set"],
        version=data["version"],
        substance=data["substance"],
        rules=rules,
        safety_questions=tuple(_safety_question(each) for each in data["safety_questions"]),
        medicine_texts=tuple(data["medicine_texts"]),
        unknown_wait=WaitKind(data["unknown_wait"]),
        question_labels=data["question_labels"],
        value_labels=data["value_labels"],
    )


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(
        id=data["id"],
        topic=data["topic"],
        severity=Severity(data["severity"]),
        triggers=tuple(_trigger(each) for each in data["triggers"]),
        pharmacist=data["pharmacist"],
        prescriber=data["prescriber"],
        patient=data["patient"],
        sources=tuple(
            Source(each["text"], each["url"], each["status"]) for each in data["sources"]
        ),
    )


def _safety_question(data: Mapping[str, Any]) -> SafetyQuestion:
    groups: Sequence[Sequence[Mapping[str, Any]]] = data.get("asked_if", ())
    return SafetyQuestion(
        data["question"], tuple(tuple(_condition(c) for c in group) for group in groups)
    )


def _condition(data: Mapping[str, Any]) -> Condition:
    return Condition(
        data["question"], tuple(data.get("any_of", ())), tuple(data.get("none_of", ()))
    )


def _trigger(data: Mapping[str, Any]) -> Trigger:
    severity = Severity(data["severity"]) if "severity" in data else None
    match data["kind"]:
        case "answer":
            return AnswerTrigger(
                _condition(data), data["phrase"], severity, data.get("urgent", False)
            )
        case "medicine":
            return _medicine_trigger(data, severity)
        case "last_use":
            return _last_use_trigger(data)
        case "excipient":
            return ExcipientTrigger(data["question"], tuple(data["flags"]), data["phrase"])
        case "age":
            return AgeTrigger(data["phrase"], data.get("below"), data.get("at_least"))
        case "fact":
            return FactTrigger(Fact(data["fact"]), data["phrase"])
        case "gap":
            return GapTrigger(data["more_than_days"], data["phrase"])
        case other:
            raise BrokenRuleSet(f"A safety rule has a trigger of an unknown kind: {other}.")


def _medicine_trigger(data: Mapping[str, Any], severity: Severity | None) -> MedicineTrigger:
    if not data.get("entries") and not data.get("classes"):
        raise BrokenRuleSet(f"The trigger “{data['phrase']}” names no medicine and no class.")
    return MedicineTrigger(
        phrase=data["phrase"],
        severity=severity,
        sources=tuple(data["sources"]),
        entries=tuple(data.get("entries", ())),
        classes=tuple(data.get("classes", ())),
        tags=tuple(data.get("tags", ())),
        without_tags=tuple(data.get("without_tags", ())),
    )


def _last_use_trigger(data: Mapping[str, Any]) -> LastUseTrigger:
    return LastUseTrigger(
        date_question=data["date_question"],
        name_question=data["name_question"],
        waits=tuple(WaitKind(each) for each in data["waits"]),
        never=tuple(data["never"]),
        unsure_words=tuple(data["unsure_words"]),
        phrase=data["phrase"],
        unsure_phrase=data["unsure_phrase"],
        denied_phrase=data["denied_phrase"],
    )
