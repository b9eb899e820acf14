"""Less than the balance can weigh: refused, with the numbers of every way out."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from compounding.error_budget import BenchTolerances
from compounding.weighable import (
    BalanceTooCoarse,
    BatchUnit,
    NotWeighable,
    PowderToWeigh,
    Reading,
    RoomInCapsule,
    WayKind,
    WayOut,
    check_batch_readable,
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
    assert proposal.why == str(refusal).partition(" Make")[0]
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


# A filler


def _filler(needed: str, each: str, *, taken: str = "0.9") -> PowderToWeigh:
    room = RoomInCapsule(volume_ml=D("0.5"), others_mg=D(180), taken=D(taken), pack_stat_mg=D(300))
    return PowderToWeigh(name="filler", needed_mg=D(needed), per_unit_mg=D(each), room=room)


def test_of_a_filler_no_triturate_is_made() -> None:
    refusal = _refusal(_powder("drug", "180", "90"), _filler("60", "30"))
    assert str(refusal) == (
        "The batch needs 60 mg of filler, and this balance weighs no less than 120 mg. Leave the filler out: the "
        "other powders, 180 mg in each capsule, fill 0.45 of its 0.5 mL, 90% (expected error ±0%); or take a "
        "capsule of 0.55 mL or more, packed as closely, which takes 120 mg of filler in the batch (expected error "
        "±0.5%); or make at least 4 capsules (expected error ±0.29%)."
    )
    assert [_sources(way) for way in refusal.proposal.ways] == [
        ["filler ±0%"],
        ["filler ±0.5%"],  # 2.4 ÷ (2 × 180 + 120 − 2.4)
        ["filler ±0.29%"],  # 2.4 ÷ (4 × 210 − 2.4)
    ]


def test_a_capsule_that_would_be_loose_is_not_left_without_its_filler() -> None:
    ways = _refusal(_filler("60", "30", taken="0.79999")).proposal.ways
    assert [way.kind for way in ways] == [WayKind.LARGER_CAPSULE, WayKind.LARGER_BATCH]
    assert ways[0].words.startswith("take a capsule of 0.5 mL or more")


def test_a_large_batch_has_its_commas() -> None:
    words = _refusal(_filler("0.03", "0.003")).proposal.smallest_batch_in_words
    assert words == "40,000 capsules"


# What the balance shows


def _reading(powder: PowderToWeigh, shown: str, low: str, high: str) -> Reading:
    return Reading(powder=powder, shown_mg=D(shown), low_mg=D(low), high_mg=D(high))


def _read(
    *readings: Reading, step: str = "10", minimum: str = "120", bench: BenchTolerances = _UNKNOWN
) -> None:
    check_batch_readable(
        readings,
        step_mg=D(step),
        minimum_mg=D(minimum),
        batch_unit=BatchUnit.CAPSULE,
        tolerance_pct=D(2),
        bench=bench,
    )


_GOOD = _reading(_powder("filler", "1000", "10"), "1000", "980", "1020")
_BAD = _reading(_powder("drug", "125", "1.25"), "130", "122.5", "127.5")


def _too_coarse(*readings: Reading, **changes: str) -> BalanceTooCoarse:
    with pytest.raises(BalanceTooCoarse) as refused:
        _read(*readings, **changes)  # type: ignore[arg-type]
    return refused.value


@pytest.mark.parametrize("shown", ["122.5", "127.5", "125"])
def test_a_step_within_the_limits_and_on_them_will_do(shown: str) -> None:
    _read(_GOOD, _reading(_BAD.powder, shown, "122.5", "127.5"))
    _read()


@pytest.mark.parametrize("shown", ["122.4", "127.6"])
def test_a_step_outside_the_limits_will_not(shown: str) -> None:
    _too_coarse(_GOOD, _reading(_BAD.powder, shown, "122.5", "127.5"))


def test_the_ways_around_a_coarse_balance() -> None:
    refusal = _too_coarse(_GOOD, _BAD)
    # Half a step of 10 mg is 2 % of 250 mg: 200 capsules of 1.25 mg.
    assert str(refusal) == (
        "122.5 to 127.5 mg of drug would do, and no step of 10 mg lies between. Use a balance that is read to 1 mg "
        "or finer (expected error ±0.8%); or make at least 200 capsules (expected error ±2%); or make a triturate "
        "of 250 mg with 2,250 mg of diluent and take 1,250 mg of it (expected error ±2.05%)."
    )
    assert (refusal.proposal.minimum_mg, refusal.proposal.smallest_batch) == (D(250), D(200))
    assert refusal.proposal.why == str(refusal).partition(" Use")[0]
    assert _sources(refusal.proposal.ways[0]) == ["balance ±0.8%"]


def test_the_larger_batch_can_be_weighed_as_well() -> None:
    assert _too_coarse(_BAD, minimum="500").proposal.smallest_batch == 400
    both = _too_coarse(_BAD, _reading(_powder("dye", "300", "0.5"), "300", "290", "310"))
    assert both.proposal.smallest_batch == 500


def test_where_nothing_lies_between_the_limits_no_balance_is_fine_enough() -> None:
    none = _too_coarse(_reading(_BAD.powder, "130", "125.1", "125.1"))
    assert [way.kind for way in none.proposal.ways] == [WayKind.LARGER_BATCH, WayKind.TRITURATE]
    assert "Make at least 200 capsules" in str(none)
