"""Less than the balance can weigh: refused, with the numbers of every way out."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from compounding.error_budget import BenchTolerances
from compounding.weighable import (
    BatchUnit,
    NotWeighable,
    PowderToWeigh,
    WayKind,
    WayOut,
    check_batch_weighable,
)

D = Decimal


_UNKNOWN = BenchTolerances()
_BENCH = BenchTolerances(balance_mg=D("2.4"), measure_ml=D("0.1"), triturate_pct=D(3))


def _check(
    *powders: PowderToWeigh,
    unit: BatchUnit = BatchUnit.CAPSULE,
    bench: BenchTolerances = _UNKNOWN,
) -> None:
    check_batch_weighable(
        powders, minimum_mg=D(120), batch_unit=unit, tolerance_pct=D(2), bench=bench
    )


def _refusal(
    *powders: PowderToWeigh,
    unit: BatchUnit = BatchUnit.CAPSULE,
    bench: BenchTolerances = _UNKNOWN,
) -> NotWeighable:
    with pytest.raises(NotWeighable) as refused:
        _check(*powders, unit=unit, bench=bench)
    return refused.value


def _powder(
    name: str, needed: str, each: str = "1", solubility: str | None = None
) -> PowderToWeigh:
    return PowderToWeigh(
        name=name,
        needed_mg=D(needed),
        per_unit_mg=D(each),
        solubility_mg_per_ml=None if solubility is None else D(solubility),
    )


def _sources(way: WayOut) -> list[str]:
    return [str(source) for source in way.error.sources]


def test_the_minimum_itself_can_be_weighed() -> None:
    _check(_powder("drug", "120"))
    _check()


def test_a_powder_is_diluted_one_in_ten() -> None:
    refusal = _refusal(_powder("drug", "45", "1.5"))
    assert str(refusal) == (
        "The batch needs 45 mg of drug, and this balance weighs no less than 120 mg. "
        "Make at least 80 capsules (expected error ±2%); or make a triturate of 135 mg with "
        "1,215 mg of diluent and take 450 mg of it (expected error ±1.86%)."
    )
    proposal = refusal.proposal
    assert (proposal.component, proposal.needed_mg, proposal.minimum_mg) == ("drug", D(45), D(120))
    assert (proposal.smallest_batch, proposal.smallest_batch_in_words) == (D(80), "80 capsules")
    assert proposal.triturate is not None
    assert (proposal.triturate.multiple, proposal.triturate.drug_in_aliquot_mg) == (3, D(45))
    assert proposal.stock_solution is None


def test_a_balance_of_unknown_uncertainty_is_off_by_the_tolerance_at_its_minimum() -> None:
    unknown = _refusal(_powder("drug", "45", "1.5")).proposal
    known = _refusal(
        _powder("drug", "45", "1.5"), bench=BenchTolerances(balance_mg=D("2.4"))
    ).proposal
    assert [_sources(way) for way in unknown.ways] == [_sources(way) for way in known.ways]
    assert [_sources(way) for way in unknown.ways] == [
        ["balance ±2%"],
        ["drug ±1.78%", "part ±0.53%", "diluent ±0.18%"],
    ]
    sharp = _refusal(_powder("drug", "45", "1.5"), bench=BenchTolerances(balance_mg=D("0.12")))
    assert _sources(sharp.proposal.ways[0]) == ["balance ±0.1%"]


def test_every_way_has_its_expected_error_and_the_closest_is_known() -> None:
    proposal = _refusal(_powder("drug", "45", "1.5"), bench=_BENCH).proposal
    assert [way.kind for way in proposal.ways] == [WayKind.LARGER_BATCH, WayKind.TRITURATE]
    assert _sources(proposal.ways[1])[0] == "mixing ±3%"
    assert str(proposal.closest) == "make at least 80 capsules (expected error ±2%)"
    assert _refusal(_powder("drug", "45", "1.5")).proposal.closest.kind is WayKind.TRITURATE


def test_very_little_is_diluted_as_far_as_the_balance_asks() -> None:
    triturate = _refusal(_powder("drug", "2")).proposal.triturate
    assert triturate is not None
    assert (triturate.weigh_drug_mg, triturate.aliquot_mg) == (D(120), D(120))


def test_the_proposed_batch_serves_every_powder() -> None:
    refusal = _refusal(_powder("drug", "100", "40"), _powder("dye", "10", "20"))
    assert (refusal.proposal.component, refusal.proposal.smallest_batch) == ("drug", D(6))
    second = _refusal(_powder("drug", "120", "120"), _powder("dye", "119.999", "1000"))
    assert (second.proposal.component, second.proposal.smallest_batch_in_words) == (
        "dye",
        "1 capsule",
    )


@pytest.mark.parametrize(
    ("unit", "each", "words"),
    [
        (BatchUnit.CAPSULE, "7", "18 capsules"),
        (BatchUnit.ML, "7", "17.15 mL"),
        (BatchUnit.GRAM, "7", "17.143 g"),
        (BatchUnit.CAPSULE, "1000", "1 capsule"),
        (BatchUnit.GRAM, "1000", "0.12 g"),
    ],
)
def test_the_larger_batch_is_counted_in_its_own_unit(
    unit: BatchUnit, each: str, words: str
) -> None:
    assert _refusal(_powder("drug", "1", each), unit=unit).proposal.smallest_batch_in_words == words


def test_what_dissolves_may_be_taken_from_a_stock_solution() -> None:
    refusal = _refusal(_powder("drug", "32", "1.0121", "100"), unit=BatchUnit.ML, bench=_BENCH)
    assert str(refusal) == (
        "The batch needs 32 mg of drug, and this balance weighs no less than 120 mg. "
        "Make at least 118.57 mL (expected error ±2%); or dissolve 128 mg to 20 mL and take 5 mL "
        "of it (expected error ±2.79%)."
    )
    stock = refusal.proposal.stock_solution
    assert stock is not None
    assert (stock.stock_mg_per_ml, stock.soluble) == (D("6.4"), True)
    assert refusal.proposal.ways[1].kind is WayKind.STOCK_SOLUTION
    assert _sources(refusal.proposal.ways[1]) == ["part ±2%", "drug ±1.88%", "volume ±0.5%"]


def test_an_unknown_measure_is_not_counted() -> None:
    ways = _refusal(_powder("drug", "32", "1", "100"), unit=BatchUnit.ML).proposal.ways
    assert _sources(ways[1]) == ["drug ±1.88%"]


def test_a_stock_solution_is_large_enough_to_dissolve() -> None:
    stock = _refusal(_powder("drug", "32", "1", "3"), unit=BatchUnit.ML).proposal.stock_solution
    assert stock is not None
    assert (stock.aliquot_ml, stock.soluble) == (D(11), True)


def test_the_refusal_survives_a_trip_between_processes() -> None:
    refusal = _refusal(_powder("drug", "45"))
    again = pickle.loads(pickle.dumps(refusal))
    assert (str(again), again.proposal) == (str(refusal), refusal.proposal)
    assert again.args == (str(refusal), refusal.proposal)
