"""The first calculator for a batch of drops or another oral liquid. Nothing is rounded here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compounding.active_powder import powder_mg, triturate_mg
from compounding.arithmetic import HUNDRED, exactly
from compounding.drops import (
    batch_volume_ml,
    dose_volume_ml,
    drops_for_dose,
    mg_per_drop,
    vehicle_estimate,
)
from compounding.worksheets.inputs import (
    AmountUnit,
    DropsInputs,
    LiquidActive,
    LiquidExcipient,
    LiquidTriturate,
)
from compounding.worksheets.record import LineUnit, Role


@dataclass(frozen=True, kw_only=True, slots=True)
class LiquidPart:
    """A component of the batch, unrounded, with what one millilitre of the batch holds of it."""

    key: str
    name: str
    role: Role
    unit: LineUnit
    per_ml: Decimal
    amount: Decimal
    displacement_ml_per_g: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseRow:
    """A dose of the table, unrounded."""

    dose_mg: Decimal
    volume_ml: Decimal
    drops: int | None = None
    delivered_mg: Decimal | None = None
    error_pct: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DropsPlan:
    """The first calculator's figures, unrounded."""

    batch_ml: Decimal
    components: tuple[LiquidPart, ...]
    vehicle_ml: Decimal
    vehicle_mg: Decimal | None
    drops_per_ml: Decimal | None
    mg_per_drop: Decimal | None
    rows: tuple[DoseRow, ...]


@exactly
def work_out_drops(inputs: DropsInputs) -> DropsPlan:
    """Return the batch: actives, triturates, then excipients, and the table of doses.

    Raises `FillBelowLabel`, `NoRoomForVehicle` or `LessThanOneDrop`.
    """
    batch_ml = batch_volume_ml(
        bottles=inputs.bottles,
        label_volume_ml=inputs.label_volume_ml,
        fill_volume_ml=inputs.fill_volume_ml,
        process_overage_pct=inputs.process_overage_pct,
    )
    components = (
        *(_active(inputs, active, batch_ml) for active in inputs.actives),
        *(_triturate(stock, batch_ml) for stock in inputs.triturates),
        *(_excipient(excipient, batch_ml) for excipient in inputs.excipients),
    )
    vehicle_ml, density = _vehicle_ml(batch_ml, components), inputs.vehicle.density_g_per_ml
    per_ml = None if inputs.dropper is None else inputs.dropper.drops_per_ml()
    strength = inputs.strength_mg_per_ml
    return DropsPlan(
        batch_ml=batch_ml,
        components=components,
        vehicle_ml=vehicle_ml,
        vehicle_mg=None if density is None else vehicle_ml * density * 1000,
        drops_per_ml=per_ml,
        mg_per_drop=None
        if per_ml is None
        else mg_per_drop(strength_mg_per_ml=strength, drops_per_ml=per_ml),
        rows=tuple(_row(dose, strength, per_ml) for dose in inputs.doses_mg),
    )


def _active(inputs: DropsInputs, active: LiquidActive, batch_ml: Decimal) -> LiquidPart:
    per_ml = powder_mg(
        active.strength_mg_per_ml,
        certificate=active.certificate,
        conversion=active.conversion,
        cap_assay_at_100=inputs.cap_assay_at_100,
    )
    return _drug_part(active, per_ml, batch_ml)


def _triturate(stock: LiquidTriturate, batch_ml: Decimal) -> LiquidPart:
    per_ml = triturate_mg(
        stock.strength_mg_per_ml, triturate_pct=stock.triturate_pct, conversion=stock.conversion
    )
    return _drug_part(stock, per_ml, batch_ml)


def _drug_part(
    drug: LiquidActive | LiquidTriturate, per_ml: Decimal, batch_ml: Decimal
) -> LiquidPart:
    return LiquidPart(
        key=drug.key,
        name=drug.name,
        role=Role.ACTIVE,
        unit=LineUnit.MG,
        per_ml=per_ml,
        amount=per_ml * batch_ml,
        displacement_ml_per_g=drug.displacement_ml_per_g,
    )


def _excipient(excipient: LiquidExcipient, batch_ml: Decimal) -> LiquidPart:
    in_grams = excipient.unit is AmountUnit.G
    per_ml = excipient.amount_per_100_ml * (1000 if in_grams else 1) / HUNDRED
    return LiquidPart(
        key=excipient.key,
        name=excipient.name,
        role=Role.EXCIPIENT,
        unit=LineUnit.ML if excipient.unit is AmountUnit.ML else LineUnit.MG,
        per_ml=per_ml,
        amount=per_ml * batch_ml,
        displacement_ml_per_g=excipient.displacement_ml_per_g,
    )


def _vehicle_ml(batch_ml: Decimal, components: tuple[LiquidPart, ...]) -> Decimal:
    """Return the vehicle to have at hand (mL); a powder without a displacement value displaces nothing."""
    liquids = [part.amount for part in components if part.unit is LineUnit.ML]
    powders = [
        (part.amount / 1000, part.displacement_ml_per_g)
        for part in components
        if part.unit is LineUnit.MG and part.displacement_ml_per_g is not None
    ]
    return vehicle_estimate(batch_ml=batch_ml, liquids_ml=liquids, powders=powders).vehicle_ml


def _row(dose_mg: Decimal, strength_mg_per_ml: Decimal, drops_per_ml: Decimal | None) -> DoseRow:
    if drops_per_ml is None:
        volume = dose_volume_ml(dose_mg=dose_mg, strength_mg_per_ml=strength_mg_per_ml)
        return DoseRow(dose_mg=dose_mg, volume_ml=volume)
    dose = drops_for_dose(
        dose_mg=dose_mg, strength_mg_per_ml=strength_mg_per_ml, drops_per_ml=drops_per_ml
    )
    return DoseRow(
        dose_mg=dose_mg,
        volume_ml=dose.volume_ml,
        drops=dose.drops,
        delivered_mg=dose.delivered_mg,
        error_pct=dose.error_pct,
    )


def step_of(inputs: DropsInputs, part: LiquidPart) -> Decimal:
    """Return the step to which the part is weighed (mg) or measured (mL)."""
    return inputs.measure_to_ml if part.unit is LineUnit.ML else inputs.weigh_to_mg
