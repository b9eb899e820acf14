"""Links mailed to patients. The secret is in the mail only; the row keeps its digest."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from compounding.errors import Refusal
from pharmacy.orders.models import LinkPurpose, Order, PatientLink
from pharmacy.policies.queries import find_policy

TRIES_POLICY = "patient_link_tries"
_FEWEST_TRIES = 5


class LinkUnknown(Refusal):
    """No link has this secret."""


class LinkExpired(Refusal):
    """The link was good once."""


class LinkReplaced(Refusal):
    """A fresh link was mailed, and closed this one."""


class LinkLocked(Refusal):
    """Too many wrong dates of birth."""


def tries_allowed(*, at: datetime) -> int:
    """Return after how many wrong dates of birth a link is closed; five until a policy says otherwise."""
    version = find_policy(TRIES_POLICY, on=timezone.localdate(at))
    return _FEWEST_TRIES if version is None else int(version.value)


def new_link(
    *, order: Order, purpose: LinkPurpose, lifetime: timedelta, at: datetime
) -> tuple[PatientLink, str]:
    """Return a new link and its secret. The secret is not kept and cannot be had again."""
    token = secrets.token_urlsafe(32)
    link = PatientLink.objects.create(
        order=order,
        purpose=purpose,
        digest=digest_of(token),
        created_at=at,
        expires_at=at + lifetime,
    )
    return link, token


def find_link(*, token: str, at: datetime) -> PatientLink:
    """Return the link of this secret; raises LinkUnknown, LinkReplaced, LinkLocked or LinkExpired."""
    link = (
        PatientLink.objects.select_related("order__prescription__patient", "order__intake")
        .filter(digest=digest_of(token))
        .first()
    )
    if link is None:
        raise LinkUnknown("This link is not one of ours, or a part of it is missing.")
    if link.replaced_at is not None:
        raise LinkReplaced("We emailed a newer link, and this one was closed.")
    if link.failed_attempts >= tries_allowed(at=at):
        raise LinkLocked("This link was closed after too many wrong dates of birth.")
    if link.expires_at <= at:
        raise LinkExpired("This link has expired.")
    return link


def opened_link(*, link_id: int, purpose: LinkPurpose, at: datetime) -> PatientLink | None:
    """Return a link that was opened before, while it is good; nothing after its last day."""
    return (
        PatientLink.objects.select_related("order__prescription__patient", "order__intake")
        .filter(
            pk=link_id,
            purpose=purpose,
            opened_at__isnull=False,
            replaced_at__isnull=True,
            expires_at__gt=at,
        )
        .first()
    )


def replace_links(*, order: Order, purpose: LinkPurpose, at: datetime) -> int:
    """Close every link of an order for one purpose; return how many were still open."""
    standing = PatientLink.objects.filter(order=order, purpose=purpose, replaced_at__isnull=True)
    return standing.update(replaced_at=at)


def newest_link(order: Order, purpose: LinkPurpose) -> PatientLink | None:
    """Return the link mailed last for a purpose, whatever became of it."""
    return order.links.filter(purpose=purpose).order_by("-pk").first()


def digest_of(token: str) -> str:
    """Return what is kept of a link's secret (SHA-256, hex)."""
    return hashlib.sha256(token.encode()).hexdigest()
