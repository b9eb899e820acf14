"""Amounts as a line of working writes them: to six places, and small ones to six digits."""

from __future__ import annotations

from decimal import Decimal

from compounding import wording
from compounding.arithmetic import round_half_up, settle

_PLACES = 6
_SMALL = -2
"""The first digit of what is below a tenth stands in the second place or after it."""


def number(value: Decimal | int) -> str:
    """Return a bare number: "0.988032"."""
    if isinstance(value, int):
        return wording.number(value)
    return wording.rounded(value, _places(value))


def mg(value: Decimal) -> str:
    """Return a mass in milligrams: "455.450772 mg"."""
    return wording.milligrams(_to_places(value))


def ml(value: Decimal) -> str:
    """Return a volume: "189.72 mL"."""
    return wording.millilitres(_to_places(value))


def per_ml(value: Decimal) -> str:
    """Return a strength: "1.6 mg/mL"."""
    return wording.concentration(_to_places(value))


def drops_per_ml(value: Decimal) -> str:
    """Return how many drops make a millilitre: "25 drops/mL"."""
    return f"{number(value)} drops/mL"


def density(value: Decimal) -> str:
    """Return a tapped density: "0.55 g/mL"."""
    return f"{number(value)} g/mL"


def pct(value: Decimal) -> str:
    """Return a percentage: "97.087379%"."""
    return wording.percent(value, _places(value))


def signed_pct(value: Decimal) -> str:
    """Return a difference with its sign: "+1.311111%"."""
    return wording.signed_percent(value, _places(value))


def dollars(value: Decimal) -> str:
    """Return a sum that is rounded to cents only at the end: "$4.48175"."""
    return f"${number(value)}"


def drops(count: int) -> str:
    """Return "13 drops"."""
    return f"{wording.number(count)} {wording.plural(count, 'drop')}"


def _to_places(value: Decimal) -> Decimal:
    return round_half_up(value, _places(value))


def _places(value: Decimal) -> int:
    """Return how many places to write: six, and for a small number what its first six digits need."""
    first = settle(value).adjusted()
    return _PLACES if first > _SMALL or not value else _PLACES - 1 - first
