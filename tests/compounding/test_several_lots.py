"""One substance from two lots: each is weighed with its own potency, and a dose holds both, and the errors of both."""

from dataclasses import replace
from decimal import Decimal

from compounding.worksheet import (
    BenchTolerances,
    CapsuleInputs,
    CapsuleTriturate,
    DoseError,
    DropsInputs,
    plan_capsule_worksheet,
    plan_drops_worksheet,
    plan_triturate_worksheet,
)
from tests.compounding.evaluator import proved
from tests.compounding.examples import capsule_inputs, drops_inputs, triturate_inputs


def _from_two_lots() -> DropsInputs:
    inputs = drops_inputs()
    (one,) = inputs.actives
    first = replace(
        one, name="Naltrexone, lot A", substance="Naltrexone", strength_mg_per_ml=Decimal("0.4")
    )
    second = replace(
        one,
        key="second",
        name="Naltrexone, lot B",
        substance="Naltrexone",
        strength_mg_per_ml=Decimal("0.6"),
    )
    return replace(inputs, actives=(first, second), minimum_weighable_mg=Decimal(10))


def test_a_drop_holds_what_both_lots_bring() -> None:
    whole, parted = plan_drops_worksheet(drops_inputs()), plan_drops_worksheet(_from_two_lots())

    assert parted.drop_table == whole.drop_table
    assert parted.mg_per_drop == whole.mg_per_drop


def test_each_lot_is_weighed_for_its_share() -> None:
    sheet = plan_drops_worksheet(_from_two_lots())

    assert sheet.line("naltrexone").amount == Decimal("76.8")  # 0.4 / 1.0 of 192.036...
    assert sheet.line("second").amount == Decimal("115.2")


def test_two_substances_do_not_add_up() -> None:
    inputs = drops_inputs()
    other = replace(inputs.actives[0], key="other", name="Ketotifen fumarate")
    both = replace(inputs, actives=(inputs.actives[0], other))

    assert both.strength_mg_per_ml == Decimal(1)


def test_what_dissolves_is_judged_by_all_lots_together() -> None:
    inputs = _from_two_lots()
    weak = [replace(lot, solubility_mg_per_ml=Decimal("0.7")) for lot in inputs.actives]
    findings = plan_drops_worksheet(replace(inputs, actives=tuple(weak))).findings

    assert [finding.kind for finding in findings] == ["does-not-dissolve"] * 2
    assert findings[0].text.startswith("1 mg/mL of Naltrexone, lot A is more than the 0.7 mg/mL")


def test_lots_without_a_substance_stay_apart() -> None:
    inputs = drops_inputs()
    other = replace(inputs.actives[0], key="other")
    both = replace(inputs, actives=(inputs.actives[0], other))

    assert plan_drops_worksheet(both).mg_per_drop == Decimal("0.04")


_BENCH = BenchTolerances(balance_mg=Decimal("1.92"), drop_pct=Decimal(5))


def _shares(error: DoseError) -> list[str]:
    return [f"{source.name} {source.limit_pct}" for source in error.sources]


def test_each_lot_s_errors_reach_as_much_of_the_dose_as_it_brings() -> None:
    inputs = replace(_from_two_lots(), doses_mg=(Decimal("0.5"),), bench=_BENCH)
    sheet = plan_drops_worksheet(inputs)
    (error,) = sheet.dose_errors

    assert (error.key, error.name) == ("naltrexone", "Naltrexone")
    assert _shares(error) == [
        "drops 5.000000",
        "whole drops 4.000000",
        "weighing limits (Naltrexone, lot B) 1.200000",  # 0.6 of 2%
        "balance (Naltrexone, lot A) 0.999906",  # 0.4 of 1.92 ÷ 76.807229
        "balance (Naltrexone, lot B) 0.999906",
        "weighing limits (Naltrexone, lot A) 0.800000",
    ]
    # (0.4 × 0.98 × 0.97500235 + 0.6 × 0.98 × 0.98333490) × 0.95 × 0.96 − 1, and the same upward
    assert (error.worst_low_pct, error.worst_high_pct) == (
        Decimal("-12.411352"),
        Decimal("13.61147"),
    )
    assert error.expected_pct == Decimal("6.714136")
    assert str(sheet.working[-3]) == (
        "0.5 mg of Naltrexone in drops, lowest: (0.4 × (1 − 2%) × (1 − 2.499765%) + "
        "0.6 × (1 − 2%) × (1 − 1.66651%)) × (1 − 5%) × (1 − 4%) − 1 = −12.411352%"
    )
    assert [str(step) for step in sheet.working if not proved(step)] == []


def test_two_lots_weighed_alike_are_off_no_further_at_worst_and_less_as_expected() -> None:
    alike = replace(_from_two_lots(), doses_mg=(Decimal(1),), bench=BenchTolerances())
    (both,) = plan_drops_worksheet(alike).dose_errors
    (one,) = plan_drops_worksheet(replace(drops_inputs(), doses_mg=(Decimal(1),))).dose_errors

    assert (both.worst_low_pct, both.worst_high_pct) == (one.worst_low_pct, one.worst_high_pct)
    assert (both.worst_high_pct, one.expected_pct) == (Decimal(2), Decimal(2))
    assert both.expected_pct == Decimal("1.442221")  # √(0.8² + 1.2²)


def test_the_doses_are_those_of_the_first_substance_alone() -> None:
    inputs = _from_two_lots()
    other = replace(
        inputs.actives[0],
        key="other",
        name="Ketotifen",
        substance="Ketotifen",
        strength_mg_per_ml=Decimal("0.2"),
    )
    with_another = replace(inputs, actives=(*inputs.actives, other))

    assert (
        plan_drops_worksheet(with_another).dose_errors == plan_drops_worksheet(inputs).dose_errors
    )


def _capsules_from_lots(substance: str | None) -> CapsuleInputs:
    (one,) = capsule_inputs().actives
    first = replace(one, name="Lot A", strength_mg=Decimal("0.5"), substance=substance)
    second = replace(one, key="second", name="Lot B", strength_mg=Decimal(1), substance=substance)
    return replace(
        capsule_inputs(),
        actives=(first, second),
        minimum_weighable_mg=Decimal(10),
        bench=BenchTolerances(fill_pct=Decimal(10)),
    )


def test_a_capsule_has_one_budget_for_each_substance() -> None:
    (error,) = plan_capsule_worksheet(_capsules_from_lots("Naltrexone")).dose_errors
    assert (error.key, error.name, error.method) == ("naltrexone", "Naltrexone", "in each capsule")
    assert _shares(error) == [
        "filling 10.000000",
        "weighing limits (Lot B) 1.333333",
        "weighing limits (Lot A) 0.666667",
    ]
    assert (error.worst_low_pct, error.worst_high_pct) == (Decimal("-11.8"), Decimal("12.2"))
    assert error.expected_pct == Decimal("10.110501")  # √(100 + (4 + 1) × 4 ÷ 9)

    apart = plan_capsule_worksheet(_capsules_from_lots(None)).dose_errors
    assert [(each.key, each.name) for each in apart] == [
        ("naltrexone", "Lot A"),
        ("second", "Lot B"),
    ]


def test_powder_and_triturate_of_one_substance_share_a_budget() -> None:
    stock = CapsuleTriturate(
        key="stock",
        name="Triturate",
        triturate_pct=Decimal(1),
        strength_mg=Decimal("0.5"),
        pack_stat_mg=Decimal(180),
        error_pct=Decimal(6),
        substance="Naltrexone",
    )
    inputs = _capsules_from_lots("Naltrexone")
    mixed = replace(inputs, actives=inputs.actives[1:], triturates=(stock,))
    (error,) = plan_capsule_worksheet(mixed).dose_errors
    assert _shares(error) == [
        "filling 10.000000",
        "triturate as made (Triturate) 2.000000",
        "weighing limits (Lot B) 1.333333",
        "weighing limits (Triturate) 0.666667",
    ]


def test_a_triturate_of_two_lots_has_one_budget() -> None:
    (one,) = triturate_inputs().actives
    lots = tuple(
        replace(one, key=key, name=key, strength_pct=Decimal(pct), substance="Naltrexone")
        for key, pct in (("a", "0.75"), ("b", "0.25"))
    )
    inputs = replace(triturate_inputs(), actives=lots, minimum_weighable_mg=Decimal(10))
    (error,) = plan_triturate_worksheet(inputs).dose_errors
    assert _shares(error) == [
        "diluent 2.019744",  # 197.98 mg, 2% of the diluent, in 10 g less as much
        "weighing limits (a) 1.500000",
        "weighing limits (b) 0.500000",
    ]
