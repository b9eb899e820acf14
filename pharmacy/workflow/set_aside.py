"""What is left of a recalled batch stays set aside until a pharmacist has it destroyed or returned, with a reason."""

from datetime import datetime

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.actions import move_units
from pharmacy.batches.models import CompoundingRecord, UnitMove, UnitPlace
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

LEAVES_TO = (UnitPlace.WASTE, UnitPlace.RETURNED)
"""Where units that were set aside may go; the database refuses every other place."""


class NotAWayOut(Refusal):
    """Units that are set aside go nowhere else."""

    field = "to_place"


class ReasonMissing(Refusal):
    """Nothing is destroyed or returned without a reason."""

    field = "reason"


@writing()
def settle_units(
    *,
    record: CompoundingRecord,
    quantity: int,
    to_place: UnitPlace,
    reason: str,
    by: Actor,
    at: datetime,
) -> UnitMove:
    """Return the move of units that were set aside: to the waste, or returned to a supplier or a laboratory.

    Only a pharmacist may. Raises NotAWayOut, ReasonMissing, InsufficientUnits or OutOfRange.
    """
    person_in({Role.PHARMACIST}, by)
    if to_place not in LEAVES_TO:
        raise NotAWayOut(_("Units that are set aside are destroyed or returned."))
    if not reason.strip():
        raise ReasonMissing(_("Write down why, and who took them."))
    moved = move_units(
        record=record,
        quantity=quantity,
        from_place=UnitPlace.QUARANTINE,
        to_place=to_place,
        reference=record.number,
        by=by,
        at=at,
    )
    new = {"units": quantity, "to": to_place.value, "reason": reason.strip()}
    record_event(event="batch_units_settled", record=record, by=by, at=at, new=new)
    return moved
