"""A batch that needs less of a powder than the balance can weigh, and what would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compounding import wording
from compounding.arithmetic import exactly, settle, whole_at_least
from compounding.errors import Refusal
from compounding.weighing import LiquidAliquot, SolidAliquot, liquid_aliquot, solid_aliquot

_DILUTED = 10
"""A proposed triturate is 1 in 10, or weaker where the balance asks for a larger part."""
_LEAST_ALIQUOT_ML = Decimal(5)
"""A proposed part of a stock solution is never less than this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PowderToWeigh:
    """A powder of a batch (mg, unrounded), the batch it would take to weigh it, and what dissolves."""

    name: str
    needed_mg: Decimal
    smallest_batch: Decimal
    solubility_mg_per_ml: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WeighableBatch:
    """The ways out: a larger batch (in its own words and number), a triturate, or a stock solution."""

    component: str
    needed_mg: Decimal
    minimum_mg: Decimal
    smallest_batch: Decimal
    smallest_batch_in_words: str
    triturate: SolidAliquot
    stock_solution: LiquidAliquot | None


class NotWeighable(Refusal):
    """The balance cannot weigh so little. `proposal` holds the numbers of every way out."""

    def __init__(self, sentence: str, proposal: WeighableBatch) -> None:
        super().__init__(sentence, proposal)
        self.proposal = proposal


@exactly
def check_batch_weighable(
    powders: Sequence[PowderToWeigh], *, minimum_mg: Decimal, batch_unit: str
) -> None:
    """Raise `NotWeighable` for the first powder below the minimum of the balance; compared unrounded.

    The proposed batch is large enough for every powder. `batch_unit` is "capsule" or "mL".
    """
    for powder in powders:
        if settle(powder.needed_mg) < minimum_mg:
            smallest = max(other.smallest_batch for other in powders)
            proposal = _proposal(powder, minimum_mg, smallest, batch_unit)
            raise NotWeighable(_sentence(proposal), proposal)


def _proposal(
    powder: PowderToWeigh, minimum_mg: Decimal, smallest: Decimal, batch_unit: str
) -> WeighableBatch:
    needed = powder.needed_mg
    counted = batch_unit if batch_unit == "mL" else wording.plural(int(smallest), batch_unit)
    return WeighableBatch(
        component=powder.name,
        needed_mg=needed,
        minimum_mg=minimum_mg,
        smallest_batch=smallest,
        smallest_batch_in_words=f"{wording.number(smallest)} {counted}",
        triturate=solid_aliquot(
            needed_mg=needed, minimum_mg=minimum_mg, aliquot_mg=max(minimum_mg, needed * _DILUTED)
        ),
        stock_solution=_stock_solution(needed, minimum_mg, powder.solubility_mg_per_ml),
    )


def _stock_solution(
    needed_mg: Decimal, minimum_mg: Decimal, solubility_mg_per_ml: Decimal | None
) -> LiquidAliquot | None:
    if solubility_mg_per_ml is None:
        return None
    dissolves_in = Decimal(whole_at_least(needed_mg / solubility_mg_per_ml))
    return liquid_aliquot(
        needed_mg=needed_mg,
        minimum_mg=minimum_mg,
        aliquot_ml=max(_LEAST_ALIQUOT_ML, dissolves_in),
        solubility_mg_per_ml=solubility_mg_per_ml,
    )


def _sentence(proposal: WeighableBatch) -> str:
    return (
        f"The batch needs {_mg(proposal.needed_mg)} of {proposal.component}, and this balance weighs "
        f"no less than {_mg(proposal.minimum_mg)}. Make at least {proposal.smallest_batch_in_words}; "
        f"or {_diluted(proposal)}."
    )


def _diluted(proposal: WeighableBatch) -> str:
    stock, triturate = proposal.stock_solution, proposal.triturate
    if stock is not None:
        return (
            f"dissolve {_mg(stock.weigh_drug_mg)} to {wording.millilitres(stock.stock_volume_ml)} "
            f"and take {wording.millilitres(stock.aliquot_ml)} of it"
        )
    return (
        f"make a triturate of {_mg(triturate.weigh_drug_mg)} with {_mg(triturate.diluent_mg)} of "
        f"diluent and take {_mg(triturate.aliquot_mg)} of it"
    )


def _mg(mg: Decimal) -> str:
    return f"{wording.rounded(mg, 3)} mg"
