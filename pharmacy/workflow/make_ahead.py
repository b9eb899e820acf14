"""A batch made ahead of orders, as far as the last weeks allow; and orders filled from what such a batch left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.actions import plan_record
from pharmacy.batches.models import AheadOfOrders, CompoundingRecord, UnitLevel, UnitPlace
from pharmacy.batches.queries import UNDER_WAY, open_deviations
from pharmacy.batches.states import BatchState
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.models import Balance
from pharmacy.orders.models import Allocation, Fill, OrderLine
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.policies.queries import whole_of
from pharmacy.recalls.queries import check_nothing_recalled_in
from pharmacy.workflow.plan_batch import lock_and_check, set_aside
from pharmacy.workflow.verify_batch import ready_if_covered

_HISTORY_DAYS = "anticipatory_supply_days"
_HANDLING_DAYS = "handling_days"


class AheadNeedsReason(Refusal):
    """A batch without orders says why it is made."""


class MoreThanHistory(Refusal):
    """More is asked for than the last weeks justify."""


class NotFromThisBatch(Refusal):
    """The batch is of another formula or strength, or may not be dispensed."""


class TooFewInStock(Refusal):
    """The batch has fewer free units than the orders need."""


class KeepsTooShortForPlan(Refusal):
    """The plan would run past the batch's beyond-use date."""


@dataclass(frozen=True)
class History:
    """What was dispensed of a formula and strength in these days, and what of it is free already."""

    days: int
    dispensed: int
    free: int

    @property
    def most(self) -> int:
        """Return how many units may be made ahead now."""
        return max(self.dispensed - self.free, 0)


@dataclass(frozen=True)
class Stock:
    """A released batch with units that no order waits for."""

    record: CompoundingRecord
    free: int


def history_of(formula: MasterFormulationRecord, strength: Decimal, *, at: datetime) -> History:
    """Return the history that bounds a batch made ahead.

    Source: FD&C Act section 503A(a)(2), limited quantities by the history of orders; FDA guidance of December
    2016 takes 30 days of it, a policy.
    """
    days = whole_of(_HISTORY_DAYS, on=timezone.localdate(at))
    fills = Fill.objects.filter(
        line__formula__code=formula.code,
        line__strength=strength,
        dispensed_at__gt=at - timedelta(days=days),
        dispensed_at__lte=at,
    )
    dispensed = fills.aggregate(units=Sum("quantity"))["units"] or 0
    in_stock = sum(each.free for each in free_stock(formula.code, strength))
    coming = AheadOfOrders.objects.filter(
        record__formula__code=formula.code, record__strength=strength, record__state__in=UNDER_WAY
    ).aggregate(units=Sum("record__units_wanted"))["units"]
    return History(days, dispensed, in_stock + (coming or 0))


def free_stock(code: str = "", strength: Decimal | None = None) -> list[Stock]:
    """Return the released batches with free units, the first to reach its beyond-use date first."""
    levels = UnitLevel.objects.filter(
        place=UnitPlace.STOCK, quantity__gt=0, record__state=BatchState.RELEASED
    ).select_related("record__formula")
    if strength is not None:
        levels = levels.filter(record__formula__code=code, record__strength=strength)
    found = list(levels.order_by("record__beyond_use_on", "record_id"))
    waiting = Allocation.objects.filter(
        record__in=[level.record_id for level in found],
        withdrawn_at__isnull=True,
        line__fills__isnull=True,
    )
    taken = dict(
        waiting.order_by()
        .values_list("record")
        .annotate(units=Sum("quantity"))
        .values_list("record", "units")
    )
    stock = [
        Stock(each.record, int(each.quantity) - taken.get(each.record_id, 0)) for each in found
    ]
    return [each for each in stock if each.free > 0]


@writing()
def plan_ahead(
    *,
    formula: MasterFormulationRecord,
    strength: Decimal,
    units: int,
    reason: str,
    balance: Balance,
    by: Actor,
    at: datetime,
) -> CompoundingRecord:
    """Return a planned record that no order waits for, with the reason and the history that allowed it.

    Raises AheadNeedsReason, MoreThanHistory with the numbers, or a refusal of `plan_record`.
    """
    if not reason.strip():
        raise AheadNeedsReason(_("Write down why it is made before anybody ordered it."))
    history = history_of(formula, strength, at=at)
    if units > history.most:
        raise MoreThanHistory(
            _(
                "In the last %(days)s days %(dispensed)s units were dispensed, and %(free)s are free or "
                "being made already: %(most)s may be made ahead, not %(units)s."
            )
            % {
                "days": history.days,
                "dispensed": wording.number(history.dispensed),
                "free": wording.number(history.free),
                "most": wording.number(history.most),
                "units": wording.number(units),
            }
        )
    record = plan_record(
        formula=formula, strength=strength, units=units, balance=balance, by=by, at=at
    )
    AheadOfOrders.objects.create(
        record=record,
        reason=reason.strip(),
        history_days=history.days,
        dispensed_units=history.dispensed,
        free_units=history.free,
    )
    record_event(
        event="batch_planned_ahead",
        record=record,
        by=by,
        at=at,
        new={"units": units, "dispensed": history.dispensed, "days": history.days},
    )
    return record


@writing()
def fill_from_stock(
    *, lines: Sequence[OrderLine], record: CompoundingRecord, by: Actor, at: datetime
) -> list[Allocation]:
    """Set approved order lines aside from a released batch; orders that are covered by it are ready.

    Only a pharmacist may. Raises NotFromThisBatch, TooFewInStock, KeepsTooShortForPlan, LotRecalledInside, or
    what `plan_batch` raises about the lines.
    """
    person_in({Role.PHARMACIST}, by)
    chosen = lock_and_check(lines)
    record = (
        CompoundingRecord.objects.select_related("formula")
        .select_for_update(of=("self",))
        .get(pk=record.pk)
    )
    _check_may_be_used(record, chosen[0])
    _check_enough(record, chosen)
    for line in chosen:
        _check_keeps(record, line, timezone.localdate(at))
    made = [set_aside(line, record, by=by, at=at) for line in chosen]
    for order in {line.order_id: line.order for line in chosen}.values():
        ready_if_covered(order, by=by, at=at)
    return made


def _check_may_be_used(record: CompoundingRecord, line: OrderLine) -> None:
    same = (record.formula.code, record.strength) == (line.formula.code, line.strength)
    if not same or record.state != BatchState.RELEASED:
        raise NotFromThisBatch(
            _("Lot %(lot)s is not a released batch of what was ordered.") % {"lot": record.number}
        )
    check_nothing_recalled_in(record)
    if open_deviations(record).exists():
        raise NotFromThisBatch(
            _("A deviation of lot %(lot)s is open. Close it first.") % {"lot": record.number}
        )


def _check_enough(record: CompoundingRecord, lines: Sequence[OrderLine]) -> None:
    needed = sum(line.quantity for line in lines)
    stock = free_stock(record.formula.code, record.strength)
    free = next((each.free for each in stock if each.record.pk == record.pk), 0)
    if free < needed:
        raise TooFewInStock(
            _("Lot %(lot)s has %(free)s free units; the orders need %(needed)s.")
            % {
                "lot": record.number,
                "free": wording.number(free),
                "needed": wording.number(needed),
            }
        )


def _check_keeps(record: CompoundingRecord, line: OrderLine, on: date) -> None:
    handling = whole_of(_HANDLING_DAYS, on=on)
    until = record.beyond_use_on
    last_dose_on = on + timedelta(days=handling + line.days_supply - 1)
    if until is None or until < last_dose_on:
        raise KeepsTooShortForPlan(
            _("Lot %(lot)s may be used until %(until)s; the plan may run to %(last)s.")
            % {
                "lot": record.number,
                "until": "–" if until is None else wording.full_day(until),
                "last": wording.full_day(last_dose_on),
            }
        )
