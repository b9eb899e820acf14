"""The policies a pharmacy starts from: complete, readable as what they are, and one for every key that is read."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db.models import CharField

import pharmacy
from pharmacy.policies.models import PolicyVersion

ROOMS = Path(pharmacy.__file__).parent
POLICIES: dict[str, dict[str, Any]] = {
    each["key"]: each
    for each in json.loads((ROOMS / "policies/seed/policies.json").read_text(encoding="utf-8"))[
        "policies"
    ]
}
READERS = {"policy", "find_policy", "decimal_of", "whole_of", "text_of"}
WORDS = {
    "US",
    "no",
    "roll-4x2",
    "roll-3x2",
    "skip",
    "same_step",
    "day1",
    "yes",
    "appearance",
    "7,28",
    "911",
    "988",
    "1-800-222-1222",
    "1-800-FDA-1088",
}


def _keys_read() -> Iterator[tuple[str, str]]:
    """Every key handed to a reader of policies as a literal or as a constant of the same module."""
    for path in sorted(ROOMS.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value.value, str)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name)):
                continue
            key = node.args[0]
            if (
                node.func.id in READERS
                and isinstance(key, ast.Constant)
                and isinstance(key.value, str)
            ):
                yield str(path.relative_to(ROOMS)), key.value
            elif node.func.id in READERS and isinstance(key, ast.Name) and key.id in constants:
                yield str(path.relative_to(ROOMS)), constants[key.id]


def test_every_policy_that_is_read_is_seeded() -> None:
    read = list(_keys_read())
    assert len(read) > 3
    assert [(path, key) for path, key in read if key not in POLICIES] == []


@pytest.mark.parametrize("key", sorted(POLICIES))
def test_a_policy_fits_its_columns_and_names_its_source(key: str) -> None:
    entry = POLICIES[key]
    for column, name in (("key", "key"), ("title", "title"), ("value", "value"), ("unit", "unit"),
                         ("minimum_override", "min_override"), ("source_status", "source_status")):  # fmt: skip
        field = PolicyVersion._meta.get_field(column)
        assert isinstance(field, CharField)
        assert field.max_length is not None
        assert len(entry[name] or "") <= field.max_length
    assert entry["source_text"]
    assert entry["source_status"] in {"source", "memory", "design"}


@pytest.mark.parametrize("key", sorted(POLICIES))
def test_a_value_is_a_number_unless_it_is_a_word_on_purpose(key: str) -> None:
    entry = POLICIES[key]
    if key.startswith("plan_preset.") or entry["value"] in WORDS:
        return
    value = Decimal(entry["value"])
    assert value >= 0
    if entry["min_override"] is not None:
        assert Decimal(entry["min_override"]) <= value


@pytest.mark.parametrize(
    ("key", "value", "override"),
    [
        ("opioid_free_days.short", "10", "7"),
        ("opioid_free_days.long", "14", "10"),
        ("surgery_hold_hours", "72", "24"),
        ("bud_days.aqueous_nonpreserved", "14", None),
        ("bud_days.aqueous_preserved", "35", None),
        ("bud_days.nonaqueous_liquid", "90", None),
        ("bud_days.nonaqueous_other", "180", None),
        ("bud_day_count", "day1", None),
        ("followup_days", "7,28", None),
        ("half_dose_days", "7", None),
        ("dose_limits.naltrexone-hydrochloride.warn_below_mg", "0.1", None),
        ("dose_limits.naltrexone-hydrochloride.warn_above_mg", "4.5", None),
        ("dose_limits.naltrexone-hydrochloride.override_above_mg", "6", None),
        ("dose_limits.naltrexone-hydrochloride.refuse_above_mg", "10", None),
        ("plan_preset.capsules_1_5", "1.5x14 3x14 4.5x28", None),
    ],
)
def test_the_values_agreed_on(key: str, value: str, override: str | None) -> None:
    assert (POLICIES[key]["value"], POLICIES[key]["min_override"]) == (value, override)


@pytest.mark.parametrize(
    "key", [each for each in sorted(POLICIES) if each.startswith("plan_preset.")]
)
def test_a_ready_made_plan_is_doses_and_days(key: str) -> None:
    for step in POLICIES[key]["value"].split():
        dose, days = step.split("x")
        assert Decimal("0.1") <= Decimal(dose) <= Decimal("4.5")
        assert 1 <= int(days) <= 28
