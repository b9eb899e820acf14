"""Which lots may be used for a batch, beside those it took, and why the others may not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from compounding import wording
from pharmacy.batches.models import BatchLine, CompoundingRecord
from pharmacy.formulations.models import Ingredient, IngredientKind
from pharmacy.inventory.models import IngredientLot
from pharmacy.inventory.queries import RefusedLot, UsableLot, lots_of, offer_of


@dataclass(frozen=True)
class Offer:
    """One ingredient: the lots the batch took, those that could be taken, those that could not and why."""

    ingredient: Ingredient
    taken: tuple[IngredientLot, ...]
    usable: tuple[tuple[UsableLot, str], ...]
    refused: tuple[RefusedLot, ...]


def offers_for(record: CompoundingRecord, *, on: date, needed_until: date) -> list[Offer]:
    """Return the lots of every ingredient of a batch that came with `record_for_page`."""
    lines = list(record.lines.all())
    size = next(
        (line.ingredient.capsule_size for line in lines if line.ingredient.capsule_size), ""
    )
    ingredients = dict.fromkeys(line.ingredient for line in lines)
    lots = lots_of(ingredients)
    return [
        _offer(ingredient, lots[ingredient.pk], lines, size, on, needed_until)
        for ingredient in ingredients
    ]


def _offer(
    ingredient: Ingredient,
    lots: Sequence[IngredientLot],
    lines: Sequence[BatchLine],
    size: str,
    on: date,
    needed_until: date,
) -> Offer:
    is_container = ingredient.kind == IngredientKind.CONTAINER
    found = offer_of(
        lots, on, capsule_size=size, needed_until=None if is_container else needed_until
    )
    unit = ingredient.get_unit_display()
    return Offer(
        ingredient=ingredient,
        taken=tuple(line.lot for line in lines if line.ingredient == ingredient),
        usable=tuple((each, f"{wording.grouped(each.on_shelf)} {unit}") for each in found.usable),
        refused=found.refused,
    )
