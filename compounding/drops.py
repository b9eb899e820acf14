"""Liquids and drops: the batch, the dropper, and from a dose to millilitres and drops.

Overfill adds volume, never strength. The bench step is always q.s. ad the batch volume. A dropper is
calibrated with the preparation itself; "20 drops to the millilitre" is true of water only
(USP <1101>).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import (
    HUNDRED,
    ONE,
    exactly,
    round_half_up,
    settle,
    settle_difference,
    total,
    whole_at_most,
)
from compounding.errors import Refusal


class FillBelowLabel(Refusal):
    """Less goes into the bottle than its label promises."""


class CalibrationIncomplete(Refusal):
    """A dropper calibration without its volume, or without mass and density."""


class LessThanOneDrop(Refusal):
    """The dose is nearer to no drop than to one."""


class NoRoomForVehicle(Refusal):
    """The other components already take up the whole batch."""


@exactly
def batch_volume_ml(
    *, bottles: int, label_volume_ml: Decimal, fill_volume_ml: Decimal, process_overage_pct: Decimal
) -> Decimal:
    """Return the volume to make (mL). Raises `FillBelowLabel`."""
    given.count(bottles, "The number of bottles")
    given.positive(label_volume_ml, "The label volume")
    given.not_negative(process_overage_pct, "The process overage")
    if given.positive(fill_volume_ml, "The fill volume") < label_volume_ml:
        raise FillBelowLabel(
            f"A fill of {wording.millilitres(fill_volume_ml)} is less than the "
            f"{wording.millilitres(label_volume_ml)} on the label."
        )
    return bottles * fill_volume_ml * (HUNDRED + process_overage_pct) / HUNDRED


@dataclass(frozen=True, kw_only=True, slots=True)
class DropperCalibration:
    """Drops counted into a volume, or onto a balance with the density of the preparation."""

    drops_counted: int
    volume_ml: Decimal | None = None
    mass_g: Decimal | None = None
    density_g_per_ml: Decimal | None = None

    def __post_init__(self) -> None:
        given.count(self.drops_counted, "The number of drops counted")
        by_mass = (self.mass_g is not None, self.density_g_per_ml is not None)
        if by_mass != ((True, True) if self.volume_ml is None else (False, False)):
            raise CalibrationIncomplete(
                f"{wording.number(self.drops_counted)} drops need either a volume, or a mass and a density."
            )
        for value, what in (
            (self.volume_ml, "The calibrated volume"),
            (self.mass_g, "The mass of the drops"),
            (self.density_g_per_ml, "The density"),
        ):
            if value is not None:
                given.positive(value, what)

    @exactly
    def measured_ml(self) -> Decimal:
        """Return the volume of the drops counted (mL, unrounded)."""
        return self.drops_counted / self.drops_per_ml()

    @exactly
    def drops_per_ml(self) -> Decimal:
        """Return the drops in one millilitre (unrounded)."""
        if self.volume_ml is not None:
            return self.drops_counted / self.volume_ml
        return self.drops_counted * (self.density_g_per_ml or ONE) / (self.mass_g or ONE)


@exactly
def dropper_error_pct(*, nominal_drops_per_ml: Decimal, measured_drops_per_ml: Decimal) -> Decimal:
    """Return how far the volume of a drop lies from the nominal one (percent, unrounded)."""
    given.positive(nominal_drops_per_ml, "The nominal drops per millilitre")
    given.positive(measured_drops_per_ml, "The measured drops per millilitre")
    return (nominal_drops_per_ml - measured_drops_per_ml) * HUNDRED / measured_drops_per_ml


@exactly
def mg_per_drop(*, strength_mg_per_ml: Decimal, drops_per_ml: Decimal) -> Decimal:
    """Return the drug in one drop (mg, unrounded)."""
    given.positive(strength_mg_per_ml, "The strength")
    return strength_mg_per_ml / given.positive(drops_per_ml, "The drops per millilitre")


@exactly
def strength_for_drop(*, wanted_mg_per_drop: Decimal, drops_per_ml: Decimal) -> Decimal:
    """Return the strength (mg/mL) at which one drop holds the wanted dose."""
    given.positive(wanted_mg_per_drop, "The dose per drop")
    return wanted_mg_per_drop * given.positive(drops_per_ml, "The drops per millilitre")


@exactly
def dose_volume_ml(*, dose_mg: Decimal, strength_mg_per_ml: Decimal) -> Decimal:
    """Return the volume that holds the dose (mL, unrounded)."""
    given.positive(dose_mg, "The dose")
    return dose_mg / given.positive(strength_mg_per_ml, "The strength")


@exactly
def dose_in_volume_mg(*, volume_ml: Decimal, strength_mg_per_ml: Decimal) -> Decimal:
    """Return the dose in that volume (mg)."""
    given.positive(volume_ml, "The volume")
    return volume_ml * given.positive(strength_mg_per_ml, "The strength")


@dataclass(frozen=True, slots=True)
class DropDose:
    """A dose in whole drops: exact drops, whole drops, mg delivered and error in percent (unrounded)."""

    dose_mg: Decimal
    volume_ml: Decimal
    exact_drops: Decimal
    drops: int
    delivered_mg: Decimal
    error_pct: Decimal


@exactly
def drops_for_dose(
    *, dose_mg: Decimal, strength_mg_per_ml: Decimal, drops_per_ml: Decimal
) -> DropDose:
    """Return the dose in whole drops, half a drop up. Raises `LessThanOneDrop`."""
    volume = dose_volume_ml(dose_mg=dose_mg, strength_mg_per_ml=strength_mg_per_ml)
    given.positive(drops_per_ml, "The drops per millilitre")
    exact = settle(dose_mg * drops_per_ml / strength_mg_per_ml)
    drops = int(round_half_up(exact, 0))
    if drops == 0:
        raise LessThanOneDrop(
            f"{wording.mass(dose_mg)} is {wording.rounded(exact, 2)} of a drop of "
            f"{wording.concentration(strength_mg_per_ml)}; make a weaker preparation."
        )
    delivered = drops * strength_mg_per_ml / drops_per_ml
    error = settle_difference((drops - exact) * HUNDRED / exact)
    return DropDose(dose_mg, volume, exact, drops, delivered, error)


def within_drop_limit(*, error_pct: Decimal, limit_pct: Decimal) -> bool:
    """Return whether drops, or a drop, come as close as the limit asks; compared unrounded, both ways."""
    return settle(error_pct).copy_abs() <= given.not_negative(limit_pct, "The limit of the error")


@dataclass(frozen=True, slots=True)
class DaysSupply:
    """The drops in a bottle, the days they last, and the days that the beyond-use date allows of them."""

    total_drops: int
    days_by_volume: int
    days: int


@exactly
def days_supply(
    *,
    bottle_ml: Decimal,
    drops_per_ml: Decimal,
    drops_per_dose: int,
    doses_per_day: int,
    bud_days: int,
) -> DaysSupply:
    """Return how long one bottle lasts, in whole drops and whole days."""
    given.positive(bottle_ml, "The bottle")
    given.positive(drops_per_ml, "The drops per millilitre")
    per_day = given.count(drops_per_dose, "The drops per dose") * given.count(
        doses_per_day, "The doses per day"
    )
    total = whole_at_most(bottle_ml * drops_per_ml)
    by_volume = total // per_day
    return DaysSupply(
        total, by_volume, min(by_volume, given.count(bud_days, "The beyond-use days"))
    )


@dataclass(frozen=True, slots=True)
class VehicleEstimate:
    """The mL that powders displace, and the mL of vehicle that are left (for picking stock only)."""

    displaced_ml: Decimal
    vehicle_ml: Decimal


@exactly
def vehicle_estimate(
    *, batch_ml: Decimal, liquids_ml: Sequence[Decimal], powders: Sequence[tuple[Decimal, Decimal]]
) -> VehicleEstimate:
    """Return the estimate from liquids (mL) and powders (grams, mL displaced per gram).

    Raises `NoRoomForVehicle`. The compounding step itself is always "q.s. ad".
    """
    given.positive(batch_ml, "The batch")
    for volume in liquids_ml:
        given.positive(volume, "A liquid")
    for grams, ml_per_g in powders:
        given.positive(grams, "A powder")
        given.not_negative(ml_per_g, "A displacement value")
    displaced = total(grams * ml_per_g for grams, ml_per_g in powders)
    taken = settle(sum(liquids_ml, displaced))
    if taken > batch_ml:
        raise NoRoomForVehicle(
            f"The other components take up {wording.rounded(taken, 3)} mL of a batch of "
            f"{wording.millilitres(batch_ml)}."
        )
    return VehicleEstimate(displaced, batch_ml - taken)


def qs_ad(batch_ml: Decimal) -> str:
    """Return the instruction at the bench: "q.s. ad 240 mL"."""
    return f"q.s. ad {wording.millilitres(batch_ml)}"
