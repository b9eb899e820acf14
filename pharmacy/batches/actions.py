"""Writing compounding records: the frozen plan with its reserved stock, and the moves of finished units."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import given, wording
from compounding.errors import Refusal
from compounding.weighable import NotWeighable
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.beyond_use import last_day_of_class
from pharmacy.batches.models import (
    BatchLine,
    CompoundingRecord,
    UnitLevel,
    UnitMove,
    UnitPlace,
)
from pharmacy.batches.plans import BatchPlan, BatchRequest
from pharmacy.batches.policies import PlanningPolicies, planning_policies
from pharmacy.batches.worksheets import digest_of, frozen, plan_batch_of
from pharmacy.formulations.models import Ingredient, MasterFormulationRecord
from pharmacy.formulations.queries import check_strength
from pharmacy.formulations.states import FormulaState
from pharmacy.inventory.models import Balance, Place
from pharmacy.inventory.moves import Taking, move_stocks
from pharmacy.inventory.queries import check_calibrated, least_weighable, levels_of
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

_NUMBER_DIGITS = 4


class FormulaNotApproved(Refusal):
    """Nothing is made by a draft or by a version that has retired."""


class InsufficientUnits(Refusal):
    """There are fewer finished units at that place than were to be taken."""


@writing()
def plan_record(
    *,
    formula: MasterFormulationRecord,
    strength: Decimal,
    units: int,
    balance: Balance,
    by: Actor,
    at: datetime,
    doses_mg: Sequence[Decimal] = (),
    needed_until: date | None = None,
    active: Ingredient | None = None,
) -> CompoundingRecord:
    """Return a planned compounding record: its worksheet frozen, its lines one a lot, its stock reserved.

    `strength` is in the formula's unit; `units` are capsules or bottles; `doses_mg` are the doses of the
    drop table. A lot that expires before `needed_until` is passed over, as far as the class allows the
    preparation to be kept that long. `active` brings the active instead of the formula's own powder: one of
    its alternatives, a triturate.
    Raises FormulaNotApproved, StrengthOutOfRange, CalibrationOverdue, NotEnoughStock, NoPolicy, or a
    refusal of the worksheet, for instance NotWeighable with its proposal.
    """
    planner_id = person_in(Role.of_staff(), by)
    on = timezone.localdate(at)
    _check_request(formula, strength, units, balance, on)
    policies = planning_policies(formula.bud_class, on=on)
    request = BatchRequest(
        formula=formula,
        strength=strength,
        units=units,
        balance=balance,
        doses_mg=tuple(sorted(set(doses_mg))),
        on=on,
        needed_until=_needed_until(formula, policies, on, needed_until),
        policies=policies,
        active=active,
    )
    plan = _planned(request)
    record = _write_record(request, plan, planner_id=planner_id, at=at)
    _write_lines(record, plan, by=by, at=at)
    new = {
        "number": record.number,
        "formula": formula.code,
        "version": formula.version,
        "worksheet": record.worksheet_sha256,
    }
    record_event(event="batch_planned", record=record, by=by, at=at, new=new)
    return record


@writing()
def move_units(
    *,
    record: CompoundingRecord,
    quantity: Decimal | int,
    from_place: UnitPlace,
    to_place: UnitPlace,
    reference: str,
    by: Actor,
    at: datetime,
    there: Decimal | None = None,
) -> UnitMove:
    """Return the move of finished capsules or bottles. The only function that writes a UnitMove.

    `there` is how many are at the place they come from, if the same change has read it already.
    Raises InsufficientUnits with the numbers, or OutOfRange for nothing or less.
    """
    user_id = person_in(Role.of_staff(), by)
    amount = given.positive(Decimal(quantity), _("The number of units"))
    if from_place != UnitPlace.BENCH:
        _check_enough(record, amount, from_place, there)
    return UnitMove.objects.create(
        record=record,
        quantity=amount,
        from_place=from_place,
        to_place=to_place,
        at=at,
        by_id=user_id,
        reference=reference,
    )


def _planned(request: BatchRequest) -> BatchPlan:
    try:
        return plan_batch_of(request)
    except NotWeighable as refusal:
        least = least_weighable(request.balance, request.on)
        raise NotWeighable(f"{refusal} {least}", refusal.proposal) from refusal


def _check_request(
    formula: MasterFormulationRecord, strength: Decimal, units: int, balance: Balance, on: date
) -> None:
    given.count(units, _("The number of units"))
    if formula.state != FormulaState.APPROVED:
        raise FormulaNotApproved(_("%(formula)s is not approved.") % {"formula": formula})
    check_strength(formula, strength)
    check_calibrated(balance, on)


def _write_record(
    request: BatchRequest, plan: BatchPlan, *, planner_id: int, at: datetime
) -> CompoundingRecord:
    worksheet = frozen(request, plan)
    return CompoundingRecord.objects.create(
        number=_next_number(request.on),
        formula=request.formula,
        strength=request.strength,
        units_wanted=request.units,
        worksheet=worksheet,
        worksheet_sha256=digest_of(worksheet),
        policy_versions=request.policies.versions,
        planned_by_id=planner_id,
        planned_at=at,
    )


def _needed_until(
    formula: MasterFormulationRecord,
    policies: PlanningPolicies,
    on: date,
    needed_until: date | None,
) -> date:
    """A lot need not keep longer than the preparation itself may be kept."""
    if needed_until is None:
        return on
    return min(needed_until, last_day_of_class(formula, policies.beyond_use, prepared_on=on))


def _write_lines(record: CompoundingRecord, plan: BatchPlan, *, by: Actor, at: datetime) -> None:
    BatchLine.objects.bulk_create(
        BatchLine(
            record=record,
            position=position,
            ingredient=planned.line.ingredient,
            lot=planned.lot,
            role=planned.line.role,
            wanted=planned.wanted,
            lowest=planned.lowest,
            highest=planned.highest,
            unit=planned.line.ingredient.unit,
            fills_up=planned.fills_up,
        )
        for position, planned in enumerate(plan.lines, 1)
    )
    reserved = [
        Taking(
            lot=planned.lot,
            quantity=planned.wanted,
            from_place=Place.SHELF,
            to_place=Place.RESERVED,
        )
        for planned in plan.lines
    ]
    # The lots were read in this change: nobody has taken of them since.
    there = levels_of(planned.lot for planned in plan.lines)
    move_stocks(reserved, reference=record.number, there=there, by=by, at=at)


def _next_number(on: date) -> str:
    """Return the next lot number of the year; the lock of `writing()` makes it unique."""
    prefix = f"B-{on.year}-"
    numbers = CompoundingRecord.objects.filter(number__startswith=prefix)
    newest = numbers.order_by("-id").values_list("number", flat=True).first()
    last = int(newest.removeprefix(prefix)) if newest else 0
    return f"{prefix}{last + 1:0{_NUMBER_DIGITS}d}"


def _check_enough(
    record: CompoundingRecord, quantity: Decimal, place: UnitPlace, there: Decimal | None
) -> None:
    if there is None:
        level = UnitLevel.objects.select_for_update().filter(record=record, place=place).first()
        there = Decimal(0) if level is None else level.quantity
    if there < quantity:
        raise InsufficientUnits(
            _("Lot %(lot)s has %(there)s units in %(place)s, not %(quantity)s.")
            % {
                "lot": record.number,
                "there": wording.grouped(there),
                "quantity": wording.grouped(quantity),
                "place": UnitPlace(place).label,
            }
        )
