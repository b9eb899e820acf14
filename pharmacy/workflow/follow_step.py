"""A step of the procedure is followed: marked as done, with what had to be entered for it."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from compounding.reading import parse_number
from pharmacy.audit.transitions import ChangedMeanwhile
from pharmacy.batches.bench_steps import BenchStep
from pharmacy.batches.models import CompoundingRecord, StepDone
from pharmacy.batches.queries import batch_units_of, sheet_of
from pharmacy.batches.states import BatchState
from pharmacy.formulations.models import DosageForm, FormulaStep, StepEntry
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.weigh import NotBeingWeighed

_LONGEST_ENTRY = 500
_SLIP = 10
"""So many times the batch is a decimal point in the wrong place."""
_NOTHING_AT_A_BENCH = 100_000
_HIGHEST_PH = 14
_NOT_ITS_TURN = "batches_step_in_its_turn"
"""The guard of the database that an earlier step still open trips."""


class NoSuchStep(Refusal):
    """The formula has no step with that number."""


class StepDoneBefore(Refusal):
    """The step is done already; what was entered is never edited."""


class EarlierStepOpen(Refusal):
    """A step that comes before is not done yet."""


class StepNotWeighed(Refusal):
    """Something that the step takes has not been weighed."""


class NumberCannotBe(Refusal):
    """The number entered is more than the batch, or any instrument, could show."""

    field = "entry"


class EntryMissing(Refusal):
    """What the step asks for was not entered."""

    field = "entry"


def mark_step_done(
    *, record: CompoundingRecord, step: BenchStep, entry: str, by: Actor, at: datetime
) -> StepDone:
    """Return the step as it was done: its sentence with the batch's quantities, and what was entered.

    `step` is one of `steps_for(record)`. Steps follow one another, and what a step takes is weighed before.
    Raises NotBeingWeighed, NoSuchStep, StepDoneBefore, EarlierStepOpen, StepNotWeighed, EntryMissing,
    NumberCannotBe, ChangedMeanwhile, or a refusal of a number that is none.
    """
    user_id, entry = person_in(Role.of_staff(), by), entry.strip()
    row = StepDone(
        record=record,
        position=step.position,
        text=step.text,
        entry=entry[:_LONGEST_ENTRY],
        at=at,
        by_id=user_id,
    )
    try:
        _check_weighed(step)
        _check_entry(step, entry, record)
        # One row and nothing else. The database says in the same statement whether it is the step's turn, so that
        # nobody waits for anybody; when the steps end, one event carries them all into the audit trail.
        with transaction.atomic():
            row.save(force_insert=True)
    except (Refusal, IntegrityError) as refused:
        _check_turn(record, step.position)
        if _NOT_ITS_TURN in str(refused):
            # The step before was being written, and stands by now.
            raise ChangedMeanwhile(
                _("Somebody else did the step before just now. Look again.")
            ) from refused
        raise
    return row


def _check_turn(record: CompoundingRecord, position: int) -> None:
    """Raise why a step may not be done now, or not at all; what the step itself lacks comes after that."""
    record = CompoundingRecord.objects.only("number", "state", "formula_id").get(pk=record.pk)
    if record.state not in (BatchState.PLANNED, BatchState.WEIGHING):
        raise NotBeingWeighed(
            _("Batch %(number)s is %(state)s; its steps are closed.")
            % {"number": record.number, "state": record.get_state_display()}
        )
    done = StepDone.objects.filter(record=record, position=OuterRef("position"))
    steps = FormulaStep.objects.filter(formula_id=record.formula_id, position__lte=position)
    for step in steps.annotate(is_done=Exists(done)).order_by("position"):
        if step.position == position and step.is_done:
            raise StepDoneBefore(_("Step %(number)s is done already.") % {"number": position})
        if step.position == position:
            return
        if not step.is_done:
            raise EarlierStepOpen(_("Step %(number)s comes first.") % {"number": step.position})
    raise NoSuchStep(_("This formula has no step %(number)s.") % {"number": position})


def _check_weighed(step: BenchStep) -> None:
    missing = [line.ingredient.label_name for line in step.lines if not hasattr(line, "weighing")]
    if missing:
        raise StepNotWeighed(_("Not weighed yet: %(names)s.") % {"names": ", ".join(missing)})


def _check_entry(step: BenchStep, entry: str, record: CompoundingRecord) -> None:
    if step.entry == StepEntry.NONE:
        return
    if not entry:
        raise EntryMissing(_("Enter what the step asks for: %(what)s") % {"what": step.check_text})
    if step.entry == StepEntry.NUMBER:
        _check_number(step, parse_number(entry), record)


def _check_number(step: BenchStep, number: Decimal, record: CompoundingRecord) -> None:
    """A formula says no limits of what a step reads; what no batch can show is a slip of the fingers."""
    unit = step.entry_unit
    names = {"number": wording.grouped(number), "unit": unit}
    whole = _whole_batch(record).get(unit)
    if whole is not None and number >= _SLIP * whole:
        raise NumberCannotBe(
            _("%(number)s %(unit)s cannot be: the whole batch is %(whole)s %(unit)s.")
            % {**names, "whole": wording.grouped(whole)}
        )
    if unit == "pH" and number > _HIGHEST_PH:
        raise NumberCannotBe(_("A pH lies between 0 and 14."))
    if number >= _NOTHING_AT_A_BENCH:
        raise NumberCannotBe(
            _("%(number)s %(unit)s is more than anything at the bench shows.") % names
        )


def _whole_batch(record: CompoundingRecord) -> dict[str, Decimal]:
    """Return how much the whole batch is, in the units that it is measured in."""
    volume = sheet_of(record).batch_volume_ml
    if volume is not None:
        return {"mL": volume}
    is_powder = record.formula.dosage_form == DosageForm.TRITURATE
    return {"g": Decimal(batch_units_of(record))} if is_powder else {}
