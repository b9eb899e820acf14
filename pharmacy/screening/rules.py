"""Safety screening: every rule that a patient's answers, medicines and order meet.

Pure: the same answers on the same day always give the same findings. What is not answered is a finding; that no
medicine was recognized never clears anybody, for the direct questions are asked and required all the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from compounding.errors import Refusal
from pharmacy.screening.conditions import Answers, any_group_met, is_answered
from pharmacy.screening.facts import ScreeningFacts
from pharmacy.screening.names import MedicineMatch
from pharmacy.screening.policy import ScreeningPolicy
from pharmacy.screening.rule_set import Rule, RuleSet, Severity, Source
from pharmacy.screening.substances import ScreenedSubstance
from pharmacy.screening.triggers import Case, Hit, fitted, hits

__all__ = [
    "UNANSWERED",
    "RuleFinding",
    "ScreeningFacts",
    "Unanswered",
    "queue_order",
    "require_answered",
    "screen",
    "unanswered_questions",
]

UNANSWERED: Final = "UNANSWERED"
_WEIGHT: Final = {Severity.ABSOLUTE: 0, Severity.RELATIVE: 1, Severity.COUNSEL: 2}
_AGE: Final = "age"


class Unanswered(Refusal):
    """Safety questions are not answered."""

    def __init__(self, questions: tuple[str, ...], labels: Sequence[str]) -> None:
        super().__init__(f"Not answered yet: {', '.join(labels)}.")
        self.questions = questions


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One rule that stands, in one short phrase for the queue, with its evidence and its three wordings."""

    rule_id: str
    topic: str
    severity: Severity
    phrase: str
    why: tuple[str, ...]
    pharmacist: str
    prescriber: str
    patient: str
    earliest_start: datetime.date | None
    min_override: datetime.date | None
    urgent: bool
    unanswered: bool
    sources: tuple[Source, ...]

    @property
    def blocks(self) -> bool:
        """Whether the order cannot go on until a pharmacist has resolved this."""
        return self.severity is Severity.ABSOLUTE

    @property
    def holds(self) -> bool:
        """Whether the order waits for a pharmacist."""
        return self.severity in (Severity.ABSOLUTE, Severity.RELATIVE)


def screen(
    answers: Answers,
    *,
    substance: ScreenedSubstance,
    age_years: int | None,
    matches: Sequence[MedicineMatch],
    facts: ScreeningFacts,
    policy: ScreeningPolicy,
) -> tuple[RuleFinding, ...]:
    """Return every rule that stands, most urgent first.

    Raises MissingPolicy when the policy lacks a wait that the rules need, whether or not this case uses it.
    """
    rules = substance.rules
    for kind in rules.waits() | {rules.unknown_wait}:
        policy.wait(kind)
    case = Case(answers, age_years, matches, facts, policy, rules)
    findings = [found for rule in rules.rules if (found := _finding(rule, case)) is not None]
    if missing := unanswered_questions(answers, rules, age_years=age_years):
        findings.append(_unanswered_finding(missing, rules))
    return queue_order(findings)


def queue_order(findings: Sequence[RuleFinding]) -> tuple[RuleFinding, ...]:
    """Urgent ones first, then by severity; otherwise in the order of the rules."""
    return tuple(sorted(findings, key=lambda each: (not each.urgent, _WEIGHT[each.severity])))


def unanswered_questions(
    answers: Answers, rules: RuleSet, *, age_years: int | None
) -> tuple[str, ...]:
    """The safety questions that this person is asked and has not answered; "age" without a date of birth."""
    asked = [each for each in rules.safety_questions if any_group_met(each.asked_if, answers)]
    missing = [each.question for each in asked if not is_answered(answers, each.question)]
    return tuple(missing if age_years is not None else [*missing, _AGE])


def require_answered(answers: Answers, rules: RuleSet, *, age_years: int | None) -> None:
    """Raise Unanswered when a safety question is not answered."""
    missing = unanswered_questions(answers, rules, age_years=age_years)
    if missing:
        raise Unanswered(missing, [rules.label(each) for each in missing])


def _finding(rule: Rule, case: Case) -> RuleFinding | None:
    found = [hit for trigger in rule.triggers for hit in hits(trigger, case)]
    if not found:
        return None
    leading = min(found, key=lambda hit: (not hit.urgent, _WEIGHT[_severity(rule, hit)]))
    return RuleFinding(
        rule_id=rule.id,
        topic=rule.topic,
        severity=_severity(rule, leading),
        phrase=leading.phrase,
        why=tuple(dict.fromkeys(hit.why for hit in found)),
        pharmacist=rule.pharmacist,
        prescriber=rule.prescriber,
        patient=rule.patient,
        earliest_start=max(
            (hit.earliest_start for hit in found if hit.earliest_start), default=None
        ),
        min_override=max((hit.min_override for hit in found if hit.min_override), default=None),
        urgent=any(hit.urgent for hit in found),
        unanswered=False,
        sources=rule.sources,
    )


def _severity(rule: Rule, hit: Hit) -> Severity:
    severity = hit.severity or rule.severity
    if hit.softened and severity is Severity.ABSOLUTE:
        return Severity.RELATIVE
    return severity


def _unanswered_finding(missing: tuple[str, ...], rules: RuleSet) -> RuleFinding:
    labels = [rules.label(each) for each in missing]
    phrase = (
        f"Not answered: {labels[0]}"
        if len(labels) == 1
        else f"{len(labels)} questions not answered"
    )
    return RuleFinding(
        rule_id=UNANSWERED,
        topic="Questions not answered",
        severity=Severity.RELATIVE,
        phrase=fitted(phrase),
        why=tuple(f"{each}: not answered" for each in labels),
        pharmacist="Ask these questions before you decide. Silence is not a “no”.",
        prescriber="The patient has not answered every safety question yet.",
        patient="We still need a few answers from you before we can fill this.",
        earliest_start=None,
        min_override=None,
        urgent=False,
        unanswered=True,
        sources=(),
    )
