"""The substances that the demonstration pharmacy starts with, each figure with its source."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pharmacy.formulations.models import Ingredient, IngredientCaution, Substance
from pharmacy.workflow.seed.ingredients import (
    ALLOPURINOL,
    CAUTIONS,
    INGREDIENTS,
    KETOTIFEN,
    KETOTIFEN_FUMARATE,
    NALTREXONE,
)

D = Decimal

__all__ = ["ALLOPURINOL", "KETOTIFEN", "NALTREXONE", "Shelf", "seed_ingredients"]


@dataclass(frozen=True)
class Shelf:
    """The ingredients by the name on the label, and the substances by name."""

    ingredients: dict[str, Ingredient]
    substances: dict[str, Substance]


_SUBSTANCES: tuple[dict[str, Any], ...] = (
    {
        "name": NALTREXONE,
        "short_name": "naltrexone HCl",
        "plain_name": "low-dose naltrexone (LDN)",
        "cas_number": "16676-29-2",
        "unii": "Z6375YW9SF",
        "molecular_weight": D("377.86"),
        "molecular_weight_source": "USP 28 monograph and DailyMed; IUPAC weights give 377.865",
        "rule_set": "naltrexone-hydrochloride",
    },
    {
        "name": KETOTIFEN,
        "short_name": "ketotifen",
        "plain_name": "ketotifen",
        "cas_number": "34580-13-7",
        "molecular_weight": D("309.425"),
        "molecular_weight_source": "NCATS Inxight Drugs, HBD503WORO",
    },
    {
        "name": KETOTIFEN_FUMARATE,
        "short_name": "ketotifen fumarate",
        "plain_name": "ketotifen",
        "cas_number": "34580-14-8",
        "unii": "HBD503WORO",
        "molecular_weight": D("425.497"),
        "molecular_weight_source": "NCATS Inxight Drugs, HBD503WORO",
    },
    {
        "name": ALLOPURINOL,
        "short_name": "allopurinol",
        "plain_name": "allopurinol",
        "cas_number": "315-30-0",
        "unii": "63CZ7GJN5I",
        "molecular_weight": D("136.11"),
        "molecular_weight_source": "C5H4N4O, USP monograph",
    },
)

_FORMS = {KETOTIFEN_FUMARATE: KETOTIFEN}


def seed_ingredients() -> Shelf:
    """Return the substances and ingredients, made where they are missing."""
    substances = {entry["name"]: _substance(entry) for entry in _SUBSTANCES}
    for form, parent in _FORMS.items():
        Substance.objects.filter(name=form, form_of=None).update(form_of=substances[parent])
        substances[form].refresh_from_db()
    ingredients = [_ingredient(entry, substances) for entry in INGREDIENTS]
    by_name = {ingredient.name: ingredient for ingredient in ingredients}
    for entry in CAUTIONS:
        IngredientCaution.objects.get_or_create(
            ingredient=by_name[entry["ingredient"]],
            substance=substances[entry["substance"]],
            defaults={key: entry[key] for key in ("allowed", "reason", "source")},
        )
    return Shelf({ingredient.label_name: ingredient for ingredient in ingredients}, substances)


def _substance(entry: dict[str, Any]) -> Substance:
    return Substance.objects.get_or_create(name=entry["name"], defaults=entry)[0]


def _ingredient(entry: dict[str, Any], substances: dict[str, Substance]) -> Ingredient:
    """Return the ingredient; what nobody had written down yet about one that is there is filled in."""
    of = entry.get("substance")
    values = {**entry, "substance": substances[of] if of else None}
    ingredient, created = Ingredient.objects.get_or_create(name=entry["name"], defaults=values)
    empty = [name for name in _FACTS if name in entry and not getattr(ingredient, name)]
    if empty and not created:
        for name in empty:
            setattr(ingredient, name, entry[name])
        ingredient.save(update_fields=empty)
    return ingredient


_FACTS = ("contains", "facts_source", "characteristics", "hazard")
