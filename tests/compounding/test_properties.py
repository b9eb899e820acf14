"""What must hold of every plan, and not only of those somebody thought of."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from compounding.scaling import FormulaLine, scale
from compounding.step_back import HalfDoseRule, Rise, step_back
from compounding.titration import (
    DoseCannotBeMade,
    TitrationStep,
    capsules_for_dose,
    pack_capsules,
    plan_schedule,
    strength_that_fits,
    total_days,
    total_mg,
)
from compounding.weighing import geometric_additions, solid_aliquot
from compounding.worksheet import (
    CapsuleInputs,
    Certificate,
    DropsInputs,
    LineUnit,
    LiquidActive,
    TriturateInputs,
    Worksheet,
    plan_capsule_worksheet,
    plan_drops_worksheet,
    plan_triturate_worksheet,
)
from tests.compounding.plans import amounts, capsule_plans, drops_plans, triturate_plans

_HALF_STEP = Decimal("0.5")


def _pure_share(certificate: Certificate, *, cap: bool) -> Fraction:
    """Return the share a third way: the assay, less its part of what the basis takes away."""
    assay = min(certificate.assay_pct, Decimal(100)) if cap else certificate.assay_pct
    lost = sum(map(Fraction, certificate.taken_away_pct()))
    return Fraction(assay) / 100 - Fraction(assay) * lost / 10_000


# Worksheets


@given(capsule_plans())
def test_doses_weighed_in_are_doses_filled(inputs: CapsuleInputs) -> None:
    worksheet = plan_capsule_worksheet(inputs)
    assert worksheet.batch_units is not None
    for active in inputs.actives:
        share = _pure_share(active.certificate, cap=inputs.cap_assay_at_100)
        weight = Fraction(worksheet.line(active.key).amount)
        step = Fraction(inputs.weigh_to_mg) / 2
        wanted = Fraction(active.strength_mg) * worksheet.batch_units
        if active.conversion is not None:
            wanted *= Fraction(active.conversion.supplied_mw) / Fraction(
                active.conversion.strength_mw
            )
        assert (weight - step) * share <= wanted <= (weight + step) * share


@given(drops_plans())
def test_doses_dissolved_are_doses_in_the_bottles(inputs: DropsInputs) -> None:
    worksheet = plan_drops_worksheet(inputs)
    assert worksheet.batch_volume_ml is not None
    step = Fraction(inputs.weigh_to_mg) / 2
    for drug in inputs.drugs:
        share = (
            _pure_share(drug.certificate, cap=inputs.cap_assay_at_100)
            if isinstance(drug, LiquidActive)
            else Fraction(drug.triturate_pct) / 100
        )
        weight = Fraction(worksheet.line(drug.key).amount)
        wanted = Fraction(drug.strength_mg_per_ml) * Fraction(worksheet.batch_volume_ml)
        if drug.conversion is not None:
            wanted *= Fraction(drug.conversion.supplied_mw) / Fraction(drug.conversion.strength_mw)
        assert (weight - step) * share <= wanted <= (weight + step) * share


@given(capsule_plans())
def test_the_two_calculators_agree_on_capsules(inputs: CapsuleInputs) -> None:
    worksheet = plan_capsule_worksheet(inputs)
    assert all(agreement.first == agreement.second for agreement in worksheet.agreement)


@given(drops_plans())
def test_the_two_calculators_agree_on_drops(inputs: DropsInputs) -> None:
    worksheet = plan_drops_worksheet(inputs)
    assert all(agreement.first == agreement.second for agreement in worksheet.agreement)


@given(triturate_plans())
def test_the_two_calculators_agree_on_triturates(inputs: TriturateInputs) -> None:
    worksheet = plan_triturate_worksheet(inputs)
    assert all(agreement.first == agreement.second for agreement in worksheet.agreement)


@given(triturate_plans())
def test_a_triturate_holds_its_strength_and_weighs_its_weight(inputs: TriturateInputs) -> None:
    worksheet = plan_triturate_worksheet(replace(inputs, weigh_to_mg=Decimal("0.000001")))
    whole = Fraction(inputs.total_mg) * (1 + Fraction(inputs.overage_pct) / 100)
    assert abs(sum(Fraction(line.amount) for line in worksheet.lines) - whole) < Fraction(1, 10**5)
    for active in inputs.actives:
        share = _pure_share(active.certificate, cap=inputs.cap_assay_at_100)
        pure = Fraction(worksheet.line(active.key).amount) * share
        if active.conversion is not None:
            pure *= Fraction(active.conversion.strength_mw) / Fraction(
                active.conversion.supplied_mw
            )
        assert abs(pure / whole * 100 - Fraction(active.strength_pct)) < Fraction(1, 10**4)


@given(capsule_plans() | drops_plans() | triturate_plans())
def test_what_is_expected_lies_within_the_worst_case(
    inputs: CapsuleInputs | DropsInputs | TriturateInputs,
) -> None:
    for error in _plan(inputs).dose_errors:
        assert -100 <= error.worst_low_pct <= 0 <= error.worst_high_pct
        assert error.expected_pct <= error.worst_high_pct + Decimal("0.000001")


@given(capsule_plans() | triturate_plans())
def test_mixing_never_more_than_doubles_and_uses_up_what_is_weighed(
    inputs: CapsuleInputs | TriturateInputs,
) -> None:
    worksheet = _plan(inputs)
    if worksheet.blending:
        weighed = [line for line in worksheet.lines if line.unit is LineUnit.MG]
        assert worksheet.blending[-1].mixture_mg == sum(line.amount for line in weighed)
        for step in worksheet.blending:
            assert 0 < step.add_mg <= step.mixture_mg - step.add_mg


@given(capsule_plans())
def test_every_capsule_is_filled_as_far_as_it_should_be(inputs: CapsuleInputs) -> None:
    worksheet = plan_capsule_worksheet(replace(inputs, weigh_to_mg=Decimal("0.000001")))
    assert worksheet.batch_units is not None
    packs = {powder.key: powder.pack_stat_mg for powder in (*inputs.powders, *inputs.fillers)}
    filled = Fraction(0)
    for line in worksheet.lines:
        if line.key in packs:
            filled += Fraction(line.amount) / Fraction(packs[line.key])
    full = 1 if inputs.filler else Fraction(worksheet.utilisation_pct or 0) / 100
    assert abs(filled - worksheet.batch_units * full) < Fraction(1, 1000)


@given(capsule_plans(), st.integers(2, 9))
def test_a_batch_so_many_times_as_large_takes_so_many_times_of_everything(
    inputs: CapsuleInputs, times: int
) -> None:
    exact = replace(inputs, overage_pct=Decimal(0), weigh_to_mg=Decimal("0.000001"))
    once = plan_capsule_worksheet(exact)
    many = plan_capsule_worksheet(replace(exact, units_wanted=exact.units_wanted * times))
    for one, several in zip(once.lines, many.lines, strict=True):
        assert abs(one.amount * times - several.amount) <= Decimal("0.000001") * times
    assert many.theoretical_fill_mg == once.theoretical_fill_mg


@given(drops_plans(), st.integers(2, 9))
def test_so_many_times_the_bottles_take_so_many_times_of_everything(
    inputs: DropsInputs, times: int
) -> None:
    fine = Decimal("0.000001")
    exact = replace(inputs, weigh_to_mg=fine, measure_to_ml=fine)
    once = plan_drops_worksheet(exact)
    many = plan_drops_worksheet(replace(exact, bottles=exact.bottles * times))
    for one, several in zip(once.lines, many.lines, strict=True):
        assert abs(one.amount * times - several.amount) <= fine * times
    assert many.drop_table == once.drop_table


@given(capsule_plans() | drops_plans())
def test_the_amount_to_weigh_lies_within_its_own_limits(
    inputs: CapsuleInputs | DropsInputs,
) -> None:
    worksheet = _plan(inputs)
    for line in worksheet.lines:
        coarse = Decimal("0.5")
        assert line.low <= line.high
        assert line.low - coarse <= line.amount <= line.high + coarse


@given(capsule_plans() | drops_plans() | triturate_plans())
def test_every_worksheet_survives_json(
    inputs: CapsuleInputs | DropsInputs | TriturateInputs,
) -> None:
    worksheet = _plan(inputs)
    assert Worksheet.from_json(json.loads(json.dumps(worksheet.to_json()))) == worksheet
    assert type(inputs).from_json(json.loads(json.dumps(inputs.to_json()))) == inputs


@given(drops_plans())
def test_a_dose_in_drops_is_off_by_half_a_drop_at_most(inputs: DropsInputs) -> None:
    worksheet = plan_drops_worksheet(inputs)
    for row in worksheet.drop_table:
        if row.delivered_mg is not None and worksheet.mg_per_drop is not None:
            off = abs(row.delivered_mg - row.dose_mg)
            assert off <= worksheet.mg_per_drop / 2 + Decimal("0.000002")


def _plan(inputs: CapsuleInputs | DropsInputs | TriturateInputs) -> Worksheet:
    if isinstance(inputs, CapsuleInputs):
        return plan_capsule_worksheet(inputs)
    if isinstance(inputs, TriturateInputs):
        return plan_triturate_worksheet(inputs)
    return plan_drops_worksheet(inputs)


# Titration

_STEPS = st.lists(
    st.builds(TitrationStep, amounts("0.001", "20", 3), st.integers(1, 60)), min_size=1, max_size=8
)
_DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2100, 1, 1))


@given(_STEPS, _DAYS)
def test_steps_never_overlap_and_leave_no_gap(
    steps: list[TitrationStep], start_on: datetime.date
) -> None:
    dated = plan_schedule(steps, start_on=start_on)
    one_day = datetime.timedelta(days=1)
    assert (dated[0].first_day, dated[0].first_on) == (1, start_on)
    for earlier, later in pairwise(dated):
        assert later.first_day == earlier.last_day + 1
        assert later.first_on == earlier.last_on + one_day
    for step in dated:
        assert (step.last_on - step.first_on).days + 1 == step.days
        assert step.last_day - step.first_day + 1 == step.days
    assert dated[-1].last_day == total_days(steps)


@given(_STEPS, st.data())
def test_a_step_back_ends_with_the_plan_and_never_takes_more(
    steps: list[TitrationStep], data: st.DataObject
) -> None:
    days = total_days(steps)
    event_day = data.draw(st.integers(1, days))
    rising = [
        replace(step, dose_mg=dose) for step, dose in zip(steps, sorted(_doses(steps)), strict=True)
    ]
    rise = data.draw(st.none() | st.builds(Rise, amounts("0.5", "5", 1), st.integers(1, 14)))
    rule = HalfDoseRule(days=data.draw(st.integers(1, 21)), rise=rise)
    taken = step_back(rising, event_day=event_day, rule=rule)
    assert total_days(taken) == days
    assert max(_doses(taken)) <= max(_doses(rising))
    if rise is None:
        assert total_mg(taken) < total_mg(rising)


def _doses(steps: list[TitrationStep] | tuple[TitrationStep, ...]) -> list[Decimal]:
    return [step.dose_mg for step in steps]


_STRENGTHS = st.lists(amounts("0.5", "6", 1), min_size=1, max_size=4)


@given(amounts("0.5", "20", 1), _STRENGTHS)
def test_capsules_add_up_to_the_dose_and_there_is_no_shorter_way(
    dose: Decimal, strengths: list[Decimal]
) -> None:
    fewest = _fewest_by_breadth(dose, strengths)
    try:
        counts = capsules_for_dose(dose, strengths)
    except DoseCannotBeMade:
        assert fewest is None
        return
    assert sum(strength * count for strength, count in counts.items()) == dose
    assert sum(counts.values()) == fewest


def _fewest_by_breadth(dose: Decimal, strengths: list[Decimal]) -> int | None:
    """Return the fewest capsules, found by trying every dose that one more capsule makes."""
    reached, count = {Decimal(0)}, 0
    while reached and dose not in reached:
        count += 1
        reached = {
            total + strength
            for total in reached
            for strength in strengths
            if total + strength <= dose
        }
    return count if reached else None


@given(_STEPS)
def test_the_strength_that_fits_makes_every_step(steps: list[TitrationStep]) -> None:
    strength = strength_that_fits(_doses(steps))
    assume(max(_doses(steps)) / strength <= 2000)
    pack = pack_capsules(steps, [strength])
    assert pack.totals[strength] * strength == total_mg(steps)


# Weighing and scaling


@given(amounts("0.001", "100", 3), amounts("1", "500", 1), st.integers(1, 50))
def test_an_aliquot_holds_the_drug_and_can_be_weighed(
    needed: Decimal, minimum: Decimal, dilution: int
) -> None:
    aliquot = solid_aliquot(
        needed_mg=needed, minimum_mg=minimum, aliquot_mg=max(minimum, needed * dilution)
    )
    assert aliquot.drug_in_aliquot_mg == needed
    assert aliquot.weigh_drug_mg >= minimum
    assert aliquot.multiple == 1 or aliquot.weigh_drug_mg - needed < minimum
    assert aliquot.weigh_drug_mg + aliquot.diluent_mg == aliquot.total_mg


@given(amounts("0.1", "500", 1), amounts("0.1", "50000", 1))
def test_geometric_dilution_never_more_than_doubles_and_uses_all(
    drug: Decimal, diluent: Decimal
) -> None:
    mixture = drug
    for addition in geometric_additions(drug_mg=drug, diluent_mg=diluent):
        assert 0 < addition <= mixture
        mixture += addition
    assert mixture == drug + diluent


@given(st.lists(amounts("0.001", "100", 3), min_size=1, max_size=6), amounts("0.01", "99", 2))
def test_scaling_keeps_every_proportion(values: list[Decimal], by: Decimal) -> None:
    lines = [FormulaLine(str(number), value, "g") for number, value in enumerate(values)]
    assert [line.amount for line in scale(lines, by=by)] == [value * by for value in values]
