"""Every family of calculators, in the order in which the bench meets them."""

from pharmacy.backoffice.calculators import (
    aliquots,
    alligation,
    beyond_use,
    capsules,
    cost,
    drops,
    errors,
    identifiers,
    liquids,
    potency,
    scaling,
    titration,
    triturates,
    uniformity,
    weighing,
    yields,
)
from pharmacy.backoffice.calculators.registry import Calculator, Family

FAMILIES: tuple[Family, ...] = tuple(
    room.FAMILY
    for room in (
        capsules,
        liquids,
        drops,
        titration,
        potency,
        weighing,
        aliquots,
        triturates,
        alligation,
        scaling,
        uniformity,
        yields,
        beyond_use,
        errors,
        cost,
        identifiers,
    )
)

CALCULATORS: dict[str, tuple[Family, Calculator]] = {
    calculator.key: (family, calculator) for family in FAMILIES for calculator in family.calculators
}
