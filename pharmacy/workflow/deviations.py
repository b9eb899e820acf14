"""What was not as the record wants it: written down at any moment, assessed and closed by a pharmacist."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.models import CheckKind, CompoundingRecord, Deviation, Disposition
from pharmacy.batches.policies import acceptable_checks
from pharmacy.batches.queries import latest_checks, was_at_the_bench
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.check_batch import move_on_when_checked
from pharmacy.workflow.verify_batch import reject_batch


class NothingReported(Refusal):
    """A deviation says what happened and what was done about it."""


class ClosedBefore(Refusal):
    """The deviation is closed; it is never edited."""


class AssessmentMissing(Refusal):
    """A deviation is closed only with the pharmacist's assessment."""


class NotToBeAccepted(Refusal):
    """A failed check of this kind is not argued away."""


class AcceptedByMaker(Refusal):
    """Whoever worked on a batch tried to accept what went wrong with it."""


@writing()
def report_deviation(
    *,
    record: CompoundingRecord,
    what_happened: str,
    what_was_done: str,
    by: Actor,
    at: datetime,
) -> Deviation:
    """Return the deviation as it was written down; it blocks the release until a pharmacist closes it.

    Raises NothingReported.
    """
    user_id = person_in(Role.of_staff(), by)
    if not what_happened.strip() or not what_was_done.strip():
        raise NothingReported(_("Write down what happened, and what you did about it."))
    deviation = Deviation.objects.create(
        record=record,
        what_happened=what_happened.strip(),
        what_was_done=what_was_done.strip(),
        at=at,
        by_id=user_id,
    )
    new = {"deviation": deviation.pk}
    record_event(event="batch_deviation_reported", record=record, by=by, at=at, new=new)
    return deviation


@writing()
def close_deviation(
    *, deviation: Deviation, disposition: Disposition, assessment: str, by: Actor, at: datetime
) -> Deviation:
    """Return the closed deviation. Accepting a failed check lets it count; rejecting rejects the batch.

    Only a pharmacist may, and only one who did not work on the batch accepts. Source: USP <795> (2023)
    section 8. Raises ClosedBefore, AssessmentMissing, NotToBeAccepted, AcceptedByMaker, or what
    `reject_batch` raises.
    """
    closer_id = person_in({Role.PHARMACIST}, by)
    if not assessment.strip():
        raise AssessmentMissing(_("Write down what you found and why you decide so."))
    deviation = (
        Deviation.objects.select_related("record__formula", "quality_check")
        .select_for_update(of=("self",))
        .get(pk=deviation.pk)
    )
    if deviation.closed_at is not None:
        raise ClosedBefore(_("This deviation is closed already."))
    record = deviation.record
    if disposition == Disposition.ACCEPT:
        _check_may_accept(deviation, closer_id, at)
    deviation.disposition = disposition
    deviation.assessment = assessment.strip()
    deviation.closed_at, deviation.closed_by_id = at, closer_id
    deviation.save(update_fields=["disposition", "assessment", "closed_at", "closed_by"])
    record_event(
        event="batch_deviation_closed",
        record=record,
        by=by,
        at=at,
        new={"deviation": deviation.pk, "decision": disposition.value},
    )
    if disposition == Disposition.REJECT:
        reject_batch(record=record, reason=assessment, by=by, at=at)
    else:
        move_on_when_checked(record, latest_checks(record), by=by, at=at)
    return deviation


def _check_may_accept(deviation: Deviation, closer_id: int, at: datetime) -> None:
    if was_at_the_bench(deviation.record, closer_id):
        raise AcceptedByMaker(
            _("You worked on this batch; another pharmacist decides whether it is acceptable.")
        )
    check = deviation.quality_check
    if check is not None and check.kind not in acceptable_checks(on=timezone.localdate(at)):
        raise NotToBeAccepted(
            _("A failed check of %(kind)s is not accepted. Put it right and repeat it, or reject.")
            % {"kind": CheckKind(check.kind).label}
        )
