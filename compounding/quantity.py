"""Amounts that carry their unit and refuse to be mixed.

Far less than a units library, and so easier to trust: four kinds of amount, each kept in one unit
(mg, mL, mg/mL, whole things), multiplied and divided only where the result has a meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Self, overload

from compounding import given, wording
from compounding.arithmetic import exactly, settle
from compounding.errors import Refusal


class UnitsDoNotMix(Refusal):
    """Two amounts of different kinds were added, subtracted or compared."""


@dataclass(frozen=True, slots=True)
class _Amount:
    """A non-negative amount in the one unit of its kind."""

    amount: Decimal
    unit: ClassVar[str]
    noun: ClassVar[str]

    def __post_init__(self) -> None:
        given.not_negative(self.amount, f"A {self.noun}")

    def __str__(self) -> str:
        return f"{wording.number(self.amount)} {self.unit}"

    @exactly
    def __add__(self, other: Self) -> Self:
        return replace(self, amount=self.amount + self._same_kind(other))

    @exactly
    def __sub__(self, other: Self) -> Self:
        return replace(self, amount=self.amount - self._same_kind(other))

    def __lt__(self, other: Self) -> bool:
        return settle(self.amount) < settle(self._same_kind(other))

    def __le__(self, other: Self) -> bool:
        return settle(self.amount) <= settle(self._same_kind(other))

    def _same_kind(self, other: _Amount) -> Decimal:
        if not self._is_like(other):
            raise UnitsDoNotMix(f"{self} and {other} are not the same kind of amount.")
        return other.amount

    def _is_like(self, other: _Amount) -> bool:
        return type(other) is type(self)


@dataclass(frozen=True, slots=True)
class Mass(_Amount):
    """A mass, in milligrams."""

    unit = "mg"
    noun = "mass"

    @property
    def mg(self) -> Decimal:
        """The mass in milligrams."""
        return self.amount

    @exactly
    def __mul__(self, times: Decimal | int) -> Mass:
        return Mass(self.amount * _plain(times, self))

    @overload
    def __truediv__(self, by: Mass) -> Decimal: ...
    @overload
    def __truediv__(self, by: Volume) -> Concentration: ...
    @overload
    def __truediv__(self, by: Concentration) -> Volume: ...
    @overload
    def __truediv__(self, by: Decimal | int) -> Mass: ...
    @exactly
    def __truediv__(
        self, by: Mass | Volume | Concentration | Decimal | int
    ) -> Decimal | Concentration | Volume | Mass:
        divisor = by.amount if isinstance(by, _Amount) else _plain(by, self)
        quotient = settle(self.amount / given.positive(divisor, "What a mass is divided by"))
        if isinstance(by, Mass):
            return quotient
        if isinstance(by, Volume):
            return Concentration(quotient)
        return Volume(quotient) if isinstance(by, Concentration) else Mass(quotient)


@dataclass(frozen=True, slots=True)
class Volume(_Amount):
    """A volume, in millilitres."""

    unit = "mL"
    noun = "volume"

    @property
    def ml(self) -> Decimal:
        """The volume in millilitres."""
        return self.amount

    @exactly
    def __mul__(self, times: Decimal | int) -> Volume:
        return Volume(self.amount * _plain(times, self))


@dataclass(frozen=True, slots=True)
class Concentration(_Amount):
    """A mass in each millilitre, in mg/mL."""

    unit = "mg/mL"
    noun = "concentration"

    @property
    def mg_per_ml(self) -> Decimal:
        """The concentration in milligrams per millilitre."""
        return self.amount

    @exactly
    def __mul__(self, volume: Volume) -> Mass:
        if not isinstance(volume, Volume):
            raise UnitsDoNotMix(f"{self} times {volume} is no amount of anything.")
        return Mass(self.amount * volume.amount)


@dataclass(frozen=True, slots=True)
class Count(_Amount):
    """So many whole things: capsules, drops, bottles."""

    thing: str
    unit = "each"
    noun = "count"

    def __post_init__(self) -> None:
        given.not_negative(self.amount, "A count")
        if self.amount != self.amount.to_integral_value():
            raise given.NotANumber(
                f"{wording.number(self.amount)} {self.thing}s is not a whole count."
            )

    def _is_like(self, other: _Amount) -> bool:
        return isinstance(other, Count) and other.thing == self.thing

    def __str__(self) -> str:
        return f"{wording.number(self.amount)} {wording.plural(int(self.amount), self.thing)}"


def _plain(value: object, amount: _Amount) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    raise UnitsDoNotMix(f"{amount} cannot be multiplied or divided by {value!r}.")
