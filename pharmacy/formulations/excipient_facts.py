"""What somebody wrote that a medicine should be made without, held against what the formula contains."""

import re

from pharmacy.formulations.models import ExcipientFact

_CALLED: dict[ExcipientFact, tuple[str, ...]] = {
    ExcipientFact.LACTOSE: ("lactose", "milk", "dairy", "vegan"),
    ExcipientFact.GELATIN: (
        "gelatin",
        "gelatine",
        "pork",
        "beef",
        "vegan",
        "vegetarian",
        "halal",
        "kosher",
    ),
    ExcipientFact.DYE: ("dye", "dyes", "color", "colors", "colour", "colorant"),
    ExcipientFact.SUGAR: ("sugar", "sucrose", "dextrose", "diabetic", "diabetes"),
    ExcipientFact.GLUTEN: ("gluten", "wheat", "celiac", "coeliac"),
    ExcipientFact.ALCOHOL: ("alcohol", "ethanol"),
    ExcipientFact.ANIMAL_ORIGIN: (
        "animal",
        "vegan",
        "vegetarian",
        "pork",
        "beef",
        "halal",
        "kosher",
    ),
    ExcipientFact.CELLULOSE: ("cellulose", "avicel", "hypromellose", "hpmc", "methylcellulose"),
    ExcipientFact.BENZOATE: ("benzoate", "benzoates"),
    ExcipientFact.PARABEN: ("paraben", "parabens"),
    ExcipientFact.FLAVOR: ("flavor", "flavors", "flavour", "flavoring"),
    ExcipientFact.XYLITOL: ("xylitol", "sweetener", "sweeteners"),
    ExcipientFact.COCONUT_OIL: ("coconut", "mct"),
}
"""The words, in small letters, that name a fact. Nobody decides by them: they help a pharmacist to compare."""


def facts_named(text: str) -> list[ExcipientFact]:
    """Return the facts that a text names, in the order of the list; words in another language are not seen."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    return [fact for fact, called in _CALLED.items() if words.intersection(called)]
