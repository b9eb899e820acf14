"""The worksheet of 10 g of naltrexone hydrochloride 1 % triturate, and of others like it."""

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
from compounding.strength import HydrateWaterCountedTwice
from compounding.worksheet import (
    BenchTolerances,
    CalculatorsDisagree,
    Container,
    Conversion,
    NoRoomForDiluent,
    NotWeighable,
    TriturateActive,
    TriturateExcipient,
    TriturateInputs,
    TriturateSource,
    Worksheet,
    plan_triturate_worksheet,
)
from tests.compounding.examples import certificate, triturate_inputs
from tests.compounding.refusals import assert_refused

D = Decimal
_SALT = Conversion(strength_mw=D("341.40"), supplied_mw=D("377.86"))


def _with_active(**changes: object) -> TriturateInputs:
    [active] = triturate_inputs().actives
    return replace(triturate_inputs(), actives=(replace(active, **changes),))  # type: ignore[arg-type]


def _stock(**changes: object) -> TriturateSource:
    stock = TriturateSource(
        key="stock", name="1% triturate", triturate_pct=D(1), strength_pct=D("0.01")
    )
    return replace(stock, **changes)  # type: ignore[arg-type]


def _amounts(worksheet: Worksheet) -> list[tuple[str, str, Decimal, str]]:
    return [(line.key, line.role, line.amount, line.unit) for line in worksheet.lines]


def test_what_to_weigh() -> None:
    worksheet = plan_triturate_worksheet(triturate_inputs())
    assert (worksheet.kind.value, worksheet.batch_units) == ("triturate", None)
    assert worksheet.batch_mg == 10_000
    assert _amounts(worksheet) == [
        ("naltrexone", "active", D("101.2"), "mg"),
        ("mcc", "filler", D("9898.8"), "mg"),
    ]
    assert [(line.low, line.high) for line in worksheet.lines] == [
        (D("99.187071"), D("103.235522")),
        (D("9700.812930"), D("10096.764477")),
    ]
    [factor] = worksheet.potency_factors
    assert (factor.key, factor.name, factor.factor) == (
        "naltrexone",
        "Naltrexone hydrochloride",
        D("0.988032"),
    )
    assert worksheet.findings == ()


def test_the_working_is_written_as_a_person_would() -> None:
    assert [str(step) for step in plan_triturate_worksheet(triturate_inputs()).working] == [
        "Triturate to make: 10,000 mg × (100% + 0%) = 10,000 mg",
        "Potency factor of Naltrexone hydrochloride: 99.6% × (100% − 0.8% − 0%) = 0.988032",
        "Naltrexone hydrochloride as it is, in each 100 mg: 1 mg ÷ 0.988032 = 1.012113 mg",
        "Microcrystalline cellulose in each 100 mg: 100 mg − 1.012113 mg = 98.987887 mg",
        "Naltrexone hydrochloride for the batch: 1.012113 mg ÷ 100 mg × 10,000 mg = 101.211297 mg",
        "Naltrexone hydrochloride to weigh: 101.211297 mg to the nearest 0.1 mg = 101.2 mg",
        "Microcrystalline cellulose for the batch: 98.987887 mg ÷ 100 mg × 10,000 mg = 9,898.788703 mg",
        "Microcrystalline cellulose to weigh: 9,898.788703 mg to the nearest 0.1 mg = 9,898.8 mg",
        "Mixing, step 1: 101.2 mg + 101.2 mg = 202.4 mg",
        "Mixing, step 2: 202.4 mg + 202.4 mg = 404.8 mg",
        "Mixing, step 3: 404.8 mg + 404.8 mg = 809.6 mg",
        "Mixing, step 4: 809.6 mg + 809.6 mg = 1,619.2 mg",
        "Mixing, step 5: 1,619.2 mg + 1,619.2 mg = 3,238.4 mg",
        "Mixing, step 6: 3,238.4 mg + 3,238.4 mg = 6,476.8 mg",
        "Mixing, step 7: 6,476.8 mg + 3,523.2 mg = 10,000 mg",
        "Naltrexone hydrochloride in each part of the triturate, lowest: "
        "(1 − 2.019744%) × (1 − 2%) − 1 = −3.979349%",
        "Naltrexone hydrochloride in each part of the triturate, highest: "
        "(1 + 2.019744%) × (1 + 2%) − 1 = +4.060139%",
        "Naltrexone hydrochloride in each part of the triturate, expected: "
        "√((2.019744%)² + (2%)²) = ±2.842422%",
    ]


def test_every_figure_was_worked_out_twice() -> None:
    worksheet = plan_triturate_worksheet(triturate_inputs())
    assert [agreement.figure for agreement in worksheet.agreement] == [
        "batch_mg",
        "potency_factor:naltrexone",
        "batch_mg:naltrexone",
        "batch_mg:mcc",
        *("amount:naltrexone", "low:naltrexone", "high:naltrexone"),
        *("amount:mcc", "low:mcc", "high:mcc"),
        *(f"blend_mg:{step}" for step in range(1, 8)),
        *("worst_low_pct:1", "worst_high_pct:1", "expected_pct:1"),
    ]


def test_a_wrong_calculator_stops_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = second_calculator.triturate_figures(triturate_inputs())
    figures["amount:mcc"] -= Fraction(1, 10)
    monkeypatch.setattr(second_calculator, "triturate_figures", lambda _: figures)
    assert_refused(
        CalculatorsDisagree,
        "The two calculators disagree on amount:mcc: 9898.8 and 9898.7.",
        lambda: plan_triturate_worksheet(triturate_inputs()),
    )


def test_overage_multiplies_everything() -> None:
    worksheet = plan_triturate_worksheet(replace(triturate_inputs(), overage_pct=D(5)))
    assert (worksheet.batch_mg, worksheet.line("naltrexone").amount) == (D(10_500), D("106.3"))
    assert worksheet.line("mcc").amount == D("10393.7")
    assert worksheet.working[0].expression == "10,000 mg × (100% + 5%)"


def test_a_strength_of_base_is_weighed_as_the_salt() -> None:
    worksheet = plan_triturate_worksheet(_with_active(conversion=_SALT))
    assert worksheet.line("naltrexone").amount == D("112.0")  # 100 × 377.86 ÷ 341.40 ÷ 0.988032
    assert worksheet.line("mcc").amount == D("9888.0")


def test_dye_and_jar_stand_on_the_worksheet() -> None:
    inputs = replace(
        triturate_inputs(),
        minimum_weighable_mg=D(20),
        excipients=(TriturateExcipient(key="dye", name="Tracer dye", pct=D("0.25")),),
        container=Container(key="jar", name="Amber jar"),
        containers=2,
    )
    worksheet = plan_triturate_worksheet(inputs)
    assert _amounts(worksheet) == [
        ("naltrexone", "active", D("101.2"), "mg"),
        ("dye", "excipient", D("25.0"), "mg"),
        ("mcc", "filler", D("9873.8"), "mg"),
        ("jar", "container", D(2), "each"),
    ]
    assert worksheet.working[3].expression == "100 mg − 1.012113 mg − 0.25 mg"
    assert worksheet.blending[-1].mixture_mg == 10_000


def test_a_stronger_triturate_is_diluted_by_its_label() -> None:
    inputs = replace(triturate_inputs(), actives=(), triturates=(_stock(),), total_mg=D(20_000))
    worksheet = plan_triturate_worksheet(inputs)
    assert _amounts(worksheet) == [
        ("stock", "active", D("200.0"), "mg"),
        ("mcc", "filler", D("19800.0"), "mg"),
    ]
    assert worksheet.potency_factors == ()
    assert str(worksheet.working[1]) == "1% triturate in each 100 mg: 0.01 mg ÷ 1% = 1 mg"
    converted = plan_triturate_worksheet(replace(inputs, triturates=(_stock(conversion=_SALT),)))
    assert converted.line("stock").amount == D("221.4")
    assert str(converted.working[1]) == (
        "1% triturate as supplied, pure, in each 100 mg: 0.01 mg × 377.86 ÷ 341.4 = 0.011068 mg"
    )


_BENCH = BenchTolerances(
    balance_mg=D(1), triturate_pct=D(3), fill_pct=D(9), drop_pct=D(9), syringe_ml=D(9)
)


def test_the_error_of_a_triturate_comes_from_both_powders_and_the_mixing() -> None:
    [error] = plan_triturate_worksheet(replace(triturate_inputs(), bench=_BENCH)).dose_errors
    assert (error.key, error.name, error.method, error.dose_mg) == (
        "naltrexone",
        "Naltrexone hydrochloride",
        "in each part of the triturate",
        None,
    )
    assert [(source.name, source.limit_pct) for source in error.sources] == [
        ("mixing", D("3.000000")),
        ("diluent", D("2.030153")),  # (2% of 9898.788703 + 1) ÷ (10000 − the same)
        ("weighing limits", D("2.000000")),
        ("balance", D("0.988032")),
    ]
    assert (error.worst_low_pct, error.worst_high_pct, error.expected_pct) == (
        D("-7.790019"),
        D("8.251979"),
        D("4.254142"),
    )


def test_the_error_of_a_diluted_triturate_brings_its_own_making() -> None:
    inputs = replace(
        triturate_inputs(),
        actives=(),
        triturates=(_stock(strength_pct=D("0.1"), error_pct=D("8.25")),),
        bench=BenchTolerances(triturate_pct=D(3)),
    )
    [error] = plan_triturate_worksheet(inputs).dose_errors
    assert [(source.name, source.limit_pct) for source in error.sources] == [
        ("triturate as made", D("8.250000")),
        ("part of the triturate", D("3.000000")),
        ("mixing", D("3.000000")),
        ("weighing limits", D("2.000000")),
        ("diluent", D("1.832994")),  # 2% of 9000 ÷ (10000 − 180)
    ]


def test_too_little_to_weigh_is_refused_in_grams() -> None:
    with pytest.raises(NotWeighable) as refused:
        plan_triturate_worksheet(replace(triturate_inputs(), total_mg=D(9000)))
    assert str(refused.value).startswith(
        "The batch needs 91.09 mg of Naltrexone hydrochloride, and this balance weighs no less than "
        "100 mg. Make at least 9.881 g (expected error ±2%); or make a triturate of 182.18 mg"
    )


def test_a_doubtful_certificate_is_pointed_out() -> None:
    doubtful = replace(certificate(), assay_pct=D(85))
    worksheet = plan_triturate_worksheet(_with_active(certificate=doubtful))
    assert [finding.kind for finding in worksheet.findings] == ["assay-low"]
    high = replace(certificate(), assay_pct=D("100.5"))
    capped = replace(_with_active(certificate=high), cap_assay_at_100=True)
    assert plan_triturate_worksheet(capped).potency_factors[0].factor == D("0.992")
    assert plan_triturate_worksheet(capped).working[1].expression == "100% × (100% − 0.8% − 0%)"
    assert "counted as 100%" in plan_triturate_worksheet(capped).findings[0].text


def test_worksheet_and_inputs_survive_json_exactly() -> None:
    inputs = replace(
        _with_active(conversion=_SALT),
        triturates=(_stock(error_pct=D(5)),),
        container=Container(key="jar", name="Jar"),
        bench=_BENCH,
        minimum_weighable_mg=D(1),
    )
    worksheet = plan_triturate_worksheet(inputs)
    assert Worksheet.from_json(json.loads(json.dumps(worksheet.to_json()))) == worksheet
    assert TriturateInputs.from_json(json.loads(json.dumps(inputs.to_json()))) == inputs


def _diluent(pct: str) -> TriturateExcipient:
    return TriturateExcipient(key="early", name="Early lot", pct=D(pct))


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        NoRoomForDiluent,
        "100 mg of the triturate would hold 100.2 mg of Naltrexone hydrochloride: nothing is left for "
        "Microcrystalline cellulose. Make it weaker.",
        lambda: plan_triturate_worksheet(_with_active(strength_pct=D("99.0008064"))),
    ),
    (
        NoRoomForDiluent,
        "100 mg of the triturate would hold 100 mg of 1% triturate: nothing is left for "
        "Microcrystalline cellulose. Make it weaker.",
        lambda: plan_triturate_worksheet(
            replace(triturate_inputs(), actives=(), triturates=(_stock(strength_pct=D(1)),))
        ),
    ),
    (
        NoRoomForDiluent,
        "100 mg of the triturate would hold 100.012 mg of Naltrexone hydrochloride and Early lot: "
        "nothing is left for Microcrystalline cellulose. Make it weaker.",
        lambda: plan_triturate_worksheet(replace(triturate_inputs(), excipients=(_diluent("99"),))),
    ),
    (
        NamedTwice,
        "The component mcc is listed twice.",
        lambda: replace(triturate_inputs(), container=Container(key="mcc", name="Jar")),
    ),
    (
        OutOfRange,
        "The number of actives must be at least 1, not 0.",
        lambda: replace(triturate_inputs(), actives=()),
    ),
    (
        OutOfRange,
        "The number of containers must be at least 1, not 0.",
        lambda: replace(triturate_inputs(), containers=0),
    ),
    (
        OutOfRange,
        "The triturate must be more than 0, not 0.",
        lambda: replace(triturate_inputs(), total_mg=D(0)),
    ),
    (
        OutOfRange,
        "The overage must not be negative, and -1 is.",
        lambda: replace(triturate_inputs(), overage_pct=D(-1)),
    ),
    (
        OutOfRange,
        "The least that the balance may weigh must be more than 0, not 0.",
        lambda: replace(triturate_inputs(), minimum_weighable_mg=D(0)),
    ),
    (
        OutOfRange,
        "The strength of Naltrexone hydrochloride must be below 100%, not 100%.",
        lambda: _with_active(strength_pct=D(100)),
    ),
    (
        OutOfRange,
        "The strength of Naltrexone hydrochloride must be more than 0, not 0.",
        lambda: _with_active(strength_pct=D(0)),
    ),
    (
        HydrateWaterCountedTwice,
        "The assay is on the anhydrous solvent free basis and already leaves the water of hydration "
        "out; the ratio 413.89 to 377.86 would take it out a second time.",
        lambda: _with_active(
            conversion=Conversion(strength_mw=D("377.86"), supplied_mw=D("413.89"))
        ),
    ),
    (
        OutOfRange,
        "The strength of 1% triturate must be below 100%, not 100%.",
        lambda: _stock(triturate_pct=D(100)),
    ),
    (
        OutOfRange,
        "The strength of 1% triturate must be more than 0, not 0.",
        lambda: _stock(triturate_pct=D(0)),
    ),
    (
        OutOfRange,
        "The strength from 1% triturate must be more than 0, not 0.",
        lambda: _stock(strength_pct=D(0)),
    ),
    (
        OutOfRange,
        "The error of 1% triturate must be below 100%, not 100%.",
        lambda: _stock(error_pct=D(100)),
    ),
    (OutOfRange, "The share of Early lot must be more than 0, not 0.", lambda: _diluent("0")),
    (OutOfRange, "The share of Early lot must be below 100%, not 100%.", lambda: _diluent("100")),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)


def test_two_lots_share_the_strength() -> None:
    [one] = triturate_inputs().actives
    lots = (
        replace(one, key="a", strength_pct=D("0.4")),
        TriturateActive(key="b", name="Lot B", strength_pct=D("0.6"), certificate=one.certificate),
    )
    inputs = replace(triturate_inputs(), actives=lots, minimum_weighable_mg=D(10))
    worksheet = plan_triturate_worksheet(inputs)
    assert [line.amount for line in worksheet.lines] == [D("40.5"), D("60.7"), D("9898.8")]
    assert worksheet.blending[0].mixture_mg == D("202.4")


def test_a_part_of_a_percent_keeps_its_digits() -> None:
    inputs = replace(
        triturate_inputs(),
        actives=(),
        triturates=(_stock(triturate_pct=D("0.125"), strength_pct=D("0.005")),),
        overage_pct=D("2.125"),
    )
    worksheet = plan_triturate_worksheet(inputs)
    assert [str(step) for step in worksheet.working[:2]] == [
        "Triturate to make: 10,000 mg × (100% + 2.125%) = 10,212.5 mg",
        "1% triturate in each 100 mg: 0.005 mg ÷ 0.125% = 4 mg",
    ]
    assert worksheet.line("stock").amount == D("408.5")


def test_the_working_of_a_conversion_stands_where_it_is_made() -> None:
    worksheet = plan_triturate_worksheet(_with_active(conversion=_SALT))
    assert str(worksheet.working[2]) == (
        "Naltrexone hydrochloride as supplied, pure, in each 100 mg: "
        "1 mg × 377.86 ÷ 341.4 = 1.106796 mg"
    )


def test_the_balance_is_off_at_every_powder_that_dilutes() -> None:
    inputs = replace(
        triturate_inputs(),
        minimum_weighable_mg=D(20),
        excipients=(TriturateExcipient(key="dye", name="Tracer dye", pct=D("1")),),
        bench=BenchTolerances(balance_mg=D(10)),
    )
    [error] = plan_triturate_worksheet(inputs).dose_errors
    shares = {source.name: source.limit_pct for source in error.sources}
    assert shares["diluent"] == D("2.228330")  # (2% of 9898.788703 + 2 × 10) ÷ (10000 − the same)


def test_a_doubtful_certificate_is_named_by_its_powder() -> None:
    doubtful = replace(certificate(), assay_pct=D(85))
    [finding] = plan_triturate_worksheet(_with_active(certificate=doubtful)).findings
    assert finding.text.startswith("The assay of Naltrexone hydrochloride is 85%.")


@pytest.mark.parametrize("field", ["actives", "triturates", "excipients"])
def test_no_two_powders_have_one_key(field: str) -> None:
    [active] = triturate_inputs().actives
    twice = {
        "actives": (replace(active, key="mcc"),),
        "triturates": (_stock(key="mcc"),),
        "excipients": (replace(_diluent("1"), key="mcc"),),
    }
    assert_refused(
        NamedTwice,
        "The component mcc is listed twice.",
        lambda: replace(triturate_inputs(), **{field: twice[field]}),  # type: ignore[arg-type]
    )
