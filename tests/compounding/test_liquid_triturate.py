"""A liquid whose active is taken as a triturate, by the triturate's label."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from compounding import second_calculator
from compounding.errors import Refusal
from compounding.given import NamedTwice, OutOfRange
from compounding.worksheet import (
    BenchTolerances,
    CalculatorsDisagree,
    Conversion,
    DropsInputs,
    LiquidTriturate,
    NotWeighable,
    Vehicle,
    Worksheet,
    plan_drops_worksheet,
)
from tests.compounding.evaluator import proved
from tests.compounding.examples import drops_inputs
from tests.compounding.refusals import assert_refused

D = Decimal
_SALT = Conversion(strength_mw=D("341.40"), supplied_mw=D("377.86"))


def _stock(**changes: object) -> LiquidTriturate:
    stock = LiquidTriturate(
        key="stock",
        name="10% triturate",
        triturate_pct=D(10),
        strength_mg_per_ml=D(1),
        displacement_ml_per_g=D("0.65"),
    )
    return replace(stock, **changes)  # type: ignore[arg-type]


def _from_stock(**changes: object) -> DropsInputs:
    """Six bottles of the usual drops, their active from a triturate of 10 %."""
    return replace(drops_inputs(), actives=(), triturates=(_stock(**changes),))


def test_the_triturate_is_weighed_by_its_label_and_never_corrected_again() -> None:
    sheet = plan_drops_worksheet(_from_stock())
    line = sheet.line("stock")
    assert (line.role.value, line.amount, line.unit.value) == ("active", D("1897.2"), "mg")
    assert (line.low, line.high) == (D("1859.256"), D("1935.144"))
    assert sheet.potency_factors == ()
    assert [line.key for line in sheet.lines][:2] == ["stock", "ascorbic-acid"]


def test_a_drop_of_it_holds_what_a_drop_of_the_powder_holds() -> None:
    stock, powder = plan_drops_worksheet(_from_stock()), plan_drops_worksheet(drops_inputs())
    assert stock.drop_table == powder.drop_table
    assert stock.mg_per_drop == powder.mg_per_drop


def test_the_whole_mixture_displaces_the_vehicle() -> None:
    sheet = plan_drops_worksheet(_from_stock())
    # 189.72 − 1.8972 g × 0.65 − 0.9486 g × 0.6 − 37.944 mL
    assert sheet.vehicle_estimate_ml == D("149.97366")
    nothing = plan_drops_worksheet(_from_stock(displacement_ml_per_g=None))
    assert nothing.vehicle_estimate_ml == D("151.20684")


def test_a_triturate_of_the_salt_makes_a_strength_of_base() -> None:
    sheet = plan_drops_worksheet(_from_stock(conversion=_SALT))
    assert sheet.line("stock").amount == D("2099.8")  # 1897.2 × 377.86 ÷ 341.40
    assert [str(step) for step in sheet.working][1:4] == [
        "10% triturate as supplied, pure, in each mL: 1 mg × 377.86 ÷ 341.4 = 1.106796 mg",
        "10% triturate in each mL: 1.106796 mg ÷ 10% = 11.067955 mg",
        "10% triturate for the batch: 11.067955 mg/mL × 189.72 mL = 2,099.812513 mg",
    ]


def test_its_working_is_proved() -> None:
    sheet = plan_drops_worksheet(replace(_from_stock(conversion=_SALT), bench=_BENCH))
    assert [str(step) for step in sheet.working if not proved(step)] == []


_BENCH = BenchTolerances(
    balance_mg=D("1.8972"), measure_ml=D("1.8972"), syringe_ml=D("0.05"), triturate_pct=D(3)
)


def test_the_triturate_s_own_errors_count() -> None:
    stock = _from_stock(error_pct=D(4), substance="Naltrexone")
    inputs = replace(stock, bench=_BENCH, doses_mg=(D(1),), dropper=None)
    (error,) = plan_drops_worksheet(inputs).dose_errors
    assert (error.key, error.name, error.method) == (
        "stock",
        "Naltrexone",
        "with an oral syringe",
    )
    assert [f"{source.name} {source.limit_pct}" for source in error.sources] == [
        "syringe 5.000000",
        "triturate as made 4.000000",
        "part of the triturate 3.000000",
        "weighing limits 2.000000",
        "volume 1.010101",
        "balance 0.100000",
    ]
    # √(25 + 16 + 9 + 4 + 1.020304 + 0.01)
    assert error.expected_pct == D("7.418241")


def test_the_diluent_comes_along_and_a_finding_says_so() -> None:
    (note,) = plan_drops_worksheet(_from_stock()).findings
    assert (note.kind, note.severity.value) == ("triturate-in-liquid", "note")
    assert note.text == (
        "Each mL takes 10 mg of 10% triturate, and the diluent in it. "
        "Check that it suits this liquid: what does not dissolve has to be shaken."
    )


def test_whether_the_drug_in_it_dissolves_is_judged_by_its_own_name() -> None:
    weak = _stock(solubility_mg_per_ml=D("0.5"), substance="Naltrexone hydrochloride")
    findings = plan_drops_worksheet(replace(_from_stock(), triturates=(weak,))).findings
    assert [each.kind for each in findings] == ["does-not-dissolve", "triturate-in-liquid"]
    assert findings[0].text == (
        "1 mg/mL of Naltrexone hydrochloride is more than the 0.5 mg/mL that dissolves: this is a suspension."
    )
    oil = Vehicle(key="oil", name="Sesame oil", suspends=True)
    (suspended, _) = plan_drops_worksheet(replace(_from_stock(), vehicle=oil)).findings
    assert (
        suspended.text
        == "10% triturate does not dissolve in Sesame oil: shake well before each dose."
    )


def test_a_batch_too_small_for_the_powder_is_planned_from_the_triturate() -> None:
    bottle = replace(drops_inputs(), bottles=1, excipients=())
    with pytest.raises(NotWeighable):
        plan_drops_worksheet(bottle)
    sheet = plan_drops_worksheet(replace(bottle, actives=(), triturates=(_stock(),)))
    assert sheet.line("stock").amount == D("316.2")


def test_too_little_triturate_is_refused_too_and_no_stock_solution_of_it_is_proposed() -> None:
    strong = replace(_from_stock(triturate_pct=D(50)), bottles=1, excipients=())
    with pytest.raises(NotWeighable, match=r"needs 63\.24 mg of 10% triturate") as refused:
        plan_drops_worksheet(strong)
    assert refused.value.proposal.stock_solution is None


def test_powder_and_triturate_of_one_substance_add_up() -> None:
    (powder,) = drops_inputs().actives
    parted = replace(
        drops_inputs(),
        actives=(replace(powder, strength_mg_per_ml=D("0.75"), substance="Naltrexone"),),
        triturates=(_stock(strength_mg_per_ml=D("0.25"), substance="Naltrexone"),),
    )
    assert parted.strength_mg_per_ml == 1
    sheet = plan_drops_worksheet(parted)
    assert sheet.mg_per_drop == plan_drops_worksheet(drops_inputs()).mg_per_drop
    assert [line.amount for line in sheet.lines[:2]] == [D("144.0"), D("474.3")]


def test_inputs_and_worksheet_survive_json_and_older_inputs_read_back() -> None:
    inputs = replace(_from_stock(error_pct=D("8.25"), conversion=_SALT), bench=_BENCH)
    assert DropsInputs.from_json(json.loads(json.dumps(inputs.to_json()))) == inputs
    sheet = plan_drops_worksheet(inputs)
    assert Worksheet.from_json(json.loads(json.dumps(sheet.to_json()))) == sheet
    before = drops_inputs().to_json()
    del before["triturates"]
    assert DropsInputs.from_json(before) == drops_inputs()


@pytest.mark.parametrize("figure", ["batch_mg:stock", "amount:stock", "vehicle_estimate_ml"])
def test_a_wrong_second_calculation_stops_the_batch(
    monkeypatch: pytest.MonkeyPatch, figure: str
) -> None:
    figures = second_calculator.drops_figures(_from_stock())
    figures[figure] += Fraction(1, 1000)
    monkeypatch.setattr(second_calculator, "drops_figures", lambda _: figures)
    with pytest.raises(CalculatorsDisagree, match=figure):
        plan_drops_worksheet(_from_stock())


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        OutOfRange,
        "The strength of 10% triturate in each mL must be more than 0, not 0.",
        lambda: _stock(strength_mg_per_ml=D(0)),
    ),
    (
        OutOfRange,
        "The strength of 10% triturate must be below 100%, not 100%.",
        lambda: _stock(triturate_pct=D(100)),
    ),
    (
        OutOfRange,
        "The solubility of 10% triturate must be more than 0, not 0.",
        lambda: _stock(solubility_mg_per_ml=D(0)),
    ),
    (
        OutOfRange,
        "The displacement of 10% triturate must not be negative, and -1 is.",
        lambda: _stock(displacement_ml_per_g=D(-1)),
    ),
    (
        OutOfRange,
        "The number of actives must be at least 1, not 0.",
        lambda: replace(drops_inputs(), actives=()),
    ),
    (NamedTwice, "The component water is listed twice.", lambda: _from_stock(key="water")),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_a_triturate_that_cannot_be(
    kind: type[Refusal], sentence: str, act: Callable[[], object]
) -> None:
    assert_refused(kind, sentence, act)
