"""Answers to the safety questions, as a patient of the demonstration gives them."""

from typing import Any

CLEAN_ANSWERS: dict[str, Any] = {
    "opioid_now": "no",
    "opioid_last_date": "never",
    "opioid_like_supplement": "no",
    "oud_treatment": "no",
    "oud_history": "no",
    "opioid_withdrawal_symptoms": "no",
    "opioid_urine": "not_done",
    "drug_testing": "no",
    "medicines": ["vitamin D 1000 IU"],
    "medicines_complete": "all",
    "supplements": [],
    "supplements_complete": "none",
    "thyroid_med": "no",
    "immunosuppressant": "no",
    "allergy": ["none"],
    "species": "me",
    "sex_at_birth": "female",
    "liver": "none",
    "lft_raised": "no",
    "kidney": "none",
    "transplant": "no",
    "cancer": "none",
    "pregnant": "no",
    "trying": "no",
    "breastfeeding": "no",
    "surgery_planned": "no",
    "alcohol": "light",
    "mood_severe": "no",
    "ldn_before": "no",
    "ack_offlabel": "yes",
    "ack_opioid": "yes",
    "ack_contact": "yes",
    "signed_by": "me",
}
"""Nothing here holds an order."""


def answers(**changed: Any) -> dict[str, Any]:
    """Return the clean answers with some changed."""
    return {**CLEAN_ANSWERS, **changed}
