"""A batch released on an earlier day is looked at again before any of it is dispensed."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.models import CompoundingRecord, SecondLook
from pharmacy.batches.states import BatchState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.deviations import report_deviation


class NothingSeen(Refusal):
    """A second look says what was seen."""


class NotReleased(Refusal):
    """Only a released batch is looked at again."""


@writing()
def look_again(
    *, record: CompoundingRecord, seen: str, is_as_expected: bool, by: Actor, at: datetime
) -> SecondLook:
    """Return the second look of this day. One that is not as expected opens a deviation, which blocks dispensing.

    Source: USP <795> (2023) section 8. Raises NothingSeen or NotReleased.
    """
    user_id = person_in(Role.of_staff(), by)
    if not seen.strip():
        raise NothingSeen(_("Write down what you saw."))
    record = CompoundingRecord.objects.select_for_update().get(pk=record.pk)
    if record.state != BatchState.RELEASED:
        raise NotReleased(
            _("Batch %(number)s is %(state)s; there is nothing to dispense.")
            % {"number": record.number, "state": record.get_state_display()}
        )
    look = SecondLook.objects.create(
        record=record,
        on=timezone.localdate(at),
        seen=seen.strip(),
        is_as_expected=is_as_expected,
        at=at,
        by_id=user_id,
    )
    new = {"on": look.on, "as expected": is_as_expected}
    record_event(event="batch_looked_at_again", record=record, by=by, at=at, new=new)
    if not is_as_expected:
        report_deviation(
            record=record,
            what_happened=look.seen,
            what_was_done=_("Not dispensed. A pharmacist decides."),
            by=by,
            at=at,
        )
    return look
