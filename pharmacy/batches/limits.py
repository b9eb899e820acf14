"""Which readings are allowed for a line: its limits, rounded inward to what the balance or measure shows."""

from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from compounding.arithmetic import floor_to_step
from compounding.drops import qs_ad
from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.formulations.models import Unit

_ONE = Decimal(1)
_MEASURED_TO_ML = "0.01"


def allowed_readings(line: BatchLine) -> tuple[Decimal, Decimal]:
    """Return the lowest and the highest reading that is allowed, in the line's unit.

    A tolerance narrower than one step of the balance holds no reading; then the limits themselves come back.
    """
    step = _step_of(line.record, line.unit)
    lowest = floor_to_step(line.lowest, step)
    lowest += step if lowest < line.lowest else 0
    highest = floor_to_step(line.highest, step)
    if lowest > highest:
        return line.lowest, line.highest
    return lowest, highest


def limits_in_words(line: BatchLine) -> str:
    """Return the allowed readings as a person reads them: "193.5 to 201.3 mg"."""
    lowest, highest = allowed_readings(line)
    if lowest == highest:
        return amount_in_words(lowest, line)
    return _("%(low)s to %(high)s") % {
        "low": wording.grouped(lowest),
        "high": amount_in_words(highest, line),
    }


def wanted_in_words(line: BatchLine) -> str:
    """Return what a line takes: "197.4 mg"; of one that is filled up, the volume it is filled up to."""
    return qs_ad(line.highest) if line.fills_up else amount_in_words(line.wanted, line)


def amount_in_words(value: Decimal, line: BatchLine) -> str:
    """Return an amount of a line with its unit; pieces have none."""
    if line.unit == Unit.MG:
        return wording.milligrams(value)
    return wording.millilitres(value) if line.unit == Unit.ML else wording.number(value)


def _step_of(record: CompoundingRecord, unit: str) -> Decimal:
    """Return in which steps an amount is read, as the worksheet was planned."""
    inputs = record.worksheet["inputs"]
    if unit == Unit.MG:
        return Decimal(inputs["weigh_to_mg"])
    return Decimal(inputs.get("measure_to_ml", _MEASURED_TO_ML)) if unit == Unit.ML else _ONE
