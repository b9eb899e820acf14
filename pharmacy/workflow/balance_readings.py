"""A balance sends what it shows. It signs in with a token of its own; each reading is a row that stays."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.models import BalanceReading, BalanceToken
from pharmacy.inventory.models import Balance
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

_TOKEN_BYTES = 24
_MG_IN = {"mg": Decimal(1), "g": Decimal(1000), "kg": Decimal(1_000_000)}
_CLOCKS_DIFFER = timedelta(seconds=5)
"""How far a balance's clock may be ahead of ours."""
_PLACES = Decimal("0.000001")
_MOST_MG = Decimal("100000000")


class WrongToken(Refusal):
    """The token is not the balance's."""


class ReadingNotUnderstood(Refusal):
    """A reading without a number, a unit, its stability, or with a moment that cannot be."""


@writing()
def new_token(*, balance: Balance, by: Actor, at: datetime) -> str:
    """Return a new token for a balance, in plain text for the only time; an earlier one stops working.

    Only a pharmacist may make one.
    """
    user_id = person_in({Role.PHARMACIST}, by)
    BalanceToken.objects.filter(balance=balance, withdrawn_at__isnull=True).update(withdrawn_at=at)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    BalanceToken.objects.create(
        balance=balance, digest=_digest(token), made_at=at, made_by_id=user_id
    )
    record_event(
        event="balance_token_made", record=balance, by=by, at=at, new={"balance": balance.name}
    )
    return token


def is_connected(balance: Balance) -> bool:
    """Say whether a balance has a token to send its readings with."""
    return BalanceToken.objects.filter(balance=balance, withdrawn_at__isnull=True).exists()


@writing()
def withdraw_token(*, balance: Balance, by: Actor, at: datetime) -> None:
    """Let no reading of a balance in any more, until it has a new token."""
    person_in({Role.PHARMACIST}, by)
    BalanceToken.objects.filter(balance=balance, withdrawn_at__isnull=True).update(withdrawn_at=at)
    record_event(
        event="balance_token_withdrawn", record=balance, by=by, at=at, new={"balance": balance.name}
    )


def receive_reading(
    *,
    balance_id: int,
    token: str,
    reading: object,
    unit: object,
    stable: object,
    measured: object,
    at: datetime,
) -> BalanceReading:
    """Return the reading as it is kept, in mg. It needs no audit event: it is a row of its own that never changes.

    `reading` is a number, or text with one; `unit` is mg, g or kg; `measured` is the balance's own time in
    ISO 8601 or None. Raises WrongToken or ReadingNotUnderstood.
    """
    _check_token(balance_id, token)
    if not isinstance(stable, bool):
        raise ReadingNotUnderstood(_("Say whether the reading is stable: true or false."))
    return BalanceReading.objects.create(
        balance_id=balance_id,
        amount_mg=_in_mg(reading, unit),
        is_stable=stable,
        measured_at=_measured_at(measured, at),
        received_at=at,
    )


def _check_token(balance_id: int, token: str) -> None:
    digest = _digest(token)
    current = BalanceToken.objects.filter(balance_id=balance_id, withdrawn_at__isnull=True)
    kept = current.values_list("digest", flat=True).first() or ""
    if not hmac.compare_digest(kept, digest):
        raise WrongToken(_("This token is not the balance's."))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _in_mg(reading: object, unit: object) -> Decimal:
    factor = _MG_IN.get(unit) if isinstance(unit, str) else None
    if factor is None:
        raise ReadingNotUnderstood(_("The unit is mg, g or kg."))
    try:
        number = Decimal(str(reading)) if not isinstance(reading, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) * factor >= _MOST_MG:
        raise ReadingNotUnderstood(_("The reading is not a number that a balance shows."))
    amount = number * factor
    if amount != amount.quantize(_PLACES):
        raise ReadingNotUnderstood(_("The reading has more places than can be kept."))
    return amount


def _measured_at(measured: object, at: datetime) -> datetime:
    """Return when the balance measured: its own time, unless it names none or its clock is a little ahead."""
    if measured is None:
        return at
    try:
        moment = parse_datetime(measured) if isinstance(measured, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ReadingNotUnderstood(_("The time is ISO 8601 with its zone: 2026-11-22T10:00:00Z."))
    if moment > at + _CLOCKS_DIFFER:
        raise ReadingNotUnderstood(_("The balance's clock is ahead of ours. Set it."))
    return min(moment, at)
