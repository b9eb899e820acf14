"""The finished batch: ten capsules one by one, every trait ticked, a failed check repeated with a reason."""

from decimal import Decimal
from typing import Any

import pytest

from pharmacy.batches.models import CheckKind, CompoundingRecord
from pharmacy.batches.queries import latest_checks, missing_checks, sheet_of
from pharmacy.workflow.check_batch import (
    CheckNotForThisForm,
    NotToBeChecked,
    RepeatNeedsReason,
    TooFewReadings,
    TraitsUnanswered,
    record_appearance,
    record_closure,
    record_fill_weights,
    record_volume,
)
from tests.factories.lab import (
    NOW,
    Lab,
    check_all,
    compounding_record_at,
    even_capsules,
    fresh,
    plan,
)

D = Decimal


@pytest.fixture
def capsules(here: Lab) -> CompoundingRecord:
    return compounding_record_at("compounded")


@pytest.fixture
def drops(here: Lab) -> CompoundingRecord:
    return compounding_record_at("compounded", code="ldn-drops", strength="1", units=2)


def told(here: Lab, record: CompoundingRecord) -> dict[str, Any]:
    return {"record": record, "by": here.technician, "at": NOW}


def test_ten_even_capsules_pass(here: Lab, capsules: CompoundingRecord) -> None:
    check = record_fill_weights(gross_mg=even_capsules(capsules), **told(here, capsules))

    assert check.passed
    assert len(check.verdict["units"]) == 10
    assert check.verdict["units"][1] == {
        "number": "2",
        "gross_mg": "198.379542",
        "net_mg": "150.38",
        "pct": "100",
        "within": True,
    }
    assert check.verdict["mean_pct"] == "99.967"


def test_one_light_capsule_fails_though_the_mean_is_good(
    here: Lab, capsules: CompoundingRecord
) -> None:
    weights = even_capsules(capsules)
    weights[6] -= D("18")

    check = record_fill_weights(gross_mg=weights, **told(here, capsules))

    assert not check.passed
    assert (check.verdict["units_ok"], check.verdict["mean_ok"]) == (False, True)
    assert [unit["number"] for unit in check.verdict["units"] if not unit["within"]] == ["7"]


def test_exactly_ninety_percent_is_inside(here: Lab, capsules: CompoundingRecord) -> None:
    fill = sheet_of(capsules).theoretical_fill_mg
    assert fill is not None
    weights = even_capsules(capsules)
    weights[0] = D(48) + fill * D("0.9")

    assert record_fill_weights(gross_mg=weights, **told(here, capsules)).verdict["units_ok"]


def test_nine_capsules_are_too_few_and_none_is_no_pass(
    here: Lab, capsules: CompoundingRecord
) -> None:
    for count in (0, 9):
        with pytest.raises(TooFewReadings, match="Weigh 10 capsules one by one"):
            record_fill_weights(gross_mg=even_capsules(capsules, count), **told(here, capsules))


def test_every_trait_is_answered(here: Lab, capsules: CompoundingRecord) -> None:
    expected = capsules.formula.expected_traits
    for traits in (
        {},
        dict.fromkeys(expected[1:], True),
        dict.fromkeys([*expected, "Something else"], True),
    ):
        with pytest.raises(TraitsUnanswered):
            record_appearance(traits=traits, **told(here, capsules))

    check = record_appearance(
        traits={**dict.fromkeys(expected, True), expected[2]: False}, **told(here, capsules)
    )

    assert not check.passed
    assert check.verdict == {"missing": [expected[2]]}


def test_the_record_is_checked_when_all_checks_have_passed(
    here: Lab, capsules: CompoundingRecord
) -> None:
    record_fill_weights(gross_mg=even_capsules(capsules), **told(here, capsules))
    assert fresh(capsules).state == "compounded"
    assert missing_checks(capsules) == ["The check of appearance is missing."]

    traits = dict.fromkeys(capsules.formula.expected_traits, True)
    record_appearance(traits=traits, **told(here, capsules))

    assert fresh(capsules).state == "checked"
    assert missing_checks(capsules) == []


def test_a_failed_check_is_repeated_only_with_what_was_found(
    here: Lab, capsules: CompoundingRecord
) -> None:
    good = even_capsules(capsules)
    record_fill_weights(gross_mg=[*good[:9], D("170")], **told(here, capsules))
    with pytest.raises(RepeatNeedsReason):
        record_fill_weights(gross_mg=good, **told(here, capsules))
    assert missing_checks(capsules)[0] == "The check of fill weight of ten capsules failed."

    again = record_fill_weights(
        gross_mg=good, note="One capsule was not tamped; all were sorted.", **told(here, capsules)
    )

    assert again.passed
    assert again.readings["note"].startswith("One capsule")
    assert capsules.checks.filter(kind="fill_weight").count() == 2
    assert latest_checks(capsules)[CheckKind.FILL_WEIGHT] == again


def test_bottles_hold_what_the_label_says(here: Lab, drops: CompoundingRecord) -> None:
    with pytest.raises(TooFewReadings, match="2 bottles; 1 are entered"):
        record_volume(bottle_ml=[D(31)], **told(here, drops))

    assert not record_volume(bottle_ml=[D(31), D("29.9")], **told(here, drops)).passed
    assert record_volume(bottle_ml=[D(31), D(30)], note="Topped up.", **told(here, drops)).passed


def test_drops_pass_three_checks(here: Lab, drops: CompoundingRecord) -> None:
    with pytest.raises(TraitsUnanswered):
        record_closure(traits={"no_leak": True}, **told(here, drops))

    check_all(here, drops)

    assert fresh(drops).state == "checked"
    assert {check.kind for check in drops.checks.all()} == {"volume", "appearance", "closure"}


def test_each_form_has_its_own_checks(
    here: Lab, capsules: CompoundingRecord, drops: CompoundingRecord
) -> None:
    with pytest.raises(CheckNotForThisForm, match="capsule. is not checked for volume"):
        record_volume(bottle_ml=[D(30)], **told(here, capsules))
    with pytest.raises(CheckNotForThisForm):
        record_fill_weights(gross_mg=[D(1)] * 10, **told(here, drops))


def test_only_a_finished_batch_is_checked(here: Lab) -> None:
    record = plan(here)

    with pytest.raises(NotToBeChecked, match="B-2026-0001 is planned"):
        record_appearance(traits={}, **told(here, record))
