"""Capsules: how many to make, which size, and how much filler the actives leave room for.

The pack statistic of a powder is the milligrams of it alone that exactly fill one capsule of a
size; it belongs to the lot. Powders displace one another by their share of the capsule, always with
the powder as it is, and overage multiplies every component alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import HUNDRED, ONE, ZERO, exactly, settle, total, whole_at_least
from compounding.errors import Refusal
from compounding.findings import Finding, Severity

_LOOSE_PCT = Decimal(80)
_TIGHT_PCT = Decimal(95)


class CapsuleOverfilled(Refusal):
    """The powders without any filler already need more than the capsule holds."""


class NoCapsuleLargeEnough(Refusal):
    """No listed size holds the powder."""


@exactly
def batch_units(units_wanted: int, *, overage_pct: Decimal) -> int:
    """Return the capsules to make: the wanted ones with overage, up to a whole capsule."""
    given.count(units_wanted, "The number of capsules")
    given.not_negative(overage_pct, "The overage")
    return whole_at_least(units_wanted * (HUNDRED + overage_pct) / HUNDRED)


@exactly
def pack_stat_mg(*, net_powder_mg: Decimal, capsules_filled: int) -> Decimal:
    """Return the pack statistic (mg per capsule, unrounded) from powder and capsules filled with it."""
    given.positive(net_powder_mg, "The powder")
    return net_powder_mg / given.count(capsules_filled, "The number of capsules filled")


@exactly
def pack_stat_from_density_mg(*, tapped_g_per_ml: Decimal, volume_ml: Decimal) -> Decimal:
    """Return the pack statistic (mg per capsule) that a tapped density and a capsule volume give."""
    given.positive(tapped_g_per_ml, "The tapped density")
    return tapped_g_per_ml * given.positive(volume_ml, "The capsule volume") * 1000


@dataclass(frozen=True, slots=True)
class Powder:
    """One powder in each capsule: mg as it is, and the mg of it that would fill the capsule alone."""

    name: str
    mg: Decimal
    pack_stat_mg: Decimal

    def __post_init__(self) -> None:
        given.positive(self.mg, f"The amount of {self.name}")
        given.positive(self.pack_stat_mg, f"The pack statistic of {self.name}")


@exactly
def fraction_occupied(powders: Sequence[Powder]) -> Decimal:
    """Return the share of the capsule that these powders take up (a fraction, unrounded)."""
    return total(powder.mg / powder.pack_stat_mg for powder in powders)


@exactly
def occupied_pct(powders: Sequence[Powder]) -> Decimal:
    """Return the share of the capsule that these powders take up (percent, unrounded)."""
    return fraction_occupied(powders) * HUNDRED


@exactly
def share_left(powders: Sequence[Powder], *, remedy: str) -> Decimal:
    """Return the share of the capsule that these powders leave (a fraction, unrounded).

    Raises `CapsuleOverfilled`, with the remedy, if they take more than there is.
    """
    taken = fraction_occupied(powders)
    room = ONE - settle(taken)
    if room < ZERO:
        raise CapsuleOverfilled(
            f"{' and '.join(powder.name for powder in powders)} take up "
            f"{wording.percent(occupied_pct(powders), 1)} of the capsule; {remedy}."
        )
    return ONE - taken if room else ZERO


@exactly
def filler_mg(
    powders: Sequence[Powder],
    *,
    filler_pack_stat_mg: Decimal,
    remedy: str = "choose a larger size",
) -> Decimal:
    """Return the filler in each capsule (mg, unrounded): what fills the room that is left.

    Raises `CapsuleOverfilled`, with the remedy, if there is none.
    """
    given.positive(filler_pack_stat_mg, "The pack statistic of the filler")
    return share_left(powders, remedy=remedy) * filler_pack_stat_mg


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """The smallest size that holds the powder, the mL it needs, and how full it is (percent)."""

    size: str
    needed_ml: Decimal
    utilisation_pct: Decimal


@exactly
def choose_size(
    *, fill_mg: Decimal, tapped_g_per_ml: Decimal, volumes_ml: Mapping[str, Decimal]
) -> SizeChoice:
    """Return the smallest listed size that holds the fill. Raises `NoCapsuleLargeEnough`.

    Volumes differ between makers, so they are handed in.
    """
    given.positive(fill_mg, "The fill")
    needed = fill_mg / (given.positive(tapped_g_per_ml, "The tapped density") * 1000)
    for size, volume in sorted(volumes_ml.items(), key=lambda entry: entry[1]):
        if settle(needed) <= given.positive(volume, f"The volume of size {size}"):
            return SizeChoice(size, needed, needed * HUNDRED / volume)
    raise NoCapsuleLargeEnough(
        f"{wording.rounded(needed, 4)} mL of powder fits none of the sizes {', '.join(volumes_ml) or 'listed'}."
    )


def size_findings(choice: SizeChoice) -> list[Finding]:
    """Return a caution if the capsule would be loosely or tightly filled (below 80 % or above 95 %)."""
    used = settle(choice.utilisation_pct)
    if _LOOSE_PCT <= used <= _TIGHT_PCT:
        return []
    how = "loosely" if used < _LOOSE_PCT else "tightly"
    text = f"Size {choice.size} would be {how} filled, {wording.percent(used, 1)} full."
    return [Finding("capsule-size-doubtful", Severity.CAUTION, text)]


@exactly
def capacity_mg(*, volume_ml: Decimal, tapped_g_per_ml: Decimal) -> Decimal:
    """Return how much of a powder the capsule holds (mg)."""
    return pack_stat_from_density_mg(tapped_g_per_ml=tapped_g_per_ml, volume_ml=volume_ml)


@exactly
def largest_dose_mg(*, capacity_mg: Decimal, strength_pct: Decimal) -> Decimal:
    """Return the largest dose that one capsule full of a triturate holds (mg)."""
    given.positive(capacity_mg, "The capacity of the capsule")
    return capacity_mg * given.positive(strength_pct, "The strength of the triturate") / HUNDRED
