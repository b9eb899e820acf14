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
from compounding.second_error_budget import capsule_errors, drops_errors, triturate_errors
from compounding.strength import Conversion
from compounding.worksheets.inputs import AmountUnit, CapsuleInputs, DropsInputs, LiquidExcipient
from compounding.worksheets.triturate_inputs import TriturateInputs

Figures = dict[str, Fraction]

_MILLIONTH = Fraction(1, 10**6)


def capsule_figures(inputs: CapsuleInputs) -> Figures:
    """Return every figure of the capsule worksheet, exactly."""
    units = _ceiling(inputs.units_wanted + _of(inputs.units_wanted, inputs.overage_pct))
    batch: Figures = {}
    figures: Figures = {"batch_units": Fraction(units)}
    for active in inputs.actives:
        pure_share = _pure_share(active.certificate, inputs.cap_assay_at_100)
        figures[f"potency_factor:{active.key}"] = pure_share
        molecules = _molecules(active.conversion)
        batch[active.key] = units * Fraction(active.strength_mg) * molecules / pure_share
    for stock in inputs.triturates:
        each = Fraction(stock.strength_mg) * _molecules(stock.conversion)
        batch[stock.key] = units * each / Fraction(stock.triturate_pct) * 100
    for excipient in inputs.excipients:
        batch[excipient.key] = units * Fraction(excipient.mg_per_capsule)
    displaced = sum(
        (batch[powder.key] / Fraction(powder.pack_stat_mg) for powder in inputs.powders),
        Fraction(0),
    )
    filler = (units - displaced) * Fraction(inputs.filler.pack_stat_mg)
    if filler:
        batch[inputs.filler.key] = filler
    for key, mg in batch.items():
        figures[f"each_mg:{key}"] = mg / units
        figures[f"batch_mg:{key}"] = mg
        figures |= _to_measure(key, mg, inputs.weigh_to_mg, inputs.weighing_tolerance_pct)
    fill = sum(batch.values(), Fraction(0)) / units
    figures["utilisation_pct"] = displaced / units * 100
    figures["theoretical_fill_mg"] = fill
    figures["theoretical_gross_mg"] = fill + Fraction(inputs.shell.mean_shell_mg)
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
        pure = _of(whole, active.strength_pct) * _molecules(active.conversion)
        batch[active.key] = pure / pure_share
    for stock in inputs.triturates:
        pure = _of(whole, stock.strength_pct) * _molecules(stock.conversion)
        batch[stock.key] = pure / (Fraction(stock.triturate_pct) / 100)
    for excipient in inputs.excipients:
        batch[excipient.key] = _of(whole, excipient.pct)
    batch[inputs.diluent.key] = whole - sum(batch.values(), Fraction(0))
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
    volume = filled + _of(filled, inputs.process_overage_pct)
    figures: Figures = {"batch_volume_ml": volume}
    left = volume
    for active in inputs.actives:
        pure_share = _pure_share(active.certificate, inputs.cap_assay_at_100)
        mg = (
            volume
            * Fraction(active.strength_mg_per_ml)
            * _molecules(active.conversion)
            / pure_share
        )
        figures[f"potency_factor:{active.key}"] = pure_share
        figures[f"batch_mg:{active.key}"] = mg
        figures |= _to_measure(active.key, mg, inputs.weigh_to_mg, inputs.weighing_tolerance_pct)
        left -= mg / 1000 * _if_given(active.displacement_ml_per_g)
    for stock in inputs.triturates:
        each_ml = Fraction(stock.strength_mg_per_ml) * _molecules(stock.conversion)
        mg = volume * each_ml / Fraction(stock.triturate_pct) * 100
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
    figures |= _to_count(inputs.vehicle.key, _nearest(volume, Fraction(inputs.measure_to_ml)))
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
        drops = _nearest(Fraction(dose) / (one_drop_ml * strength), Fraction(1))
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
    mixture = sum((figures[f"amount:{key}"] for key in drugs), Fraction(0))
    whole = sum((figures[f"amount:{key}"] for key in powders), Fraction(0))
    mixing: Figures = {}
    while 0 < mixture < whole:
        mixture = min(2 * mixture, whole)
        mixing[f"blend_mg:{len(mixing) + 1}"] = mixture
    return mixing


def _drops_ml(dropper: DropperCalibration) -> Fraction:
    if dropper.volume_ml is not None:
        return Fraction(dropper.volume_ml)
    return _if_given(dropper.mass_g) / _if_given(dropper.density_g_per_ml)


def _pure_share(certificate: Certificate, cap_assay_at_100: bool) -> Fraction:
    assay = Fraction(certificate.assay_pct) / 100
    if cap_assay_at_100:
        assay = min(assay, Fraction(1))
    solids = Fraction(1)
    if certificate.basis in (AssayBasis.ANHYDROUS, AssayBasis.ANHYDROUS_SOLVENT_FREE):
        solids -= _if_given(certificate.water_pct) / 100
    if certificate.basis is AssayBasis.ANHYDROUS_SOLVENT_FREE:
        solids -= _if_given(certificate.solvents_pct) / 100
    if certificate.basis is AssayBasis.DRIED:
        solids -= _if_given(certificate.lod_pct) / 100
    return assay * solids


def _molecules(conversion: Conversion | None) -> Fraction:
    if conversion is None:
        return Fraction(1)
    return Fraction(conversion.supplied_mw) / Fraction(conversion.strength_mw)


def _excipient(excipient: LiquidExcipient, volume: Fraction) -> tuple[Fraction, Fraction]:
    """Return the amount for the batch (mg or mL) and the millilitres that it takes up."""
    amount = Fraction(excipient.amount_per_100_ml) * volume / 100
    if excipient.unit is AmountUnit.ML:
        return amount, amount
    grams = amount if excipient.unit is AmountUnit.G else amount / 1000
    return grams * 1000, grams * _if_given(excipient.displacement_ml_per_g)


def _to_measure(key: str, amount: Fraction, step: Decimal, tolerance_pct: Decimal) -> Figures:
    margin = _of(amount, tolerance_pct)
    return {
        f"amount:{key}": _nearest(amount, Fraction(step)),
        f"low:{key}": _ceiling((amount - margin) / _MILLIONTH) * _MILLIONTH,
        f"high:{key}": (amount + margin) // _MILLIONTH * _MILLIONTH,
    }


def _to_count(key: str, amount: Fraction) -> Figures:
    return {f"amount:{key}": amount, f"low:{key}": amount, f"high:{key}": amount}


def _if_given(value: Decimal | None) -> Fraction:
    return Fraction(0) if value is None else Fraction(value)


def _of(whole: Fraction | int, pct: Decimal) -> Fraction:
    return whole * Fraction(pct) / 100


def _nearest(value: Fraction, step: Fraction) -> Fraction:
    return (value / step + Fraction(1, 2)) // 1 * step


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
