"""Links mailed to patients. The secret is in the mail only; the row keeps its digest."""

import hashlib
import secrets
from datetime import datetime, timedelta

from compounding.errors import Refusal
from pharmacy.orders.models import LinkPurpose, Order, PatientLink

TRIES = 5


class LinkUnknown(Refusal):
    """No link has this secret."""


class LinkExpired(Refusal):
    """The link was good once."""


class LinkLocked(Refusal):
    """Too many wrong dates of birth."""


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
    """Return the link of this secret; raises LinkUnknown, LinkExpired or LinkLocked."""
    link = (
        PatientLink.objects.select_related("order__prescription__patient", "order__intake")
        .filter(digest=digest_of(token))
        .first()
    )
    if link is None:
        raise LinkUnknown("This link is not one of ours, or a part of it is missing.")
    if link.failed_attempts >= TRIES:
        raise LinkLocked("This link was closed after too many wrong dates of birth.")
    if link.expires_at <= at:
        raise LinkExpired("This link has expired.")
    return link


def opened_link(*, link_id: int, purpose: LinkPurpose, at: datetime) -> PatientLink | None:
    """Return a link that was opened before, while it is good; nothing after its last day."""
    return (
        PatientLink.objects.select_related("order__prescription__patient", "order__intake")
        .filter(pk=link_id, purpose=purpose, opened_at__isnull=False, expires_at__gt=at)
        .first()
    )


def digest_of(token: str) -> str:
    """Return what is kept of a link's secret (SHA-256, hex)."""
    return hashlib.sha256(token.encode()).hexdigest()
