"""A batch that needs less of a powder than the balance can weigh, and what would help, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from compounding import wording
from compounding.arithmetic import HUNDRED, exactly, round_half_up, round_up, settle, whole_at_least
from compounding.error_budget import (
    BenchTolerances,
    ErrorBudget,
    ErrorSource,
    divided_by_source,
    error_budget,
    volume_source,
    weighing_source,
)
from compounding.errors import Refusal
from compounding.weighing import LiquidAliquot, SolidAliquot, liquid_aliquot, solid_aliquot

_DILUTED = 10
"""A proposed triturate is 1 in 10, or weaker where the balance asks for a larger part."""
_THOUSANDTH = Decimal("0.001")
_LEAST_ALIQUOT_ML = Decimal(5)
"""A proposed part of a stock solution is never less than this."""


class BatchUnit(StrEnum):
    """In what the size of a batch is counted."""

    CAPSULE = "capsule"
    ML = "mL"
    GRAM = "g"


_PLACES = {BatchUnit.CAPSULE: 0, BatchUnit.ML: 2, BatchUnit.GRAM: 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class PowderToWeigh:
    """A powder of a batch (mg, unrounded), in all of it and in one capsule, mL or g; what of it dissolves."""

    name: str
    needed_mg: Decimal
    per_unit_mg: Decimal
    solubility_mg_per_ml: Decimal | None = None


class WayKind(StrEnum):
    """What would make the weighing possible."""

    LARGER_BATCH = "larger_batch"
    TRITURATE = "triturate"
    STOCK_SOLUTION = "stock_solution"


@dataclass(frozen=True, kw_only=True, slots=True)
class WayOut:
    """One way out, in words, and how far it may put the drug of the batch off (percent)."""

    kind: WayKind
    words: str
    error: ErrorBudget

    def __str__(self) -> str:
        return f"{self.words} (expected error ±{wording.percent(self.error.expected_pct)})"


@dataclass(frozen=True, kw_only=True, slots=True)
class WeighableBatch:
    """The ways out: a larger batch (in its own words and number), a triturate, or a stock solution.

    `ways` are those that fit this batch, each with its expected error.
    """

    component: str
    needed_mg: Decimal
    minimum_mg: Decimal
    smallest_batch: Decimal
    smallest_batch_in_words: str
    triturate: SolidAliquot
    stock_solution: LiquidAliquot | None
    ways: tuple[WayOut, ...]

    @property
    def closest(self) -> WayOut:
        """The way with the smallest expected error; the first of two equal ones."""
        return min(self.ways, key=lambda way: settle(way.error.expected_pct))


class NotWeighable(Refusal):
    """The balance cannot weigh so little. `proposal` holds the numbers of every way out."""

    def __init__(self, sentence: str, proposal: WeighableBatch) -> None:
        super().__init__(sentence, proposal)
        self.proposal = proposal


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bench:
    """The balance's minimum and its uncertainty (mg), and the rest of the bench."""

    minimum_mg: Decimal
    balance_mg: Decimal
    tolerances: BenchTolerances


@exactly
def check_batch_weighable(
    powders: Sequence[PowderToWeigh],
    *,
    minimum_mg: Decimal,
    batch_unit: BatchUnit,
    tolerance_pct: Decimal,
    bench: BenchTolerances,
) -> None:
    """Raise `NotWeighable` for the first powder below the minimum of the balance; compared unrounded.

    The proposed batch is large enough for every powder. A balance whose uncertainty is not known is taken
    to be off by the weighing tolerance at its minimum.
    """
    for powder in powders:
        if settle(powder.needed_mg) < minimum_mg:
            smallest = max(_smallest_batch(other, minimum_mg, batch_unit) for other in powders)
            known = bench.balance_mg
            at_minimum = minimum_mg * tolerance_pct / HUNDRED
            balance_mg = at_minimum if known is None else known
            proposal = _proposal(
                powder,
                smallest,
                batch_unit,
                _Bench(minimum_mg=minimum_mg, balance_mg=balance_mg, tolerances=bench),
            )
            raise NotWeighable(_sentence(proposal), proposal)


def _smallest_batch(powder: PowderToWeigh, minimum_mg: Decimal, unit: BatchUnit) -> Decimal:
    return max(
        Decimal(unit is BatchUnit.CAPSULE), round_up(minimum_mg / powder.per_unit_mg, _PLACES[unit])
    )


def _proposal(
    powder: PowderToWeigh, smallest: Decimal, batch_unit: BatchUnit, bench: _Bench
) -> WeighableBatch:
    needed, minimum = powder.needed_mg, bench.minimum_mg
    counted = batch_unit.value
    if batch_unit is BatchUnit.CAPSULE:
        counted = wording.plural(int(smallest), counted)
    in_words = f"{wording.number(smallest)} {counted}"
    triturate = solid_aliquot(
        needed_mg=needed, minimum_mg=minimum, aliquot_mg=max(minimum, needed * _DILUTED)
    )
    stock = _stock_solution(needed, minimum, powder.solubility_mg_per_ml)
    larger = WayOut(
        kind=WayKind.LARGER_BATCH,
        words=f"make at least {in_words}",
        error=error_budget(
            [_weighed("balance", smallest * powder.per_unit_mg, bench)],
        ),
    )
    diluted = _by_triturate(triturate, bench) if stock is None else _by_stock(stock, bench)
    return WeighableBatch(
        component=powder.name,
        needed_mg=needed,
        minimum_mg=minimum,
        smallest_batch=smallest,
        smallest_batch_in_words=in_words,
        triturate=triturate,
        stock_solution=stock,
        ways=(larger, diluted),
    )


def _stock_solution(
    needed_mg: Decimal, minimum_mg: Decimal, solubility_mg_per_ml: Decimal | None
) -> LiquidAliquot | None:
    if solubility_mg_per_ml is None:
        return None
    dissolves_in = Decimal(whole_at_least(needed_mg / solubility_mg_per_ml))
    return liquid_aliquot(
        needed_mg=needed_mg,
        minimum_mg=minimum_mg,
        aliquot_ml=max(_LEAST_ALIQUOT_ML, dissolves_in),
        solubility_mg_per_ml=solubility_mg_per_ml,
    )


def _by_triturate(triturate: SolidAliquot, bench: _Bench) -> WayOut:
    """Weigh the drug and the diluent, mix, and weigh a part of the mixture."""
    sources = [
        _weighed("drug", triturate.weigh_drug_mg, bench),
        divided_by_source("diluent", off=bench.balance_mg, amount=triturate.total_mg),
        _weighed("part", triturate.aliquot_mg, bench),
    ]
    if bench.tolerances.triturate_pct is not None:
        sources.append(ErrorSource("mixing", bench.tolerances.triturate_pct))
    return WayOut(
        kind=WayKind.TRITURATE,
        words=f"make a triturate of {_mg(triturate.weigh_drug_mg)} with {_mg(triturate.diluent_mg)} of "
        f"diluent and take {_mg(triturate.aliquot_mg)} of it",
        error=error_budget(sources),
    )


def _by_stock(stock: LiquidAliquot, bench: _Bench) -> WayOut:
    """Weigh the drug, make it up to volume, and measure a part of the solution."""
    sources = [_weighed("drug", stock.weigh_drug_mg, bench)]
    measure = bench.tolerances.measure_ml
    if measure is not None:
        sources += [
            divided_by_source("volume", off=measure, amount=stock.stock_volume_ml),
            volume_source("part", tolerance_ml=measure, volume_ml=stock.aliquot_ml),
        ]
    return WayOut(
        kind=WayKind.STOCK_SOLUTION,
        words=f"dissolve {_mg(stock.weigh_drug_mg)} to {wording.millilitres(stock.stock_volume_ml)} "
        f"and take {wording.millilitres(stock.aliquot_ml)} of it",
        error=error_budget(sources),
    )


def _weighed(name: str, amount_mg: Decimal, bench: _Bench) -> ErrorSource:
    return weighing_source(name, uncertainty_mg=bench.balance_mg, weighed_mg=amount_mg)


def _sentence(proposal: WeighableBatch) -> str:
    larger, diluted = (str(way) for way in proposal.ways)
    return (
        f"The batch needs {_mg(proposal.needed_mg)} of {proposal.component}, and this balance weighs "
        f"no less than {_mg(proposal.minimum_mg)}. {larger[0].upper()}{larger[1:]}; or {diluted}."
    )


def _mg(mg: Decimal) -> str:
    return wording.milligrams(round_half_up(mg, 3) if mg >= _THOUSANDTH else settle(mg))
