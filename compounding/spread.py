"""Mean and spread of a few readings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compounding import wording
from compounding.arithmetic import exactly, total
from compounding.errors import Refusal


class TooFewValues(Refusal):
    """Fewer values than a mean or a spread can be worked out from."""


@exactly
def mean(values: Sequence[Decimal]) -> Decimal:
    """Return the mean (unrounded). Raises `TooFewValues` on none."""
    if not values:
        raise TooFewValues("There is nothing to take a mean of.")
    return total(values) / len(values)


@exactly
def sample_sd(values: Sequence[Decimal]) -> Decimal:
    """Return the sample standard deviation (n − 1, unrounded). Raises `TooFewValues` below two."""
    if len(values) < 2:
        raise TooFewValues(
            f"A spread needs at least two values, and there are {wording.number(len(values))}."
        )
    centre = mean(values)
    squares = total((value - centre) ** 2 for value in values)
    return (squares / (len(values) - 1)).sqrt()
