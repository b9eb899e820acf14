"""The steps of a batch as they are read at the bench: the formula's sentences with this batch's quantities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DateTimeField, Field, IntegerField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from compounding import wording
from compounding.arithmetic import round_half_up
from compounding.drops import qs_ad
from compounding.worksheet import Worksheet
from pharmacy.batches.models import BatchLine, CompoundingRecord, StepDone
from pharmacy.batches.worksheets import sheet_from
from pharmacy.formulations.models import FormulaLine, FormulaStep, StepEntry, Unit
from pharmacy.formulations.step_texts import filled, keys_in, words_for
from pharmacy.formulations.words import strength_words, units_words

_SHOWN_PLACES = 4


@dataclass(frozen=True, kw_only=True)
class BenchStep:
    """One step with its quantities, what it warns of, and the lines of the batch that it names."""

    position: int
    text: str
    is_critical: bool
    timer_seconds: int | None
    check_text: str
    entry: str
    entry_unit: str
    hazard: str
    protective_equipment: tuple[str, ...]
    lines: tuple[BatchLine, ...]


def steps_for(
    record: CompoundingRecord, steps: Iterable[FormulaStep] | None = None
) -> list[BenchStep]:
    """Return the steps of a batch in their order, each with the batch's own quantities inside the sentence.

    `steps` are those of the formula's steps that are wanted, or all of them. Asks for the steps, and for the lines
    of the batch where a step names one, once each; `record.formula` should be there.
    """
    wanted = list(record.formula.steps.order_by("position") if steps is None else steps)
    named = {key for step in wanted for key in keys_in(step.text)}
    words = _batch_words(record)
    of_key: dict[str, list[BatchLine]] = {}
    if named - words.keys():
        of_key = _lines_by_key(record)
        words = {**{key: _said(lines) for key, lines in of_key.items()}, **words}
    if named - words.keys():
        words = {**_none_of(record), **words}
    return [_bench_step(step, words, of_key) for step in wanted]


def steps_left(record: CompoundingRecord) -> list[int]:
    """Return the numbers of the steps that are not marked as done for this batch, in their order."""
    done = StepDone.objects.filter(record=record).values("position")
    left = FormulaStep.objects.filter(formula_id=record.formula_id).exclude(position__in=done)
    return list(left.order_by("position").values_list("position", flat=True))


@dataclass(frozen=True)
class Followed:
    """One step of a batch's formula, and who did it, when, with what entered; nobody yet when `by_id` is None."""

    position: int
    by_id: int | None
    at: datetime | None
    entry: str

    def __str__(self) -> str:
        at = "" if self.at is None else self.at.astimezone(UTC).isoformat(timespec="seconds")
        return f"{at}, person {self.by_id}" + (f": {self.entry}" if self.entry else "")


def steps_followed(record: CompoundingRecord) -> list[Followed]:
    """Return every step of a batch's formula in its order, done or not."""
    steps = FormulaStep.objects.filter(formula_id=record.formula_id).order_by("position")
    fields: dict[str, Field[Any, Any]] = {
        "by_id": IntegerField(),
        "at": DateTimeField(),
        "entry": CharField(),
    }
    columns = (RawSQL(_DONE.format(column=n), [record.pk], field) for n, field in fields.items())
    return [
        Followed(position, by_id, at, entry or "")
        for position, by_id, at, entry in steps.values_list("position", *columns)
    ]


_DONE = (
    "SELECT d.{column} FROM batches_stepdone d "
    "WHERE d.record_id = %s AND d.position = formulations_formulastep.position"
)


def _bench_step(
    step: FormulaStep, words: Mapping[str, str], of_key: Mapping[str, list[BatchLine]]
) -> BenchStep:
    named = [line for key in keys_in(step.text) for line in of_key.get(key, ())]
    entry, check_text = step.entry, step.check_text
    if step.is_critical and entry == StepEntry.NONE:
        # A critical step is never done by the way: whoever did it says that it was checked.
        entry = StepEntry.CONFIRM
        check_text = check_text or _("It was done as it is written, and checked")
    return BenchStep(
        position=step.position,
        text=filled(step.text, words_for(words)),
        is_critical=step.is_critical,
        timer_seconds=step.timer_seconds,
        check_text=check_text,
        entry=entry,
        entry_unit=step.entry_unit,
        hazard=step.hazard,
        protective_equipment=tuple(step.protective_equipment),
        lines=tuple(named),
    )


_ITS_KEY = (
    "SELECT f.key FROM formulations_formulaline f WHERE f.formula_id = %s "
    "AND f.ingredient_id = batches_batchline.ingredient_id AND f.role = batches_batchline.role "
    "ORDER BY f.position DESC LIMIT 1"
)


def _lines_by_key(record: CompoundingRecord) -> dict[str, list[BatchLine]]:
    """A line of the batch belongs to the formula's line of the same ingredient in the same role."""
    lines = record.lines.select_related("ingredient", "lot", "weighing")
    with_keys = lines.annotate(key=RawSQL(_ITS_KEY, [record.formula_id], CharField()))
    found: dict[str, list[BatchLine]] = {}
    for line in sorted(with_keys, key=lambda line: line.position):
        key = vars(line)["key"]
        if key:
            found.setdefault(key, []).append(line)
    return found


def _none_of(record: CompoundingRecord) -> dict[str, str]:
    """What the batch takes none of, like the filler of a capsule that its active fills."""
    lines = FormulaLine.objects.filter(formula_id=record.formula_id, is_alternative=False)
    return {
        line.key: _("no %(name)s") % {"name": line.ingredient.label_name}
        for line in lines.select_related("ingredient")
    }


def _batch_words(record: CompoundingRecord) -> dict[str, str]:
    sheet = sheet_from(record.worksheet)
    formula = record.formula
    units = units_words(formula, sheet.batch_units or record.units_wanted)
    volume = sheet.batch_volume_ml
    return {
        "batch": units if volume is None else wording.millilitres(volume),
        "units": units,
        "fill": _fill_words(record, sheet),
        "strength": strength_words(formula, record.strength),
    }


def _fill_words(record: CompoundingRecord, sheet: Worksheet) -> str:
    fill_ml = record.formula.fill_ml
    if record.formula.is_liquid and fill_ml is not None:
        return wording.millilitres(fill_ml)
    fill_mg = sheet.theoretical_fill_mg
    return units_words(record.formula, record.units_wanted) if fill_mg is None else _mg(fill_mg)


def _said(lines: list[BatchLine]) -> str:
    """One lot: "197.4 mg of naltrexone hydrochloride". Several: each with its lot after the sum."""
    name = lines[0].ingredient.label_name
    if lines[0].fills_up:
        return _("%(name)s %(up_to)s") % {"name": name, "up_to": qs_ad(lines[0].highest)}
    amount = sum((line.wanted for line in lines), Decimal(0))
    said = _amount_of(name, amount, Unit(lines[0].unit))
    if len(lines) == 1:
        return said
    return _("%(said)s (%(lots)s)") % {"said": said, "lots": _in_lots(lines)}


def _in_lots(lines: Iterable[BatchLine]) -> str:
    return ", ".join(
        _("%(amount)s of lot %(lot)s")
        % {"amount": _bare(line.wanted, Unit(line.unit)), "lot": line.lot.lot_number}
        for line in lines
    )


def _amount_of(name: str, amount: Decimal, unit: Unit) -> str:
    if unit != Unit.EACH:
        return _("%(amount)s of %(name)s") % {"amount": _bare(amount, unit), "name": name}
    count = int(amount)
    word = wording.count_word(count)
    # Never two numerals side by side: "126 pieces of 30 mL dropper bottle".
    if word.isdigit() and name[:1].isdigit():
        return _("%(count)s pieces of %(name)s") % {"count": word, "name": name}
    return f"{word} {wording.plural(count, name)}"


def _bare(amount: Decimal, unit: Unit) -> str:
    if unit == Unit.MG:
        return _mg(amount)
    if unit == Unit.ML:
        return wording.millilitres(amount)
    return wording.number(amount)


def _mg(amount: Decimal) -> str:
    return wording.milligrams(round_half_up(amount, _SHOWN_PLACES))
