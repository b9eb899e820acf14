"""A step of the procedure is followed: marked as done, with what had to be entered for it."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from compounding.reading import parse_number
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.bench_steps import BenchStep, steps_for
from pharmacy.batches.models import CompoundingRecord, StepDone
from pharmacy.batches.states import BatchState
from pharmacy.formulations.models import FormulaStep, StepEntry
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.weigh import NotBeingWeighed

_LONGEST_ENTRY = 500


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


@writing()
def mark_step_done(
    *, record: CompoundingRecord, position: int, entry: str, by: Actor, at: datetime
) -> StepDone:
    """Return the step as it was done: its sentence with the batch's quantities, and what was entered.

    Steps follow one another, and what a step takes is weighed before. Raises NotBeingWeighed, NoSuchStep,
    StepDoneBefore, EarlierStepOpen, StepNotWeighed, EntryMissing, or a refusal of a number that is none.
    """
    user_id = person_in(Role.of_staff(), by)
    record = (
        CompoundingRecord.objects.select_related("formula")
        .select_for_update(of=("self",))
        .get(pk=record.pk)
    )
    if record.state not in (BatchState.PLANNED, BatchState.WEIGHING):
        raise NotBeingWeighed(
            _("Batch %(number)s is %(state)s; its steps are closed.")
            % {"number": record.number, "state": record.get_state_display()}
        )
    step = _step_of(record, position)
    _check_weighed(step)
    _check_entry(step, entry.strip())
    row = StepDone.objects.create(
        record=record,
        position=position,
        text=step.text,
        entry=entry.strip()[:_LONGEST_ENTRY],
        at=at,
        by_id=user_id,
    )
    new = {"step": position, "entry": row.entry}
    record_event(event="batch_step_done", record=record, by=by, at=at, new=new)
    return row


def _step_of(record: CompoundingRecord, position: int) -> BenchStep:
    done = StepDone.objects.filter(record=record, position=OuterRef("position"))
    steps = FormulaStep.objects.filter(formula_id=record.formula_id, position__lte=position)
    for step in steps.annotate(is_done=Exists(done)).order_by("position"):
        if step.position == position and step.is_done:
            raise StepDoneBefore(_("Step %(number)s is done already.") % {"number": position})
        if step.position == position:
            return steps_for(record, [step])[0]
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
