"""The second calculator's error budgets: the same figures in fractions, by other routes.

It shares the inputs and the names of the figures with the first calculator and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt, prod

from compounding.worksheets.inputs import CapsuleInputs, DropsInputs, Triturated
from compounding.worksheets.lots import Drug
from compounding.worksheets.triturate_inputs import TriturateInputs

Figures = dict[str, Fraction]

_ROOT_SCALE = 10**60


@dataclass(frozen=True)
class _Lot:
    """What a lot brings of a strength, and how far each thing about it alone may be off (fractions)."""

    brings: Fraction
    off: list[Fraction]


_Budget = tuple[list[_Lot], list[Fraction]]


def capsule_errors(inputs: CapsuleInputs, batch: Mapping[str, Fraction]) -> Figures:
    """Return the error budget of every substance: weighing, triturate, filling."""
    lots: dict[tuple[str, str | None], list[_Lot]] = {}
    for part in inputs.drugs:
        found = _lot(inputs, part, Fraction(part.strength_mg), batch[part.key])
        lots.setdefault(_substance(part), []).append(found)
    return _summed([(together, _stated(inputs.bench.fill_pct)) for together in lots.values()])


def triturate_errors(
    inputs: TriturateInputs, batch: Mapping[str, Fraction], whole: Fraction
) -> Figures:
    """Return the error budget of every substance: weighing, dilution, triturate, mixing."""
    lots: dict[tuple[str, str | None], list[_Lot]] = {}
    others = dict(batch)
    for part in inputs.drugs:
        found = _lot(inputs, part, Fraction(part.strength_pct), others.pop(part.key))
        lots.setdefault(_substance(part), []).append(found)
    off = sum(
        (
            _share(inputs.weighing_tolerance_pct) * mg + _or_nothing(inputs.bench.balance_mg)
            for mg in others.values()
        ),
        Fraction(0),
    )
    common = [1 / (1 - off / whole) - 1, *_stated(inputs.bench.triturate_pct)]
    return _summed([(together, common) for together in lots.values()])


def drops_errors(inputs: DropsInputs, figures: Mapping[str, Fraction]) -> Figures:
    """Return the error budget of every dose, in drops and with a syringe."""
    bench = inputs.bench
    parts = inputs.drugs
    lots = [
        _lot(inputs, part, Fraction(part.strength_mg_per_ml), figures[f"batch_mg:{part.key}"])
        for part in parts
        if _substance(part) == _substance(parts[0])
    ]
    made: list[Fraction] = []
    if bench.measure_ml is not None:
        volume = figures["batch_volume_ml"]
        made.append(volume / (volume - Fraction(bench.measure_ml)) - 1)
    budgets: list[_Budget] = []
    for row in range(1, len(inputs.doses_mg) + 1):
        if inputs.dropper is not None:
            off = abs(figures[f"error_pct:{row}"]) / 100
            budgets.append((lots, [*made, *_stated(bench.drop_pct), off]))
        if bench.syringe_ml is not None:
            drawn = Fraction(bench.syringe_ml) / figures[f"dose_ml:{row}"]
            budgets.append((lots, [*made, drawn]))
    return _summed(budgets)


def _substance(part: Drug) -> tuple[str, str | None]:
    """Return what lots of one substance have in common, and no other has."""
    return ("", part.substance) if part.substance is not None else (part.key, None)


def _lot(
    inputs: CapsuleInputs | DropsInputs | TriturateInputs,
    part: Drug,
    brings: Fraction,
    mg: Fraction,
) -> _Lot:
    bench = inputs.bench
    off = [_share(inputs.weighing_tolerance_pct)]
    if bench.balance_mg is not None:
        off.append(Fraction(bench.balance_mg) / mg)
    if isinstance(part, Triturated):
        off += _stated(part.error_pct, bench.triturate_pct)
    return _Lot(brings, off)


def _stated(*limits_pct: Decimal | None) -> list[Fraction]:
    return [_share(limit) for limit in limits_pct if limit is not None]


def _share(pct: Decimal) -> Fraction:
    return Fraction(pct) / 100


def _or_nothing(balance_mg: Decimal | None) -> Fraction:
    return Fraction(0) if balance_mg is None else Fraction(balance_mg)


def _summed(budgets: Sequence[_Budget]) -> Figures:
    """Return the figures of every budget: a lot's errors reach as much of the dose as the lot brings."""
    figures: Figures = {}
    for number, (lots, common) in enumerate(budgets, 1):
        whole = sum((lot.brings for lot in lots), Fraction(0))
        least = sum((lot.brings * _down(lot.off) for lot in lots), Fraction(0)) * _down(common)
        most = sum((lot.brings * _up(lot.off) for lot in lots), Fraction(0)) * _up(common)
        squares = sum((off * off for off in common), Fraction(0))
        for lot in lots:
            squares += sum(((lot.brings / whole * off) ** 2 for off in lot.off), Fraction(0))
        figures[f"worst_low_pct:{number}"] = (least / whole - 1) * 100
        figures[f"worst_high_pct:{number}"] = (most / whole - 1) * 100
        figures[f"expected_pct:{number}"] = _root(squares) * 100
    return figures


def _down(offs: Sequence[Fraction]) -> Fraction:
    return prod((max(1 - off, Fraction(0)) for off in offs), start=Fraction(1))


def _up(offs: Sequence[Fraction]) -> Fraction:
    return prod((1 + off for off in offs), start=Fraction(1))


def _root(square: Fraction) -> Fraction:
    """Return the square root, to sixty places."""
    whole = square.numerator * _ROOT_SCALE**2 // square.denominator
    return Fraction(isqrt(whole), _ROOT_SCALE)
