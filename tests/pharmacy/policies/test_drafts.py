"""Drafts of policies: changed by whoever writes, approved by somebody else, and never a value nothing can read."""

from datetime import date
from typing import Any

import pytest

from pharmacy.people.actors import Actor, NotYourRole, actor_of
from pharmacy.people.models import User
from pharmacy.people.roles import Role
from pharmacy.policies.actions import (
    AlreadyApproved,
    ApproverIsAuthor,
    DraftWaits,
    approve_policy,
    change_policy_draft,
    draft_policy,
    draft_seeded_policies,
)
from pharmacy.policies.models import PolicyVersion
from pharmacy.policies.queries import find_policy, policies_to_decide
from pharmacy.policies.values import OverrideAboveValue, ValueNotReadable, check_value
from tests.pharmacy.followups.rows import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)


def someone(name: str, role: Role = Role.PHARMACIST) -> Actor:
    return actor_of(User.objects.create_user(username=name, first_name=name, role=role))


def draft(key: str = "opioid_free_days.short") -> PolicyVersion:
    return PolicyVersion.objects.get(key=key, approved_at=None)


def typed(value: str, **changed: Any) -> dict[str, Any]:
    return {"value": value, "source": "Decision", "effective_on": TODAY, "at": NOW, **changed}


@pytest.fixture(autouse=True)
def seeded() -> None:
    draft_seeded_policies(at=NOW)


def test_what_came_with_the_program_any_pharmacist_approves() -> None:
    found = approve_policy(version=draft(), by=someone("okafor"), at=NOW)
    assert find_policy(found.key, on=TODAY) == found
    assert found.key not in {each.key for each in policies_to_decide()}


def test_a_technician_approves_and_changes_nothing() -> None:
    by = someone("nguyen", Role.TECHNICIAN)
    with pytest.raises(NotYourRole):
        approve_policy(version=draft(), by=by, at=NOW)
    with pytest.raises(NotYourRole):
        change_policy_draft(version=draft(), by=by, **typed("9"))
    assert draft().value == "10"


def test_who_changes_a_draft_has_written_it() -> None:
    okafor, brandt = someone("okafor"), someone("brandt")
    changed = change_policy_draft(
        version=draft(), by=okafor, **typed("12", minimum_override="8", note="Ours")
    )
    assert (changed.value, changed.minimum_override, changed.note) == ("12", "8", "Ours")
    with pytest.raises(ApproverIsAuthor):
        approve_policy(version=draft(), by=okafor, at=NOW)
    assert approve_policy(version=draft(), by=brandt, at=NOW).value == "12"
    with pytest.raises(AlreadyApproved):
        change_policy_draft(version=changed, by=okafor, **typed("1"))


def test_one_draft_at_a_time() -> None:
    okafor = someone("okafor")
    key = draft().key
    with pytest.raises(DraftWaits):
        draft_policy(key=key, by=okafor, **typed("11"))
    approve_policy(version=draft(), by=okafor, at=NOW)
    assert draft_policy(key=key, by=okafor, **typed("11")).version == 2
    assert policies_to_decide()[-1].key == key


@pytest.mark.parametrize(
    ("key", "before", "value"),
    [
        ("opioid_free_days.short", "10", "ten"),
        ("opioid_free_days.short", "10", "-1"),
        ("opioid_free_days.short", "10", "10.5"),
        ("opioid_free_days.short", "10", ""),
        ("weighing_tolerance_pct", "2", "2 %"),
        ("weighing_tolerance_pct", "2", "1e3"),
        ("weighing_tolerance_pct", "2", "NaN"),
        ("weighing_tolerance_pct", "2", "٢"),
        ("followup_days", "7,28", "7;28"),
        ("followup_days", "7,28", "7,0"),
        ("plan_preset.sensitive", "0.5x14", "0.5 for 14 days"),
        ("bench.scan_required", "yes", "maybe"),
    ],
)
def test_a_value_nothing_could_read_is_refused(key: str, before: str, value: str) -> None:
    with pytest.raises(ValueNotReadable):
        check_value(key, value, before=before)


@pytest.mark.parametrize(
    ("key", "before", "value"),
    [
        ("weighing_tolerance_pct", "2", "1.5"),
        ("followup_days", "7,28", "7,14,28"),
        ("plan_preset.sensitive", "0.5x14", "0.5x7 1.5x28"),
        ("missed_dose_convention", "skip", "same_day"),
        ("poison_line", "1-800-222-1222", "1-800-222-1223"),
    ],
)
def test_a_value_that_can_be_read_stands(key: str, before: str, value: str) -> None:
    check_value(key, value, before=before)


@pytest.mark.parametrize("override", ["11", "seven"])
def test_an_override_goes_down_only(override: str) -> None:
    with pytest.raises(OverrideAboveValue):
        check_value("opioid_free_days.short", "10", before="10", minimum_override=override)


def test_every_value_of_the_seed_can_be_kept_as_it_is() -> None:
    for each in PolicyVersion.objects.all():
        check_value(each.key, each.value, before=each.value, minimum_override=each.minimum_override)
