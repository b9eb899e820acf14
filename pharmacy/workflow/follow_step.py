"""A step of the procedure is followed: marked as done, with what had to be entered for it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from compounding.reading import parse_number
from pharmacy.audit.transitions import ChangedMeanwhile
from pharmacy.batches.bench_steps import BenchStep
from pharmacy.batches.models import CompoundingRecord, StepDone
from pharmacy.batches.states import BatchState
from pharmacy.formulations.models import FormulaStep, StepEntry
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.weigh import NotBeingWeighed

_LONGEST_ENTRY = 500
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


class EntryMissing(Refusal):
    """What the step asks for was not entered."""

    field = "entry"


def mark_step_done(
    *, record: CompoundingRecord, step: BenchStep, entry: str, by: Actor, at: datetime
) -> StepDone:
    """Return the step as it was done: its sentence with the batch's quantities, and what was entered.

    `step` is one of `steps_for(record)`. Steps follow one another, and what a step takes is weighed before.
    Raises NotBeingWeighed, NoSuchStep, StepDoneBefore, EarlierStepOpen, StepNotWeighed, EntryMissing,
    ChangedMeanwhile, or a refusal of a number that is none.
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
        _check_entry(step, entry)
        # One row and nothing else. The database says in the same statement whether it is the step's turn, so that
        # nobody has to wait for anybody; the batch's event "compounded" carries every step into the audit trail.
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


def _check_entry(step: BenchStep, entry: str) -> None:
    if step.entry == StepEntry.NONE:
        return
    if not entry:
        raise EntryMissing(_("Enter what the step asks for: %(what)s") % {"what": step.check_text})
    if step.entry == StepEntry.NUMBER:
        parse_number(entry)
