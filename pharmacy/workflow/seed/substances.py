"""The substances and ingredients that the demonstration pharmacy starts with, each figure with its source."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pharmacy.formulations.models import Ingredient, IngredientKind, Substance, Unit

D = Decimal

NALTREXONE = "Naltrexone hydrochloride"
KETOTIFEN = "Ketotifen"
KETOTIFEN_FUMARATE = "Ketotifen fumarate"


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
)

_FORMS = {KETOTIFEN_FUMARATE: KETOTIFEN}

_INGREDIENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "Naltrexone hydrochloride, USP",
        "label_name": "naltrexone hydrochloride",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "substance": NALTREXONE,
        "grade": "USP",
        "displacement_ml_per_g": D("0.70"),
        "solubility_mg_per_ml": D(100),
    },
    {
        "name": "Ketotifen fumarate, EP",
        "label_name": "ketotifen fumarate",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "substance": KETOTIFEN_FUMARATE,
        "grade": "EP",
    },
    {
        "name": "Microcrystalline cellulose PH-105, NF",
        "label_name": "microcrystalline cellulose",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "NF, PH-105",
        "contains": ["cellulose"],
    },
    {
        "name": "Hypromellose capsule shell, size 3, clear",
        "label_name": "hypromellose capsule",
        "kind": IngredientKind.SHELL,
        "unit": Unit.EACH,
        "contains": ["cellulose"],
        "capsule_size": "3",
        "capsule_volume_ml": D("0.30"),
    },
    {
        "name": "Ascorbic acid, USP",
        "label_name": "ascorbic acid",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "USP",
        "displacement_ml_per_g": D("0.60"),
    },
    {
        "name": "Sodium benzoate, NF",
        "label_name": "sodium benzoate",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "NF",
        "contains": ["benzoate"],
        "displacement_ml_per_g": D("0.67"),
    },
    {
        "name": "Glycerin, USP",
        "label_name": "glycerin",
        "kind": IngredientKind.LIQUID,
        "unit": Unit.ML,
        "grade": "USP",
    },
    {
        "name": "Purified water, USP",
        "label_name": "purified water",
        "kind": IngredientKind.LIQUID,
        "unit": Unit.ML,
        "grade": "USP",
    },
    {
        "name": "Amber glass bottle 30 mL with child-resistant dropper cap",
        "label_name": "30 mL dropper bottle",
        "kind": IngredientKind.CONTAINER,
        "unit": Unit.EACH,
        "container_volume_ml": D(34),
    },
)


def seed_ingredients() -> Shelf:
    """Return the substances and ingredients, made where they are missing."""
    substances = {entry["name"]: _substance(entry) for entry in _SUBSTANCES}
    for form, parent in _FORMS.items():
        Substance.objects.filter(name=form, form_of=None).update(form_of=substances[parent])
        substances[form].refresh_from_db()
    ingredients = [_ingredient(entry, substances) for entry in _INGREDIENTS]
    return Shelf({ingredient.label_name: ingredient for ingredient in ingredients}, substances)


def _substance(entry: dict[str, Any]) -> Substance:
    return Substance.objects.get_or_create(name=entry["name"], defaults=entry)[0]


def _ingredient(entry: dict[str, Any], substances: dict[str, Substance]) -> Ingredient:
    of = entry.get("substance")
    values = {**entry, "substance": substances[of] if of else None}
    return Ingredient.objects.get_or_create(name=entry["name"], defaults=values)[0]
