"""Which lots a batch takes, and how much from each: the first to expire first, split only where one is not enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from compounding.arithmetic import ZERO, exactly, floor_to_step, round_down, round_half_up
from compounding.errors import Refusal
from pharmacy.formulations.models import FormulaLine, IngredientKind
from pharmacy.inventory.models import IngredientLot
from pharmacy.inventory.queries import LotOffer, UsableLot, offer_of

_PART_PLACES = 9
_ROOM_FOR_THE_REST = Decimal("1.5")
"""What is left for the next lot is kept this far above the balance minimum, whatever that lot's potency."""


class NotEnoughStock(Refusal):
    """The usable lots of an ingredient do not hold what the batch needs."""


@dataclass(frozen=True)
class Part:
    """What one lot brings to a line, in the units that the need was stated in."""

    lot: IngredientLot
    need: Decimal


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How an amount is measured out: in which step, and the least that can be (both in the stock unit)."""

    step: Decimal
    least: Decimal = ZERO


WHOLE = Measure(step=Decimal(1))


def offer_for(
    line: FormulaLine,
    lots: Sequence[IngredientLot],
    on: date,
    *,
    capsule_size: str,
    needed_until: date,
) -> LotOffer:
    """Return which lots may be used for a formula line. A bottle has no date that limits a preparation."""
    is_container = line.ingredient.kind == IngredientKind.CONTAINER
    return offer_of(
        lots,
        on,
        capsule_size=capsule_size,
        needed_until=None if is_container else needed_until,
    )


@exactly
def split(
    line: FormulaLine,
    offer: LotOffer,
    *,
    need: Decimal,
    brings: Callable[[IngredientLot], Decimal],
    measure: Measure,
) -> list[Part]:
    """Return the parts that together make up the need exactly, first expiry first.

    `brings` says how much of the need one stock unit (mg, mL, piece) of a lot meets; the need and the
    parts are in the same unit. A lot with less left than can be weighed is passed over, and a lot never
    leaves a rest that could not be weighed. Raises NotEnoughStock with the reasons.
    """
    parts: list[Part] = []
    left = need
    for usable in offer.usable:
        part = _part_of(usable, left, brings(usable.lot), measure)
        if part > 0:
            parts.append(Part(usable.lot, part))
            left -= part
        if left == 0:
            return parts
    raise NotEnoughStock(_not_enough(line, offer, need, brings))


@exactly
def one_lot(line: FormulaLine, offer: LotOffer, *, need: Decimal) -> IngredientLot:
    """Return the first lot that holds the whole need, for what must not be mixed. Raises NotEnoughStock."""
    for usable in offer.usable:
        if usable.on_shelf >= need:
            return usable.lot
    raise NotEnoughStock(_not_enough(line, offer, need, lambda lot: Decimal(1)))


def _part_of(usable: UsableLot, left: Decimal, rate: Decimal, measure: Measure) -> Decimal:
    there = floor_to_step(usable.on_shelf, measure.step)
    wanted = left / rate
    if there >= wanted:
        return left
    rest_at_least = measure.least * _ROOM_FOR_THE_REST
    taken = floor_to_step(min(there, wanted - rest_at_least), measure.step)
    if taken <= 0 or taken < measure.least:
        return ZERO
    return round_down(taken * rate, _PART_PLACES)


def _not_enough(
    line: FormulaLine,
    offer: LotOffer,
    need: Decimal,
    brings: Callable[[IngredientLot], Decimal],
) -> str:
    if not offer.usable:
        nothing = _("No lot of %(ingredient)s can be used.")
        return " ".join([nothing % {"ingredient": line.ingredient.label_name}, *_reasons(offer)])
    there = sum((usable.on_shelf for usable in offer.usable), ZERO)
    sentence = _(
        "The batch needs %(needed)s %(unit)s of %(ingredient)s, and %(there)s %(unit)s can be used."
    ) % {
        "needed": wording.grouped(round_half_up(need / brings(offer.usable[0].lot), 3)),
        "there": wording.grouped(there),
        "unit": line.ingredient.get_unit_display(),
        "ingredient": line.ingredient.label_name,
    }
    return " ".join([sentence, *_reasons(offer)])


def _reasons(offer: LotOffer) -> Sequence[str]:
    return [
        _("Lot %(lot)s: %(why)s") % {"lot": refused.lot.lot_number, "why": refused.why}
        for refused in offer.refused
    ]
