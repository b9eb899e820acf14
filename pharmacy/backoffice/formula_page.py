"""What stands on a formula's page: the eleven items of a master formulation record, as an inspector reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.backoffice.plan_panel import Fact
from pharmacy.formulations.cautions import caution_for
from pharmacy.formulations.changes import limits_words
from pharmacy.formulations.models import (
    Allowed,
    ExcipientFact,
    FormulaCheck,
    FormulaLine,
    FormulaStep,
    IngredientCaution,
    LineRole,
    MasterFormulationRecord,
)
from pharmacy.formulations.step_texts import pieces
from pharmacy.formulations.words import in_its_unit, range_words, study_words

_PACKAGING = (LineRole.SHELL, LineRole.CONTAINER)


@dataclass(frozen=True)
class LineRow:
    """One ingredient: what it is, how much, what it contains, whether it may stand beside the active."""

    line: FormulaLine
    amount: str
    contains: tuple[str, ...]
    caution: IngredientCaution | None

    @property
    def tone(self) -> str:
        return "stop" if self.caution and self.caution.allowed == Allowed.NO else "hold"


@dataclass(frozen=True)
class Words:
    """A stretch of a step: plain words, or a quantity that scales with the batch."""

    text: str
    is_quantity: bool


@dataclass(frozen=True)
class StepRow:
    """One step with what belongs to it."""

    step: FormulaStep
    words: tuple[Words, ...]
    timer: str
    wear: str


@dataclass(frozen=True)
class CheckRow:
    """One quality control procedure."""

    check: FormulaCheck
    limits: str


def formula_with_parts(formula_id: int) -> MasterFormulationRecord:
    """Return a version with all that its page shows. Raises MasterFormulationRecord.DoesNotExist."""
    lines = FormulaLine.objects.select_related("ingredient__substance").order_by("position")
    return (
        MasterFormulationRecord.objects.select_related(
            "strength_substance", "author", "approved_by", "makes"
        )
        .prefetch_related(
            Prefetch("lines", lines.prefetch_related("ingredient__cautions__substance")),
            Prefetch("steps", FormulaStep.objects.order_by("position")),
            Prefetch("quality_checks", FormulaCheck.objects.order_by("position")),
        )
        .get(pk=formula_id)
    )


def formula_context(found: MasterFormulationRecord) -> dict[str, Any]:
    """Return the eleven items of the record, in the order of USP <795> (2023) section 7."""
    lines = list(found.lines.all())
    rows = [_line_row(line, found) for line in lines]
    return {
        "range": range_words(found),
        "preparation": _preparation(found),
        "components": [row for row in rows if row.line.role not in _PACKAGING],
        "packaging": [row for row in rows if row.line.role in _PACKAGING],
        "bottle": _bottle(found),
        "steps": step_rows(list(found.steps.all()), lines),
        "keeping": _keeping(found),
        "study": _study(found),
        "checks": [CheckRow(check, limits_words(check)) for check in found.quality_checks.all()],
    }


def step_rows(steps: Sequence[FormulaStep], lines: Sequence[FormulaLine]) -> list[StepRow]:
    """Return the steps; a quantity stands as the name of its ingredient until a batch gives it a number."""
    names = {line.key: line.ingredient.label_name for line in lines if not line.is_alternative}
    return [
        StepRow(
            step=step,
            words=_words(step.text, names),
            timer=seconds_words(step.timer_seconds),
            wear=", ".join(step.protective_equipment),
        )
        for step in steps
    ]


def seconds_words(seconds: int | None) -> str:
    """Return how long a timer runs: "10 min", "90 s", or nothing."""
    if not seconds:
        return ""
    if seconds % 60 == 0:
        return _("%(count)s min") % {"count": seconds // 60}
    return _("%(count)s s") % {"count": seconds}


def _words(text: str, names: Mapping[str, str]) -> tuple[Words, ...]:
    of_the_batch = {
        "batch": _("size of the batch"),
        "units": _("units of the batch"),
        "fill": _("fill of each"),
        "strength": _("strength"),
    }
    known = of_the_batch | dict(names)
    found = []
    for piece in pieces(text):
        word = known.get(piece.key, piece.text) if piece.key else piece.text
        if piece.is_half:
            word = _("half of %(amount)s") % {"amount": word}
        found.append(Words(word, bool(piece.key)))
    return tuple(found)


def _line_row(line: FormulaLine, found: MasterFormulationRecord) -> LineRow:
    labels = dict(ExcipientFact.choices)
    caution = caution_for(line, found.strength_substance)
    return LineRow(
        line=line,
        amount=_amount(line, found),
        contains=tuple(str(labels.get(fact, fact)) for fact in line.ingredient.contains),
        caution=None if caution is None or caution.allowed == Allowed.YES else caution,
    )


def _amount(line: FormulaLine, found: MasterFormulationRecord) -> str:
    if line.amount is None:
        if line.role == LineRole.ACTIVE:
            by_label = _("follows the strength, by its label")
            return (
                by_label if line.is_alternative else _("follows the strength and the lot's potency")
            )
        return _("q.s. ad") if found.is_liquid else _("fills up")
    if line.role in _PACKAGING:
        return _("one to each")
    amount = f"{wording.grouped(line.amount)} {line.ingredient.get_unit_display()}"
    if found.is_liquid:
        return _("%(amount)s in 100 mL") % {"amount": amount}
    return _("%(amount)s a capsule") % {"amount": amount}


def _preparation(found: MasterFormulationRecord) -> list[Fact]:
    offered = ", ".join(in_its_unit(found, Decimal(each)) for each in found.strengths_offered)
    return _facts(
        (_("Dosage form"), capfirst(found.get_dosage_form_display())),
        (_("Route"), found.route),
        (_("Strength of"), found.strength_substance.name),
        (_("Made from"), range_words(found)),
        (_("Offered"), offered),
        (_("Overage"), wording.percent(found.overage_pct)),
        (_("Makes"), found.makes and found.makes.name),
    )


def _bottle(found: MasterFormulationRecord) -> str:
    if found.package_ml is None or found.fill_ml is None:
        return ""
    return _("%(label)s on the label, filled with %(fill)s.") % {
        "label": wording.millilitres(found.package_ml),
        "fill": wording.millilitres(found.fill_ml),
    }


def _keeping(found: MasterFormulationRecord) -> list[Fact]:
    shorter = found.bud_days_shorter
    return _facts(
        (_("Class"), capfirst(found.get_bud_class_display())),
        (_("Shorter limit"), shorter and wording.days(shorter)),
        (_("Water activity"), found.water_activity_basis),
        (_("Stored"), capfirst(found.get_storage_condition_display())),
        (_("In words"), found.storage),
    )


def _study(found: MasterFormulationRecord) -> list[Fact]:
    return [Fact(label, said) for label, said in study_words(found)]


def _facts(*told: tuple[str, Any]) -> list[Fact]:
    return [Fact(label, str(value)) for label, value in told if value]
