"""One substance from two lots: each lot is weighed with its own potency, and a drop holds both."""

from dataclasses import replace
from decimal import Decimal

from compounding.worksheet import DropsInputs, plan_drops_worksheet
from tests.compounding.examples import drops_inputs


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
