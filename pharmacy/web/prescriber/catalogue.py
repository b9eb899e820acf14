"""What a prescriber can choose: the approved formulas with their strengths, and the conditions."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.formulations.models import DosageForm, MasterFormulationRecord

OTHER = "other"
"""Chosen when the wanted strength or condition is not in the list."""

Choice = tuple[str, str]
Group = tuple[str, list[Choice]]


@dataclass(frozen=True, slots=True)
class Product:
    """A formula in one strength; no strength when the prescriber names another."""

    formula_code: str
    strength: Decimal | None


def product_choices(formulas: Iterable[MasterFormulationRecord]) -> list[Choice | Group]:
    """Return the choices of the medicine: a group a formula, its strengths, and "another strength"."""
    choices: list[Choice | Group] = [("", "")]
    for formula in formulas:
        offered: list[Choice] = [
            (f"{formula.code}|{strength}", _strength_words(formula, Decimal(strength)))
            for strength in formula.strengths_offered
        ]
        another = _("%(name)s, another strength from %(low)s to %(high)s %(unit)s") % {
            "name": formula.name,
            "low": wording.number(formula.strength_min),
            "high": wording.number(formula.strength_max),
            "unit": formula.strength_unit,
        }
        choices.append(
            (formula.strength_substance.name, [*offered, (f"{formula.code}|{OTHER}", another)])
        )
    return choices


def product_of(choice: str) -> Product:
    """Return what was chosen."""
    code, _bar, strength = choice.rpartition("|")
    return Product(formula_code=code, strength=None if strength == OTHER else Decimal(strength))


def _strength_words(formula: MasterFormulationRecord, strength: Decimal) -> str:
    is_capsule = formula.dosage_form == DosageForm.CAPSULE
    words = wording.mass(strength) if is_capsule else wording.concentration(strength)
    return f"{formula.name}, {words}"
