"""A batch that needs less of a powder than the balance can weigh, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compounding import wording
from compounding.arithmetic import exactly, settle
from compounding.errors import Refusal
from compounding.weighing import SolidAliquot, solid_aliquot

_DILUTED = 10
"""A proposed triturate is 1 in 10, or weaker where the balance asks for a larger part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WeighableBatch:
    """The two ways out: a larger batch (in its own words and number), or a triturate."""

    component: str
    needed_mg: Decimal
    minimum_mg: Decimal
    smallest_batch: Decimal
    smallest_batch_in_words: str
    triturate: SolidAliquot


class NotWeighable(Refusal):
    """The balance cannot weigh so little. `proposal` holds the numbers of both ways out."""

    def __init__(self, sentence: str, proposal: WeighableBatch) -> None:
        super().__init__(sentence, proposal)
        self.proposal = proposal


@exactly
def check_weighing(
    needed_mg: Decimal,
    *,
    component: str,
    minimum_mg: Decimal,
    smallest_batch: Decimal,
    in_words: str,
) -> None:
    """Raise `NotWeighable` if the unrounded amount is below the unrounded minimum of the balance."""
    if settle(needed_mg) >= minimum_mg:
        return
    aliquot = max(minimum_mg, needed_mg * _DILUTED)
    proposal = WeighableBatch(
        component=component,
        needed_mg=needed_mg,
        minimum_mg=minimum_mg,
        smallest_batch=smallest_batch,
        smallest_batch_in_words=in_words,
        triturate=solid_aliquot(needed_mg=needed_mg, minimum_mg=minimum_mg, aliquot_mg=aliquot),
    )
    raise NotWeighable(_sentence(proposal), proposal)


def _sentence(proposal: WeighableBatch) -> str:
    triturate = proposal.triturate
    return (
        f"The batch needs {_mg(proposal.needed_mg)} of {proposal.component}, and this balance weighs no "
        f"less than {_mg(proposal.minimum_mg)}. Make at least {proposal.smallest_batch_in_words}; or make a "
        f"triturate of {_mg(triturate.weigh_drug_mg)} with {_mg(triturate.diluent_mg)} of diluent and take "
        f"{_mg(triturate.aliquot_mg)} of it."
    )


def _mg(mg: Decimal) -> str:
    return f"{wording.rounded(mg, 3)} mg"
