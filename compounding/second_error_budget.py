"""The second calculator's error budgets: the same figures in fractions, by other routes.

It shares the inputs and the names of the figures with the first calculator and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt, prod

from compounding.worksheets.inputs import CapsuleInputs, DropsInputs, Triturated
from compounding.worksheets.triturate_inputs import TriturateInputs

Figures = dict[str, Fraction]

_ROOT_SCALE = 10**60


def capsule_errors(inputs: CapsuleInputs, batch: Mapping[str, Fraction]) -> Figures:
    """Return the error budget of every active: weighing, triturate, filling."""
    budgets: list[list[Fraction]] = []
    bench = inputs.bench
    for part in (*inputs.actives, *inputs.triturates):
        shares = _weighing(inputs.weighing_tolerance_pct, bench.balance_mg, batch[part.key])
        if isinstance(part, Triturated):
            shares += _stated(part.error_pct, bench.triturate_pct)
        budgets.append(shares + _stated(bench.fill_pct))
    return _summed(budgets)


def triturate_errors(
    inputs: TriturateInputs, batch: Mapping[str, Fraction], whole: Fraction
) -> Figures:
    """Return the error budget of every active: weighing, dilution, triturate, mixing."""
    drugs = {part.key for part in (*inputs.actives, *inputs.triturates)}
    bench, others = inputs.bench, [mg for key, mg in batch.items() if key not in drugs]
    off = sum(
        (
            _share(inputs.weighing_tolerance_pct) * mg + _or_nothing(bench.balance_mg)
            for mg in others
        ),
        Fraction(0),
    )
    diluting = 1 / (1 - off / whole) - 1
    budgets: list[list[Fraction]] = []
    for part in (*inputs.actives, *inputs.triturates):
        shares = _weighing(inputs.weighing_tolerance_pct, bench.balance_mg, batch[part.key])
        shares.append(diluting)
        if isinstance(part, Triturated):
            shares += _stated(part.error_pct, bench.triturate_pct)
        budgets.append(shares + _stated(bench.triturate_pct))
    return _summed(budgets)


def drops_errors(inputs: DropsInputs, figures: Mapping[str, Fraction]) -> Figures:
    """Return the error budget of every dose, in drops and with a syringe."""
    bench = inputs.bench
    active_mg = figures[f"batch_mg:{inputs.actives[0].key}"]
    made = _weighing(inputs.weighing_tolerance_pct, bench.balance_mg, active_mg)
    if bench.measure_ml is not None:
        volume = figures["batch_volume_ml"]
        made.append(volume / (volume - Fraction(bench.measure_ml)) - 1)
    budgets: list[list[Fraction]] = []
    for row in range(1, len(inputs.doses_mg) + 1):
        if inputs.dropper is not None:
            off = abs(figures[f"error_pct:{row}"]) / 100
            budgets.append([*made, *_stated(bench.drop_pct), off])
        if bench.syringe_ml is not None:
            budgets.append([*made, Fraction(bench.syringe_ml) / figures[f"dose_ml:{row}"]])
    return _summed(budgets)


def _weighing(tolerance_pct: Decimal, balance_mg: Decimal | None, mg: Fraction) -> list[Fraction]:
    balance = [] if balance_mg is None else [Fraction(balance_mg) / mg]
    return [_share(tolerance_pct), *balance]


def _stated(*limits_pct: Decimal | None) -> list[Fraction]:
    return [_share(limit) for limit in limits_pct if limit is not None]


def _share(pct: Decimal) -> Fraction:
    return Fraction(pct) / 100


def _or_nothing(balance_mg: Decimal | None) -> Fraction:
    return Fraction(0) if balance_mg is None else Fraction(balance_mg)


def _summed(budgets: Sequence[Sequence[Fraction]]) -> Figures:
    figures: Figures = {}
    for number, shares in enumerate(budgets, 1):
        lowest = prod((max(1 - share, Fraction(0)) for share in shares), start=Fraction(1))
        highest = prod((1 + share for share in shares), start=Fraction(1))
        squares = sum((share * share for share in shares), Fraction(0))
        figures[f"worst_low_pct:{number}"] = lowest * 100 - 100
        figures[f"worst_high_pct:{number}"] = highest * 100 - 100
        figures[f"expected_pct:{number}"] = _root(squares) * 100
    return figures


def _root(square: Fraction) -> Fraction:
    """Return the square root, to sixty places."""
    whole = square.numerator * _ROOT_SCALE**2 // square.denominator
    return Fraction(isqrt(whole), _ROOT_SCALE)
