"""The ingredients that the demonstration pharmacy keeps, each fact with its source."""

from decimal import Decimal
from typing import Any

from pharmacy.formulations.models import ExcipientFact, IngredientKind, Unit

D = Decimal

NALTREXONE = "Naltrexone hydrochloride"
KETOTIFEN = "Ketotifen"
KETOTIFEN_FUMARATE = "Ketotifen fumarate"
ALLOPURINOL = "Allopurinol"

SINGLE = "One substance of its monograph; nothing else is in it"
MAKER = "The maker's ingredient statement; a pharmacist confirms it with each maker"
NOT_ON_THE_LIST = "Not on the NIOSH list as far as known; the pharmacy's own assessment confirms it"

_ACTIVES: tuple[dict[str, Any], ...] = (
    {
        "name": "Naltrexone hydrochloride, USP",
        "label_name": "naltrexone hydrochloride",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "substance": NALTREXONE,
        "grade": "USP",
        "characteristics": "Hydrochloride, anhydrous; passes a 60 mesh sieve; about 100 mg dissolve in 1 mL of water",
        "hazard": NOT_ON_THE_LIST,
        "facts_source": SINGLE,
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
        "characteristics": "Hydrogen fumarate: 1.375 mg hold 1 mg of ketotifen",
        "hazard": NOT_ON_THE_LIST,
        "facts_source": SINGLE,
    },
    {
        "name": "Allopurinol, USP",
        "label_name": "allopurinol",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "substance": ALLOPURINOL,
        "grade": "USP",
        "characteristics": "Very slightly soluble in water: it stays suspended",
        "hazard": NOT_ON_THE_LIST,
        "facts_source": SINGLE,
        "displacement_ml_per_g": D("0.60"),
        "solubility_mg_per_ml": D("0.5"),
    },
    {
        "name": "Naltrexone hydrochloride 1% triturate in microcrystalline cellulose",
        "label_name": "naltrexone hydrochloride 1% triturate",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "substance": NALTREXONE,
        "grade": "compounded in house",
        "characteristics": "1 g holds 10 mg of naltrexone hydrochloride; corrected for potency when it was made",
        "hazard": NOT_ON_THE_LIST,
        "contains": [ExcipientFact.CELLULOSE],
        "facts_source": "Its formula",
    },
    {
        "name": "Naltrexone hydrochloride 10% triturate in microcrystalline cellulose",
        "label_name": "naltrexone hydrochloride 10% triturate",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "substance": NALTREXONE,
        "grade": "compounded in house",
        "characteristics": "1 g holds 100 mg of naltrexone hydrochloride; corrected for potency when it was made",
        "hazard": NOT_ON_THE_LIST,
        "contains": [ExcipientFact.CELLULOSE],
        "facts_source": "Its formula",
    },
)

_POWDERS: tuple[dict[str, Any], ...] = (
    {
        "name": "Microcrystalline cellulose PH-105, NF",
        "label_name": "microcrystalline cellulose",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "NF, PH-105",
        "characteristics": "Immediate release; nominal particle size 20 micrometers",
        "contains": [ExcipientFact.CELLULOSE],
        "facts_source": SINGLE,
    },
    {
        "name": "Lactose monohydrate, NF",
        "label_name": "lactose",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "NF",
        "contains": [ExcipientFact.LACTOSE, ExcipientFact.SUGAR, ExcipientFact.ANIMAL_ORIGIN],
        "facts_source": "Milk sugar: one substance of its monograph, from cow's milk",
    },
    {
        "name": "Calcium carbonate, USP",
        "label_name": "calcium carbonate",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "USP",
        "facts_source": SINGLE,
    },
    {
        "name": "Hypromellose K100M, USP",
        "label_name": "hypromellose K100M",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "USP, K100M premium CR",
        "characteristics": "High viscosity: it swells and releases slowly",
        "contains": [ExcipientFact.CELLULOSE],
        "facts_source": SINGLE,
    },
    {
        "name": "Ascorbic acid, USP",
        "label_name": "ascorbic acid",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "USP",
        "facts_source": SINGLE,
        "displacement_ml_per_g": D("0.60"),
    },
    {
        "name": "Sodium benzoate, NF",
        "label_name": "sodium benzoate",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "NF",
        "contains": [ExcipientFact.BENZOATE],
        "facts_source": SINGLE,
        "displacement_ml_per_g": D("0.67"),
    },
    {
        "name": "Colloidal silicon dioxide, NF",
        "label_name": "colloidal silicon dioxide",
        "kind": IngredientKind.POWDER,
        "unit": Unit.MG,
        "grade": "NF",
        "hazard": "Light dust: weigh it slowly, under a mask",
        "facts_source": SINGLE,
        "displacement_ml_per_g": D("0.45"),
    },
)

_LIQUIDS: tuple[dict[str, Any], ...] = (
    {
        "name": "Glycerin, USP",
        "label_name": "glycerin",
        "kind": IngredientKind.LIQUID,
        "unit": Unit.ML,
        "grade": "USP",
        "facts_source": "Of plants, as its supplier states; a pharmacist confirms it with each supplier",
    },
    {
        "name": "Purified water, USP",
        "label_name": "purified water",
        "kind": IngredientKind.LIQUID,
        "unit": Unit.ML,
        "grade": "USP",
        "facts_source": SINGLE,
    },
    {
        "name": "Medium-chain triglycerides, NF",
        "label_name": "medium-chain triglyceride oil",
        "kind": IngredientKind.LIQUID,
        "unit": Unit.ML,
        "grade": "NF",
        "characteristics": "No salt dissolves in it: an active stays suspended",
        "contains": [ExcipientFact.COCONUT_OIL],
        "facts_source": MAKER,
    },
    {
        "name": "Vehicle for oral suspension, NF",
        "label_name": "suspending vehicle",
        "kind": IngredientKind.LIQUID,
        "unit": Unit.ML,
        "grade": "NF",
        "contains": [ExcipientFact.CELLULOSE, ExcipientFact.PARABEN],
        "facts_source": MAKER,
    },
    {
        "name": "Vehicle for oral solution, NF",
        "label_name": "syrup vehicle",
        "kind": IngredientKind.LIQUID,
        "unit": Unit.ML,
        "grade": "NF",
        "contains": [ExcipientFact.SUGAR, ExcipientFact.FLAVOR, ExcipientFact.PARABEN],
        "facts_source": MAKER,
    },
)

_PACKAGING: tuple[dict[str, Any], ...] = (
    {
        "name": "Hypromellose capsule shell, size 3, clear",
        "label_name": "hypromellose capsule",
        "kind": IngredientKind.SHELL,
        "unit": Unit.EACH,
        "contains": [ExcipientFact.CELLULOSE],
        "facts_source": MAKER,
        "capsule_size": "3",
        "capsule_volume_ml": D("0.30"),
    },
    {
        "name": "Amber glass bottle 30 mL with child-resistant dropper cap",
        "label_name": "30 mL dropper bottle",
        "kind": IngredientKind.CONTAINER,
        "unit": Unit.EACH,
        "container_volume_ml": D(34),
    },
    {
        "name": "Amber bottle 100 mL with child-resistant cap",
        "label_name": "100 mL bottle",
        "kind": IngredientKind.CONTAINER,
        "unit": Unit.EACH,
        "container_volume_ml": D(115),
    },
    {
        "name": "Amber polypropylene vial 60 mL with child-resistant cap",
        "label_name": "60 mL vial",
        "kind": IngredientKind.CONTAINER,
        "unit": Unit.EACH,
        "container_volume_ml": D(60),
    },
    {
        "name": "Amber jar 120 mL with screw cap",
        "label_name": "120 mL jar",
        "kind": IngredientKind.CONTAINER,
        "unit": Unit.EACH,
        "container_volume_ml": D(120),
    },
    {
        "name": "Container labels, 4 x 2 inches",
        "label_name": "container label",
        "kind": IngredientKind.LABEL,
        "unit": Unit.EACH,
        "label_stock": "roll-4x2",
    },
)

INGREDIENTS = (*_ACTIVES, *_POWDERS, *_LIQUIDS, *_PACKAGING)

CAUTIONS: tuple[dict[str, str], ...] = (
    {
        "ingredient": "Calcium carbonate, USP",
        "substance": NALTREXONE,
        "allowed": "ask",
        "reason": "It is said to reduce the absorption of naltrexone.",
        "source": "Swidan, in a handbook chapter on low-dose naltrexone (Taylor & Francis); thecompounder.com",
    },
    {
        "ingredient": "Hypromellose K100M, USP",
        "substance": NALTREXONE,
        "allowed": "ask",
        "reason": "It releases slowly, and low-dose naltrexone is meant to reach a prompt, short peak.",
        "source": "LDN Research Trust statement; thecompounder.com/ldn-fillers. No head-to-head trial exists",
    },
    {
        "ingredient": "Lactose monohydrate, NF",
        "substance": NALTREXONE,
        "allowed": "yes",
        "reason": "Immediate release; mind intolerance.",
        "source": "Swidan, in a handbook chapter on low-dose naltrexone (Taylor & Francis)",
    },
    {
        "ingredient": "Microcrystalline cellulose PH-105, NF",
        "substance": NALTREXONE,
        "allowed": "yes",
        "reason": "Immediate release, and the filler of the published stability study.",
        "source": "Cote, Ross, Fortner, Rao, IJPC 2018;22(3):252-256",
    },
)
