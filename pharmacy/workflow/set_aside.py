"""What is left of a recalled lot or batch stays set aside until a pharmacist has it destroyed or returned."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.actions import move_units
from pharmacy.batches.models import CompoundingRecord, UnitMove, UnitPlace
from pharmacy.inventory.models import IngredientLot, Place, StockMove
from pharmacy.inventory.moves import move_stock
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

LEAVES_TO = (UnitPlace.WASTE, UnitPlace.RETURNED)
"""Where units that were set aside may go; the database refuses every other place."""
STOCK_LEAVES_TO = (Place.WASTE, Place.SUPPLIER)
"""Where stock of a lot that was set aside may go; the database refuses every other place."""


class NotAWayOut(Refusal):
    """What is set aside goes nowhere else."""

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


@writing()
def settle_stock(
    *,
    lot: IngredientLot,
    quantity: Decimal,
    to_place: Place,
    reason: str,
    by: Actor,
    at: datetime,
) -> StockMove:
    """Return the move of stock that was set aside (in the ingredient's unit): to the waste, or back to the supplier.

    Only a pharmacist may. A recalled lot stays recalled: nothing of it goes back on the shelf.
    Raises NotAWayOut, ReasonMissing, InsufficientStock, NotWhole or OutOfRange.
    """
    person_in({Role.PHARMACIST}, by)
    if to_place not in STOCK_LEAVES_TO:
        raise NotAWayOut(_("What is set aside is destroyed, or goes back to its supplier."))
    if not reason.strip():
        raise ReasonMissing(_("Write down why, and who took it."))
    moved = move_stock(
        lot=lot,
        quantity=quantity,
        from_place=Place.QUARANTINE,
        to_place=to_place,
        reference=_("set aside"),
        reason=reason,
        by=by,
        at=at,
    )
    new = {"quantity": quantity, "to": to_place.value, "reason": reason.strip()}
    record_event(event="stock_settled", record=lot, by=by, at=at, new=new)
    return moved
