"""What a calculator answers: one sentence to act on, its facts, its working, and a picture where it helps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from compounding import wording
from compounding.arithmetic import round_half_up
from compounding.findings import Finding
from compounding.working import WorkingStep
from pharmacy.backoffice.agreement import Pair
from pharmacy.backoffice.plan_panel import Fact

_NO_BREAK = "\N{NO-BREAK SPACE}"
_AFTER_A_DIGIT = re.compile(r"(?<=[0-9]) (?!to\b)")


@dataclass(frozen=True)
class Table:
    """Rows under their headings; `fails` names the rows (from 0) that are outside their limits."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fails: frozenset[int] = frozenset()

    @property
    def held(self) -> list[list[str]]:
        """The rows with every number held to its unit or month, so that no line ends between them."""
        return [[_AFTER_A_DIGIT.sub(_NO_BREAK, cell) for cell in row] for row in self.rows]


@dataclass(frozen=True)
class Picture:
    """A picture of templates/: its name and what it draws."""

    template: str
    drawing: Any

    @property
    def name(self) -> str:
        """What the template calls the drawing: its own name."""
        return PurePosixPath(self.template).stem

    @property
    def captioned(self) -> bool:
        """Whether what the drawing says stands below it: it does not where the page has said it already."""
        return bool(getattr(self.drawing, "said", "")) and self.name not in ("cross", "gauge")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer of a calculator. `passes` is None where nothing is judged; `verdict` says it in words."""

    headline: str
    under: str = ""
    passes: bool | None = None
    verdict: str = ""
    facts: Sequence[Fact] = ()
    tables: Sequence[Table] = ()
    working: Sequence[WorkingStep] = ()
    findings: Sequence[Finding] = ()
    notes: Sequence[str] = ()
    picture: Picture | None = None
    agreement: Sequence[Pair] = ()


# Numbers as the bench writes them: masses and volumes to a thousandth unless more is asked for.

_SMALL = Decimal("0.1")


def mg(value: Decimal, places: int = 3) -> str:
    """Return a mass as the balance and the working name it: "455.451 mg". A dose goes through `wording.mass`."""
    return wording.milligrams(round_half_up(value, max(places, 6) if value < _SMALL else places))


def ml(value: Decimal, places: int = 3) -> str:
    """Return a volume: "379.44 mL"."""
    return wording.millilitres(round_half_up(value, places))


def per_ml(value: Decimal, places: int = 3) -> str:
    """Return a strength: "1.6 mg/mL"."""
    return wording.concentration(round_half_up(value, max(places, 6) if value < 1 else places))


def pct(value: Decimal, places: int = 2) -> str:
    """Return a percentage: "97.09%"."""
    return wording.percent(value, places)


def count(value: int, noun: str) -> str:
    """Return "100 capsules"."""
    return f"{wording.number(value)} {wording.plural(value, noun)}"


def within(passes: bool) -> str:
    """Return the verdict on something that has limits."""
    return _("within its limits") if passes else _("outside its limits")


def num(value: Decimal | int, places: int = 6) -> str:
    """Return a bare number, to at most that many places."""
    return wording.rounded(Decimal(value), places)
