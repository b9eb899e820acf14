"""What may bring the active instead of its powder: triturates that the formula allows and the shelf holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from pharmacy.formulations.models import FormulaLine, Ingredient, MasterFormulationRecord
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.states import LotState


@dataclass(frozen=True)
class Alternative:
    """An ingredient that may stand in for the active, and how much of it lies on the shelf (mg)."""

    ingredient: Ingredient
    on_shelf_mg: Decimal


def alternatives_for(
    formulas: Iterable[MasterFormulationRecord], on: date
) -> dict[int, list[Alternative]]:
    """Return, by formula id, the alternatives of each formula, those with nothing on the shelf too. Two queries."""
    lines = list(
        FormulaLine.objects.filter(formula__in=list(formulas), is_alternative=True)
        .select_related("ingredient")
        .order_by("position")
    )
    there = dict(
        IngredientLot.objects.filter(
            ingredient__in={line.ingredient_id for line in lines},
            state=LotState.RELEASED,
            expires_on__gte=on,
            levels__place=Place.SHELF,
        )
        .values_list("ingredient")
        .annotate(Sum("levels__quantity"))
        .order_by("ingredient")
    )
    found: dict[int, list[Alternative]] = {}
    for line in lines:
        on_shelf = there.get(line.ingredient_id) or Decimal(0)
        found.setdefault(line.formula_id, []).append(Alternative(line.ingredient, on_shelf))
    return found
