"""A patient whom nothing speaks against, the policy in force, and one call that screens a variation of both."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from pharmacy.screening.names import match_answers
from pharmacy.screening.policy import ScreeningPolicy, WaitDays
from pharmacy.screening.rules import RuleFinding, ScreeningFacts, screen
from pharmacy.screening.substances import load_substance

NALTREXONE: Final = load_substance("naltrexone-hydrochloride")
TODAY: Final = datetime.date(2026, 12, 5)
POLICY: Final = ScreeningPolicy(
    {
        "short": WaitDays(days=10, min_override_days=7),
        "long": WaitDays(days=14, min_override_days=10),
    }
)
CLEAR: Final[Mapping[str, Any]] = {
    "species": "me",
    "sex_at_birth": "female",
    "opioid_now": "no",
    "opioid_last_date": "never",
    "opioid_like_supplement": "no",
    "oud_treatment": "no",
    "oud_history": "no",
    "opioid_withdrawal_symptoms": "no",
    "medicines": ["Zoloft 50 mg daily", "vitamin D"],
    "medicines_complete": "all",
    "supplements": [],
    "supplements_complete": "none",
    "thyroid_med": "no",
    "immunosuppressant": "no",
    "allergy": ["none"],
    "liver": "none",
    "lft_raised": "no",
    "kidney": "none",
    "transplant": "no",
    "cancer": "none",
    "pregnant": "no",
    "trying": "no",
    "breastfeeding": "no",
    "surgery_planned": "no",
    "alcohol": "none",
    "mood_severe": "no",
}


def screened(
    *,
    age: int | None = 45,
    first_fill: bool = False,
    excipients: frozenset[str] | None = frozenset(),
    gap_days: int | None = None,
    on: datetime.date = TODAY,
    without: tuple[str, ...] = (),
    **changed: Any,
) -> dict[str, RuleFinding]:
    """Findings by rule for the clear patient with some answers changed or left out."""
    answers = {key: value for key, value in {**CLEAR, **changed}.items() if key not in without}
    found = screen(
        answers,
        substance=NALTREXONE,
        age_years=age,
        matches=match_answers(answers, NALTREXONE),
        facts=ScreeningFacts(
            on=on, first_fill=first_fill, excipients=excipients, gap_days=gap_days
        ),
        policy=POLICY,
    )
    return {each.rule_id: each for each in found}
