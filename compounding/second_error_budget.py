"""The second calculator's error budgets: the same figures in fractions, by other routes.

It shares the inputs and the names of the figures with the first calculator and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from compounding.second_fractions import added, ratio
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
        off.append(ratio((bench.balance_mg,), under=(mg,)))
    if isinstance(part, Triturated):
        off += _stated(part.error_pct, bench.triturate_pct)
    return _Lot(brings, off)


def _stated(*limits_pct: Decimal | None) -> list[Fraction]:
    return [_share(limit) for limit in limits_pct if limit is not None]


def _share(pct: Decimal) -> Fraction:
    return ratio((pct,), under=(100,))


def _or_nothing(balance_mg: Decimal | None) -> Fraction:
    return Fraction(0) if balance_mg is None else Fraction(balance_mg)


def _summed(budgets: Sequence[_Budget]) -> Figures:
    """Return the figures of every budget: a lot's errors reach as much of the dose as the lot brings."""
    figures: Figures = {}
    for number, (lots, common) in enumerate(budgets, 1):
        whole = added(lot.brings for lot in lots)
        least = added(_left(lot.brings, (*lot.off, *common)) for lot in lots)
        most = added(_grown(lot.brings, (*lot.off, *common)) for lot in lots)
        reach = [ratio((off, lot.brings), under=(whole,)) for lot in lots for off in lot.off]
        figures[f"worst_low_pct:{number}"] = ratio((least - whole, 100), under=(whole,))
        figures[f"worst_high_pct:{number}"] = ratio((most - whole, 100), under=(whole,))
        figures[f"expected_pct:{number}"] = _root_of_squares_pct((*reach, *common))
    return figures


def _left(brings: Fraction, offs: Iterable[Fraction]) -> Fraction:
    """Return what is left when every error takes away, and none more than all."""
    left, of = brings.as_integer_ratio()
    for off in offs:
        part, whole = off.as_integer_ratio()
        left *= max(whole - part, 0)
        of *= whole
    return Fraction(left, of)


def _grown(brings: Fraction, offs: Iterable[Fraction]) -> Fraction:
    """Return what there is when every error adds."""
    there, of = brings.as_integer_ratio()
    for off in offs:
        part, whole = off.as_integer_ratio()
        there *= whole + part
        of *= whole
    return Fraction(there, of)


def _root_of_squares_pct(errors: Iterable[Fraction]) -> Fraction:
    """Return the root of the sum of the squares in percent, to fifty-eight places."""
    squares, of = 0, 1
    for error in errors:
        part, whole = error.as_integer_ratio()
        squares = squares * whole**2 + part**2 * of
        of *= whole**2
    return Fraction(isqrt(squares * _ROOT_SCALE**2 // of), _ROOT_SCALE // 100)
