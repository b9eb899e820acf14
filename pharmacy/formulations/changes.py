"""What changed from one version of a formula to another, line by line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.formulations.drafts import FormulaFacts
from pharmacy.formulations.models import (
    FormulaCheck,
    FormulaLine,
    FormulaStep,
    MasterFormulationRecord,
)

_WORDS = re.compile(r"\s+|[^\s]+")
_ALIKE = 0.5
"""Two lines that share at least half of their words are one line that was changed."""


@dataclass(frozen=True)
class Stretch:
    """Some words of a changed text, and whether they differ from the other side."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Change:
    """One line that differs: where, what it is called, what it said, what it says; empty where it is not."""

    part: str
    what: str
    old: str
    new: str

    @property
    def old_stretches(self) -> list[Stretch]:
        return _stretches(self.old, self.new)

    @property
    def new_stretches(self) -> list[Stretch]:
        return _stretches(self.new, self.old)


def changes_between(older: MasterFormulationRecord, newer: MasterFormulationRecord) -> list[Change]:
    """Return every line that differs between two versions, in the order of the record; empty when none does."""
    return [
        *_fact_changes(older, newer),
        *_row_changes(_("Ingredients"), _("Ingredient %(number)s"), _lines(older), _lines(newer)),
        *_row_changes(_("Procedure"), _("Step %(number)s"), _steps(older), _steps(newer)),
        *_row_changes(_("Quality control"), _("Test %(number)s"), _checks(older), _checks(newer)),
    ]


def line_words(line: FormulaLine) -> str:
    """Return an ingredient's line in one sentence."""
    told = [line.ingredient.name, line.get_role_display()]
    if line.is_alternative:
        told.append(_("alternative"))
    if line.amount is not None:
        told.append(f"{wording.grouped(line.amount)} {line.ingredient.get_unit_display()}")
    told.append("{" + line.key + "}")
    if line.caution_reason:
        told.append(line.caution_reason)
    return ", ".join(told)


def step_words(step: FormulaStep) -> str:
    """Return a step with all that belongs to it in one sentence."""
    told = [step.text]
    if step.is_critical:
        told.append(_("[critical]"))
    if step.timer_seconds:
        told.append(_("[timer %(seconds)s s]") % {"seconds": wording.number(step.timer_seconds)})
    if step.check_text:
        asked = " ".join(filter(None, (step.check_text, step.entry, step.entry_unit)))
        told.append(_("[check: %(check)s]") % {"check": asked})
    if step.hazard:
        told.append(_("[hazard: %(hazard)s]") % {"hazard": step.hazard})
    if step.protective_equipment:
        told.append(_("[wear: %(what)s]") % {"what": ", ".join(step.protective_equipment)})
    return " ".join(told)


def check_words(check: FormulaCheck) -> str:
    """Return a quality control procedure with its expected result and limits in one sentence."""
    told = [f"{capfirst(check.get_kind_display())}:", check.procedure, check.expected]
    limits = limits_words(check)
    return " ".join([*told, f"({limits})"] if limits else told)


def limits_words(check: FormulaCheck) -> str:
    """Return the limits of a measured test: "6.5 to 7.5", "at least 30 mL", or nothing."""
    low = None if check.lowest is None else wording.number(check.lowest)
    high = None if check.highest is None else wording.number(check.highest)
    if low is None and high is None:
        return ""
    if low is None:
        said = _("at most %(high)s") % {"high": high}
    elif high is None:
        said = _("at least %(low)s") % {"low": low}
    else:
        said = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return f"{said} {check.unit}".strip()


def fact_words(formula: MasterFormulationRecord, name: str) -> str | list[str]:
    """Return what a column says, as text or as a list of texts."""
    value: Any = getattr(formula, name)
    if isinstance(value, list):
        return [str(each) for each in value]
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    display = getattr(formula, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    if isinstance(value, Decimal):
        return wording.number(value)
    return value.name if isinstance(value, Model) else str(value)  # type: ignore[attr-defined]


def _fact_changes(
    older: MasterFormulationRecord, newer: MasterFormulationRecord
) -> Iterator[Change]:
    part = _("The record")
    for field in fields(FormulaFacts):
        column = MasterFormulationRecord._meta.get_field(field.name)
        label = str(capfirst(column.verbose_name))  # type: ignore[union-attr]
        old, new = fact_words(older, field.name), fact_words(newer, field.name)
        if isinstance(old, list) and isinstance(new, list):
            yield from _row_changes(part, label.replace("%", "%%"), old, new)
        elif old != new:
            yield Change(part, label, str(old), str(new))


def _lines(formula: MasterFormulationRecord) -> list[str]:
    lines = formula.lines.select_related("ingredient").order_by("position")
    return [line_words(line) for line in lines]


def _steps(formula: MasterFormulationRecord) -> list[str]:
    return [step_words(step) for step in formula.steps.order_by("position")]


def _checks(formula: MasterFormulationRecord) -> list[str]:
    return [check_words(check) for check in formula.quality_checks.order_by("position")]


def _row_changes(part: str, label: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """`label` may hold %(number)s: the place of the row, in the newer version where it is still there."""
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            continue
        for old_at, new_at in _paired(old, new, range(old_from, old_to), range(new_from, new_to)):
            number = (old_at if new_at is None else new_at) or 0
            yield Change(
                part,
                label % {"number": number + 1},
                "" if old_at is None else old[old_at],
                "" if new_at is None else new[new_at],
            )


def _paired(
    old: Sequence[str], new: Sequence[str], old_rows: range, new_rows: range
) -> Iterator[tuple[int | None, int | None]]:
    """Rows that are alike were changed, in their order; what is left over is new or gone."""
    unpaired = list(old_rows)
    for new_at in new_rows:
        partner = next((at for at in unpaired if _alike(old[at], new[new_at])), None)
        while partner is not None and unpaired and unpaired[0] != partner:
            yield unpaired.pop(0), None
        if partner is not None:
            unpaired.remove(partner)
        yield partner, new_at
    for old_at in unpaired:
        yield old_at, None


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(a=one.split(), b=other.split(), autojunk=False).ratio() >= _ALIKE


def _stretches(text: str, other: str) -> list[Stretch]:
    words, others = _WORDS.findall(text), _WORDS.findall(other)
    matcher = SequenceMatcher(a=words, b=others, autojunk=False)
    return [
        Stretch("".join(words[start:end]), tag != "equal")
        for tag, start, end, _other_start, _other_end in matcher.get_opcodes()
        if end > start
    ]
