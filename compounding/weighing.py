"""What a balance can weigh, and how to get at less: aliquots, triturates, serial and geometric dilution.

Minimums (kept apart on purpose): the minimum weighable quantity of a prescription balance is
sensitivity requirement × 100 / permitted error %; the minimum weight of USP <41> (1 August 2019) is
2000 × the standard deviation of at least ten weighings, taken as 0.41 d where it is smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import HUNDRED, ZERO, exactly, settle, whole_at_least
from compounding.errors import Refusal
from compounding.spread import sample_sd

_USP41_FACTOR = 2000
_USP41_LEAST_SD_PER_D = Decimal("0.41")
_USP41_LEAST_READINGS = 10
_MOST_BLENDING_STEPS = 60


class BelowBalanceMinimum(Refusal):
    """A weighing that this balance cannot make within the permitted error."""


class TooFewReadings(Refusal):
    """Fewer weighings than the test of repeatability needs."""


class NotSoluble(Refusal):
    """More drug than the solvent takes up."""


class TriturateDoesNotFit(Refusal):
    """The triturate that holds the dose is more powder than the capsule holds."""


@exactly
def minimum_weighable_mg(*, sensitivity_mg: Decimal, max_error_pct: Decimal) -> Decimal:
    """Return the least a prescription balance may weigh (mg, unrounded)."""
    given.positive(sensitivity_mg, "The sensitivity requirement")
    return sensitivity_mg * HUNDRED / given.positive(max_error_pct, "The permitted error")


@exactly
def weighing_error_pct(*, sensitivity_mg: Decimal, weighed_mg: Decimal) -> Decimal:
    """Return the error that the sensitivity requirement means for this weighing (percent, unrounded)."""
    given.positive(sensitivity_mg, "The sensitivity requirement")
    return sensitivity_mg * HUNDRED / given.positive(weighed_mg, "The weighed amount")


@dataclass(frozen=True, slots=True)
class Usp41Minimum:
    """The standard deviation that counts, and the least weight that follows (both in mg, unrounded)."""

    sd_used_mg: Decimal
    minimum_mg: Decimal


@exactly
def usp41_minimum(*, sd_mg: Decimal, readability_mg: Decimal) -> Usp41Minimum:
    """Return the minimum weight of USP <41> from the standard deviation and the readability d."""
    given.not_negative(sd_mg, "The standard deviation")
    least = _USP41_LEAST_SD_PER_D * given.positive(readability_mg, "The readability")
    used = max(sd_mg, least)
    return Usp41Minimum(used, used * _USP41_FACTOR)


@exactly
def usp41_minimum_from_readings(
    readings_mg: Sequence[Decimal], *, readability_mg: Decimal
) -> Usp41Minimum:
    """Return the minimum weight of USP <41> from repeated weighings of one test weight.

    Raises `TooFewReadings` below ten readings.
    """
    if len(readings_mg) < _USP41_LEAST_READINGS:
        raise TooFewReadings(
            f"USP <41> needs at least {wording.number(_USP41_LEAST_READINGS)} weighings, "
            f"and there are {wording.number(len(readings_mg))}."
        )
    for reading in readings_mg:
        given.positive(reading, "A reading")
    return usp41_minimum(sd_mg=sample_sd(readings_mg), readability_mg=readability_mg)


@exactly
def least_units(*, as_is_mg_per_unit: Decimal, minimum_mg: Decimal) -> int:
    """Return the fewest units whose powder can be weighed directly."""
    given.positive(as_is_mg_per_unit, "The powder per unit")
    return max(
        1, whole_at_least(given.positive(minimum_mg, "The balance minimum") / as_is_mg_per_unit)
    )


def can_be_weighed(amount_mg: Decimal, *, minimum_mg: Decimal) -> bool:
    """Return whether the unrounded amount is at least the unrounded minimum."""
    return settle(amount_mg) >= settle(minimum_mg)


def check_weighable(amount_mg: Decimal, *, minimum_mg: Decimal, what: str) -> None:
    """Raise `BelowBalanceMinimum` if the unrounded amount is less than the unrounded minimum."""
    if not can_be_weighed(amount_mg, minimum_mg=minimum_mg):
        raise BelowBalanceMinimum(
            f"{wording.rounded(amount_mg, 3)} mg of {what} is less than the "
            f"{wording.rounded(minimum_mg, 3)} mg that this balance can weigh."
        )


@exactly
def error_pct(*, wanted: Decimal, actual: Decimal) -> Decimal:
    """Return how far the weighed amount lies from the wanted one (percent of wanted, unrounded)."""
    given.positive(wanted, "The wanted amount")
    return (given.not_negative(actual, "The weighed amount") - wanted) * HUNDRED / wanted


@exactly
def within_tolerance(*, wanted: Decimal, actual: Decimal, tolerance_pct: Decimal) -> bool:
    """Return whether the weighed amount lies within the tolerance; compared unrounded."""
    off = settle(error_pct(wanted=wanted, actual=actual))
    return abs(off) <= given.not_negative(tolerance_pct, "The tolerance")


@dataclass(frozen=True, slots=True)
class SolidAliquot:
    """Weigh more drug than needed, dilute it, and take a part (all in mg)."""

    multiple: int
    weigh_drug_mg: Decimal
    diluent_mg: Decimal
    total_mg: Decimal
    aliquot_mg: Decimal
    drug_in_aliquot_mg: Decimal


@exactly
def solid_aliquot(*, needed_mg: Decimal, minimum_mg: Decimal, aliquot_mg: Decimal) -> SolidAliquot:
    """Return the aliquot with the smallest whole multiple that the balance can weigh.

    Raises `BelowBalanceMinimum` if the aliquot itself could not be weighed.
    """
    given.positive(needed_mg, "The drug needed")
    check_weighable(aliquot_mg, minimum_mg=minimum_mg, what="the aliquot")
    multiple = least_units(as_is_mg_per_unit=needed_mg, minimum_mg=minimum_mg)
    drug = needed_mg * multiple
    total = aliquot_mg * multiple
    if settle(total) < settle(drug):
        raise BelowBalanceMinimum(
            f"An aliquot of {wording.rounded(aliquot_mg, 3)} mg cannot hold {wording.rounded(needed_mg, 3)} mg of drug."
        )
    return SolidAliquot(multiple, drug, total - drug, total, aliquot_mg, drug * aliquot_mg / total)


@dataclass(frozen=True, slots=True)
class LiquidAliquot:
    """Dissolve more drug than needed and take a part of the solution."""

    multiple: int
    weigh_drug_mg: Decimal
    stock_volume_ml: Decimal
    stock_mg_per_ml: Decimal
    aliquot_ml: Decimal
    drug_in_aliquot_mg: Decimal
    soluble: bool


@exactly
def liquid_aliquot(
    *, needed_mg: Decimal, minimum_mg: Decimal, aliquot_ml: Decimal, solubility_mg_per_ml: Decimal
) -> LiquidAliquot:
    """Return the stock solution, and whether it dissolves at all (the caller refuses if it must)."""
    given.positive(needed_mg, "The drug needed")
    given.positive(aliquot_ml, "The aliquot")
    given.positive(solubility_mg_per_ml, "The solubility")
    multiple = least_units(as_is_mg_per_unit=needed_mg, minimum_mg=minimum_mg)
    drug = needed_mg * multiple
    volume = aliquot_ml * multiple
    strength = needed_mg / aliquot_ml
    return LiquidAliquot(
        multiple=multiple,
        weigh_drug_mg=drug,
        stock_volume_ml=volume,
        stock_mg_per_ml=strength,
        aliquot_ml=aliquot_ml,
        drug_in_aliquot_mg=drug * aliquot_ml / volume,
        soluble=settle(strength) <= solubility_mg_per_ml,
    )


def check_soluble(stock: LiquidAliquot, *, solubility_mg_per_ml: Decimal) -> None:
    """Raise `NotSoluble` if the stock solution would hold more than dissolves."""
    if not stock.soluble:
        raise NotSoluble(
            f"{wording.rounded(stock.stock_mg_per_ml, 3)} mg/mL is more than the "
            f"{wording.number(solubility_mg_per_ml)} mg/mL that dissolves."
        )


@dataclass(frozen=True, slots=True)
class Triturate:
    """A stock mixture of a named strength (w/w, as pure substance); all masses in mg, unrounded."""

    pure_mg: Decimal
    weigh_mg: Decimal
    diluent_mg: Decimal
    total_mg: Decimal
    strength_pct: Decimal


@exactly
def stock_triturate(*, total_mg: Decimal, strength_pct: Decimal, factor: Decimal) -> Triturate:
    """Return what to weigh for a stock triturate.

    Potency is corrected here, once; whoever uses the triturate uses its labelled strength.
    """
    given.positive(total_mg, "The triturate")
    given.positive(factor, "The potency factor")
    pure = total_mg * given.share(strength_pct, "The strength of the triturate") / HUNDRED
    given.positive(pure, "The strength of the triturate")
    weigh = pure / factor
    if settle(weigh) > total_mg:
        raise given.OutOfRange(
            f"{wording.rounded(weigh, 3)} mg of powder does not fit into {wording.number(total_mg)} mg of triturate."
        )
    return Triturate(pure, weigh, total_mg - weigh, total_mg, strength_pct)


@dataclass(frozen=True, slots=True)
class FromTriturate:
    """A batch of capsules taken from a stock triturate (mg, unrounded)."""

    pure_mg: Decimal
    triturate_mg: Decimal
    per_capsule_mg: Decimal
    filler_per_capsule_mg: Decimal | None


@exactly
def capsules_from_triturate(
    *, dose_mg: Decimal, units: int, strength_pct: Decimal, capacity_mg: Decimal | None = None
) -> FromTriturate:
    """Return the triturate for a batch, and the plain filler that tops each capsule up to its capacity.

    The top-up takes the triturate to pack like its filler, which a pack statistic must confirm.
    Raises `TriturateDoesNotFit` when the dose needs more triturate than the capsule holds.
    """
    given.positive(dose_mg, "The dose")
    given.count(units, "The number of capsules")
    given.positive(strength_pct, "The strength of the triturate")
    per_capsule = dose_mg * HUNDRED / strength_pct
    room = None
    if capacity_mg is not None:
        room = given.positive(capacity_mg, "The capacity of the capsule") - per_capsule
        if settle(per_capsule) > capacity_mg:
            raise TriturateDoesNotFit(
                f"{wording.rounded(per_capsule, 3)} mg of a {wording.percent(strength_pct, 6)} triturate does not "
                f"fit into a capsule that holds {wording.number(capacity_mg)} mg; use a stronger triturate."
            )
    return FromTriturate(
        dose_mg * units, dose_mg * units * HUNDRED / strength_pct, per_capsule, room
    )


@exactly
def serial_strength_pct(dilutions: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Return the strength (percent) after dilutions such as 1 in 100, each of the mixture before it."""
    given.count(len(dilutions), "The number of dilutions")
    strength = HUNDRED
    for part, whole in dilutions:
        given.positive(part, "A part of a dilution")
        if given.positive(whole, "The whole of a dilution") < part:
            raise given.OutOfRange(
                f"A dilution of {wording.number(part)} in {wording.number(whole)} makes nothing weaker."
            )
        strength = strength * part / whole
    return strength


@exactly
def geometric_additions(*, drug_mg: Decimal, diluent_mg: Decimal) -> tuple[Decimal, ...]:
    """Return the diluent to add at each step (mg): as much as is already there, the rest at the last."""
    mixture = given.positive(drug_mg, "The drug")
    left = given.positive(diluent_mg, "The diluent")
    additions: list[Decimal] = []
    while left > ZERO:
        if len(additions) == _MOST_BLENDING_STEPS:
            raise given.OutOfRange(
                f"{wording.number(diluent_mg)} mg of diluent on {wording.number(drug_mg)} mg of drug "
                f"takes more than {_MOST_BLENDING_STEPS} steps; make a triturate first."
            )
        addition = min(mixture, left)
        additions.append(addition)
        mixture += addition
        left -= addition
    return tuple(additions)
