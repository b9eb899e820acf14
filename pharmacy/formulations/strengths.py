"""Which strengths a formula is made in: a range with limits and a step."""

from decimal import Decimal

from django.utils.translation import gettext as _

from compounding.arithmetic import floor_to_step
from compounding.errors import Refusal
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.formulations.words import in_its_unit, range_words


class StrengthOutOfRange(Refusal):
    """The formula is not made in this strength."""


def check_strength(formula: MasterFormulationRecord, strength: Decimal) -> None:
    """Raise StrengthOutOfRange, with the nearest strengths, unless the formula is made in this one.

    `strength` is in the formula's unit. Strengths lie between the limits, in steps counted from the lowest.
    """
    nearest = nearest_strengths(formula, strength)
    if strength in nearest:
        return
    raise StrengthOutOfRange(
        _("%(name)s: made in %(range)s, not in %(strength)s. Nearest: %(nearest)s.")
        % {
            "name": formula.name,
            "range": range_words(formula),
            "strength": in_its_unit(formula, strength),
            "nearest": _(" or ").join(in_its_unit(formula, each) for each in nearest),
        }
    )


def nearest_strengths(formula: MasterFormulationRecord, strength: Decimal) -> list[Decimal]:
    """Return the strength itself when the formula is made in it, or else the one or two nearest to it."""
    lowest, highest, step = formula.strength_min, formula.strength_max, formula.strength_step
    if strength <= lowest:
        return [lowest]
    if step is None:
        return [min(strength, highest)]
    last = lowest + floor_to_step(highest - lowest, step)
    if strength >= last:
        return [last]
    below = lowest + floor_to_step(strength - lowest, step)
    return [below] if below == strength else [below, below + step]
