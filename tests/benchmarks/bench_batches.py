"""Batches on their own, with every press of a button: no order, no paper.

`batch` is the 1% triturate of naltrexone as the demonstration pharmacy makes it, two powders, without the jar that it
is kept in: created; two containers scanned and weighed; its seven steps ticked one by one; finished, its appearance
checked, verified, released, and put on the ingredients' shelf as a lot of its own.

`capsules` is the pharmacy's naltrexone capsule: two powders and the shell, three containers scanned and weighed (the
shells counted); its nine steps ticked; finished, its appearance and ten fill weights checked, verified and released.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from pharmacy.batches.actions import plan_record
from pharmacy.batches.models import CompoundingRecord
from pharmacy.formulations.actions import approve_formula, draft_formula
from pharmacy.formulations.models import LineRole, MasterFormulationRecord
from pharmacy.formulations.queries import approved_formula
from pharmacy.workflow.demonstration import Bench, finish_and_check, release, weigh
from pharmacy.workflow.seed.formulas.triturates import naltrexone_triturate
from pharmacy.workflow.seed.pharmacy import seed_house
from pharmacy.workflow.seed.substances import seed_ingredients
from tests.benchmarks.frame import Pair, bench

_TWO_POWDERS = "benchmark-triturate"


@bench(
    what="two ingredients from created to released",
    against="planning it alone",
    most_queries=59,
)
def batch() -> Pair:
    house = _house()
    return _made(house, _two_powders(house), strength="1", units=5)


@bench(
    what="capsules from created to released",
    against="planning it alone",
    most_queries=67,
)
def capsules() -> Pair:
    return _made(_house(), approved_formula("ldn-capsules"), strength="4.5", units=30)


def _house() -> Bench:
    return seed_house(at=timezone.now() - timedelta(days=30))


def _two_powders(house: Bench) -> MasterFormulationRecord:
    """The seeded triturate with its own steps and checks, of its two powders only."""
    known = MasterFormulationRecord.objects.filter(code=_TWO_POWDERS).first()
    if known is not None:
        return approved_formula(_TWO_POWDERS)
    seeded, at = naltrexone_triturate(seed_ingredients(), percent=1), timezone.now()
    powders = tuple(line for line in seeded.lines if line.role != LineRole.CONTAINER)
    draft = replace(seeded, code=_TWO_POWDERS, lines=powders)
    formula = draft_formula(draft=draft, by=house.verifier, at=at)
    approve_formula(formula=formula, by=house.pharmacist, at=at)
    return approved_formula(_TWO_POWDERS)


def _made(house: Bench, formula: MasterFormulationRecord, *, strength: str, units: int) -> Pair:
    def planned() -> CompoundingRecord:
        return plan_record(
            formula=formula,
            strength=Decimal(strength),
            units=units,
            balance=house.balance,
            by=house.technician,
            at=timezone.now(),
        )

    def to_released() -> None:
        record, at = planned(), timezone.now()
        weigh(record, bench=house, at=at)
        release(finish_and_check(record, bench=house, at=at), bench=house, at=at)

    return Pair(ours=to_released, other=planned)
