"""A titration plan in capsules and in drops."""

from datetime import date
from decimal import Decimal

import pytest

from compounding.errors import Refusal
from compounding.titration import DoseCannotBeMade, TitrationStep
from pharmacy.formulations.models import DosageForm, MasterFormulationRecord
from pharmacy.formulations.queries import StrengthOutOfRange
from pharmacy.orders.plans import (
    DoseNotMeasurable,
    Plan,
    PlanOutlastsBottle,
    PlanTooLong,
    make_plan,
)

D = Decimal


def steps(*pairs: tuple[str, int]) -> list[TitrationStep]:
    return [TitrationStep(dose_mg=D(dose), days=days) for dose, days in pairs]


CAPSULES = MasterFormulationRecord(
    name="LDN capsules",
    dosage_form=DosageForm.CAPSULE,
    route="by mouth",
    strength_unit="mg",
    strength_min=D("0.1"),
    strength_max=D("10"),
)
DROPS = MasterFormulationRecord(
    name="LDN drops",
    dosage_form=DosageForm.DROPS,
    route="under the tongue",
    strength_unit="mg/mL",
    strength_min=D("0.5"),
    strength_max=D("5"),
    package_ml=D("30"),
    fill_ml=D("31"),
)
RISING = steps(("1.5", 14), ("3", 14), ("4.5", 28))


def capsule_plan(
    strength: str = "1.5", plan: list[TitrationStep] = RISING, keeps_days: int = 180
) -> Plan:
    return make_plan(
        formula=CAPSULES,
        strength=D(strength),
        steps=plan,
        time_of_day="bedtime",
        keeps_days=keeps_days,
    )


def drops_plan(plan: list[TitrationStep], strength: str = "1", extra: str = "") -> Plan:
    return make_plan(
        formula=DROPS,
        strength=D(strength),
        steps=plan,
        time_of_day="bedtime",
        keeps_days=35,
        extra=extra,
    )


def test_the_capsules_of_the_plan_are_counted() -> None:
    plan = capsule_plan()
    assert (plan.quantity, plan.total_days, plan.total_mg) == (126, 56, D("189"))
    assert [step.units for step in plan.steps] == [1, 2, 3]
    assert plan.quantity_words == "126 capsules of 1.5 mg"


def test_the_directions_say_every_step() -> None:
    assert capsule_plan().directions == (
        "Take one 1.5 mg capsule by mouth at bedtime for 14 days, "
        "then two 1.5 mg capsules for 14 days, then three 1.5 mg capsules for 28 days."
    )


def test_a_fixed_dose_is_a_plan_of_one_step() -> None:
    plan = capsule_plan("4.5", steps(("4.5", 90)))
    assert plan.quantity == 90
    assert plan.directions == "Take one 4.5 mg capsule by mouth at bedtime."


def test_the_steps_follow_each_other_day_by_day() -> None:
    dated = capsule_plan().dated(date(2026, 11, 22))
    assert [(step.first_on, step.last_on) for step in dated] == [
        (date(2026, 11, 22), date(2026, 12, 5)),
        (date(2026, 12, 6), date(2026, 12, 19)),
        (date(2026, 12, 20), date(2027, 1, 16)),
    ]


def test_drops_are_told_in_mg_and_ml_together() -> None:
    plan = drops_plan(steps(("0.5", 14), ("1", 21)))
    assert (plan.quantity, plan.volume_ml, plan.total_mg) == (1, D("28"), D("28"))
    assert plan.quantity_words == "one 30 mL bottle of 1 mg/mL"
    assert plan.directions == (
        "Place 0.5 mg (0.5 mL) under the tongue at bedtime for 14 days, then 1 mg (1 mL) for 21 days."
    )


def test_two_bottles_when_one_does_not_last() -> None:
    assert drops_plan(steps(("1", 31))).quantity == 2


def test_more_directions_stand_after_the_dose() -> None:
    plan = drops_plan(steps(("1", 14)), extra="Hold for one minute.")
    assert plan.directions.endswith("at bedtime. Hold for one minute.")


@pytest.mark.parametrize(
    ("attempt", "refusal", "told"),
    [
        (lambda: capsule_plan("2", steps(("3", 7))), DoseCannotBeMade, "3 mg"),
        (lambda: capsule_plan("12", steps(("12", 7))), StrengthOutOfRange, "0.1 to 10 mg"),
        (lambda: capsule_plan(plan=steps(("1.5", 181))), PlanOutlastsBottle, "used for 180 days"),
        (lambda: drops_plan(steps(("1", 36))), PlanOutlastsBottle, "drops can be used for 35 days"),
        (lambda: capsule_plan(plan=steps(("1.5", 400)), keeps_days=500), PlanTooLong, "400 days"),
        (lambda: drops_plan(steps(("1", 7)), "3"), DoseNotMeasurable, "0.3333 mL"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_numbers(
    attempt: object, refusal: type[Refusal], told: str
) -> None:
    with pytest.raises(refusal, match=told):
        attempt()  # type: ignore[operator]
