"""The worksheet of 126 capsules of naltrexone hydrochloride 1.5 mg, and of others like it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from compounding import second_calculator
from compounding.arithmetic import round_half_up
from compounding.capsules import CapsuleOverfilled
from compounding.errors import Refusal
from compounding.findings import Severity
from compounding.given import NamedTwice, OutOfRange
from compounding.potency import AssayBasis, Certificate
from compounding.strength import HydrateWaterCountedTwice
from compounding.worksheet import (
    BalanceTooCoarse,
    CalculatorsDisagree,
    CapsuleActive,
    CapsuleExcipient,
    CapsuleInputs,
    Conversion,
    Filler,
    NotWeighable,
    WayKind,
    Worksheet,
    WorksheetLine,
    plan_capsule_worksheet,
)
from tests.compounding.examples import FILLER, capsule_inputs, certificate
from tests.compounding.refusals import assert_refused

D = Decimal


def _with_active(inputs: CapsuleInputs | None = None, **changes: object) -> CapsuleInputs:
    inputs = inputs or capsule_inputs()
    [active] = inputs.actives
    return replace(inputs, actives=(replace(active, **changes),))  # type: ignore[arg-type]


def _dye(mg: str = "2", pack_stat: str = "180") -> CapsuleExcipient:
    return CapsuleExcipient(
        key="dye", name="Tracer dye", mg_per_capsule=D(mg), pack_stat_mg=D(pack_stat)
    )


def _lines(worksheet: Worksheet) -> list[tuple[str, str, str, str, str, str, bool]]:
    def shown(line: WorksheetLine) -> tuple[str, str, str, str, str, str, bool]:
        amount = f"{line.amount} {line.unit}"
        return line.key, line.name, line.role, amount, str(line.low), str(line.high), line.qs_ad

    return [shown(line) for line in worksheet.lines]


def test_what_to_weigh_and_count() -> None:
    worksheet = plan_capsule_worksheet(capsule_inputs())
    assert (worksheet.kind, worksheet.batch_units, worksheet.batch_volume_ml) == (
        "capsules",
        130,
        None,
    )
    assert _lines(worksheet) == [
        (
            "naltrexone",
            "Naltrexone hydrochloride",
            "active",
            "197.4 mg",
            "193.414789",
            "201.309269",
            False,
        ),
        (
            "mcc",
            "Microcrystalline cellulose",
            "filler",
            "19352.0 mg",
            "18964.938909",
            "19739.018047",
            False,
        ),
        ("shell", "Capsule size 3", "shell", "130 each", "130", "130", False),
    ]


def test_what_each_capsule_weighs() -> None:
    worksheet = plan_capsule_worksheet(capsule_inputs())
    assert worksheet.theoretical_fill_mg == D("150.379542")
    assert worksheet.theoretical_gross_mg == D("198.379542")
    assert worksheet.utilisation_pct == D("0.759085")
    [factor] = worksheet.potency_factors
    assert (factor.key, factor.name, factor.factor) == (
        "naltrexone",
        "Naltrexone hydrochloride",
        D("0.988032"),
    )
    assert worksheet.findings == ()
    assert worksheet.formula_version == "2"


def test_the_working_is_written_as_a_person_would() -> None:
    worksheet = plan_capsule_worksheet(replace(capsule_inputs(), excipients=(_dye(),)))
    assert [str(step) for step in worksheet.working] == [
        "Capsules to make: 126 × (100% + 3%), up to a whole capsule = 130 capsules",
        "Potency factor of Naltrexone hydrochloride: 99.6% × (100% − 0.8% − 0%) = 0.988032",
        "Naltrexone hydrochloride as it is, in each capsule: 1.5 mg ÷ 0.988032 = 1.518169 mg",
        "Share of the capsule taken: 1.518169 mg ÷ 200 mg + 2 mg ÷ 180 mg = 0.018702",
        "Microcrystalline cellulose in each capsule: (1 − 0.018702) × 150 mg = 147.194706 mg",
        "Theoretical fill: 1.518169 mg + 2 mg + 147.194706 mg = 150.712876 mg",
        "Theoretical weight with shell: 150.712876 mg + 48 mg = 198.712876 mg",
        "Naltrexone hydrochloride for the batch: 130 × 1.518169 mg = 197.362029 mg",
        "Naltrexone hydrochloride to weigh: 197.362029 mg to the nearest 0.1 mg = 197.4 mg",
        "Tracer dye for the batch: 130 × 2 mg = 260 mg",
        "Tracer dye to weigh: 260 mg to the nearest 0.1 mg = 260 mg",
        "Microcrystalline cellulose for the batch: 130 × 147.194706 mg = 19,135.311812 mg",
        "Microcrystalline cellulose to weigh: 19,135.311812 mg to the nearest 0.1 mg = 19,135.3 mg",
        "Mixing, step 1: 197.4 mg + 197.4 mg = 394.8 mg",
        "Mixing, step 2: 394.8 mg + 394.8 mg = 789.6 mg",
        "Mixing, step 3: 789.6 mg + 789.6 mg = 1,579.2 mg",
        "Mixing, step 4: 1,579.2 mg + 1,579.2 mg = 3,158.4 mg",
        "Mixing, step 5: 3,158.4 mg + 3,158.4 mg = 6,316.8 mg",
        "Mixing, step 6: 6,316.8 mg + 6,316.8 mg = 12,633.6 mg",
        "Mixing, step 7: 12,633.6 mg + 6,959.1 mg = 19,592.7 mg",
        "Naltrexone hydrochloride in each capsule, lowest: (1 − 2%) − 1 = −2%",
        "Naltrexone hydrochloride in each capsule, highest: (1 + 2%) − 1 = +2%",
        "Naltrexone hydrochloride in each capsule, expected: √((2%)²) = ±2%",
    ]


def test_every_figure_was_worked_out_twice() -> None:
    worksheet = plan_capsule_worksheet(capsule_inputs())
    assert [agreement.figure for agreement in worksheet.agreement] == [
        "batch_units",
        "potency_factor:naltrexone",
        "each_mg:naltrexone",
        "batch_mg:naltrexone",
        "each_mg:mcc",
        "batch_mg:mcc",
        "utilisation_pct",
        "theoretical_fill_mg",
        "theoretical_gross_mg",
        "amount:naltrexone",
        "low:naltrexone",
        "high:naltrexone",
        "amount:mcc",
        "low:mcc",
        "high:mcc",
        "amount:shell",
        "low:shell",
        "high:shell",
        *(f"blend_mg:{step}" for step in range(1, 8)),
        "worst_low_pct:1",
        "worst_high_pct:1",
        "expected_pct:1",
    ]
    assert all(agreement.first == agreement.second for agreement in worksheet.agreement)


def test_a_wrong_calculator_stops_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = second_calculator.capsule_figures(capsule_inputs())
    figures["batch_mg:mcc"] += Fraction(1, 10)
    monkeypatch.setattr(second_calculator, "capsule_figures", lambda _: figures)
    with pytest.raises(CalculatorsDisagree, match=r"on batch_mg:mcc: 19351\.978.* and 19352\.078"):
        plan_capsule_worksheet(capsule_inputs())


def test_worksheet_and_inputs_survive_json_exactly() -> None:
    inputs = _with_active(
        replace(capsule_inputs(), excipients=(_dye(),)),
        conversion=Conversion(strength_mw=D("341.40"), supplied_mw=D("377.86")),
    )
    worksheet = plan_capsule_worksheet(inputs)
    assert Worksheet.from_json(json.loads(json.dumps(worksheet.to_json()))) == worksheet
    assert CapsuleInputs.from_json(json.loads(json.dumps(inputs.to_json()))) == inputs


def test_a_line_is_found_by_its_key() -> None:
    worksheet = plan_capsule_worksheet(capsule_inputs())
    assert worksheet.line("shell").amount == 130
    with pytest.raises(KeyError, match="glycerin"):
        worksheet.line("glycerin")


def test_an_excipient_stands_between_the_active_and_the_filler() -> None:
    worksheet = plan_capsule_worksheet(replace(capsule_inputs(), excipients=(_dye(),)))
    assert [(line.key, line.role) for line in worksheet.lines] == [
        ("naltrexone", "active"),
        ("dye", "excipient"),
        ("mcc", "filler"),
        ("shell", "shell"),
    ]
    assert worksheet.line("dye").amount == 260


def test_a_strength_of_base_is_weighed_as_the_salt() -> None:
    worksheet = plan_capsule_worksheet(
        _with_active(conversion=Conversion(strength_mw=D("341.40"), supplied_mw=D("377.86")))
    )
    assert worksheet.line("naltrexone").amount == D("218.4")
    assert str(worksheet.working[2]) == (
        "Naltrexone hydrochloride as supplied, pure, in each capsule: "
        "1.5 mg × 377.86 ÷ 341.4 = 1.660193 mg"
    )
    assert str(worksheet.working[3]) == (
        "Naltrexone hydrochloride as it is, in each capsule: 1.660193 mg ÷ 0.988032 = 1.680303 mg"
    )


def test_two_actives_are_both_corrected() -> None:
    inputs = capsule_inputs()
    other = CapsuleActive(
        key="other",
        name="Other",
        strength_mg=D(2),
        certificate=Certificate(assay_pct=D(50), basis=AssayBasis.AS_IS),
        pack_stat_mg=D(100),
    )
    worksheet = plan_capsule_worksheet(replace(inputs, actives=(*inputs.actives, other)))
    assert worksheet.line("other").amount == 520
    assert [factor.factor for factor in worksheet.potency_factors] == [D("0.988032"), D("0.5")]
    assert [finding.kind for finding in worksheet.findings] == ["assay-low"]
    assert "Potency factor of Other: 50% as is = 0.5" in map(str, worksheet.working)


def test_the_cap_on_the_assay_reaches_weight_working_and_finding() -> None:
    high = Certificate(assay_pct=D("101.2"), basis=AssayBasis.ANHYDROUS, water_pct=D(4))
    free = plan_capsule_worksheet(_with_active(certificate=high))
    capped = plan_capsule_worksheet(replace(_with_active(certificate=high), cap_assay_at_100=True))
    assert free.line("naltrexone").amount == D("200.7")
    assert capped.line("naltrexone").amount == D("203.1")
    assert free.working[1].expression == "101.2% × (100% − 4%)"
    assert capped.working[1].expression == "100% × (100% − 4%)"
    assert capped.working[2].expression == "1.5 mg ÷ 0.96"
    assert capped.potency_factors[0].factor == D("0.96")
    assert "used as it stands" in free.findings[0].text
    assert "counted as 100%" in capped.findings[0].text


_FIGURES = {"water_pct": D("2.125"), "lod_pct": D("1.5"), "solvents_pct": D("0.4")}


@pytest.mark.parametrize("assay", ["99.125", "100", "101.2"])
@pytest.mark.parametrize("cap", [False, True])
@pytest.mark.parametrize(
    ("basis", "share", "written"),
    [
        (AssayBasis.AS_IS, "1", "{}% as is"),
        (AssayBasis.DRIED, "0.985", "{}% × (100% − 1.5%)"),
        (AssayBasis.ANHYDROUS, "0.97875", "{}% × (100% − 2.125%)"),
        (AssayBasis.ANHYDROUS_SOLVENT_FREE, "0.97475", "{}% × (100% − 2.125% − 0.4%)"),
    ],
)
def test_both_calculators_know_every_basis(
    basis: AssayBasis, share: str, written: str, cap: bool, assay: str
) -> None:
    lot = Certificate(assay_pct=D(assay), basis=basis, **_FIGURES)
    worksheet = plan_capsule_worksheet(replace(_with_active(certificate=lot), cap_assay_at_100=cap))
    counted = "100" if cap and assay == "101.2" else assay
    assert worksheet.potency_factors[0].factor == round_half_up(D(counted) * D(share) / 100, 6)
    assert worksheet.working[1].expression == written.format(counted)
    assert D(worksheet.working[1].result) == worksheet.potency_factors[0].factor


def test_one_capsule_is_one_and_percentages_keep_their_digits() -> None:
    one = replace(
        _with_active(strength_mg=D(130), certificate=certificate()),
        units_wanted=1,
        overage_pct=D(0),
        minimum_weighable_mg=D(1),
    )
    worksheet = plan_capsule_worksheet(one)
    assert worksheet.working[0].result == "1 capsule"
    many = plan_capsule_worksheet(replace(capsule_inputs(), overage_pct=D("3.125")))
    assert many.working[0].expression == "126 × (100% + 3.125%), up to a whole capsule"


def test_half_a_milligram_of_filler_is_weighed() -> None:
    pure = Certificate(assay_pct=D(100), basis=AssayBasis.AS_IS)
    inputs = _with_active(strength_mg=D("199.5"), certificate=pure)
    worksheet = plan_capsule_worksheet(
        replace(inputs, minimum_weighable_mg=D(1), filler=replace(FILLER, pack_stat_mg=D(200)))
    )
    assert worksheet.line("mcc").amount == 65


def test_each_active_has_its_own_findings() -> None:
    inputs = capsule_inputs()
    [active] = inputs.actives
    weak = Certificate(assay_pct=D(50), basis=AssayBasis.AS_IS)
    two = (
        replace(active, certificate=weak),
        replace(active, key="other", name="Other", certificate=weak),
    )
    findings = plan_capsule_worksheet(replace(inputs, actives=two)).findings
    assert [finding.text.partition(" is ")[0] for finding in findings] == [
        "The assay of Naltrexone hydrochloride",
        "The assay of Other",
    ]


def test_a_balance_with_another_step_rounds_to_it() -> None:
    fine = plan_capsule_worksheet(replace(capsule_inputs(), weigh_to_mg=D("0.01")))
    assert fine.line("naltrexone").amount == D("197.36")
    coarse = plan_capsule_worksheet(replace(capsule_inputs(), weigh_to_mg=D(5)))
    assert coarse.line("naltrexone").amount == 195
    assert coarse.line("naltrexone").low == D("193.414789")
    assert [finding.kind for finding in coarse.findings if "outside" in finding.text] == []


def test_an_amount_that_the_balance_cannot_show_within_its_limits_is_no_plan() -> None:
    coarse = replace(capsule_inputs(), weigh_to_mg=D(30))
    with pytest.raises(BalanceTooCoarse) as refused:
        plan_capsule_worksheet(coarse)
    assert str(refused.value) == (
        "193.414789 to 201.309269 mg of Naltrexone hydrochloride would do, and no step of 30 mg lies between. "
        "Use a balance that is read to 1 mg or finer (expected error ±0.51%); or make at least 495 capsules "
        "(expected error ±2%); or make a triturate of 789.448 mg with 7,105.033 mg of diluent and take "
        "1,973.62 mg of it (expected error ±2.06%)."
    )
    assert [way.kind for way in refused.value.proposal.ways] == [
        WayKind.FINER_BALANCE,
        WayKind.LARGER_BATCH,
        WayKind.TRITURATE,
    ]
    enough = plan_capsule_worksheet(replace(coarse, units_wanted=495, overage_pct=D(0)))
    line = enough.line("naltrexone")
    assert line.low <= line.amount <= line.high
    plan_capsule_worksheet(replace(coarse, weigh_to_mg=D(1)))


def _nearly_full(units: int) -> CapsuleInputs:
    """Capsules of 199 mg of a pure active that packs to 200 mg: half a percent is left for the filler."""
    full = _with_active(
        strength_mg=D(199), certificate=Certificate(assay_pct=D(100), basis=AssayBasis.AS_IS)
    )
    return replace(full, units_wanted=units, overage_pct=D(0))


def test_a_capsule_that_is_almost_full_may_go_without_its_filler() -> None:
    with pytest.raises(NotWeighable) as refused:
        plan_capsule_worksheet(_nearly_full(130))
    assert str(refused.value) == (
        "The batch needs 97.5 mg of Microcrystalline cellulose, and this balance weighs no less than 120 mg. "
        "Leave the filler out: the other powders, 199 mg in each capsule, fill 0.2985 of its 0.3 mL, 99.5% "
        "(expected error ±0%); or take a capsule of 0.301 mL or more, packed as closely, which takes 120 mg of "
        "filler in the batch (expected error ±0.01%); or make at least 160 capsules (expected error ±0.01%)."
    )
    proposal = refused.value.proposal
    assert [way.kind for way in proposal.ways] == [
        WayKind.WITHOUT_FILLER,
        WayKind.LARGER_CAPSULE,
        WayKind.LARGER_BATCH,
    ]
    assert (proposal.triturate, proposal.stock_solution) == (None, None)


def test_each_way_around_the_filler_can_be_made() -> None:
    few = _nearly_full(130)
    without = plan_capsule_worksheet(replace(few, filler=None))
    assert [line.key for line in without.lines] == ["naltrexone", "shell"]
    assert without.theoretical_fill_mg == 199
    assert without.utilisation_pct == D("99.5")
    # 0.301 mL are so much larger that everything packs to 0.301 ÷ 0.3 as much.
    [active] = few.actives
    wider = D("0.301") / D("0.3")
    larger = replace(
        few,
        actives=(replace(active, pack_stat_mg=200 * wider),),
        filler=Filler(key="mcc", name="MCC", pack_stat_mg=150 * wider),
        shell=replace(few.shell, volume_ml=D("0.301")),
    )
    assert plan_capsule_worksheet(larger).line("mcc").amount >= 120
    assert plan_capsule_worksheet(_nearly_full(160)).line("mcc").amount == 120
    with pytest.raises(NotWeighable):
        plan_capsule_worksheet(_nearly_full(159))


@pytest.mark.parametrize(("strength", "full_enough"), [("160", True), ("159", False)])
def test_a_capsule_that_would_be_loose_keeps_its_filler(strength: str, full_enough: bool) -> None:
    full = _with_active(
        strength_mg=D(strength), certificate=Certificate(assay_pct=D(100), basis=AssayBasis.AS_IS)
    )
    few = replace(full, units_wanted=3, overage_pct=D(0))
    with pytest.raises(NotWeighable) as refused:
        plan_capsule_worksheet(few)
    kinds = [way.kind for way in refused.value.proposal.ways]
    assert (WayKind.WITHOUT_FILLER in kinds) is full_enough
    found = plan_capsule_worksheet(replace(few, filler=None)).findings
    loose = [doubt.text for doubt in found if doubt.kind == "capsule-loosely-filled"]
    assert loose == (
        []
        if full_enough
        else ["The capsule has no filler and is 79.5% full. A smaller size fills more evenly."]
    )


def test_without_a_filler_too_much_is_still_too_much() -> None:
    over = replace(_with_active(strength_mg=D(250)), filler=None)
    with pytest.raises(CapsuleOverfilled, match="choose a larger size"):
        plan_capsule_worksheet(over)


def test_inputs_without_a_filler_are_frozen_and_read_back() -> None:
    without = replace(_nearly_full(130), filler=None)
    assert CapsuleInputs.from_json(without.to_json()) == without


def test_a_capsule_may_be_filled_by_its_active_alone() -> None:
    full = _with_active(
        strength_mg=D(200), certificate=Certificate(assay_pct=D(100), basis=AssayBasis.AS_IS)
    )
    worksheet = plan_capsule_worksheet(full)
    assert [line.key for line in worksheet.lines] == ["naltrexone", "shell"]
    assert worksheet.theoretical_fill_mg == 200
    assert [(finding.kind, finding.severity, finding.text) for finding in worksheet.findings] == [
        (
            "capsule-almost-full",
            Severity.CAUTION,
            "Without filler the capsule is already 100% full. A larger size fills more evenly.",
        )
    ]
    assert "Microcrystalline" not in " ".join(map(str, worksheet.working))


def test_at_95_percent_there_is_room_enough() -> None:
    pure = Certificate(assay_pct=D(100), basis=AssayBasis.AS_IS)
    room = plan_capsule_worksheet(_with_active(strength_mg=D(190), certificate=pure))
    assert (room.utilisation_pct, room.findings) == (D(95), ())
    tight = plan_capsule_worksheet(_with_active(strength_mg=D("190.1"), certificate=pure))
    assert "already 95.1% full" in tight.findings[0].text


@pytest.mark.parametrize(("pack_stat", "found"), [("30", 0), ("29", 1), ("600", 0), ("601", 1)])
def test_a_pack_statistic_that_makes_no_powder_is_doubted(pack_stat: str, found: int) -> None:
    worksheet = plan_capsule_worksheet(_with_active(pack_stat_mg=D(pack_stat)))
    assert len(worksheet.findings) == found


def test_the_doubt_names_the_powder_and_its_density() -> None:
    inputs = capsule_inputs()
    worksheet = plan_capsule_worksheet(replace(inputs, filler=replace(FILLER, pack_stat_mg=D(700))))
    [finding] = worksheet.findings
    assert (finding.kind, finding.severity, finding.text) == (
        "pack-statistic-doubtful",
        Severity.WARNING,
        "A pack statistic of 700 mg in 0.3 mL makes Microcrystalline cellulose weigh 2.333 g/mL. "
        "Check that it was measured with this size.",
    )


def test_too_little_to_weigh_is_refused_with_two_ways_out() -> None:
    with pytest.raises(NotWeighable) as refused:
        plan_capsule_worksheet(replace(capsule_inputs(), units_wanted=30, overage_pct=D(0)))
    assert refused.value.proposal.smallest_batch == 80
    assert str(refused.value).startswith(
        "The batch needs 45.545 mg of Naltrexone hydrochloride, and this balance weighs no less "
        "than 120 mg. Make at least 80 capsules (expected error ±1.98%); or make a triturate of 136.635 mg"
    )
    plan_capsule_worksheet(replace(capsule_inputs(), units_wanted=80, overage_pct=D(0)))


_IMPOSSIBLE: list[tuple[type[Refusal], str, Callable[[], object]]] = [
    (
        CapsuleOverfilled,
        "Naltrexone hydrochloride and Tracer dye take up 100.8% of the capsule; choose a larger size.",
        lambda: plan_capsule_worksheet(replace(capsule_inputs(), excipients=(_dye("180"),))),
    ),
    (
        OutOfRange,
        "The number of capsules must be at least 1, not 0.",
        lambda: replace(capsule_inputs(), units_wanted=0),
    ),
    (
        OutOfRange,
        "The overage must not be negative, and -1 is.",
        lambda: replace(capsule_inputs(), overage_pct=D(-1)),
    ),
    (
        OutOfRange,
        "The number of actives must be at least 1, not 0.",
        lambda: replace(capsule_inputs(), actives=()),
    ),
    (
        OutOfRange,
        "The least that the balance may weigh must be more than 0, not 0.",
        lambda: replace(capsule_inputs(), minimum_weighable_mg=D(0)),
    ),
    (
        OutOfRange,
        "The weighing tolerance must be more than 0, not 0.",
        lambda: replace(capsule_inputs(), weighing_tolerance_pct=D(0)),
    ),
    (
        OutOfRange,
        "The weighing tolerance must be below 100%, not 100%.",
        lambda: replace(capsule_inputs(), weighing_tolerance_pct=D(100)),
    ),
    (
        OutOfRange,
        "The step of the balance must be more than 0, not 0.",
        lambda: replace(capsule_inputs(), weigh_to_mg=D(0)),
    ),
    (
        NamedTwice,
        "The component mcc is listed twice.",
        lambda: replace(capsule_inputs(), excipients=(replace(_dye(), key="mcc"),)),
    ),
    (
        NamedTwice,
        "The component naltrexone is listed twice.",
        lambda: replace(capsule_inputs(), shell=replace(capsule_inputs().shell, key="naltrexone")),
    ),
    (
        OutOfRange,
        "The strength of Naltrexone hydrochloride must be more than 0, not 0.",
        lambda: _with_active(strength_mg=D(0)),
    ),
    (
        OutOfRange,
        "The pack statistic of Naltrexone hydrochloride must be more than 0, not 0.",
        lambda: _with_active(pack_stat_mg=D(0)),
    ),
    (
        OutOfRange,
        "The amount of Tracer dye must be more than 0, not 0.",
        lambda: _dye("0"),
    ),
    (
        OutOfRange,
        "The pack statistic of Tracer dye must be more than 0, not 0.",
        lambda: _dye(pack_stat="0"),
    ),
    (
        OutOfRange,
        "The pack statistic of Microcrystalline cellulose must be more than 0, not 0.",
        lambda: replace(FILLER, pack_stat_mg=D(0)),
    ),
    (
        OutOfRange,
        "The volume of Capsule size 3 must be more than 0, not 0.",
        lambda: replace(capsule_inputs().shell, volume_ml=D(0)),
    ),
    (
        OutOfRange,
        "The mean weight of Capsule size 3 must be more than 0, not 0.",
        lambda: replace(capsule_inputs().shell, mean_shell_mg=D(0)),
    ),
    (
        HydrateWaterCountedTwice,
        "The assay is on the anhydrous solvent free basis and already leaves the water of hydration "
        "out; the ratio 413.89 to 377.86 would take it out a second time.",
        lambda: _with_active(
            certificate=certificate(),
            conversion=Conversion(strength_mw=D("377.86"), supplied_mw=D("413.89")),
        ),
    ),
]


@pytest.mark.parametrize(("kind", "sentence", "act"), _IMPOSSIBLE)
def test_what_cannot_be(kind: type[Refusal], sentence: str, act: Callable[[], object]) -> None:
    assert_refused(kind, sentence, act)
