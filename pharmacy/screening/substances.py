"""The substances that can be screened for: each has its own medicine list and its own rules, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from compounding.errors import Refusal
from pharmacy.screening.medicines import MedicineDictionary, read_dictionary
from pharmacy.screening.rule_set import RuleSet, read_rule_set

_DATA: Final = Path(__file__).parent / "data"


class UnknownSubstance(Refusal):
    """Nothing is known about this substance, so nothing can be screened."""


@dataclass(frozen=True, slots=True)
class ScreenedSubstance:
    """What screening knows about one substance."""

    rules: RuleSet
    medicines: MedicineDictionary

    @property
    def version(self) -> str:
        """Both versions in one, to be stored with a result."""
        return f"{self.rules.key} rules {self.rules.version}, medicines {self.medicines.version}"


def known_substances() -> tuple[str, ...]:
    """The keys of all substances with screening data, in alphabetical order."""
    return tuple(sorted(each.name for each in _DATA.iterdir() if each.is_dir()))


@cache
def load_substance(rule_set: str) -> ScreenedSubstance:
    """Return rules and medicine list of a substance; they are read once. Raises UnknownSubstance."""
    if rule_set not in known_substances():
        raise UnknownSubstance(f"There are no screening rules for “{rule_set}”.")
    return ScreenedSubstance(
        rules=read_rule_set(_read(rule_set, "rules.json")),
        medicines=read_dictionary(_read(rule_set, "medicines.json")),
    )


def _read(rule_set: str, file_name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((_DATA / rule_set / file_name).read_text(encoding="utf-8"))
    return data
