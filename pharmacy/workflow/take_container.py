"""The vial that a patient's capsules are handed out in is taken from its lot, so that a recall of it finds them.

Bottles and jars are filled by their batch and stand in its record. A vial is chosen when the capsules are counted
into it: the first lot to expire is offered, the one that was scanned is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import given
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event
from pharmacy.formulations.models import Ingredient
from pharmacy.formulations.queries import containers_at_dispensing
from pharmacy.inventory.lot_codes import expiry_disagrees, lot_from_scan
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.moves import Taking, move_stocks
from pharmacy.inventory.queries import LotOffer, lots_of, offer_of, quantity_at
from pharmacy.inventory.states import LotState
from pharmacy.orders.models import Fill, FillContainer, OrderLine
from pharmacy.people.actors import Actor
from pharmacy.policies.queries import text_of

KEPT = "dispensing.container_lots"
"""The policy that says whether the lots of these containers are kept: yes or no."""


class ContainerMissing(Refusal):
    """No usable lot holds as many containers, and nobody said why it is taken from none."""


class NotItsContainer(Refusal):
    """What was scanned or chosen is no container of this medicine."""


class ContainerMayNotBeUsed(Refusal):
    """The container's lot is recalled, expired, in quarantine or used up."""


@dataclass(frozen=True)
class NeededContainer:
    """A container that the formula of an order line names, and which of its lots may be taken."""

    line: OrderLine
    ingredient: Ingredient
    offer: LotOffer

    @property
    def key(self) -> tuple[int, int]:
        """Return what a choice names it by: the order line's id and the container's."""
        return self.line.pk, self.ingredient.pk

    def first_with(self, quantity: int) -> IngredientLot | None:
        """Return the first lot to expire that holds so many, or None."""
        return next((each.lot for each in self.offer.usable if each.on_shelf >= quantity), None)


@dataclass(frozen=True, kw_only=True)
class ChosenContainer:
    """What was taken for one needed container: so many of a lot, or of none and why. No lot: the first to expire."""

    line_id: int
    ingredient_id: int
    lot_id: int | None = None
    quantity: int = 1
    why_no_lot: str = ""


def containers_needed(lines: Sequence[OrderLine], *, on: date) -> list[NeededContainer]:
    """Return the containers that these order lines are handed out in; none where the policy keeps no lots of them."""
    found = list(containers_at_dispensing({line.formula_id for line in lines}))
    if not found or text_of(KEPT, on=on) != "yes":
        return []
    lots = lots_of([each.ingredient for each in found], packed=False)
    return [
        NeededContainer(line, each.ingredient, offer_of(lots[each.ingredient_id], on))
        for line in lines
        for each in found
        if each.formula_id == line.formula_id
    ]


def lot_scanned(scanned: str, *, needed: Sequence[NeededContainer]) -> IngredientLot:
    """Return the lot of a scanned container of this order.

    `scanned` is what the scanner typed: our own label, a maker's GS1 label, or a lot number. Raises NotItsContainer,
    ContainerMayNotBeUsed, or what `lot_from_scan` raises.
    """
    lot = lot_from_scan(scanned)
    for each in needed:
        if each.ingredient.pk == lot.ingredient_id:
            other_expiry = expiry_disagrees(scanned, lot)
            if other_expiry:
                raise ContainerMayNotBeUsed(f"{other_expiry} {_('Set it aside.')}")
            return _usable(each, lot.pk)
    raise NotItsContainer(
        _("You scanned %(ingredient)s, lot %(lot)s. This order goes into: %(wanted)s.")
        % {
            "ingredient": lot.ingredient.label_name,
            "lot": lot.lot_number,
            "wanted": ", ".join(dict.fromkeys(each.ingredient.label_name for each in needed)),
        }
    )


def take_containers(
    *, fills: Sequence[Fill], chosen: Sequence[ChosenContainer], by: Actor, at: datetime
) -> list[FillContainer]:
    """Return what the fills of one order were handed out in, taken from the shelf. Must run inside `writing()`.

    Raises ContainerMissing, NotItsContainer, ContainerMayNotBeUsed, InsufficientStock or OutOfRange.
    """
    fill_of = {fill.line_id: fill for fill in fills}
    needed = containers_needed([fill.line for fill in fills], on=timezone.localdate(at))
    choices = {(each.line_id, each.ingredient_id): each for each in chosen}
    if choices.keys() - {each.key for each in needed}:
        raise NotItsContainer(_("This order goes into other containers now. Look again."))
    rows = [_row(each, choices.get(each.key), fill_of[each.line.pk]) for each in needed]
    takings = [
        Taking(
            lot=row.lot,
            quantity=Decimal(row.quantity),
            from_place=Place.SHELF,
            to_place=Place.USED,
        )
        for row in rows
        if row.lot is not None
    ]
    if takings:
        move_stocks(takings, reference=fills[0].line.order.number, by=by, at=at)
    FillContainer.objects.bulk_create(rows)
    for row in rows:
        _record(row, by=by, at=at)
    return rows


def _row(needed: NeededContainer, choice: ChosenContainer | None, fill: Fill) -> FillContainer:
    quantity = 1 if choice is None else choice.quantity
    why = "" if choice is None else choice.why_no_lot.strip()
    given.positive(Decimal(quantity), _("The number of containers"))
    return FillContainer(
        fill=fill,
        ingredient=needed.ingredient,
        lot=None if why else _lot(needed, None if choice is None else choice.lot_id, quantity),
        quantity=quantity,
        why_no_lot=why,
    )


def _lot(needed: NeededContainer, lot_id: int | None, quantity: int) -> IngredientLot:
    if lot_id is not None:
        return _usable(needed, lot_id)
    lot = needed.first_with(quantity)
    if lot is None:
        raise ContainerMissing(_missing(needed, quantity))
    return lot


def _usable(needed: NeededContainer, lot_id: int) -> IngredientLot:
    for usable in needed.offer.usable:
        if usable.lot.pk == lot_id:
            return usable.lot
    for refused in needed.offer.refused:
        if refused.lot.pk == lot_id:
            raise ContainerMayNotBeUsed(
                _("%(ingredient)s, lot %(lot)s: %(why)s Take another.")
                % {
                    "ingredient": needed.ingredient.label_name,
                    "lot": refused.lot.lot_number,
                    "why": refused.why,
                }
            )
    raise NotItsContainer(
        _("This lot is not of %(ingredient)s. Look again.")
        % {"ingredient": needed.ingredient.label_name}
    )


def _missing(needed: NeededContainer, quantity: int) -> str:
    """Say which container is missing, why each lot is not offered, and how to go on."""
    name = {"ingredient": needed.ingredient.label_name, "count": quantity}
    said = (
        _("No lot of %(ingredient)s can be taken.") % name
        if not needed.offer.usable
        else _("No single lot of %(ingredient)s holds %(count)s.") % name
    )
    reasons = [
        _("Lot %(lot)s: %(why)s") % {"lot": refused.lot.lot_number, "why": refused.why}
        for refused in needed.offer.refused
        if refused.lot.state == LotState.RECALLED or quantity_at(refused.lot, Place.SHELF) > 0
    ]
    go_on = _(
        "Receive and release a lot, or write down what it is handed out in, and why that has no lot."
    )
    return " ".join([said, *reasons, go_on])


def _record(row: FillContainer, *, by: Actor, at: datetime) -> None:
    new = {
        "quantity": f"{row.quantity} × {row.ingredient.label_name}",
        "lot": None if row.lot is None else row.lot.lot_number,
        "reason": row.why_no_lot or None,
    }
    record_event(event="order_container_taken", record=row.fill.line.order, by=by, at=at, new=new)
