"""Balance minimums, aliquots, triturates and dilutions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from compounding.errors import Refusal
from compounding.given import OutOfRange
from compounding.strength import equivalent_mg
from compounding.weighing import (
    BelowBalanceMinimum,
    NotSoluble,
    TooFewReadings,
    TriturateDoesNotFit,
    capsules_from_triturate,
    check_soluble,
    check_weighable,
    error_pct,
    geometric_additions,
    least_units,
    liquid_aliquot,
    minimum_weighable_mg,
    serial_strength_pct,
    solid_aliquot,
    stock_triturate,
    usp41_minimum,
    usp41_minimum_from_readings,
    weighing_error_pct,
    within_tolerance,
)
from tests.compounding.refusals import assert_refused

D = Decimal


def test_a_minimum_is_enforced_unrounded() -> None:
    minimum = minimum_weighable_mg(sensitivity_mg=D("2.5"), max_error_pct=D(3))
    check_weighable(D("83.34"), minimum_mg=minimum, what="the drug")
    check_weighable(D(120), minimum_mg=D(120), what="the drug")
    assert_refused(
        BelowBalanceMinimum,
        "83.301 mg of the drug is less than the 83.333 mg that this balance can weigh.",
        lambda: check_weighable(D("83.3006"), minimum_mg=minimum, what="the drug"),
    )


def test_usp41_takes_the_larger_of_spread_and_readability() -> None:
    spread = usp41_minimum(sd_mg=D("0.05"), readability_mg=D("0.1"))
    assert (spread.sd_used_mg, spread.minimum_mg) == (D("0.05"), D(100))
    readability = usp41_minimum(sd_mg=D(0), readability_mg=D("0.1"))
    assert (readability.sd_used_mg, readability.minimum_mg) == (D("0.041"), D(82))


def test_usp41_needs_ten_readings() -> None:
    ten = [D("100.02"), D("100.00")] * 5
    assert usp41_minimum_from_readings(ten, readability_mg=D("0.01")).minimum_mg > 8
    assert_refused(
        TooFewReadings,
        "USP <41> needs at least 10 weighings, and there are 9.",
        lambda: usp41_minimum_from_readings(ten[:9], readability_mg=D("0.01")),
    )
    assert_refused(
        OutOfRange,
        "A reading must be more than 0, not 0.",
        lambda: usp41_minimum_from_readings([*ten, D(0)], readability_mg=D("0.01")),
    )


def test_the_fewest_units_that_can_be_weighed() -> None:
    assert least_units(as_is_mg_per_unit=D("4.5"), minimum_mg=D(120)) == 27
    assert least_units(as_is_mg_per_unit=D(4), minimum_mg=D(120)) == 30
    assert least_units(as_is_mg_per_unit=D(500), minimum_mg=D(120)) == 1


def test_an_exact_multiple_of_a_repeating_amount_is_not_one_more() -> None:
    third = equivalent_mg(D(1), from_mw=D(3), to_mw=D(1))
    assert least_units(as_is_mg_per_unit=third, minimum_mg=D(40)) == 120


def test_tolerance_holds_on_its_edge_and_not_beyond() -> None:
    assert within_tolerance(wanted=D(120), actual=D("121.2"), tolerance_pct=D(1))
    assert within_tolerance(wanted=D(120), actual=D("118.8"), tolerance_pct=D(1))
    assert not within_tolerance(wanted=D(120), actual=D("121.201"), tolerance_pct=D(1))
    assert not within_tolerance(wanted=D(120), actual=D("118.799"), tolerance_pct=D(1))
    assert error_pct(wanted=D(120), actual=D(0)) == -100


def test_a_solid_aliquot_takes_the_smallest_whole_multiple() -> None:
    aliquot = solid_aliquot(needed_mg=D(9), minimum_mg=D(120), aliquot_mg=D(150))
    assert aliquot.multiple == 14
    assert (aliquot.weigh_drug_mg, aliquot.total_mg, aliquot.diluent_mg) == (
        D(126),
        D(2100),
        D(1974),
    )
    assert (aliquot.aliquot_mg, aliquot.drug_in_aliquot_mg) == (D(150), D(9))


def test_an_aliquot_must_be_weighable_and_hold_the_drug() -> None:
    assert_refused(
        BelowBalanceMinimum,
        "119 mg of the aliquot is less than the 120 mg that this balance can weigh.",
        lambda: solid_aliquot(needed_mg=D(9), minimum_mg=D(120), aliquot_mg=D(119)),
    )
    assert_refused(
        BelowBalanceMinimum,
        "An aliquot of 130.001 mg cannot hold 131.001 mg of drug.",
        lambda: solid_aliquot(needed_mg=D("131.0006"), minimum_mg=D(120), aliquot_mg=D("130.0006")),
    )
    undiluted = solid_aliquot(needed_mg=D(130), minimum_mg=D(120), aliquot_mg=D(130))
    assert (undiluted.multiple, undiluted.diluent_mg) == (1, D(0))


def test_a_liquid_aliquot_says_whether_it_dissolves() -> None:
    stock = liquid_aliquot(
        needed_mg=D(30), minimum_mg=D(120), aliquot_ml=D(2), solubility_mg_per_ml=D(15)
    )
    assert (stock.multiple, stock.weigh_drug_mg, stock.stock_volume_ml) == (4, D(120), D(8))
    assert (stock.stock_mg_per_ml, stock.aliquot_ml, stock.drug_in_aliquot_mg) == (
        D(15),
        D(2),
        D(30),
    )
    assert stock.soluble
    check_soluble(stock, solubility_mg_per_ml=D(15))
    thick = liquid_aliquot(
        needed_mg=D("15.00051"), minimum_mg=D(120), aliquot_ml=D(1), solubility_mg_per_ml=D(14)
    )
    assert not thick.soluble
    assert_refused(
        NotSoluble,
        "15.001 mg/mL is more than the 14 mg/mL that dissolves.",
        lambda: check_soluble(thick, solubility_mg_per_ml=D(14)),
    )


def test_a_triturate_is_corrected_for_potency_once() -> None:
    made = stock_triturate(total_mg=D(10_000), strength_pct=D(1), factor=D("0.5"))
    assert (made.pure_mg, made.weigh_mg, made.diluent_mg) == (D(100), D(200), D(9800))
    assert (made.total_mg, made.strength_pct) == (D(10_000), D(1))


def test_a_triturate_holds_no_more_than_itself() -> None:
    full = stock_triturate(total_mg=D(100), strength_pct=D(50), factor=D("0.5"))
    assert full.diluent_mg == 0
    assert_refused(
        OutOfRange,
        "102.001 mg of powder does not fit into 100 mg of triturate.",
        lambda: stock_triturate(total_mg=D(100), strength_pct=D("51.0003"), factor=D("0.5")),
    )


def test_capsules_from_a_triturate_are_topped_up_with_filler() -> None:
    batch = capsules_from_triturate(
        dose_mg=D("4.5"), units=30, strength_pct=D(10), capacity_mg=D(150)
    )
    assert (batch.pure_mg, batch.triturate_mg) == (D(135), D(1350))
    assert (batch.per_capsule_mg, batch.filler_per_capsule_mg) == (D(45), D(105))
    just = capsules_from_triturate(dose_mg=D("1.5"), units=1, strength_pct=D(1), capacity_mg=D(150))
    assert just.filler_per_capsule_mg == 0
    assert (
        capsules_from_triturate(dose_mg=D(1), units=1, strength_pct=D(1)).filler_per_capsule_mg
        is None
    )
    assert_refused(
        TriturateDoesNotFit,
        "300.003 mg of a 1.666651% triturate does not fit into a capsule that holds 150 mg; "
        "use a stronger triturate.",
        lambda: capsules_from_triturate(
            dose_mg=D(5), units=30, strength_pct=D("1.6666514"), capacity_mg=D(150)
        ),
    )


def test_dilutions_multiply() -> None:
    assert serial_strength_pct([(D(1), D(100))]) == 1
    assert serial_strength_pct([(D(1), D(100)), (D(1), D(100))]) == D("0.01")
    assert serial_strength_pct([(D(2), D(2))]) == 100
    assert_refused(
        OutOfRange,
        "A dilution of 2 in 1 makes nothing weaker.",
        lambda: serial_strength_pct([(D(2), D(1))]),
    )


def test_geometric_dilution_doubles_the_mixture() -> None:
    assert geometric_additions(drug_mg=D(1), diluent_mg=D(10)) == (D(1), D(2), D(4), D(3))
    assert geometric_additions(drug_mg=D(5), diluent_mg=D(3)) == (D(3),)
    assert geometric_additions(drug_mg=D(1), diluent_mg=D(3)) == (D(1), D(2))


def test_geometric_dilution_comes_to_an_end() -> None:
    most = D(2) ** 60 - 1
    assert len(geometric_additions(drug_mg=D("0.00001"), diluent_mg=most / 10**5)) == 60
    assert_refused(
        OutOfRange,
        "999999999999999 mg of diluent on 0.000000000000001 mg of drug takes more than 60 steps; "
        "make a triturate first.",
        lambda: geometric_additions(drug_mg=D("1E-15"), diluent_mg=D(999_999_999_999_999)),
    )


_POSITIVE: list[tuple[str, Callable[[], object]]] = [
    (
        "The sensitivity requirement",
        lambda: minimum_weighable_mg(sensitivity_mg=D(0), max_error_pct=D(5)),
    ),
    ("The permitted error", lambda: minimum_weighable_mg(sensitivity_mg=D(6), max_error_pct=D(0))),
    (
        "The sensitivity requirement",
        lambda: weighing_error_pct(sensitivity_mg=D(0), weighed_mg=D(50)),
    ),
    ("The weighed amount", lambda: weighing_error_pct(sensitivity_mg=D(6), weighed_mg=D(0))),
    ("The readability", lambda: usp41_minimum(sd_mg=D(1), readability_mg=D(0))),
    ("The powder per unit", lambda: least_units(as_is_mg_per_unit=D(0), minimum_mg=D(1))),
    ("The balance minimum", lambda: least_units(as_is_mg_per_unit=D(1), minimum_mg=D(0))),
    ("The wanted amount", lambda: error_pct(wanted=D(0), actual=D(1))),
    (
        "The drug needed",
        lambda: solid_aliquot(needed_mg=D(0), minimum_mg=D(120), aliquot_mg=D(120)),
    ),
    (
        "The drug needed",
        lambda: liquid_aliquot(
            needed_mg=D(0), minimum_mg=D(120), aliquot_ml=D(1), solubility_mg_per_ml=D(1)
        ),
    ),
    (
        "The aliquot",
        lambda: liquid_aliquot(
            needed_mg=D(1), minimum_mg=D(120), aliquot_ml=D(0), solubility_mg_per_ml=D(1)
        ),
    ),
    (
        "The solubility",
        lambda: liquid_aliquot(
            needed_mg=D(1), minimum_mg=D(120), aliquot_ml=D(1), solubility_mg_per_ml=D(0)
        ),
    ),
    ("The triturate", lambda: stock_triturate(total_mg=D(0), strength_pct=D(1), factor=D(1))),
    ("The potency factor", lambda: stock_triturate(total_mg=D(1), strength_pct=D(1), factor=D(0))),
    (
        "The strength of the triturate",
        lambda: stock_triturate(total_mg=D(1), strength_pct=D(0), factor=D(1)),
    ),
    ("The dose", lambda: capsules_from_triturate(dose_mg=D(0), units=1, strength_pct=D(1))),
    (
        "The strength of the triturate",
        lambda: capsules_from_triturate(dose_mg=D(1), units=1, strength_pct=D(0)),
    ),
    (
        "The capacity of the capsule",
        lambda: capsules_from_triturate(dose_mg=D(1), units=1, strength_pct=D(1), capacity_mg=D(0)),
    ),
    ("A part of a dilution", lambda: serial_strength_pct([(D(0), D(1))])),
    ("The whole of a dilution", lambda: serial_strength_pct([(D(1), D(0))])),
    ("The drug", lambda: geometric_additions(drug_mg=D(0), diluent_mg=D(1))),
    ("The diluent", lambda: geometric_additions(drug_mg=D(1), diluent_mg=D(0))),
]


@pytest.mark.parametrize(("what", "act"), _POSITIVE)
def test_amounts_are_positive(what: str, act: Callable[[], object]) -> None:
    assert_refused(OutOfRange, f"{what} must be more than 0, not 0.", act)


_OTHER: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        OutOfRange,
        "The standard deviation must not be negative, and -1 is.",
        lambda: usp41_minimum(sd_mg=D(-1), readability_mg=D(1)),
    ),
    (
        OutOfRange,
        "The weighed amount must not be negative, and -1 is.",
        lambda: error_pct(wanted=D(1), actual=D(-1)),
    ),
    (
        OutOfRange,
        "The tolerance must not be negative, and -1 is.",
        lambda: within_tolerance(wanted=D(1), actual=D(1), tolerance_pct=D(-1)),
    ),
    (
        OutOfRange,
        "The number of capsules must be at least 1, not 0.",
        lambda: capsules_from_triturate(dose_mg=D(1), units=0, strength_pct=D(1)),
    ),
    (
        OutOfRange,
        "The strength of the triturate must be below 100%, not 100%.",
        lambda: stock_triturate(total_mg=D(1), strength_pct=D(100), factor=D(1)),
    ),
    (
        OutOfRange,
        "The number of dilutions must be at least 1, not 0.",
        lambda: serial_strength_pct([]),
    ),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _OTHER)
def test_other_numbers_that_cannot_be(
    kind: type[Refusal], sentence: str, act: Callable[[], object]
) -> None:
    assert_refused(kind, sentence, act)
