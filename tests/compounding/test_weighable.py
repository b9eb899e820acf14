"""Less than the balance can weigh: refused, with the numbers of every way out."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from compounding.weighable import NotWeighable, PowderToWeigh, check_batch_weighable

D = Decimal


def _refusal(*powders: PowderToWeigh, unit: str = "capsule") -> NotWeighable:
    with pytest.raises(NotWeighable) as refused:
        check_batch_weighable(powders, minimum_mg=D(120), batch_unit=unit)
    return refused.value


def _powder(
    name: str, needed: str, smallest: str = "1", solubility: str | None = None
) -> PowderToWeigh:
    return PowderToWeigh(
        name=name,
        needed_mg=D(needed),
        smallest_batch=D(smallest),
        solubility_mg_per_ml=None if solubility is None else D(solubility),
    )


def test_the_minimum_itself_can_be_weighed() -> None:
    check_batch_weighable([_powder("drug", "120")], minimum_mg=D(120), batch_unit="capsule")
    check_batch_weighable([], minimum_mg=D(120), batch_unit="capsule")


def test_a_powder_is_diluted_one_in_ten() -> None:
    refusal = _refusal(_powder("drug", "45", "80"))
    assert str(refusal) == (
        "The batch needs 45 mg of drug, and this balance weighs no less than 120 mg. "
        "Make at least 80 capsules; or make a triturate of 135 mg with 1215 mg of diluent "
        "and take 450 mg of it."
    )
    proposal = refusal.proposal
    assert (proposal.component, proposal.needed_mg, proposal.minimum_mg) == ("drug", D(45), D(120))
    assert (proposal.smallest_batch, proposal.smallest_batch_in_words) == (D(80), "80 capsules")
    assert (proposal.triturate.multiple, proposal.triturate.drug_in_aliquot_mg) == (3, D(45))
    assert proposal.stock_solution is None


def test_very_little_is_diluted_as_far_as_the_balance_asks() -> None:
    triturate = _refusal(_powder("drug", "2")).proposal.triturate
    assert (triturate.weigh_drug_mg, triturate.aliquot_mg) == (D(120), D(120))


def test_the_proposed_batch_serves_every_powder() -> None:
    refusal = _refusal(_powder("drug", "100", "3"), _powder("dye", "10", "7"))
    assert (refusal.proposal.component, refusal.proposal.smallest_batch) == ("drug", D(7))
    second = _refusal(_powder("drug", "120", "1"), _powder("dye", "119.999", "1"))
    assert (second.proposal.component, second.proposal.smallest_batch_in_words) == (
        "dye",
        "1 capsule",
    )


def test_what_dissolves_may_be_taken_from_a_stock_solution() -> None:
    refusal = _refusal(_powder("drug", "32", "118.57", "100"), unit="mL")
    assert str(refusal) == (
        "The batch needs 32 mg of drug, and this balance weighs no less than 120 mg. "
        "Make at least 118.57 mL; or dissolve 128 mg to 20 mL and take 5 mL of it."
    )
    stock = refusal.proposal.stock_solution
    assert stock is not None
    assert (stock.stock_mg_per_ml, stock.soluble) == (D("6.4"), True)


def test_a_stock_solution_is_large_enough_to_dissolve() -> None:
    stock = _refusal(_powder("drug", "32", "1", "3"), unit="mL").proposal.stock_solution
    assert stock is not None
    assert (stock.aliquot_ml, stock.soluble) == (D(11), True)


def test_the_refusal_survives_a_trip_between_processes() -> None:
    refusal = _refusal(_powder("drug", "45"))
    again = pickle.loads(pickle.dumps(refusal))
    assert (str(again), again.proposal) == (str(refusal), refusal.proposal)
    assert again.args == (str(refusal), refusal.proposal)
