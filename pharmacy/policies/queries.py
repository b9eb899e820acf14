"""Reading policies: the approved version that is in force on a day."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef

from compounding.errors import Refusal
from pharmacy.policies.models import PolicyVersion


class NoPolicy(Refusal):
    """No approved version of a policy is in force."""


def find_policy(key: str, *, on: date) -> PolicyVersion | None:
    """Return the newest approved version of `key` in force on that day, or None."""
    return (
        PolicyVersion.objects.filter(key=key, approved_at__isnull=False, effective_on__lte=on)
        .order_by("-effective_on", "-version")
        .first()
    )


def policy(key: str, *, on: date) -> PolicyVersion:
    """Return the version of `key` in force on that day; raises NoPolicy when there is none."""
    found = find_policy(key, on=on)
    if found is None:
        raise _no_policy(key)
    return found


def decimal_of(key: str, *, on: date) -> Decimal:
    """Return the value in force as a Decimal, in the unit the policy names."""
    return Decimal(policy(key, on=on).value)


def whole_of(key: str, *, on: date) -> int:
    """Return the value in force as a whole number, in the unit the policy names."""
    return int(policy(key, on=on).value)


def text_of(key: str, *, on: date) -> str:
    """Return the value in force as text."""
    return policy(key, on=on).value


def in_force(keys: Iterable[str], *, on: date) -> dict[str, PolicyVersion]:
    """Return key -> version in force on that day, in one query; raises NoPolicy when one is missing."""
    wanted = tuple(keys)
    found = find_policies(wanted, on=on)
    for key in wanted:
        if key not in found:
            raise _no_policy(key)
    return found


def find_policies(keys: Iterable[str], *, on: date) -> dict[str, PolicyVersion]:
    """Return key -> version in force on that day, in one query; a key that has none is not there."""
    approved = PolicyVersion.objects.filter(
        key__in=tuple(keys), approved_at__isnull=False, effective_on__lte=on
    )
    # Where it comes from and why is for its own page. The newest comes last and stays.
    plain = approved.only("key", "version", "value", "minimum_override", "effective_on")
    oldest_first = sorted(plain, key=lambda each: (each.effective_on, each.version))
    return {each.key: each for each in oldest_first}


def policies_to_decide() -> list[PolicyVersion]:
    """Return the drafts that wait for a pharmacist: those with nothing in force first, which stop work."""
    approved = PolicyVersion.objects.filter(approved_at__isnull=False, key=OuterRef("key"))
    drafts = PolicyVersion.objects.filter(approved_at__isnull=True)
    return list(
        drafts.annotate(in_force=Exists(approved))
        .select_related("author")
        .order_by("in_force", "pk")
    )


def versions_used(keys: Iterable[str], *, on: date) -> dict[str, int]:
    """Return key -> version in force, to be frozen beside what was computed with them."""
    return {key: version.version for key, version in in_force(keys, on=on).items()}


def policies_under(prefix: str, *, on: date) -> list[PolicyVersion]:
    """Return the approved versions in force of all keys that begin with `prefix`, by key."""
    keys = (
        PolicyVersion.objects.filter(
            key__startswith=prefix, approved_at__isnull=False, effective_on__lte=on
        )
        .order_by("key")
        .values_list("key", flat=True)
        .distinct()
    )
    return [policy(key, on=on) for key in keys]


def _no_policy(key: str) -> NoPolicy:
    return NoPolicy(
        f'No approved policy "{key}" is in force. A pharmacist approves one under Policies.'
    )
