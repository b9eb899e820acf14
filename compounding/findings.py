"""What is doubtful but not impossible. A pharmacist may override a finding; nobody overrides arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding asks of the pharmacist."""

    NOTE = "note"
    """Good to know; nothing to decide."""
    CAUTION = "caution"
    """Look at it before going on."""
    WARNING = "warning"
    """Go on only with a reason written down."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt, in one sentence."""

    kind: str
    severity: Severity
    text: str
