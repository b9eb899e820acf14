"""Moving stock from place to place: `move_stocks` is the only way stock changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists
from django.utils.translation import gettext as _

from compounding import given, wording
from compounding.arithmetic import ZERO
from compounding.errors import Refusal
from pharmacy.audit.actions import writing
from pharmacy.audit.transitions import move
from pharmacy.formulations.models import Unit
from pharmacy.inventory.models import IN_STOCK, OUTSIDE, IngredientLot, Place, StockLevel, StockMove
from pharmacy.inventory.states import LOT_STATES, LotState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

Levels = Mapping[tuple[int, str], Decimal]
"""How much of a lot is at a place, by the lot's id and the place."""
_LEAST_KEPT = Decimal("0.000001")
"""The smallest quantity that the column holds; less than that is nothing."""


class InsufficientStock(Refusal):
    """There is less of the lot at that place than was to be taken."""


class ReasonMissing(Refusal):
    """Stock is corrected, discarded or recalled only with a reason."""


class NotWhole(Refusal):
    """Something that is counted came in a fraction."""


@dataclass(frozen=True, kw_only=True)
class Taking:
    """So much of a lot (in the ingredient's unit) that goes from one place to another."""

    lot: IngredientLot
    quantity: Decimal
    from_place: Place
    to_place: Place


@writing()
def move_stock(
    *,
    lot: IngredientLot,
    quantity: Decimal,
    from_place: Place,
    to_place: Place,
    reference: str,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> StockMove:
    """Return the move of one quantity; see `move_stocks`."""
    taking = Taking(lot=lot, quantity=quantity, from_place=from_place, to_place=to_place)
    (moved,) = move_stocks([taking], reference=reference, reason=reason, by=by, at=at)
    return moved


@writing()
def move_stocks(
    takings: Sequence[Taking],
    *,
    reference: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    there: Levels | None = None,
) -> list[StockMove]:
    """Return the moves of several quantities, all or none. The only function that writes a StockMove.

    `there` is how much of each lot is where, if the same change has read it already.
    Raises InsufficientStock with the numbers, NotWhole, ReasonMissing, or OutOfRange for nothing or less.
    A lot of which nothing is left is marked as used up.
    """
    user_id = person_in(Role.of_staff(), by)
    if not takings:
        return []
    for taking in takings:
        _check_taking(taking, reason)
    left = _take(takings, _levels_of(takings) if there is None else there)
    moved = StockMove.objects.bulk_create(
        StockMove(
            lot=taking.lot,
            quantity=taking.quantity,
            from_place=taking.from_place,
            to_place=taking.to_place,
            at=at,
            by_id=user_id,
            reference=reference,
            reason=reason.strip(),
        )
        for taking in takings
    )
    for lot in dict.fromkeys(taking.lot for taking in takings):
        if sum(left.get((lot.pk, place), ZERO) for place in IN_STOCK) < _LEAST_KEPT:
            _mark_if_used_up(lot, by=by, at=at)
    return moved


def _check_taking(taking: Taking, reason: str) -> None:
    given.positive(taking.quantity, _("The quantity to move"))
    ingredient = taking.lot.ingredient
    if ingredient.unit == Unit.EACH and taking.quantity != taking.quantity.to_integral_value():
        raise NotWhole(
            _("%(ingredient)s is counted in whole pieces.") % {"ingredient": ingredient.label_name}
        )
    if Place.ADJUSTMENT in (taking.from_place, taking.to_place) and not reason.strip():
        raise ReasonMissing(_("Write down why the stock is corrected."))


def _levels_of(takings: Sequence[Taking]) -> Levels:
    if all(taking.from_place in OUTSIDE for taking in takings):
        return {}  # What comes in takes from nothing that could run out.
    levels = StockLevel.objects.select_for_update().filter(
        lot__in={taking.lot.pk for taking in takings}
    )
    return {(level.lot_id, level.place): level.quantity for level in levels}


def _take(takings: Sequence[Taking], levels: Levels) -> Levels:
    """Return how much of each lot will be at each place; raises InsufficientStock."""
    there = dict(levels)
    for taking in takings:
        source, target = (taking.lot.pk, taking.from_place), (taking.lot.pk, taking.to_place)
        if taking.from_place not in OUTSIDE and there.get(source, ZERO) < taking.quantity:
            raise _insufficient(taking, there.get(source, ZERO))
        there[source] = there.get(source, ZERO) - taking.quantity
        there[target] = there.get(target, ZERO) + taking.quantity
    return there


def _insufficient(taking: Taking, there: Decimal) -> InsufficientStock:
    lot = taking.lot
    return InsufficientStock(
        _(
            "Lot %(lot)s of %(ingredient)s has %(there)s %(unit)s %(place)s, not %(quantity)s %(unit)s."
        )
        % {
            "lot": lot.lot_number,
            "ingredient": lot.ingredient.label_name,
            "there": wording.grouped(there),
            "quantity": wording.grouped(taking.quantity),
            "unit": lot.ingredient.get_unit_display(),
            "place": _AT[taking.from_place](),
        }
    )


_AT = {
    Place.SHELF: lambda: _("on the shelf"),
    Place.RESERVED: lambda: _("reserved"),
    Place.USED: lambda: _("used"),
    Place.WASTE: lambda: _("in the waste"),
    Place.QUARANTINE: lambda: _("set aside"),
}


def _mark_if_used_up(lot: IngredientLot, *, by: Actor, at: datetime) -> None:
    left = StockLevel.objects.filter(lot=lot, place__in=IN_STOCK, quantity__gt=0)
    row = IngredientLot.objects.filter(~Exists(left), pk=lot.pk, state=LotState.RELEASED).first()
    if row is not None:
        move(row, table=LOT_STATES, to=LotState.EXHAUSTED, by=by, at=at)
