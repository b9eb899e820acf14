"""The working of every rule: one module for each family, named as the module of its rules.

Each function takes what its rule takes (or the record that the rule gave) and returns the lines of arithmetic
as a person would write them, for screens, papers and tests alike:

    from compounding import workings
    print(*workings.weighing.minimum(sensitivity_mg=Decimal(6), max_error_pct=Decimal(5)), sep="\\n")

A line that rests on the one before it takes that one's result as it is written there. The worksheets have their
own working (`compounding.worksheet`).
"""

from compounding.workings import (
    aliquots,
    alligation,
    beyond_use,
    capsule_fill,
    costing,
    drops,
    error_budget,
    identifiers,
    liquids,
    potency,
    scaling,
    spread,
    titration,
    triturates,
    uniformity,
    weighing,
    yields,
)

__all__ = [
    "aliquots",
    "alligation",
    "beyond_use",
    "capsule_fill",
    "costing",
    "drops",
    "error_budget",
    "identifiers",
    "liquids",
    "potency",
    "scaling",
    "spread",
    "titration",
    "triturates",
    "uniformity",
    "weighing",
    "yields",
]
