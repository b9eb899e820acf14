"""The arithmetic line by line, as a person would write it on paper."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkingStep:
    """One line of arithmetic: what is worked out, how it is written, and what comes out with its unit."""

    label: str
    expression: str
    result: str

    def __str__(self) -> str:
        return f"{self.label}: {self.expression} = {self.result}"
