"""The worksheet of six bottles of drops 1 mg/mL, and of others like it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from compounding import second_calculator
from compounding.drops import FillBelowLabel, LessThanOneDrop, NoRoomForVehicle
from compounding.errors import Refusal
from compounding.findings import Severity
from compounding.given import NamedTwice, OutOfRange
from compounding.strength import HydrateWaterCountedTwice
from compounding.worksheet import (
    AmountUnit,
    CalculatorsDisagree,
    Conversion,
    DropperCalibration,
    DropsInputs,
    LiquidExcipient,
    NotWeighable,
    Worksheet,
    plan_drops_worksheet,
)
from tests.compounding.examples import certificate, drops_inputs
from tests.compounding.refusals import assert_refused

D = Decimal


def _with_active(**changes: object) -> DropsInputs:
    inputs = drops_inputs()
    [active] = inputs.actives
    return replace(inputs, actives=(replace(active, **changes),))  # type: ignore[arg-type]


def _flavour(amount: str = "1", displacement: str | None = None) -> LiquidExcipient:
    return LiquidExcipient(
        key="flavour",
        name="Flavour",
        amount_per_100_ml=D(amount),
        unit=AmountUnit.G,
        displacement_ml_per_g=None if displacement is None else D(displacement),
    )


def test_what_to_weigh_measure_and_count() -> None:
    worksheet = plan_drops_worksheet(drops_inputs())
    assert (worksheet.kind, worksheet.batch_units) == ("drops", None)
    assert worksheet.batch_volume_ml == D("189.72")
    assert [
        (
            line.key,
            line.role,
            f"{line.amount} {line.unit}",
            str(line.low),
            str(line.high),
            line.qs_ad,
        )
        for line in worksheet.lines
    ] == [
        ("naltrexone", "active", "192.0 mg", "188.177711", "195.858433", False),
        ("ascorbic-acid", "excipient", "948.6 mg", "929.628000", "967.572000", False),
        ("benzoate", "excipient", "189.7 mg", "185.925600", "193.514400", False),
        ("glycerin", "excipient", "37.94 mL", "37.185120", "38.702880", False),
        ("water", "vehicle", "189.72 mL", "189.72", "189.72", True),
        ("bottle", "container", "6 each", "6", "6", False),
    ]
    assert [line.name for line in worksheet.lines][-2:] == [
        "Purified water",
        "Dropper bottle, amber, 30 mL",
    ]


def test_the_other_figures() -> None:
    worksheet = plan_drops_worksheet(drops_inputs())
    assert (worksheet.drops_per_ml, worksheet.mg_per_drop) == (D(25), D("0.04"))
    assert worksheet.vehicle_estimate_ml == D("151.072427")
    [factor] = worksheet.potency_factors
    assert (factor.key, factor.name, factor.factor) == (
        "naltrexone",
        "Naltrexone hydrochloride",
        D("0.988032"),
    )
    assert worksheet.theoretical_fill_mg is None
    assert worksheet.findings == ()


def test_the_drop_table_says_what_whole_drops_deliver() -> None:
    half, one = plan_drops_worksheet(drops_inputs()).drop_table
    assert (half.dose_mg, half.volume_ml, half.drops) == (D("0.5"), D("0.5"), 13)
    assert (half.delivered_mg, half.error_pct) == (D("0.52"), D(4))
    assert (one.dose_mg, one.volume_ml, one.drops) == (D(1), D(1), 25)
    assert (one.delivered_mg, one.error_pct) == (D(1), D(0))


def test_the_table_is_rounded_to_six_places() -> None:
    worksheet = plan_drops_worksheet(
        replace(
            _with_active(strength_mg_per_ml=D(3)),
            doses_mg=(D(1),),
            dropper=DropperCalibration(drops_counted=20, volume_ml=D("0.93")),
        )
    )
    [row] = worksheet.drop_table
    assert [str(row.volume_ml), row.drops, str(row.delivered_mg), str(row.error_pct)] == [
        "0.333333",
        7,
        "0.976500",
        "-2.350000",
    ]
    assert (str(worksheet.drops_per_ml), str(worksheet.mg_per_drop)) == ("21.505376", "0.139500")


def test_without_a_dropper_doses_are_in_millilitres() -> None:
    worksheet = plan_drops_worksheet(replace(drops_inputs(), dropper=None))
    assert (worksheet.drops_per_ml, worksheet.mg_per_drop) == (None, None)
    assert [
        (row.dose_mg, row.volume_ml, row.drops, row.delivered_mg, row.error_pct)
        for row in worksheet.drop_table
    ] == [(D("0.5"), D("0.5"), None, None, None), (D(1), D(1), None, None, None)]
    assert "drop" not in " ".join(step.label for step in worksheet.working).lower()


def test_the_working_is_written_as_a_person_would() -> None:
    assert [str(step) for step in plan_drops_worksheet(drops_inputs()).working] == [
        "Volume to make: 6 × 31 mL × (100% + 2%) = 189.72 mL",
        "Potency factor of Naltrexone hydrochloride: 99.6% × (100% − 0.8% − 0%) = 0.988032",
        "Naltrexone hydrochloride as it is, in each mL: 1 mg ÷ 0.988032 = 1.012113 mg",
        "Naltrexone hydrochloride for the batch: 1.012113 mg/mL × 189.72 mL = 192.018072 mg",
        "Naltrexone hydrochloride to weigh: 192.018072 mg to the nearest 0.1 mg = 192 mg",
        "Ascorbic acid for the batch: 5 mg/mL × 189.72 mL = 948.6 mg",
        "Ascorbic acid to weigh: 948.6 mg to the nearest 0.1 mg = 948.6 mg",
        "Sodium benzoate for the batch: 1 mg/mL × 189.72 mL = 189.72 mg",
        "Sodium benzoate to weigh: 189.72 mg to the nearest 0.1 mg = 189.7 mg",
        "Glycerin for the batch: 0.2 mL/mL × 189.72 mL = 37.944 mL",
        "Glycerin to measure: 37.944 mL to the nearest 0.01 mL = 37.94 mL",
        "Purified water: q.s. ad 189.72 mL = 189.72 mL",
        "Drops in each mL: 100 drops ÷ 4 mL = 25 drops/mL",
        "Each drop holds: 1 mg/mL ÷ 25 drops/mL = 0.04 mg",
        "0.5 mg of Naltrexone hydrochloride in drops, lowest: (1 − 4%) × (1 − 2%) − 1 = −5.92%",
        "0.5 mg of Naltrexone hydrochloride in drops, highest: (1 + 4%) × (1 + 2%) − 1 = +6.08%",
        "0.5 mg of Naltrexone hydrochloride in drops, expected: √((4%)² + (2%)²) = ±4.472136%",
        "1 mg of Naltrexone hydrochloride in drops, lowest: (1 − 2%) × (1 − 0%) − 1 = −2%",
        "1 mg of Naltrexone hydrochloride in drops, highest: (1 + 2%) × (1 + 0%) − 1 = +2%",
        "1 mg of Naltrexone hydrochloride in drops, expected: √((2%)² + (0%)²) = ±2%",
    ]


def test_every_figure_was_worked_out_twice() -> None:
    worksheet = plan_drops_worksheet(drops_inputs())
    assert [agreement.figure for agreement in worksheet.agreement][:16] == [
        "batch_volume_ml",
        "vehicle_estimate_ml",
        "potency_factor:naltrexone",
        "batch_mg:naltrexone",
        "batch_mg:ascorbic-acid",
        "batch_mg:benzoate",
        "batch_ml:glycerin",
        "drops_per_ml",
        "mg_per_drop",
        "dose_ml:1",
        "drops:1",
        "delivered_mg:1",
        "error_pct:1",
        "dose_ml:2",
        "drops:2",
        "delivered_mg:2",
    ]
    assert len(worksheet.agreement) == 17 + 3 * len(worksheet.lines) + 3 * 2


def test_a_wrong_calculator_stops_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = second_calculator.drops_figures(drops_inputs())
    figures["drops:1"] -= Fraction(1)
    monkeypatch.setattr(second_calculator, "drops_figures", lambda _: figures)
    assert_refused(
        CalculatorsDisagree,
        "The two calculators disagree on drops:1: 13 and 12.",
        lambda: plan_drops_worksheet(drops_inputs()),
    )


def test_worksheet_and_inputs_survive_json_exactly() -> None:
    for inputs in (drops_inputs(), replace(drops_inputs(), dropper=None)):
        worksheet = plan_drops_worksheet(inputs)
        assert Worksheet.from_json(json.loads(json.dumps(worksheet.to_json()))) == worksheet
        assert DropsInputs.from_json(json.loads(json.dumps(inputs.to_json()))) == inputs


def test_a_strength_of_base_is_weighed_as_the_salt() -> None:
    worksheet = plan_drops_worksheet(
        _with_active(conversion=Conversion(strength_mw=D("341.40"), supplied_mw=D("377.86")))
    )
    assert worksheet.line("naltrexone").amount == D("212.5")
    assert worksheet.working[2].label == ("Naltrexone hydrochloride as supplied, pure, in each mL")


def test_the_cap_on_the_assay_reaches_the_weight() -> None:
    [active] = drops_inputs().actives
    high = replace(active.certificate, assay_pct=D("101.2"), water_pct=D(4))
    inputs = _with_active(certificate=high)
    assert plan_drops_worksheet(inputs).line("naltrexone").amount == D("195.3")
    capped = plan_drops_worksheet(replace(inputs, cap_assay_at_100=True))
    assert capped.line("naltrexone").amount == D("197.6")
    assert capped.potency_factors[0].factor == D("0.96")
    assert capped.working[1].expression == "100% × (100% − 4% − 0%)"
    assert capped.working[2].expression == "1 mg ÷ 0.96"
    assert [finding.kind for finding in capped.findings] == ["assay-over-100"]
    assert "counted as 100%" in capped.findings[0].text


def test_balance_and_measure_round_to_their_own_steps() -> None:
    worksheet = plan_drops_worksheet(
        replace(drops_inputs(), weigh_to_mg=D(1), measure_to_ml=D("0.5"))
    )
    assert worksheet.line("naltrexone").amount == 192
    assert worksheet.line("glycerin").amount == 38
    assert worksheet.line("water").amount == D("189.5")


def test_a_powder_without_displacement_leaves_the_estimate_as_it_is() -> None:
    usual = plan_drops_worksheet(drops_inputs()).vehicle_estimate_ml
    inputs = drops_inputs()
    light = replace(inputs, excipients=(*inputs.excipients, _flavour()))
    assert plan_drops_worksheet(light).vehicle_estimate_ml == usual
    heavy = replace(inputs, excipients=(*inputs.excipients, _flavour(displacement="1")))
    assert plan_drops_worksheet(heavy).vehicle_estimate_ml == (usual or 0) - D("1.8972")


def test_an_active_without_displacement_leaves_its_room_to_the_vehicle() -> None:
    worksheet = plan_drops_worksheet(_with_active(displacement_ml_per_g=None))
    assert worksheet.vehicle_estimate_ml == D("151.20684")


def test_what_does_not_dissolve_is_pointed_out() -> None:
    assert plan_drops_worksheet(_with_active(solubility_mg_per_ml=D(1))).findings == ()
    assert plan_drops_worksheet(_with_active(solubility_mg_per_ml=None)).findings == ()
    [finding] = plan_drops_worksheet(_with_active(solubility_mg_per_ml=D("0.9"))).findings
    assert (finding.kind, finding.severity, finding.text) == (
        "does-not-dissolve",
        Severity.WARNING,
        "1 mg/mL of Naltrexone hydrochloride is more than the 0.9 mg/mL that dissolves: "
        "this is a suspension.",
    )


def test_a_hasty_calibration_is_pointed_out() -> None:
    def kinds(drops: int) -> list[tuple[str, Severity, str]]:
        dropper = DropperCalibration(drops_counted=drops, volume_ml=D(drops) / 25)
        findings = plan_drops_worksheet(replace(drops_inputs(), dropper=dropper)).findings
        return [(finding.kind, finding.severity, finding.text) for finding in findings]

    assert kinds(20) == []
    assert kinds(19) == [
        (
            "few-drops-counted",
            Severity.CAUTION,
            "The dropper was calibrated with 19 drops; count at least 20.",
        )
    ]


def test_a_dose_that_drops_miss_is_pointed_out() -> None:
    def texts(dose: str, limit: str = "10") -> list[tuple[str, Severity, str]]:
        inputs = replace(drops_inputs(), doses_mg=(D(dose),), drop_error_limit_pct=D(limit))
        findings = plan_drops_worksheet(inputs).findings
        return [(finding.kind, finding.severity, finding.text) for finding in findings]

    assert texts("0.5", "4") == []
    assert texts("0.06") == [
        (
            "drops-inexact",
            Severity.CAUTION,
            "60 micrograms in 2 drops comes to 0.08 mg (+33.3%). Use an oral syringe.",
        )
    ]
    assert texts("0.05")[0][2] == (
        "50 micrograms in 1 drop comes to 0.04 mg (−20%). Use an oral syringe."
    )


def test_too_little_to_weigh_is_refused_with_a_stock_solution() -> None:
    with pytest.raises(NotWeighable) as refused:
        plan_drops_worksheet(replace(drops_inputs(), bottles=1))
    assert refused.value.proposal.smallest_batch == 120
    assert str(refused.value) == (
        "The batch needs 32.003 mg of Naltrexone hydrochloride, and this balance weighs no less "
        "than 120 mg. Make at least 120 mL (expected error ±1.98%); or dissolve 128.012 mg to 20 mL "
        "and take 5 mL of it (expected error ±1.87%)."
    )


def test_an_excipient_too_light_to_weigh_is_triturated() -> None:
    with pytest.raises(NotWeighable, match=r"31\.62 mg of Sodium benzoate.* make a triturate"):
        plan_drops_worksheet(replace(_with_active(strength_mg_per_ml=D(5)), bottles=1))


def test_a_liquid_is_measured_however_little() -> None:
    inputs = drops_inputs()
    drop = LiquidExcipient(
        key="flavour", name="Flavour", amount_per_100_ml=D("0.01"), unit=AmountUnit.ML
    )
    worksheet = plan_drops_worksheet(replace(inputs, excipients=(*inputs.excipients, drop)))
    assert worksheet.line("flavour").amount == D("0.02")


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        FillBelowLabel,
        "A fill of 29 mL is less than the 30 mL on the label.",
        lambda: plan_drops_worksheet(replace(drops_inputs(), fill_volume_ml=D(29))),
    ),
    (
        LessThanOneDrop,
        "10 micrograms is 0.25 of a drop of 1 mg/mL; make a weaker preparation.",
        lambda: plan_drops_worksheet(replace(drops_inputs(), doses_mg=(D("0.01"),))),
    ),
    (
        NoRoomForVehicle,
        "The other components take up 190.424 mL of a batch of 189.72 mL.",
        lambda: plan_drops_worksheet(
            replace(
                drops_inputs(),
                excipients=(
                    LiquidExcipient(
                        key="glycerin",
                        name="Glycerin",
                        amount_per_100_ml=D("100.3"),
                        unit=AmountUnit.ML,
                    ),
                ),
            )
        ),
    ),
    (
        OutOfRange,
        "The number of bottles must be at least 1, not 0.",
        lambda: replace(drops_inputs(), bottles=0),
    ),
    (
        OutOfRange,
        "The number of actives must be at least 1, not 0.",
        lambda: replace(drops_inputs(), actives=()),
    ),
    (
        OutOfRange,
        "The step of the measure must be more than 0, not 0.",
        lambda: replace(drops_inputs(), measure_to_ml=D(0)),
    ),
    (
        OutOfRange,
        "The step of the balance must be more than 0, not 0.",
        lambda: replace(drops_inputs(), weigh_to_mg=D(0)),
    ),
    (
        OutOfRange,
        "The least that the balance may weigh must be more than 0, not 0.",
        lambda: replace(drops_inputs(), minimum_weighable_mg=D(0)),
    ),
    (
        OutOfRange,
        "The weighing tolerance must be below 100%, not 100%.",
        lambda: replace(drops_inputs(), weighing_tolerance_pct=D(100)),
    ),
    (
        OutOfRange,
        "The limit of the drop error must not be negative, and -1 is.",
        lambda: replace(drops_inputs(), drop_error_limit_pct=D(-1)),
    ),
    (
        OutOfRange,
        "A dose of the drop table must be more than 0, not 0.",
        lambda: replace(drops_inputs(), doses_mg=(D(1), D(0))),
    ),
    (
        NamedTwice,
        "The component water is listed twice.",
        lambda: replace(drops_inputs(), container=replace(drops_inputs().container, key="water")),
    ),
    (
        NamedTwice,
        "The component naltrexone is listed twice.",
        lambda: replace(drops_inputs(), excipients=(replace(_flavour(), key="naltrexone"),)),
    ),
    (
        OutOfRange,
        "The strength of Naltrexone hydrochloride must be more than 0, not 0.",
        lambda: _with_active(strength_mg_per_ml=D(0)),
    ),
    (
        OutOfRange,
        "The solubility of Naltrexone hydrochloride must be more than 0, not 0.",
        lambda: _with_active(solubility_mg_per_ml=D(0)),
    ),
    (
        OutOfRange,
        "The displacement of Naltrexone hydrochloride must not be negative, and -1 is.",
        lambda: _with_active(displacement_ml_per_g=D(-1)),
    ),
    (OutOfRange, "The amount of Flavour must be more than 0, not 0.", lambda: _flavour("0")),
    (
        OutOfRange,
        "The displacement of Flavour must not be negative, and -1 is.",
        lambda: _flavour(displacement="-1"),
    ),
    (
        HydrateWaterCountedTwice,
        "The assay is on the anhydrous solvent free basis and already leaves the water of hydration "
        "out; the ratio 413.89 to 377.86 would take it out a second time.",
        lambda: _with_active(
            conversion=Conversion(strength_mw=D("377.86"), supplied_mw=D("413.89"))
        ),
    ),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)


def test_what_inexact_drops_hold_is_said_to_three_places() -> None:
    inputs = replace(_with_active(strength_mg_per_ml=D("1.23")), doses_mg=(D("0.08"),))
    [finding] = plan_drops_worksheet(inputs).findings
    assert finding.text.startswith("80 micrograms in 2 drops comes to 0.098 mg (+23%).")


def test_a_doubtful_certificate_of_drops_is_named_by_its_powder() -> None:
    doubtful = replace(certificate(), assay_pct=D(85))
    [finding] = plan_drops_worksheet(_with_active(certificate=doubtful)).findings
    assert finding.text.startswith("The assay of Naltrexone hydrochloride is 85%.")
