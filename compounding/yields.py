"""What came out of a batch, and whether every unit is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import HUNDRED, exactly, settle, total
from compounding.errors import Refusal


class MoreThanWasMade(Refusal):
    """More units are accounted for than the batch held."""


@dataclass(frozen=True, slots=True)
class Yield:
    """Usable units in percent of theoretical (unrounded), and the units nobody has accounted for."""

    pct: Decimal
    unaccounted: Decimal

    @property
    def reconciled(self) -> bool:
        """Whether every unit is accounted for."""
        return self.unaccounted == 0


@exactly
def reconcile(
    *, theoretical: Decimal, usable: Decimal, destroyed_in_testing: Decimal, waste: Decimal
) -> Yield:
    """Return the yield of a batch in units or in mL. Raises `MoreThanWasMade`."""
    given.positive(theoretical, "The theoretical yield")
    parts = (
        given.not_negative(usable, "The usable yield"),
        given.not_negative(destroyed_in_testing, "The amount destroyed in testing"),
        given.not_negative(waste, "The waste"),
    )
    accounted = settle(total(parts))
    unaccounted = settle(theoretical - accounted)
    if unaccounted < 0:
        raise MoreThanWasMade(
            f"{wording.number(accounted)} are accounted for, but the batch held "
            f"{wording.number(theoretical)}."
        )
    return Yield(usable * HUNDRED / theoretical, unaccounted)
