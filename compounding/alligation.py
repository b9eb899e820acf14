"""Mixing strengths: what a mixture comes to, and in which parts to mix for a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import ONE, ZERO, exactly, total
from compounding.errors import Refusal


class TargetOutsideRange(Refusal):
    """No mixture of two strengths is stronger than the stronger or weaker than the weaker."""


class StrengthsReversed(Refusal):
    """The higher strength is not above the lower one."""


@exactly
def medial(parts: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Return the strength of a mixture from pairs of amount and strength (unrounded, in their unit)."""
    given.count(len(parts), "The number of parts")
    for amount, strength in parts:
        given.positive(amount, "A part of the mixture")
        given.not_negative(strength, "The strength of a part")
    content = total(amount * strength for amount, strength in parts)
    return content / total(amount for amount, _ in parts)


@dataclass(frozen=True, slots=True)
class Parts:
    """In which parts to mix the higher and the lower strength."""

    high: Decimal
    low: Decimal

    @exactly
    def of_total(self, total: Decimal) -> tuple[Decimal, Decimal]:
        """Return the amounts of the higher and the lower strength in that total (unrounded)."""
        given.positive(total, "The total")
        parts = self.high + self.low
        return total * self.high / parts, total * self.low / parts


@exactly
def alternate(*, high: Decimal, low: Decimal, target: Decimal) -> Parts:
    """Return the parts by alligation alternate; all three strengths in one unit.

    Raises `StrengthsReversed` or `TargetOutsideRange`.
    """
    given.not_negative(low, "The lower strength")
    if given.positive(high, "The higher strength") <= low:
        raise StrengthsReversed(
            f"The higher strength, {wording.number(high)}, is not above {wording.number(low)}."
        )
    if not low <= given.positive(target, "The target strength") <= high:
        raise _outside(target, low, high, "the two")
    return Parts(target - low, high - target)


@exactly
def alternate_several(strengths: Sequence[Decimal], *, target: Decimal) -> tuple[Decimal, ...]:
    """Return the part of each strength, in the order given, by alligation alternate with several.

    Each strength above the target is tied to one below it, the strongest to the weakest and so on; the
    shorter side is gone through again. A tie gives each of its two the distance of the other from the
    target; a strength that is the target itself takes one part. Other mixtures would do as well.
    Raises `TargetOutsideRange`.
    """
    given.count(len(strengths), "The number of strengths")
    for strength in strengths:
        given.not_negative(strength, "A strength")
    given.positive(target, "The target strength")
    order = sorted(range(len(strengths)), key=lambda place: strengths[place])
    below = [place for place in order if strengths[place] < target]
    above = [place for place in reversed(order) if strengths[place] > target]
    parts = [ONE if strength == target else ZERO for strength in strengths]
    if bool(below) != bool(above):
        weakest, strongest = strengths[order[0]], strengths[order[-1]]
        raise _outside(target, weakest, strongest, "them")
    for tie in range(max(len(below), len(above))):
        low, high = below[tie % len(below)], above[tie % len(above)]
        parts[high] += target - strengths[low]
        parts[low] += strengths[high] - target
    return tuple(parts)


def _outside(target: Decimal, low: Decimal, high: Decimal, which: str) -> TargetOutsideRange:
    return TargetOutsideRange(
        f"{wording.number(target)} lies outside {wording.number(low)} to {wording.number(high)}: "
        f"no mixture of {which} can have it."
    )


@exactly
def stock_needed_ml(
    *, stock_mg_per_ml: Decimal, target_mg_per_ml: Decimal, target_volume_ml: Decimal
) -> Decimal:
    """Return the stock solution (mL, unrounded) to be made up to the target volume: C1 V1 = C2 V2.

    Raises `TargetOutsideRange` if the target is stronger than the stock.
    """
    given.positive(target_mg_per_ml, "The target strength")
    given.positive(target_volume_ml, "The target volume")
    if given.positive(stock_mg_per_ml, "The strength of the stock") < target_mg_per_ml:
        raise TargetOutsideRange(
            f"A stock of {wording.concentration(stock_mg_per_ml)} cannot be diluted to "
            f"{wording.concentration(target_mg_per_ml)}."
        )
    return target_mg_per_ml * target_volume_ml / stock_mg_per_ml


@exactly
def diluted_mg_per_ml(
    *, stock_mg_per_ml: Decimal, stock_ml: Decimal, final_volume_ml: Decimal
) -> Decimal:
    """Return the strength (mg/mL, unrounded) of a stock solution made up to the final volume.

    Raises `TargetOutsideRange` if that is less than the stock taken.
    """
    given.positive(stock_mg_per_ml, "The strength of the stock")
    if given.positive(final_volume_ml, "The final volume") < given.positive(stock_ml, "The stock"):
        raise TargetOutsideRange(
            f"{wording.millilitres(stock_ml)} cannot be made up to {wording.millilitres(final_volume_ml)}."
        )
    return stock_mg_per_ml * stock_ml / final_volume_ml
