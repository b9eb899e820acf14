"""A batch on its own, with every press of a button: created; three containers scanned and weighed; nine steps ticked;
finished, checked twice, released. No order, no paper.
"""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from pharmacy.batches.actions import plan_record
from pharmacy.batches.models import CompoundingRecord
from pharmacy.formulations.queries import approved_formula
from pharmacy.workflow.demonstration import finish_and_check, release, weigh
from pharmacy.workflow.seed.pharmacy import seed_house
from tests.benchmarks.frame import Pair, bench


@bench(
    what="a batch of two ingredients from created to released",
    against="planning it alone",
    most_queries=135,
)
def batch() -> Pair:
    house = seed_house(at=timezone.now() - timedelta(days=30))
    formula = approved_formula("ldn-capsules")

    def planned() -> CompoundingRecord:
        return plan_record(
            formula=formula,
            strength=Decimal("4.5"),
            units=30,
            balance=house.balance,
            by=house.technician,
            at=timezone.now(),
        )

    def to_released() -> None:
        record, at = planned(), timezone.now()
        weigh(record, bench=house, at=at)
        release(finish_and_check(record, bench=house, at=at), bench=house, at=at)

    return Pair(ours=to_released, other=planned)
