"""A batch that needs less of a powder than the balance can weigh or show, and what would help, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from compounding import wording
from compounding.arithmetic import (
    HUNDRED,
    ONE,
    ZERO,
    exactly,
    round_half_up,
    round_up,
    settle,
    whole_at_least,
)
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
_FULL_ENOUGH_PCT = Decimal(80)
"""A capsule that is filled less is too loose to go without its filler: the usual aim is 80 to 95 %."""


class BatchUnit(StrEnum):
    """In what the size of a batch is counted."""

    CAPSULE = "capsule"
    ML = "mL"
    GRAM = "g"


_PLACES = {BatchUnit.CAPSULE: 0, BatchUnit.ML: 2, BatchUnit.GRAM: 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomInCapsule:
    """Where a filler goes: the capsule, what the other powders weigh and take of it (a fraction), how it packs."""

    volume_ml: Decimal
    others_mg: Decimal
    taken: Decimal
    pack_stat_mg: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class PowderToWeigh:
    """A powder of a batch (mg, unrounded), in all of it and in one capsule, mL or g; what of it dissolves.

    A filler has the `room` that it fills: nothing depends on its being there but the volume.
    """

    name: str
    needed_mg: Decimal
    per_unit_mg: Decimal
    solubility_mg_per_ml: Decimal | None = None
    room: RoomInCapsule | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A powder as the balance would show it: the nearest step (mg), and the limits it must lie within."""

    powder: PowderToWeigh
    shown_mg: Decimal
    low_mg: Decimal
    high_mg: Decimal


class WayKind(StrEnum):
    """What would make the weighing possible."""

    LARGER_BATCH = "larger_batch"
    TRITURATE = "triturate"
    STOCK_SOLUTION = "stock_solution"
    WITHOUT_FILLER = "without_filler"
    LARGER_CAPSULE = "larger_capsule"
    FINER_BALANCE = "finer_balance"


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
    """Why it cannot be weighed, and the ways out: a larger batch (in its own words and number), a triturate, or a
    stock solution.

    Of a filler neither is made; the capsule may go without it, or be larger. `ways` are those that fit this
    batch, each with its expected error.
    """

    component: str
    why: str
    needed_mg: Decimal
    minimum_mg: Decimal
    smallest_batch: Decimal
    smallest_batch_in_words: str
    triturate: SolidAliquot | None
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


class BalanceTooCoarse(NotWeighable):
    """No reading of the balance lies within the limits of a weighing."""


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
            why = (
                f"The batch needs {_mg(powder.needed_mg)} of {powder.name}, and this balance weighs no less "
                f"than {_mg(minimum_mg)}."
            )
            known = _bench(minimum_mg, tolerance_pct, bench)
            proposal = _proposal(powder, powders, batch_unit, known, why)
            raise NotWeighable(f"{why} {_said(proposal.ways)}", proposal)


@exactly
def check_batch_readable(
    readings: Sequence[Reading],
    *,
    step_mg: Decimal,
    minimum_mg: Decimal,
    batch_unit: BatchUnit,
    tolerance_pct: Decimal,
    bench: BenchTolerances,
) -> None:
    """Raise `BalanceTooCoarse` for the first powder of which no step of the balance lies within the limits.

    Half a step is within the limits of whatever weighs at least 50 steps for each percent of the tolerance: the
    batch that is proposed is as large as that.
    """
    for reading in readings:
        if reading.low_mg <= reading.shown_mg <= reading.high_mg:
            continue
        surely_mg = max(minimum_mg, step_mg * HUNDRED / tolerance_pct / 2)
        coarse = _bench(surely_mg, tolerance_pct, bench)
        powders = [other.powder for other in readings]
        why = (
            f"{wording.grouped(reading.low_mg)} to {wording.milligrams(reading.high_mg)} of "
            f"{reading.powder.name} would do, and no step of {wording.milligrams(step_mg)} lies between."
        )
        proposal = _proposal(reading.powder, powders, batch_unit, coarse, why)
        proposal = replace(proposal, ways=(*_by_finer_balance(reading), *proposal.ways))
        raise BalanceTooCoarse(f"{why} {_said(proposal.ways)}", proposal)


def _bench(minimum_mg: Decimal, tolerance_pct: Decimal, tolerances: BenchTolerances) -> _Bench:
    known = tolerances.balance_mg
    at_minimum = minimum_mg * tolerance_pct / HUNDRED
    return _Bench(
        minimum_mg=minimum_mg,
        balance_mg=at_minimum if known is None else known,
        tolerances=tolerances,
    )


def _by_finer_balance(reading: Reading) -> Sequence[WayOut]:
    """A balance in steps of a power of ten that fit between the limits; none fits where there is nothing between."""
    between = reading.high_mg - reading.low_mg
    if between <= ZERO:
        return ()
    step = ONE.scaleb(between.adjusted())
    needed = reading.powder.needed_mg
    source = weighing_source("balance", uncertainty_mg=step, weighed_mg=needed)
    return (
        WayOut(
            kind=WayKind.FINER_BALANCE,
            words=f"use a balance that is read to {wording.milligrams(step)} or finer",
            error=error_budget([source]),
        ),
    )


def _smallest_batch(powder: PowderToWeigh, minimum_mg: Decimal, unit: BatchUnit) -> Decimal:
    return max(
        Decimal(unit is BatchUnit.CAPSULE), round_up(minimum_mg / powder.per_unit_mg, _PLACES[unit])
    )


def _proposal(
    powder: PowderToWeigh,
    powders: Sequence[PowderToWeigh],
    batch_unit: BatchUnit,
    bench: _Bench,
    why: str,
) -> WeighableBatch:
    smallest = max(_smallest_batch(other, bench.minimum_mg, batch_unit) for other in powders)
    in_words = _batch_in_words(smallest, batch_unit)
    triturate = stock = None
    if powder.room is not None:
        ways = _around_filler(powder, powder.room, smallest, in_words, bench)
    else:
        weighed = _weighed("balance", smallest * powder.per_unit_mg, bench)
        stock = _stock_solution(powder.needed_mg, bench.minimum_mg, powder.solubility_mg_per_ml)
        triturate = _triturate(powder.needed_mg, bench.minimum_mg)
        diluted = _by_triturate(triturate, bench) if stock is None else _by_stock(stock, bench)
        ways = (_larger_batch(in_words, weighed), diluted)
    return WeighableBatch(
        component=powder.name,
        why=why,
        needed_mg=powder.needed_mg,
        minimum_mg=bench.minimum_mg,
        smallest_batch=smallest,
        smallest_batch_in_words=in_words,
        triturate=triturate,
        stock_solution=stock,
        ways=ways,
    )


def _batch_in_words(smallest: Decimal, batch_unit: BatchUnit) -> str:
    counted = batch_unit.value
    if batch_unit is BatchUnit.CAPSULE:
        counted = wording.plural(int(smallest), counted)
    return f"{wording.grouped(smallest)} {counted}"


def _larger_batch(in_words: str, source: ErrorSource) -> WayOut:
    return WayOut(
        kind=WayKind.LARGER_BATCH,
        words=f"make at least {in_words}",
        error=error_budget([source]),
    )


def _around_filler(
    powder: PowderToWeigh, room: RoomInCapsule, smallest: Decimal, in_words: str, bench: _Bench
) -> tuple[WayOut, ...]:
    """Leave the filler out if the capsule is full enough without it; take a larger capsule; make a larger batch.

    A filler only dilutes the drug, so what its weighing is off by counts as a part of all the powder.
    """
    units = powder.needed_mg / powder.per_unit_mg
    least_mg = units * room.others_mg + bench.minimum_mg
    filled_mg = smallest * (room.others_mg + powder.per_unit_mg)
    without = (_without_filler(room),) if settle(room.taken) * HUNDRED >= _FULL_ENOUGH_PCT else ()
    volume = room.volume_ml * (room.taken + bench.minimum_mg / units / room.pack_stat_mg)
    return (
        *without,
        WayOut(
            kind=WayKind.LARGER_CAPSULE,
            words=f"take a capsule of {wording.millilitres(round_up(volume, 3))} or more, packed as closely, "
            f"which takes {_mg(bench.minimum_mg)} of filler in the batch",
            error=error_budget(
                [divided_by_source("filler", off=bench.balance_mg, amount=least_mg)]
            ),
        ),
        _larger_batch(
            in_words, divided_by_source("filler", off=bench.balance_mg, amount=filled_mg)
        ),
    )


def _without_filler(room: RoomInCapsule) -> WayOut:
    filled_ml = wording.rounded(room.taken * room.volume_ml, 4)
    return WayOut(
        kind=WayKind.WITHOUT_FILLER,
        words=f"leave the filler out: the other powders, {_mg(room.others_mg)} in each capsule, fill {filled_ml} "
        f"of its {wording.millilitres(room.volume_ml)}, {wording.percent(room.taken * HUNDRED, 1)}",
        error=error_budget([ErrorSource("filler", ZERO)]),
    )


def _triturate(needed_mg: Decimal, minimum_mg: Decimal) -> SolidAliquot:
    return solid_aliquot(
        needed_mg=needed_mg,
        minimum_mg=minimum_mg,
        aliquot_mg=max(minimum_mg, needed_mg * _DILUTED),
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


def _said(ways: Sequence[WayOut]) -> str:
    said = "; or ".join(str(way) for way in ways)
    return f"{said[0].upper()}{said[1:]}."


def _mg(mg: Decimal) -> str:
    return wording.milligrams(round_half_up(mg, 3) if mg >= _THOUSANDTH else settle(mg))
