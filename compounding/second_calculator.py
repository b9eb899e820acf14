"""The second calculator: the same worksheets in exact fractions, by other routes.

It shares the inputs and the names of the figures with the first calculator and nothing else: no
formula, no rounding, no decimal arithmetic. A change to one of the two is a change to both, by hand,
from the standard and not from the other.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from compounding.drops import DropperCalibration
from compounding.potency import AssayBasis, Certificate
from compounding.second_error_budget import (
    Figures,
    capsule_errors,
    drops_errors,
    triturate_errors,
)
from compounding.second_fractions import Number, added, less, ratio
from compounding.strength import Conversion
from compounding.worksheets.inputs import AmountUnit, CapsuleInputs, DropsInputs, LiquidExcipient
from compounding.worksheets.triturate_inputs import TriturateInputs

_MILLION = 10**6


def capsule_figures(inputs: CapsuleInputs) -> Figures:
    """Return every figure of the capsule worksheet, exactly."""
    units = _ceiling(_of(inputs.units_wanted, added((100, inputs.overage_pct))))
    batch: Figures = {}
    figures: Figures = {"batch_units": Fraction(units)}
    for active in inputs.actives:
        pure_share = _pure_share(active.certificate, inputs.cap_assay_at_100)
        figures[f"potency_factor:{active.key}"] = pure_share
        supplied, of_strength = _molecules(active.conversion)
        batch[active.key] = ratio(
            (units, active.strength_mg, supplied), under=(of_strength, pure_share)
        )
    for stock in inputs.triturates:
        supplied, of_strength = _molecules(stock.conversion)
        batch[stock.key] = ratio(
            (units, stock.strength_mg, supplied, 100), under=(of_strength, stock.triturate_pct)
        )
    for excipient in inputs.excipients:
        batch[excipient.key] = ratio((units, excipient.mg_per_capsule))
    displaced = added(
        ratio((batch[powder.key],), under=(powder.pack_stat_mg,)) for powder in inputs.powders
    )
    left = less(units, [displaced])
    if inputs.filler is not None and left:
        batch[inputs.filler.key] = ratio((left, inputs.filler.pack_stat_mg))
    for key, mg in batch.items():
        figures[f"each_mg:{key}"] = ratio((mg,), under=(units,))
        figures[f"batch_mg:{key}"] = mg
        figures |= _to_measure(key, mg, inputs.weigh_to_mg, inputs.weighing_tolerance_pct)
    fill = ratio((added(batch.values()),), under=(units,))
    figures["utilisation_pct"] = ratio((displaced, 100), under=(units,))
    figures["theoretical_fill_mg"] = fill
    figures["theoretical_gross_mg"] = added((fill, inputs.shell.mean_shell_mg))
    figures |= _to_count(inputs.shell.key, Fraction(units))
    drugs = [part.key for part in (*inputs.actives, *inputs.triturates)]
    return figures | _mixing(figures, drugs, list(batch)) | capsule_errors(inputs, batch)


def triturate_figures(inputs: TriturateInputs) -> Figures:
    """Return every figure of the triturate worksheet, exactly."""
    whole = Fraction(inputs.total_mg) * (1 + Fraction(inputs.overage_pct) / 100)
    batch: Figures = {}
    figures: Figures = {"batch_mg": whole}
    for active in inputs.actives:
        pure_share = _pure_share(active.certificate, inputs.cap_assay_at_100)
        figures[f"potency_factor:{active.key}"] = pure_share
        supplied, of_strength = _molecules(active.conversion)
        pure = ratio((_of(whole, active.strength_pct), supplied), under=(of_strength,))
        batch[active.key] = pure / pure_share
    for stock in inputs.triturates:
        supplied, of_strength = _molecules(stock.conversion)
        pure = ratio((_of(whole, stock.strength_pct), supplied), under=(of_strength,))
        batch[stock.key] = pure / (Fraction(stock.triturate_pct) / 100)
    for excipient in inputs.excipients:
        batch[excipient.key] = _of(whole, excipient.pct)
    batch[inputs.diluent.key] = less(whole, batch.values())
    for key, mg in batch.items():
        figures[f"batch_mg:{key}"] = mg
        figures |= _to_measure(key, mg, inputs.weigh_to_mg, inputs.weighing_tolerance_pct)
    if inputs.container is not None:
        figures |= _to_count(inputs.container.key, Fraction(inputs.containers))
    drugs = [part.key for part in (*inputs.actives, *inputs.triturates)]
    return figures | _mixing(figures, drugs, list(batch)) | triturate_errors(inputs, batch, whole)


def drops_figures(inputs: DropsInputs) -> Figures:
    """Return every figure of the drops worksheet, exactly."""
    filled = inputs.bottles * Fraction(inputs.fill_volume_ml)
    volume = _of(filled, added((100, inputs.process_overage_pct)))
    figures: Figures = {"batch_volume_ml": volume}
    left = volume
    for active in inputs.actives:
        pure_share = _pure_share(active.certificate, inputs.cap_assay_at_100)
        supplied, of_strength = _molecules(active.conversion)
        mg = ratio((volume, active.strength_mg_per_ml, supplied), under=(of_strength, pure_share))
        figures[f"potency_factor:{active.key}"] = pure_share
        figures[f"batch_mg:{active.key}"] = mg
        figures |= _to_measure(active.key, mg, inputs.weigh_to_mg, inputs.weighing_tolerance_pct)
        left -= mg / 1000 * _if_given(active.displacement_ml_per_g)
    for stock in inputs.triturates:
        supplied, of_strength = _molecules(stock.conversion)
        mg = ratio(
            (volume, stock.strength_mg_per_ml, supplied, 100),
            under=(of_strength, stock.triturate_pct),
        )
        figures[f"batch_mg:{stock.key}"] = mg
        figures |= _to_measure(stock.key, mg, inputs.weigh_to_mg, inputs.weighing_tolerance_pct)
        left -= mg / 1000 * _if_given(stock.displacement_ml_per_g)
    for excipient in inputs.excipients:
        amount, displaced = _excipient(excipient, volume)
        unit = "ml" if excipient.unit is AmountUnit.ML else "mg"
        step = inputs.measure_to_ml if unit == "ml" else inputs.weigh_to_mg
        figures[f"batch_{unit}:{excipient.key}"] = amount
        figures |= _to_measure(excipient.key, amount, step, inputs.weighing_tolerance_pct)
        left -= displaced
    figures["vehicle_estimate_ml"] = left
    if inputs.vehicle.density_g_per_ml is not None:
        figures["vehicle_estimate_mg"] = left * 1000 * Fraction(inputs.vehicle.density_g_per_ml)
    figures |= _to_count(inputs.vehicle.key, _nearest(volume, inputs.measure_to_ml))
    figures |= _to_count(inputs.container.key, Fraction(inputs.bottles))
    figures |= _drop_figures(inputs)
    return figures | drops_errors(inputs, figures)


def _drop_figures(inputs: DropsInputs) -> Figures:
    strength = _strength(inputs)
    figures: Figures = {}
    for row, dose in enumerate(inputs.doses_mg, 1):
        figures[f"dose_ml:{row}"] = Fraction(dose) / strength
    if inputs.dropper is None:
        return figures
    one_drop_ml = _drops_ml(inputs.dropper) / inputs.dropper.drops_counted
    figures["drops_per_ml"] = 1 / one_drop_ml
    figures["mg_per_drop"] = one_drop_ml * strength
    for row, dose in enumerate(inputs.doses_mg, 1):
        drops = _nearest(Fraction(dose) / (one_drop_ml * strength), 1)
        delivered = drops * one_drop_ml * strength
        figures[f"drops:{row}"] = drops
        figures[f"delivered_mg:{row}"] = delivered
        figures[f"error_pct:{row}"] = (delivered / Fraction(dose) - 1) * 100
    return figures


def _strength(inputs: DropsInputs) -> Fraction:
    """Return what the doses are doses of: the first active, and every lot that names its substance."""
    first, *others = inputs.drugs
    strength = Fraction(first.strength_mg_per_ml)
    for other in others:
        if first.substance is not None and other.substance == first.substance:
            strength += Fraction(other.strength_mg_per_ml)
    return strength


def _mixing(figures: Figures, drugs: list[str], powders: list[str]) -> Figures:
    """Return the mixture after each step: it doubles each time, and the last step takes the rest."""
    drug, parts = added(figures[f"amount:{key}"] for key in drugs).as_integer_ratio()
    powder, of = added(figures[f"amount:{key}"] for key in powders).as_integer_ratio()
    mixture, whole = drug * of, powder * parts
    mixing: Figures = {}
    while 0 < mixture < whole:
        mixture = min(2 * mixture, whole)
        mixing[f"blend_mg:{len(mixing) + 1}"] = Fraction(mixture, parts * of)
    return mixing


def _drops_ml(dropper: DropperCalibration) -> Fraction:
    if dropper.volume_ml is not None:
        return Fraction(dropper.volume_ml)
    return _if_given(dropper.mass_g) / _if_given(dropper.density_g_per_ml)


def _pure_share(certificate: Certificate, cap_assay_at_100: bool) -> Fraction:
    assay: Decimal | int = certificate.assay_pct
    if cap_assay_at_100:
        assay = min(assay, 100)
    taken: list[Decimal | None] = []
    if certificate.basis in (AssayBasis.ANHYDROUS, AssayBasis.ANHYDROUS_SOLVENT_FREE):
        taken.append(certificate.water_pct)
    if certificate.basis is AssayBasis.ANHYDROUS_SOLVENT_FREE:
        taken.append(certificate.solvents_pct)
    if certificate.basis is AssayBasis.DRIED:
        taken.append(certificate.lod_pct)
    solids = less(100, (pct for pct in taken if pct is not None))
    return ratio((assay, solids), under=(100, 100))


def _molecules(conversion: Conversion | None) -> tuple[Decimal | int, Decimal | int]:
    """Return the weight of what is supplied, and under it that of what the strength names."""
    if conversion is None:
        return 1, 1
    return conversion.supplied_mw, conversion.strength_mw


def _excipient(excipient: LiquidExcipient, volume: Fraction) -> tuple[Fraction, Fraction]:
    """Return the amount for the batch (mg or mL) and the millilitres that it takes up."""
    amount = Fraction(excipient.amount_per_100_ml) * volume / 100
    if excipient.unit is AmountUnit.ML:
        return amount, amount
    grams = amount if excipient.unit is AmountUnit.G else amount / 1000
    return grams * 1000, grams * _if_given(excipient.displacement_ml_per_g)


def _to_measure(key: str, amount: Fraction, step: Decimal, tolerance_pct: Decimal) -> Figures:
    part, whole = amount.as_integer_ratio()
    percents, of = tolerance_pct.as_integer_ratio()
    hundred = 100 * of
    millionths, in_all = part * _MILLION, whole * hundred
    return {
        f"amount:{key}": _nearest(amount, step),
        f"low:{key}": Fraction(-(millionths * (percents - hundred) // in_all), _MILLION),
        f"high:{key}": Fraction(millionths * (percents + hundred) // in_all, _MILLION),
    }


def _to_count(key: str, amount: Fraction) -> Figures:
    return {f"amount:{key}": amount, f"low:{key}": amount, f"high:{key}": amount}


def _if_given(value: Decimal | None) -> Fraction:
    return Fraction(0) if value is None else Fraction(value)


def _of(whole: Number, pct: Number) -> Fraction:
    return ratio((whole, pct), under=(100,))


def _nearest(value: Fraction, step: Decimal | int) -> Fraction:
    """Return the nearest multiple of the step, the upper one of two that are as near."""
    (part, whole), (long, of) = value.as_integer_ratio(), step.as_integer_ratio()
    steps = (2 * part * of + whole * long) // (2 * whole * long)
    return Fraction(steps * long, of)


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
