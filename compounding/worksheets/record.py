"""The worksheet itself: what to weigh, what comes out, how it was worked out, and that two agreed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from compounding.findings import Finding
from compounding.working import WorkingStep
from compounding.worksheets.agreement import Agreement
from compounding.worksheets.record_json import from_plain, to_plain

FORMULA_VERSION = "2"
"""Raised whenever a formula changes, so that an old record says how it was worked out.

2: the errors of several lots of one substance add by their shares of the dose.
"""


class WorksheetKind(StrEnum):
    """What the worksheet makes."""

    CAPSULES = "capsules"
    DROPS = "drops"
    TRITURATE = "triturate"


class Role(StrEnum):
    """What a component is there for."""

    ACTIVE = "active"
    EXCIPIENT = "excipient"
    FILLER = "filler"
    SHELL = "shell"
    VEHICLE = "vehicle"
    CONTAINER = "container"


class LineUnit(StrEnum):
    """In what a line is weighed, measured or counted."""

    MG = "mg"
    ML = "mL"
    EACH = "each"


@dataclass(frozen=True, kw_only=True, slots=True)
class WorksheetLine:
    """One component: what to weigh, measure or count, and the limits it must lie within.

    `amount` is rounded once, to the step of the balance or measure. The limits are worked out from the
    unrounded amount and kept to six places, inward. A q.s. ad line is made up *to* its amount.
    """

    key: str
    name: str
    role: Role
    amount: Decimal
    unit: LineUnit
    low: Decimal
    high: Decimal
    qs_ad: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PotencyFactor:
    """The pure share of an active's powder as it is (a fraction, six places)."""

    key: str
    name: str
    factor: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class DropRow:
    """A dose in mL and, with a calibrated dropper, in whole drops; what they deliver and the error."""

    dose_mg: Decimal
    volume_ml: Decimal
    drops: int | None
    delivered_mg: Decimal | None
    error_pct: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class BlendStep:
    """A step of geometric dilution: the powder to add (mg, about), and the mixture that then is there (mg)."""

    number: int
    add_mg: Decimal
    mixture_mg: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorShare:
    """One source of error, and its limit in percent of the dose."""

    name: str
    limit_pct: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseError:
    """How far a dose of an active may lie from its label (percent): at worst, and as expected.

    `method` is how the dose is taken; `dose_mg` is None where the dose is the capsule or part itself.
    """

    key: str
    name: str
    method: str
    dose_mg: Decimal | None
    sources: tuple[ErrorShare, ...]
    worst_low_pct: Decimal
    worst_high_pct: Decimal
    expected_pct: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Worksheet:
    """A planned batch. Masses in mg, volumes in mL, to six places; None where the kind has no such figure.

    `utilisation_pct` is the share of the capsule that actives and fixed excipients take up. `blending` is how
    the powders are mixed: the actives first, then as much again at each step, in the order of the lines.
    """

    kind: WorksheetKind
    lines: tuple[WorksheetLine, ...]
    potency_factors: tuple[PotencyFactor, ...]
    findings: tuple[Finding, ...]
    working: tuple[WorkingStep, ...]
    agreement: tuple[Agreement, ...]
    batch_units: int | None = None
    batch_volume_ml: Decimal | None = None
    theoretical_fill_mg: Decimal | None = None
    theoretical_gross_mg: Decimal | None = None
    utilisation_pct: Decimal | None = None
    drops_per_ml: Decimal | None = None
    mg_per_drop: Decimal | None = None
    drop_table: tuple[DropRow, ...] = ()
    vehicle_estimate_ml: Decimal | None = None
    formula_version: str = FORMULA_VERSION
    batch_mg: Decimal | None = None
    vehicle_estimate_mg: Decimal | None = None
    blending: tuple[BlendStep, ...] = ()
    dose_errors: tuple[DoseError, ...] = ()

    def line(self, key: str) -> WorksheetLine:
        """Return the line of that component. Raises `KeyError` if there is none."""
        for line in self.lines:
            if line.key == key:
                return line
        raise KeyError(key)

    def to_json(self) -> dict[str, Any]:
        """Return the worksheet as JSON, numbers as strings."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the worksheet that `to_json` was given, equal in every figure."""
        return from_plain(cls, data)
