"""How far a dose may lie from its label, as figures of the worksheet, and from which sources."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from compounding import second_calculator
from compounding.capsules import CapsuleOverfilled
from compounding.errors import Refusal
from compounding.given import NamedTwice, OutOfRange
from compounding.worksheet import (
    BenchTolerances,
    CalculatorsDisagree,
    CapsuleInputs,
    CapsuleTriturate,
    Conversion,
    DoseError,
    DropsInputs,
    NotWeighable,
    Vehicle,
    Worksheet,
    plan_capsule_worksheet,
    plan_drops_worksheet,
)
from tests.compounding.examples import capsule_inputs, drops_inputs
from tests.compounding.refusals import assert_refused

D = Decimal
_SALT = Conversion(strength_mw=D("341.40"), supplied_mw=D("377.86"))
_BENCH = BenchTolerances(
    balance_mg=D("1.92"),
    measure_ml=D("1.8972"),
    drop_pct=D(5),
    fill_pct=D(10),
    syringe_ml=D("0.05"),
    triturate_pct=D(3),
)


def _stock(**changes: object) -> CapsuleTriturate:
    stock = CapsuleTriturate(
        key="stock",
        name="1% triturate",
        triturate_pct=D(1),
        strength_mg=D("0.9"),
        pack_stat_mg=D(180),
    )
    return replace(stock, **changes)  # type: ignore[arg-type]


def _from_stock(**changes: object) -> CapsuleInputs:
    return replace(capsule_inputs(), actives=(), triturates=(_stock(**changes),))


def _sources(error: DoseError) -> list[str]:
    return [f"{source.name} {source.limit_pct}" for source in error.sources]


# Capsules


def test_a_capsule_is_weighed_within_limits_on_a_balance_and_filled() -> None:
    [error] = plan_capsule_worksheet(replace(capsule_inputs(), bench=_BENCH)).dose_errors
    assert (error.key, error.name) == ("naltrexone", "Naltrexone hydrochloride")
    assert (error.method, error.dose_mg) == ("in each capsule", None)
    assert _sources(error) == [
        "filling 10.000000",
        "weighing limits 2.000000",
        "balance 0.972832",  # 1.92 ÷ 197.362029
    ]
    # 0.9 × 0.98 × 0.99027168 and 1.1 × 1.02 × 1.00972832; √(100 + 4 + 0.9464)
    assert (error.worst_low_pct, error.worst_high_pct) == (D("-12.658037"), D("13.291517"))
    assert error.expected_pct == D("10.244335")


def test_what_is_not_known_of_the_bench_is_not_counted() -> None:
    [error] = plan_capsule_worksheet(capsule_inputs()).dose_errors
    assert _sources(error) == ["weighing limits 2.000000"]
    only_fill = replace(capsule_inputs(), bench=BenchTolerances(fill_pct=D(10)))
    [filled] = plan_capsule_worksheet(only_fill).dose_errors
    assert _sources(filled) == ["filling 10.000000", "weighing limits 2.000000"]


def test_an_active_and_a_triturate_each_have_a_budget() -> None:
    inputs = replace(capsule_inputs(), triturates=(_stock(error_pct=D(4)),), bench=_BENCH)
    direct, triturate = plan_capsule_worksheet(inputs).dose_errors
    assert (direct.key, triturate.key) == ("naltrexone", "stock")
    assert "triturate as made 4.000000" not in _sources(direct)
    assert _sources(triturate) == [
        "filling 10.000000",
        "triturate as made 4.000000",
        "part of the triturate 3.000000",
        "weighing limits 2.000000",
        "balance 0.016410",  # 1.92 ÷ (130 × 90)
    ]
    unstated = replace(inputs, triturates=(_stock(),), bench=BenchTolerances())
    assert _sources(plan_capsule_worksheet(unstated).dose_errors[1]) == ["weighing limits 2.000000"]


# Capsules from a triturate


def test_a_triturate_is_weighed_by_its_label_and_displaces_the_filler_as_a_mixture() -> None:
    worksheet = plan_capsule_worksheet(_from_stock())
    assert [(line.key, line.role.value, line.amount) for line in worksheet.lines] == [
        ("stock", "active", D("11700.0")),  # 130 × 0.9 ÷ 1 %
        ("mcc", "filler", D("9750.0")),  # 130 × (1 − 90 ÷ 180) × 150
        ("shell", "shell", D(130)),
    ]
    assert worksheet.theoretical_fill_mg == 165
    assert worksheet.utilisation_pct == 50
    assert worksheet.potency_factors == ()
    assert [str(step) for step in worksheet.working][1:4] == [
        "1% triturate in each capsule: 0.9 mg ÷ 1% = 90 mg",
        "Share of the capsule taken: 90 mg ÷ 180 mg = 0.5",
        "Microcrystalline cellulose in each capsule: (1 − 0.5) × 150 mg = 75 mg",
    ]
    assert [step.mixture_mg for step in worksheet.blending] == [D(21450)]


def test_a_stronger_triturate_is_less_of_it() -> None:
    worksheet = plan_capsule_worksheet(_from_stock(triturate_pct=D(5)))
    assert worksheet.line("stock").amount == D("2340.0")  # 130 × 0.9 ÷ 5 %


def test_less_than_a_milligram_is_mixed_in_steps_too() -> None:
    one = replace(capsule_inputs(), units_wanted=1, overage_pct=D(0), minimum_weighable_mg=D("0.1"))
    (active,) = one.actives
    worksheet = plan_capsule_worksheet(
        replace(one, actives=(replace(active, strength_mg=D("0.5")),))
    )
    assert worksheet.line("naltrexone").amount == D("0.5")
    assert [step.mixture_mg for step in worksheet.blending][:3] == [D(1), D(2), D(4)]


def test_a_triturate_of_the_salt_makes_a_strength_of_base() -> None:
    worksheet = plan_capsule_worksheet(_from_stock(conversion=_SALT))
    assert worksheet.line("stock").amount == D("12949.5")  # 11700 × 377.86 ÷ 341.40
    assert [str(step) for step in worksheet.working][1:3] == [
        "1% triturate as supplied, pure, in each capsule: 0.9 mg × 377.86 ÷ 341.4 = 0.996116 mg",
        "1% triturate in each capsule: 0.996116 mg ÷ 1% = 99.611599 mg",
    ]


def test_a_triturate_may_stand_beside_an_active_and_an_excipient() -> None:
    worksheet = plan_capsule_worksheet(replace(capsule_inputs(), triturates=(_stock(),)))
    assert [line.key for line in worksheet.lines] == ["naltrexone", "stock", "mcc", "shell"]


def test_a_capsule_full_of_triturate_needs_no_filler_and_no_mixing() -> None:
    worksheet = plan_capsule_worksheet(_from_stock(strength_mg=D("1.8")))
    assert [line.key for line in worksheet.lines] == ["stock", "shell"]
    assert worksheet.blending == ()
    assert [finding.kind for finding in worksheet.findings] == ["capsule-almost-full"]


def test_inputs_and_worksheet_survive_json_exactly() -> None:
    inputs = replace(_from_stock(error_pct=D("8.25"), conversion=_SALT), bench=_BENCH)
    worksheet = plan_capsule_worksheet(inputs)
    assert CapsuleInputs.from_json(json.loads(json.dumps(inputs.to_json()))) == inputs
    assert Worksheet.from_json(json.loads(json.dumps(worksheet.to_json()))) == worksheet


def test_what_was_frozen_before_there_were_triturates_reads_back() -> None:
    plain = capsule_inputs().to_json()
    before = {name: value for name, value in plain.items() if name not in ("triturates", "bench")}
    assert CapsuleInputs.from_json(before) == capsule_inputs()
    vehicle = {"key": "water", "name": "Purified water"}
    drops = {**drops_inputs().to_json(), "vehicle": vehicle}
    del drops["bench"]
    assert DropsInputs.from_json(drops) == drops_inputs()
    sheet = plan_drops_worksheet(drops_inputs())
    later = ("batch_mg", "vehicle_estimate_mg", "blending", "dose_errors")
    old = {name: value for name, value in sheet.to_json().items() if name not in later}
    assert Worksheet.from_json(old) == replace(sheet, dose_errors=())


@pytest.mark.parametrize(
    ("kind", "sentence", "changes"),
    [
        (
            CapsuleOverfilled,
            "1% triturate take up 111.1% of the capsule; choose a larger size or a stronger triturate.",
            {"strength_mg": D(2)},
        ),
        (
            OutOfRange,
            "The strength of 1% triturate must be below 100%, not 100%.",
            {"triturate_pct": D(100)},
        ),
        (
            OutOfRange,
            "The strength of 1% triturate in each capsule must be more than 0, not 0.",
            {"strength_mg": D(0)},
        ),
        (
            OutOfRange,
            "The pack statistic of 1% triturate must be more than 0, not 0.",
            {"pack_stat_mg": D(0)},
        ),
        (NamedTwice, "The component mcc is listed twice.", {"key": "mcc"}),
    ],
)
def test_a_triturate_that_cannot_be(
    kind: type[Refusal], sentence: str, changes: dict[str, object]
) -> None:
    assert_refused(kind, sentence, lambda: plan_capsule_worksheet(_from_stock(**changes)))


def test_capsules_need_an_active_or_a_triturate() -> None:
    assert_refused(
        OutOfRange,
        "The number of actives must be at least 1, not 0.",
        lambda: replace(capsule_inputs(), actives=()),
    )


def test_too_little_triturate_is_refused_too() -> None:
    few = replace(_from_stock(strength_mg=D("0.001")), units_wanted=10)
    with pytest.raises(
        NotWeighable, match=r"needs 1\.1 mg of 1% triturate.* at least 1,200 capsules"
    ):
        plan_capsule_worksheet(few)


# Drops


def test_a_drop_is_weighed_made_up_dropped_and_rounded() -> None:
    bench = replace(_BENCH, syringe_ml=None)
    inputs = replace(drops_inputs(), doses_mg=(D("0.5"), D("0.17")), bench=bench)
    first, second = plan_drops_worksheet(inputs).dose_errors
    assert (first.key, first.method, first.dose_mg) == ("naltrexone", "in drops", D("0.5"))
    assert _sources(first) == [
        "drops 5.000000",
        "whole drops 4.000000",
        "weighing limits 2.000000",
        "volume 1.010101",  # 1.8972 ÷ (189.72 − 1.8972)
        "balance 0.999906",  # 1.92 ÷ 192.018072
    ]
    assert _sources(second)[0] == "whole drops 5.882353"
    assert second.dose_mg == D("0.17")


def test_drops_and_syringe_are_both_worked_out_and_can_be_compared() -> None:
    inputs = replace(drops_inputs(), doses_mg=(D("0.5"),), bench=_BENCH)
    drops, syringe = plan_drops_worksheet(inputs).dose_errors
    assert (drops.method, syringe.method) == ("in drops", "with an oral syringe")
    assert _sources(syringe)[:2] == ["syringe 10.000000", "weighing limits 2.000000"]
    assert drops.expected_pct < syringe.expected_pct


def test_without_a_dropper_there_is_the_syringe_alone() -> None:
    inputs = replace(drops_inputs(), dropper=None, doses_mg=(D(1),), bench=_BENCH)
    [error] = plan_drops_worksheet(inputs).dose_errors
    assert error.method == "with an oral syringe"
    assert plan_drops_worksheet(replace(inputs, bench=BenchTolerances())).dose_errors == ()


def test_a_dose_smaller_than_the_syringe_can_measure_may_be_nothing() -> None:
    inputs = replace(
        drops_inputs(),
        dropper=None,
        doses_mg=(D("0.01"),),
        bench=BenchTolerances(syringe_ml=D("0.05")),
    )
    [error] = plan_drops_worksheet(inputs).dose_errors
    assert error.worst_low_pct == -100
    assert error.worst_high_pct == 512  # 6 × 1.02 − 1


@pytest.mark.parametrize("figure", ["worst_low_pct:1", "worst_high_pct:1", "expected_pct:2"])
def test_a_wrong_second_budget_stops_the_batch(
    monkeypatch: pytest.MonkeyPatch, figure: str
) -> None:
    inputs = replace(drops_inputs(), bench=_BENCH)
    figures = second_calculator.drops_figures(inputs)
    figures[figure] += Fraction(1, 1000)
    monkeypatch.setattr(second_calculator, "drops_figures", lambda _: figures)
    with pytest.raises(CalculatorsDisagree, match=figure):
        plan_drops_worksheet(inputs)


# Oil


def _in_oil() -> DropsInputs:
    oil = Vehicle(key="oil", name="Sesame oil", suspends=True, density_g_per_ml=D("0.92"))
    return replace(drops_inputs(), vehicle=oil)


def test_in_oil_the_active_is_suspended_and_the_vehicle_has_a_mass() -> None:
    worksheet = plan_drops_worksheet(_in_oil())
    assert [(each.kind, each.severity.value, each.text) for each in worksheet.findings] == [
        (
            "suspension",
            "note",
            "Naltrexone hydrochloride does not dissolve in Sesame oil: shake well before each dose.",
        )
    ]
    assert worksheet.vehicle_estimate_ml == D("151.072427")
    assert worksheet.vehicle_estimate_mg == D("138986.633161")
    assert worksheet.line("oil").qs_ad
    assert str(worksheet.working[12]) == (
        "Sesame oil, about: 151.072427 mL × 0.92 g/mL × 1000 = 138,986.633161 mg"
    )
    assert DropsInputs.from_json(json.loads(json.dumps(_in_oil().to_json()))) == _in_oil()


def test_from_oil_no_stock_solution_is_proposed() -> None:
    with pytest.raises(NotWeighable) as refused:
        plan_drops_worksheet(replace(_in_oil(), bottles=1))
    assert refused.value.proposal.stock_solution is None
    assert "make a triturate of 128.012 mg" in str(refused.value)


def test_a_vehicle_has_a_density_or_none() -> None:
    assert plan_drops_worksheet(drops_inputs()).vehicle_estimate_mg is None
    assert_refused(
        OutOfRange,
        "The density of Oil must be more than 0, not 0.",
        lambda: Vehicle(key="oil", name="Oil", density_g_per_ml=D(0)),
    )
