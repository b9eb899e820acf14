"""Labels are stock: what is printed leaves the shelf. An empty shelf stops no printing; how many it lacked is said."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from compounding.arithmetic import ZERO
from pharmacy.audit.actions import writing
from pharmacy.formulations.models import Ingredient, IngredientKind
from pharmacy.inventory.models import Place
from pharmacy.inventory.moves import Taking, move_stocks
from pharmacy.inventory.queries import lots_for
from pharmacy.people.actors import Actor


@writing()
def take_labels(
    *, stock: str, labels: int, reference: str, by: Actor, at: datetime, reason: str = ""
) -> int:
    """Move so many labels of a stock from the shelf to what is used, first expiry first.

    One move, or one for each lot when a lot runs out on the way. Returns how many no usable lot had.
    """
    left, takings = Decimal(labels), []
    for ingredient in Ingredient.objects.filter(kind=IngredientKind.LABEL, label_stock=stock):
        for offered in lots_for(ingredient, timezone.localdate(at)).usable:
            quantity = min(left, offered.on_shelf)
            if quantity > ZERO:
                takings.append(
                    Taking(
                        lot=offered.lot,
                        quantity=quantity,
                        from_place=Place.SHELF,
                        to_place=Place.USED,
                    )
                )
                left -= quantity
    if takings:
        move_stocks(takings, reference=reference, reason=reason, by=by, at=at)
    return int(left)
