"""The numbers that a pharmacist owns and the rules need: how long to wait after the last use."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from compounding.errors import Refusal
from pharmacy.screening.medicines import WaitKind


class MissingPolicy(Refusal):
    """A wait that the rules need is not in the policy."""


class BadWait(Refusal):
    """The wait is below zero, or the override is longer than the wait itself."""


@dataclass(frozen=True, slots=True)
class WaitDays:
    """Full days from the day of the last use to the first dose, and how far a pharmacist may go below."""

    days: int
    min_override_days: int

    def __post_init__(self) -> None:
        if not 0 <= self.min_override_days <= self.days:
            raise BadWait(
                f"A wait of {self.days} days cannot be shortened to {self.min_override_days} days."
            )

    def earliest_start(self, last_use: datetime.date) -> datetime.date:
        """The first day on which the wait is over: last use on 1 December and 10 days give 11 December."""
        return last_use + datetime.timedelta(days=self.days)

    def earliest_by_override(self, last_use: datetime.date) -> datetime.date:
        """The first day that a pharmacist may allow with a reason."""
        return last_use + datetime.timedelta(days=self.min_override_days)


@dataclass(frozen=True, slots=True)
class ScreeningPolicy:
    """The approved waits by kind ("short", "long")."""

    waits: Mapping[str, WaitDays]

    def wait(self, kind: WaitKind) -> WaitDays:
        """The wait of one kind. Raises MissingPolicy."""
        if kind not in self.waits:
            raise MissingPolicy(f"No approved policy says how long the {kind} wait is.")
        return self.waits[kind]
