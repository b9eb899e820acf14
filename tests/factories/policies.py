"""A policy as a pharmacy may decide it otherwise, or has not decided it yet."""

from pharmacy.policies.models import PolicyVersion
from tests.factories.job import AT
from tests.factories.triggers import without_triggers


def decide(key: str, value: str) -> PolicyVersion:
    """Return an approved newer version of a policy that the pharmacy starts with, in force on the day of the tests."""
    before = PolicyVersion.objects.filter(key=key).latest("version")
    return PolicyVersion.objects.create(
        key=key,
        version=before.version + 1,
        title=before.title,
        value=value,
        source=before.source,
        effective_on=AT.date(),
        approved_at=AT,
        approved_by_id=before.approved_by_id,
    )


def undecide(key: str) -> None:
    """Leave a policy as a newer program finds it: nobody has decided about it."""
    with without_triggers(PolicyVersion._meta.db_table):
        PolicyVersion.objects.filter(key=key).delete()
