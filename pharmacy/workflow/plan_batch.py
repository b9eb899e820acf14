"""A batch is planned for waiting order lines of one formula and strength; their orders are being made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.actions import plan_record
from pharmacy.batches.models import CompoundingRecord
from pharmacy.formulations.models import Ingredient, MasterFormulationRecord
from pharmacy.formulations.queries import approved_formula
from pharmacy.inventory.models import Balance
from pharmacy.orders.actions import move_order
from pharmacy.orders.models import Allocation, OrderLine, TitrationStep
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import Actor
from pharmacy.policies.queries import whole_of

_SPARE_PCT = "batch_spare_pct"
MAKEABLE = (OrderState.APPROVED, OrderState.IN_COMPOUNDING)
"""An order with several lines is being made as soon as the first of them is planned."""


class NothingToMake(Refusal):
    """No order line was chosen."""


class LinesDiffer(Refusal):
    """The lines are not of one formula and one strength."""


class OrderNotApproved(Refusal):
    """An order is not approved, so nothing may be made for it."""


class AlreadyPlanned(Refusal):
    """A batch is set aside for the line already."""


class TooFewUnits(Refusal):
    """Fewer units than the lines need."""


class MoreThanOrdered(Refusal):
    """More units than the lines need with spare ones: the rest would be made ahead of orders."""


@dataclass(frozen=True)
class WaitingGroup:
    """Order lines that one batch can be made for, the soonest due first, and the units they need."""

    formula: MasterFormulationRecord
    strength: Decimal
    lines: tuple[OrderLine, ...]

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)


@writing()
def plan_batch(
    *,
    lines: Sequence[OrderLine],
    balance: Balance,
    by: Actor,
    at: datetime,
    units: int | None = None,
    active: Ingredient | None = None,
) -> CompoundingRecord:
    """Return a planned compounding record for these lines, which are set aside from it; their orders are being made.

    It is made by the approved version of the formula, with `units` capsules or bottles (as many as the
    lines need, unless spare ones are asked for), by the triturate `active` where one is chosen.
    Raises NothingToMake, LinesDiffer, OrderNotApproved, AlreadyPlanned, TooFewUnits, MoreThanOrdered, or a
    refusal of `plan_record`.
    """
    chosen = lock_and_check(lines)
    needed = sum(line.quantity for line in chosen)
    wanted = needed if units is None else units
    _check_units(wanted, needed, on=timezone.localdate(at))
    formula = approved_formula(chosen[0].formula.code)
    record = plan_record(
        formula=formula,
        strength=chosen[0].strength,
        units=wanted,
        balance=balance,
        doses_mg=_doses_mg(formula, chosen),
        needed_until=_needed_until(chosen, timezone.localdate(at)),
        active=active,
        by=by,
        at=at,
    )
    for line in chosen:
        set_aside(line, record, by=by, at=at)
    return record


def waiting_groups() -> list[WaitingGroup]:
    """Return what there is to make: lines of approved orders without a batch, by formula and strength."""
    groups: dict[tuple[str, Decimal], list[OrderLine]] = {}
    for line in waiting_lines():
        groups.setdefault((line.formula.code, line.strength), []).append(line)
    return [
        WaitingGroup(lines[0].formula, strength, tuple(lines))
        for (_code, strength), lines in groups.items()
    ]


def waiting_lines() -> QuerySet[OrderLine]:
    """Return the lines of orders that may be made and have no batch set aside, the soonest due first."""
    # Asked of each waiting line: a list of all lines ever planned would grow for years.
    planned = Allocation.objects.filter(line=OuterRef("pk"), withdrawn_at__isnull=True)
    return (
        OrderLine.objects.filter(~Exists(planned), order__state__in=MAKEABLE)
        .select_related("formula", "order__prescription__patient")
        .order_by("order__due_on", "order_id", "position")
    )


def lock_and_check(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """Return the lines, locked, as one batch may be made for them.

    Raises NothingToMake, LinesDiffer, OrderNotApproved or AlreadyPlanned.
    """
    chosen = _locked_lines(lines)
    _check_lines(chosen)
    return chosen


def _locked_lines(lines: Sequence[OrderLine]) -> list[OrderLine]:
    chosen = list(
        OrderLine.objects.select_related("order__prescription", "formula")
        .filter(pk__in=[line.pk for line in lines])
        .select_for_update(of=("self",))
        .order_by("order__due_on", "order_id", "position")
    )
    if not chosen:
        raise NothingToMake(_("Choose at least one order line."))
    return chosen


def _check_lines(lines: Sequence[OrderLine]) -> None:
    if len({(line.formula.code, line.strength) for line in lines}) != 1:
        raise LinesDiffer(
            _("One batch is of one formula and one strength. Plan these lines apart.")
        )
    planned = set(
        Allocation.objects.filter(line__in=lines, withdrawn_at__isnull=True).values_list(
            "line_id", flat=True
        )
    )
    for line in lines:
        if line.order.state not in MAKEABLE:
            raise OrderNotApproved(
                _("Order %(order)s is %(state)s, not approved.")
                % {"order": line.order.number, "state": line.order.get_state_display()}
            )
        if line.pk in planned:
            raise AlreadyPlanned(
                _("A batch is set aside for order %(order)s already.")
                % {"order": line.order.number}
            )


def set_aside(line: OrderLine, record: CompoundingRecord, *, by: Actor, at: datetime) -> Allocation:
    """Return the allocation of a line to a batch; its order is being made."""
    allocation = Allocation.objects.create(line=line, record=record, quantity=line.quantity)
    order = line.order
    order.refresh_from_db(fields=["state"])
    if order.state == OrderState.APPROVED:
        move_order(order, to=OrderState.IN_COMPOUNDING, by=by, at=at, note=record.number)
    record_event(
        event="line_set_aside",
        record=line,
        by=by,
        at=at,
        new={"lot": record.number, "quantity": line.quantity},
    )
    return allocation


def _check_units(wanted: int, needed: int, *, on: date) -> None:
    """As many as ordered, with spare ones for tests and losses; what goes further is made ahead, and capped there."""
    if wanted < needed:
        raise TooFewUnits(
            _("The orders need %(needed)s units; %(wanted)s are too few.")
            % {"needed": wording.number(needed), "wanted": wording.number(wanted)}
        )
    if wanted == needed:
        return
    most = needed * (100 + whole_of(_SPARE_PCT, on=on)) // 100
    if wanted > most:
        raise MoreThanOrdered(
            _(
                "The orders need %(needed)s units. With spare ones for tests and losses a batch for them may be "
                "of %(most)s, not of %(wanted)s. More is made ahead of orders, under Make ahead, with a reason."
            )
            % {
                "needed": wording.number(needed),
                "most": wording.number(most),
                "wanted": wording.number(wanted),
            }
        )


def _doses_mg(formula: MasterFormulationRecord, lines: Sequence[OrderLine]) -> list[Decimal]:
    """The doses of the drop table: those of the plans that the batch is made for."""
    if not formula.is_liquid:
        return []
    prescriptions = [line.order.prescription_id for line in lines]
    steps = TitrationStep.objects.filter(prescription__in=prescriptions)
    return sorted(set(steps.values_list("dose_mg", flat=True)))


def _needed_until(lines: Sequence[OrderLine], on: date) -> date:
    """The last dose of the longest plan, begun on the day of making."""
    return on + timedelta(days=max(line.days_supply for line in lines) - 1)
