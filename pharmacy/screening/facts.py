"""What screening is told about the order itself."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """What is known about the order: the pharmacy's own day, and facts of the formula and the course."""

    on: datetime.date
    first_fill: bool
    excipients: frozenset[str] | None = None
    """Flags of the formula (lactose, gelatin, dye, ...); None when the formula is not known yet."""
    gap_days: int | None = None
    """Days without the medicine before this fill; None when it was taken all along or is new."""
