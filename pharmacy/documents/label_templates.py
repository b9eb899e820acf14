"""What must stand on a container label, state by state. Data: data/label_templates.json, each field with its source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.policies.queries import in_force

_DATA = Path(__file__).parent / "data" / "label_templates.json"
STATE = "label.state"
"""The policy that names the template: a pharmacist owns the choice."""
PATIENTS_STATE = "label.patients_state"
"""The policy that says whether the template of the patient's state stands in, where there is one."""


class NoSuchTemplate(Refusal):
    """No label template bears the name of this state."""


class LabelIncomplete(Refusal):
    """Something that a rule asks for on the label is not known."""


@dataclass(frozen=True)
class RequiredField:
    """One thing that must stand on a label, and the rule that asks for it."""

    name: str
    source: str
    only_if_any: bool
    """Whether the label is whole without it when there is nothing to say."""


@dataclass(frozen=True)
class LabelTemplate:
    """What a state's rule asks for: the cluster and what stands around it, each in order, and the least sizes."""

    key: str
    name: str
    rules: str
    cluster: tuple[str, ...]
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    cluster_points: str
    cluster_share: str
    other_points: str
    fields: tuple[RequiredField, ...]

    def check_complete(self, said: Mapping[str, object]) -> None:
        """Raise LabelIncomplete, with the name of the first field that must stand on the label and is empty."""
        for field in self.fields:
            if not field.only_if_any and _is_empty(said[field.name]):
                raise LabelIncomplete(
                    _('The label has no "%(field)s", which must stand on it: %(source)s.')
                    % {"field": field.name.replace("_", " "), "source": field.source}
                )

    def frozen(self) -> dict[str, Any]:
        """Return what a label keeps of it: which rules it follows, and the sizes it was set in."""
        return {
            "key": self.key,
            "rules": self.rules,
            "cluster": list(self.cluster),
            "cluster_points": self.cluster_points,
            "cluster_share": self.cluster_share,
            "other_points": self.other_points,
        }


def label_template(key: str) -> LabelTemplate:
    """Return the template of a state by its two letters, or the one for all, "US". Raises NoSuchTemplate."""
    found = templates().get(key)
    if found is None:
        raise NoSuchTemplate(
            _('There is no label template "%(key)s". There are: %(all)s.')
            % {"key": key, "all": ", ".join(templates())}
        )
    return found


def template_for(patients_state: str, *, on: date) -> LabelTemplate:
    """Return the template that the policies of that day name for a patient who lives in a state (or "").

    Raises NoSuchTemplate or NoPolicy.
    """
    policies = in_force((STATE, PATIENTS_STATE), on=on)
    theirs = templates().get(patients_state.strip().upper())
    if policies[PATIENTS_STATE].value == "yes" and theirs is not None:
        return theirs
    return label_template(policies[STATE].value)


@cache
def templates() -> Mapping[str, LabelTemplate]:
    """Return every template by its key. One that builds upon another has that one's fields too."""
    entries = json.loads(_DATA.read_text(encoding="utf-8"))["templates"]
    by_key = {each["key"]: each for each in entries}
    return {key: _template(each, by_key.get(each.get("with", ""))) for key, each in by_key.items()}


def _template(entry: Mapping[str, Any], base: Mapping[str, Any] | None) -> LabelTemplate:
    fields = {**(base["fields"] if base else {}), **entry["fields"]}
    rules = [base["rules"]] if base else []
    return LabelTemplate(
        key=entry["key"],
        name=entry["name"],
        rules="; ".join([*rules, entry["rules"]]),
        cluster=tuple(entry["cluster"]),
        facts=tuple(entry["facts"]),
        notes=tuple(entry["notes"]),
        cluster_points=entry["cluster_points"],
        cluster_share=entry["cluster_share"],
        other_points=entry["other_points"],
        fields=tuple(
            RequiredField(name, each["source"], each.get("only_if_any", False))
            for name, each in fields.items()
        ),
    )


def _is_empty(said: object) -> bool:
    """Whether there is nothing to read: no text, no line of several, or one of the pharmacy's particulars missing."""
    if isinstance(said, Mapping):
        return any(_is_empty(said[part]) for part in ("name", "address", "phone"))
    if isinstance(said, list):
        return not said
    return not str(said or "").strip()
