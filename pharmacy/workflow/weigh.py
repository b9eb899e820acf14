"""At the bench: every line is weighed against its limits, and the finished batch gets its beyond-use date."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from compounding.weighing import check_weighable
from compounding.yields import reconcile
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.batches.actions import move_units
from pharmacy.batches.beyond_use import beyond_use_of, limits_as_json
from pharmacy.batches.models import BatchLine, CompoundingRecord, UnitPlace, Weighing
from pharmacy.batches.queries import batch_units_of, lines_to_weigh
from pharmacy.batches.states import BATCH_STATES, BatchState
from pharmacy.formulations.models import Unit
from pharmacy.inventory.actions import move_stock
from pharmacy.inventory.models import Balance, IngredientLot, Place
from pharmacy.inventory.queries import check_calibrated, least_weighable_mg
from pharmacy.inventory.states import LotState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role


class NotBeingWeighed(Refusal):
    """The batch is past weighing."""


class WeighedBefore(Refusal):
    """The line has its weighing; it is never edited."""


class LotMayNotBeUsed(Refusal):
    """The lot expired or was recalled after the batch was planned."""


class BalanceMissing(Refusal):
    """A mass was entered without saying on which balance it was weighed."""


class BalanceNotNeeded(Refusal):
    """What is counted or poured is not weighed."""


class OverCapacity(Refusal):
    """More than the balance carries."""


class WeighingOutsideTolerance(Refusal):
    """The amount lies outside the limits of the worksheet."""


class NotEverythingWeighed(Refusal):
    """Lines of the worksheet have no weighing yet."""


class NothingObserved(Refusal):
    """What the preparation looks like was not written down."""


class UnitsNotAccountedFor(Refusal):
    """Units of the batch are neither made, nor tested, nor wasted."""


class NothingMade(Refusal):
    """No usable unit came out of the batch."""


@writing()
def record_weighing(
    *, line: BatchLine, amount: Decimal, balance: Balance | None, by: Actor, at: datetime
) -> Weighing:
    """Return what was measured out for a line, in the line's unit (mg, mL or pieces). The first starts the weighing.

    Raises a named refusal, and then nothing is recorded: NotBeingWeighed, WeighedBefore, LotMayNotBeUsed,
    BalanceMissing, BalanceNotNeeded, CalibrationOverdue, BelowBalanceMinimum, OverCapacity,
    WeighingOutsideTolerance, InsufficientStock.
    """
    user_id = person_in(Role.of_staff(), by)
    line = BatchLine.objects.select_related("lot__ingredient", "ingredient").get(pk=line.pk)
    record = _locked(line.record_id)
    on = timezone.localdate(at)
    _check_open(record, line)
    _check_lot(line.lot, on)
    _check_balance(line, amount, balance, on)
    _check_limits(line, amount)
    if record.state == BatchState.PLANNED:
        move(record, table=BATCH_STATES, to=BatchState.WEIGHING, by=by, at=at)
    weighing = Weighing.objects.create(
        line=line, amount=amount, balance=balance, at=at, by_id=user_id
    )
    _use_stock(line, amount, record, by=by, at=at)
    record_event(
        event="batch_weighed",
        record=record,
        by=by,
        at=at,
        new={
            "line": line.position,
            "lot": line.lot.lot_number,
            "amount": amount,
            "balance": None if balance is None else balance.name,
        },
    )
    return weighing


@writing()
def finish_compounding(
    *,
    record: CompoundingRecord,
    units_made: int,
    units_wasted: int,
    observed_description: str,
    by: Actor,
    at: datetime,
    units_tested: int = 0,
) -> CompoundingRecord:
    """Return the compounded record: yield accounted for, beyond-use date set, rest of the stock back on the shelf.

    Whoever finishes is its maker. `units_tested` were used up in tests. Raises NotEverythingWeighed,
    NothingObserved, NothingMade, UnitsNotAccountedFor, MoreThanWasMade, ComponentExpired, or a refusal
    of the state table.
    """
    maker_id = person_in(Role.of_staff(), by)
    record = _locked(record.pk)
    _check_weighed(record)
    if not observed_description.strip():
        raise NothingObserved(_("Write down what the preparation looks like."))
    _check_yield(record, made=units_made, tested=units_tested, wasted=units_wasted)
    beyond_use = beyond_use_of(record, timezone.localdate(at))
    move(
        record,
        table=BATCH_STATES,
        to=BatchState.COMPOUNDED,
        by=by,
        at=at,
        made_by_id=maker_id,
        compounded_at=at,
        observed_description=observed_description.strip(),
        units_made=units_made,
        units_wasted=units_wasted,
        beyond_use_on=beyond_use.date,
        beyond_use_reason=beyond_use.reason,
        beyond_use_limits=limits_as_json(beyond_use),
    )
    return_unused(record, to_place=Place.SHELF, by=by, at=at)
    for quantity, place in (
        (units_made, UnitPlace.STOCK),
        (units_tested, UnitPlace.TESTED),
        (units_wasted, UnitPlace.WASTE),
    ):
        if quantity:
            move_units(
                record=record,
                quantity=quantity,
                from_place=UnitPlace.BENCH,
                to_place=place,
                reference=record.number,
                by=by,
                at=at,
            )
    return record


def return_unused(record: CompoundingRecord, *, to_place: Place, by: Actor, at: datetime) -> None:
    """Move what is still reserved for a batch to the place; of a lot that may not be used, to the waste."""
    for line in record.lines.select_related("lot__ingredient").order_by("position"):
        weighing = Weighing.objects.filter(line=line).first()
        unused = line.wanted - (weighing.amount if weighing else Decimal(0))
        if unused > 0:
            usable = line.lot.state in (LotState.RELEASED, LotState.EXHAUSTED)
            move_stock(
                lot=line.lot,
                quantity=unused,
                from_place=Place.RESERVED,
                to_place=to_place if usable else Place.WASTE,
                reference=record.number,
                by=by,
                at=at,
            )


def _locked(record_id: int) -> CompoundingRecord:
    return (
        CompoundingRecord.objects.select_related("formula")
        .select_for_update(of=("self",))
        .get(pk=record_id)
    )


def _check_open(record: CompoundingRecord, line: BatchLine) -> None:
    if record.state not in (BatchState.PLANNED, BatchState.WEIGHING):
        raise NotBeingWeighed(
            _("Batch %(number)s is %(state)s; nothing more is weighed for it.")
            % {"number": record.number, "state": record.get_state_display()}
        )
    if Weighing.objects.filter(line=line).exists():
        raise WeighedBefore(
            _("%(ingredient)s is weighed already.") % {"ingredient": line.ingredient.label_name}
        )


def _check_lot(lot: IngredientLot, on: date) -> None:
    names = {"lot": lot.lot_number, "ingredient": lot.ingredient.label_name}
    if lot.expires_on < on:
        raise LotMayNotBeUsed(
            _("Lot %(lot)s of %(ingredient)s expired on %(day)s.")
            % {**names, "day": wording.full_day(lot.expires_on)}
        )
    if lot.state not in (LotState.RELEASED, LotState.EXHAUSTED):
        raise LotMayNotBeUsed(
            _("Lot %(lot)s of %(ingredient)s is %(state)s.")
            % {**names, "state": lot.get_state_display()}
        )


def _check_balance(line: BatchLine, amount: Decimal, balance: Balance | None, on: date) -> None:
    ingredient = line.ingredient.label_name
    if line.unit != Unit.MG:
        if balance is not None:
            raise BalanceNotNeeded(
                _("%(ingredient)s is counted or poured, not weighed.") % {"ingredient": ingredient}
            )
        return
    if balance is None:
        raise BalanceMissing(
            _("Say on which balance %(ingredient)s was weighed.") % {"ingredient": ingredient}
        )
    check_calibrated(balance, on)
    check_weighable(amount, minimum_mg=least_weighable_mg(balance, on), what=ingredient)
    if amount > balance.capacity_mg:
        raise OverCapacity(
            _("%(balance)s carries %(capacity)s mg, not %(amount)s mg.")
            % {
                "balance": balance.name,
                "capacity": wording.number(balance.capacity_mg),
                "amount": wording.number(amount),
            }
        )


def _check_limits(line: BatchLine, amount: Decimal) -> None:
    if line.lowest <= amount <= line.highest and amount > 0:
        return
    raise WeighingOutsideTolerance(
        _("%(amount)s %(unit)s of %(ingredient)s is outside %(lowest)s to %(highest)s %(unit)s.")
        % {
            "amount": wording.number(amount),
            "unit": line.get_unit_display(),
            "ingredient": line.ingredient.label_name,
            "lowest": wording.number(line.lowest),
            "highest": wording.number(line.highest),
        }
    )


def _use_stock(
    line: BatchLine, amount: Decimal, record: CompoundingRecord, *, by: Actor, at: datetime
) -> None:
    """What was reserved goes into the batch first; what was taken beyond it comes from the shelf."""
    reserved = min(amount, line.wanted)
    for quantity, place in ((amount - reserved, Place.SHELF), (reserved, Place.RESERVED)):
        if quantity > 0:
            move_stock(
                lot=line.lot,
                quantity=quantity,
                from_place=place,
                to_place=Place.USED,
                reference=record.number,
                by=by,
                at=at,
            )


def _check_weighed(record: CompoundingRecord) -> None:
    missing = lines_to_weigh(record)
    if missing or not record.lines.exists():
        names = ", ".join(line.ingredient.label_name for line in missing)
        raise NotEverythingWeighed(
            _("Not weighed yet: %(names)s.") % {"names": names}
            if missing
            else _("This batch has no lines.")
        )


def _check_yield(record: CompoundingRecord, *, made: int, tested: int, wasted: int) -> None:
    theoretical = batch_units_of(record)
    found = reconcile(
        theoretical=Decimal(theoretical),
        usable=Decimal(made),
        destroyed_in_testing=Decimal(tested),
        waste=Decimal(wasted),
    )
    if not found.reconciled:
        raise UnitsNotAccountedFor(
            _("The batch is of %(planned)s units; %(missing)s are neither made nor wasted.")
            % {
                "planned": wording.number(theoretical),
                "missing": wording.number(found.unaccounted),
            }
        )
    if made < 1:
        raise NothingMade(_("No usable unit was made. Reject the batch instead."))
