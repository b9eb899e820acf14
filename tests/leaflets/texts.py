"""Every sentence that the product starts with, gathered by who reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pharmacy.leaflets
from pharmacy.intake.questionnaire import QUESTIONNAIRE
from pharmacy.screening.substances import load_substance

SEED: Final = Path(pharmacy.leaflets.__file__).parent / "seed"
FILLED: Final = {
    "opioid_free_days_short": "10",
    "opioid_free_days_long": "14",
    "after_opioid_restart_days_short": "10",
    "surgery_hold_days": "3",
    "surgery_hold_hours": "72",
    "half_dose_days": "7",
    "missed_days_restart": "7",
    "benefit_weeks": "12",
    "followup_days": "7 and 28",
    "pharmacy_phone": "555 0140",
    "emergency_number": "911",
    "crisis_line": "988",
    "poison_line": "1-800-222-1222",
    "fda_report_line": "1-800-332-1088",
    "patient_name": "Ana",
    "prescriber_name": "Lee",
    "condition_name": "fibromyalgia",
    "condition_line": "Mixed.",
    "condition_because": "",
    "storage": "Keep it at room temperature.",
    "beyond_use_date": "5 May",
    "current_dose": "1.5 mg",
    "warn_above_mg": "4.5",
    "override_above_mg": "6",
}


def seed(name: str) -> dict[str, Any]:
    """One seed file of the leaflets."""
    data: dict[str, Any] = json.loads((SEED / name).read_text(encoding="utf-8"))
    return data


def blocks() -> list[dict[str, Any]]:
    """The blocks of the leaflet edition."""
    found: list[dict[str, Any]] = seed("leaflet_edition.json")["blocks"]
    return found


def filled(text: str) -> str:
    """The text as it reads with its placeholders filled."""
    return re.sub(r"\{(\w+)\}", lambda found: FILLED[found.group(1)], text)


def block_texts(block: dict[str, Any]) -> Iterator[str]:
    """Heading, paragraphs and list items of a block."""
    yield filled(block["heading"])
    for item in block["items"]:
        if item["kind"] == "paragraph":
            yield filled(item["text"])
        else:
            yield from (filled(each) for each in item["items"])


def leaflet_for_patients() -> list[str]:
    """All of the patient's page."""
    return [
        text for each in blocks() if each["audience"] == "patient" for text in block_texts(each)
    ]


def questionnaire() -> list[str]:
    """Every sentence of the intake."""
    return [text for page in QUESTIONNAIRE.pages for text in _page_texts(page) if text]


def _page_texts(page: Any) -> Iterator[str]:
    yield from (str(page.title), str(page.intro))
    for question in page.questions:
        yield from (
            str(question.text),
            str(question.hint),
            str(question.why),
            str(question.missing),
        )
        for option in question.options:
            yield from (str(option.label), str(option.hint))
        for alert in question.alerts:
            yield from (str(alert.title), str(alert.text))


def rule_texts_for_patients() -> list[str]:
    """What the safety rules say to patients."""
    return [rule.patient for rule in load_substance("naltrexone-hydrochloride").rules.rules]


def condition_lines() -> list[str]:
    """What may be said to patients about the evidence."""
    return [each["patient_line"] for each in seed("conditions.json")["conditions"]]


def for_patients() -> list[str]:
    """Everything a patient may read."""
    return [
        *leaflet_for_patients(),
        *questionnaire(),
        *rule_texts_for_patients(),
        *condition_lines(),
    ]


def for_professionals() -> list[str]:
    """Everything prescribers and pharmacists may read."""
    rules = load_substance("naltrexone-hydrochloride").rules.rules
    return [
        *(text for each in blocks() if each["audience"] != "patient" for text in block_texts(each)),
        *(rule.pharmacist for rule in rules),
        *(rule.prescriber for rule in rules),
        *(rule.topic for rule in rules),
        *(each["because"] for each in seed("conditions.json")["conditions"]),
        *(each["finding"] for each in seed("studies.json")["studies"]),
    ]
