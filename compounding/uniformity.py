"""Are the capsules alike? Fill weights, USP <2091> and the acceptance value of USP <905>.

A fill-weight check shows that the capsules were filled evenly. It does not show that each holds its
dose: naltrexone is about 3 % of the fill, and USP <905> lets weight stand in for content only from
25 mg and 25 % of the fill upward. Ten capsules are weighed one by one; their mean hides the odd one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import given, wording
from compounding.arithmetic import HUNDRED, ZERO, exactly, settle
from compounding.errors import Refusal


class TooFewUnits(Refusal):
    """Fewer units than a spread can be worked out from, or than the test asks for."""


class LighterThanItsShell(Refusal):
    """A filled capsule weighs no more than an empty one."""


class LimitsReversed(Refusal):
    """The lower limit is not below the upper one."""


@exactly
def mean(values: Sequence[Decimal]) -> Decimal:
    """Return the mean (unrounded). Raises `TooFewUnits` on no values."""
    if not values:
        raise TooFewUnits("There is nothing to take a mean of.")
    return sum(values, ZERO) / len(values)


@exactly
def sample_sd(values: Sequence[Decimal]) -> Decimal:
    """Return the sample standard deviation (n − 1, unrounded). Raises `TooFewUnits` below two values."""
    if len(values) < 2:
        raise TooFewUnits(
            f"A spread needs at least two values, and there are {wording.number(len(values))}."
        )
    centre = mean(values)
    squares = sum(((value - centre) ** 2 for value in values), ZERO)
    return (squares / (len(values) - 1)).sqrt()


@dataclass(frozen=True, slots=True)
class UnitWeight:
    """One capsule: its number from 1, gross and net mg, and net in percent of theoretical (unrounded)."""

    number: int
    gross_mg: Decimal
    net_mg: Decimal
    pct: Decimal
    within: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class FillWeights:
    """The verdict on a fill-weight check; masses in mg and percentages unrounded."""

    units: tuple[UnitWeight, ...]
    mean_net_mg: Decimal
    sd_mg: Decimal
    rsd_pct: Decimal
    mean_pct: Decimal
    units_ok: bool
    rsd_ok: bool
    mean_ok: bool

    @property
    def passes(self) -> bool:
        """Whether every limit is kept."""
        return self.units_ok and self.rsd_ok and self.mean_ok

    @property
    def failing(self) -> tuple[UnitWeight, ...]:
        """The capsules outside their limits."""
        return tuple(unit for unit in self.units if not unit.within)


@exactly
def check_fill_weights(
    gross_mg: Sequence[Decimal],
    *,
    mean_shell_mg: Decimal,
    theoretical_fill_mg: Decimal,
    limits_pct: tuple[Decimal, Decimal],
    rsd_limit_pct: Decimal | None = None,
    mean_limit_pct: Decimal | None = None,
) -> FillWeights:
    """Return the verdict on capsules weighed one by one, each against the theoretical fill.

    `mean_limit_pct` is how far the mean may lie from 100 %. The limits are the pharmacy's own
    (90 to 110 % is the former USP <795> check); they are compared unrounded.
    Raises `TooFewUnits`, `LighterThanItsShell` or `LimitsReversed`.
    """
    given.positive(theoretical_fill_mg, "The theoretical fill")
    given.positive(mean_shell_mg, "The mean empty shell")
    limits = _ordered(limits_pct)
    units = tuple(
        _unit(number, gross, mean_shell_mg, theoretical_fill_mg, limits)
        for number, gross in enumerate(gross_mg, 1)
    )
    net = [unit.net_mg for unit in units]
    sd, centre = sample_sd(net), mean(net)
    rsd = sd * HUNDRED / centre
    mean_pct = centre * HUNDRED / theoretical_fill_mg
    return FillWeights(
        units=units,
        mean_net_mg=centre,
        sd_mg=sd,
        rsd_pct=rsd,
        mean_pct=mean_pct,
        units_ok=all(unit.within for unit in units),
        rsd_ok=rsd_limit_pct is None or settle(rsd) <= rsd_limit_pct,
        mean_ok=mean_limit_pct is None or abs(settle(mean_pct) - HUNDRED) <= mean_limit_pct,
    )


def _unit(
    number: int,
    gross_mg: Decimal,
    shell_mg: Decimal,
    theoretical_mg: Decimal,
    limits: tuple[Decimal, Decimal],
) -> UnitWeight:
    net = given.positive(gross_mg, f"The weight of capsule {number}") - shell_mg
    if net <= 0:
        raise LighterThanItsShell(
            f"Capsule {number} weighs {wording.number(gross_mg)} mg, no more than an empty shell "
            f"of {wording.number(shell_mg)} mg."
        )
    pct = net * HUNDRED / theoretical_mg
    return UnitWeight(number, gross_mg, net, pct, limits[0] <= settle(pct) <= limits[1])


def _ordered(limits_pct: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    low, high = limits_pct
    given.not_negative(low, "The lower limit")
    if given.positive(high, "The upper limit") <= low:
        raise LimitsReversed(
            f"The limits {wording.number(low)}% to {wording.number(high)}% are the wrong way round."
        )
    return low, high
