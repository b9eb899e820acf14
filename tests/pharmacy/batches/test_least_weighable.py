"""The least a balance may weigh: by the permitted error and, unless the pharmacy decides otherwise, by USP <41>."""

from decimal import Decimal

import pytest
from django.utils import timezone

from compounding.weighable import NotWeighable
from compounding.weighing import BelowBalanceMinimum
from pharmacy.inventory.measurements import record_repeatability
from pharmacy.inventory.models import Balance
from pharmacy.inventory.queries import least_weighable, least_weighable_mg
from pharmacy.policies.actions import approve_policy, draft_policy
from pharmacy.workflow.weigh import record_weighing
from tests.factories.lab import NOW, Lab, plan, scan

D = Decimal
TODAY = timezone.localdate(NOW)
UNSTEADY = (D("100.00"), D("100.05"), D("99.95"), D("100.00"), D("100.05")) * 2
BY_BOTH = (
    "Analytical balance A1 weighs no less than 10 mg by the permitted error and 78.88 mg by its repeatability "
    "after USP <41>. Make a larger batch, use a triturate, or take a balance that weighs less."
)


def unsteady(here: Lab) -> Balance:
    """The bench's balance after ten readings that lie further apart."""
    record_repeatability(
        balance=here.balance,
        test_weight_mg=D(100),
        readings_mg=UNSTEADY,
        by=here.technician,
        at=NOW,
    )
    return here.balance


def go_by_error_alone(here: Lab) -> None:
    draft = draft_policy(
        key="weighing.usp41_minimum",
        value="no",
        source="Decided here",
        effective_on=TODAY,
        by=here.pharmacist,
        at=NOW,
    )
    approve_policy(version=draft, by=here.verifier, at=NOW)


def test_the_larger_of_both_holds(here: Lab) -> None:
    assert least_weighable_mg(here.balance, TODAY) == 10  # 0.5 mg × 100 / 5 %, and 820 d is 8.2 mg
    balance = unsteady(here)
    assert least_weighable(balance, TODAY).by_error_mg == 10
    assert least_weighable_mg(balance, TODAY) == D("78.88")
    assert str(least_weighable(balance, TODAY)) == BY_BOTH


def test_a_balance_nobody_tested_goes_by_the_error(here: Lab) -> None:
    assert here.overdue_balance.repeatability_sd_mg is None
    assert least_weighable_mg(here.overdue_balance, TODAY) == 120


def test_planning_is_refused_with_both_numbers_and_the_ways_out(here: Lab) -> None:
    unsteady(here)
    with pytest.raises(NotWeighable) as refused:
        plan(here, strength="0.5", units=50)

    said = str(refused.value)
    assert said.startswith("The batch needs 26.315 mg of naltrexone hydrochloride")
    assert "Make at least" in said
    assert said.endswith(BY_BOTH)


def test_weighing_is_refused_with_both_numbers(here: Lab) -> None:
    record = plan(here, strength="0.5", units=50)
    balance = unsteady(here)
    line = record.lines.get(role="active")
    scan(here, line)
    with pytest.raises(BelowBalanceMinimum) as refused:
        record_weighing(line=line, amount=line.wanted, balance=balance, by=here.technician, at=NOW)
    assert str(refused.value).endswith(f"is too little for this balance. {BY_BOTH}")


def test_the_pharmacy_may_decide_to_go_by_the_error_alone(here: Lab) -> None:
    record = plan(here, strength="0.5", units=50)
    assert record.policy_versions["weighing.usp41_minimum"] == 1
    balance = unsteady(here)
    go_by_error_alone(here)
    assert least_weighable_mg(balance, TODAY) == 10
    assert "USP" not in str(least_weighable(balance, TODAY))
    plan(here, strength="0.5", units=50)
