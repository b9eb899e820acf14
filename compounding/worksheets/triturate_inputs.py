"""What the worksheet of a stock triturate is worked out from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from compounding import given
from compounding.error_budget import BenchTolerances
from compounding.potency import Certificate
from compounding.strength import Conversion, check_conversion
from compounding.worksheets.inputs import (
    Component,
    Container,
    Triturated,
    as_json,
    check_keys,
    check_weighing,
)
from compounding.worksheets.record_json import from_plain

_TENTH = Decimal("0.1")
_NOTHING_KNOWN = BenchTolerances()


@dataclass(frozen=True, kw_only=True, slots=True)
class TriturateActive(Component):
    """An active of a triturate: percent (w/w) of the substance that the strength names, and its lot."""

    strength_pct: Decimal
    certificate: Certificate
    conversion: Conversion | None = None
    substance: str | None = None

    def __post_init__(self) -> None:
        given.positive(self.strength_pct, f"The strength of {self.name}")
        given.share(self.strength_pct, f"The strength of {self.name}")
        if self.conversion is not None:
            check_conversion(self.conversion, self.certificate)


@dataclass(frozen=True, kw_only=True, slots=True)
class TriturateSource(Triturated):
    """A stronger triturate that is diluted further (serial trituration): percent of the new one's strength."""

    strength_pct: Decimal

    def __post_init__(self) -> None:
        Triturated.__post_init__(self)
        given.positive(self.strength_pct, f"The strength from {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class TriturateExcipient(Component):
    """Another powder of a triturate, a tracer dye or an earlier lot of diluent: percent (w/w) as it is."""

    pct: Decimal

    def __post_init__(self) -> None:
        given.positive(self.pct, f"The share of {self.name}")
        given.share(self.pct, f"The share of {self.name}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Diluent(Component):
    """The powder that makes the triturate up to its mass."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TriturateInputs:
    """Everything a triturate is planned from: at least one active, or a stronger triturate to dilute."""

    total_mg: Decimal
    overage_pct: Decimal
    diluent: Diluent
    cap_assay_at_100: bool
    minimum_weighable_mg: Decimal
    weighing_tolerance_pct: Decimal
    actives: tuple[TriturateActive, ...] = ()
    triturates: tuple[TriturateSource, ...] = ()
    excipients: tuple[TriturateExcipient, ...] = ()
    container: Container | None = None
    containers: int = 1
    weigh_to_mg: Decimal = _TENTH
    bench: BenchTolerances = _NOTHING_KNOWN

    def __post_init__(self) -> None:
        given.positive(self.total_mg, "The triturate")
        given.not_negative(self.overage_pct, "The overage")
        given.count(len(self.drugs), "The number of actives")
        given.count(self.containers, "The number of containers")
        check_weighing(self.minimum_weighable_mg, self.weighing_tolerance_pct, self.weigh_to_mg)
        bottles = () if self.container is None else (self.container,)
        check_keys(*self.drugs, *self.excipients, self.diluent, *bottles)

    @property
    def drugs(self) -> tuple[TriturateActive | TriturateSource, ...]:
        """Every active, as powder or as a stronger triturate."""
        return (*self.actives, *self.triturates)

    def to_json(self) -> dict[str, Any]:
        """Return the inputs as JSON, numbers as strings."""
        return as_json(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the inputs that `to_json` was given."""
        return from_plain(cls, data)
