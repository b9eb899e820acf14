"""A pharmacist who did not make the batch verifies and releases it, or rejects it; its orders follow."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import BooleanField, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.batches.actions import move_units
from pharmacy.batches.bench_steps import steps_followed
from pharmacy.batches.compounded import put_on_shelf
from pharmacy.batches.models import (
    CompoundingRecord,
    UnitLevel,
    UnitPlace,
    Verification,
)
from pharmacy.batches.queries import (
    at_the_bench,
    lines_with_weighings,
    missing_checks,
    open_deviations,
    required_checks,
    units_at,
)
from pharmacy.batches.states import BATCH_STATES, BatchState
from pharmacy.batches.worksheets import digest_of
from pharmacy.inventory.models import Place
from pharmacy.inventory.states import LotState
from pharmacy.orders.actions import move_order, open_hold
from pharmacy.orders.models import Allocation, Order
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.finish_batch import keep_steps_followed, return_unused

_BEFORE_COMPOUNDED = (BatchState.PLANNED, BatchState.WEIGHING)


class SamePerson(Refusal):
    """Whoever weighed for a batch or made it tried to verify it."""


class ChecksNotPassed(Refusal):
    """A required check is missing or failed."""


class DeviationOpen(Refusal):
    """A deviation has not been closed by a pharmacist."""


class WorksheetAltered(Refusal):
    """The worksheet is not what was frozen when the batch was planned."""


class PastBeyondUse(Refusal):
    """The beyond-use date has passed."""


class LotRecalled(Refusal):
    """A lot that went into the batch is recalled."""


class SignatureSaysNothing(Refusal):
    """A signature without its meaning in words."""


class RejectionNeedsReason(Refusal):
    """A batch is rejected only with the reason."""


@writing()
def verify_and_release(
    *, record: CompoundingRecord, meaning: str, by: Actor, at: datetime
) -> CompoundingRecord:
    """Return the released record, signed; orders whose lines are all covered by released batches are ready.

    `meaning` is what the signature says, in words. Orders that the batch did not yield enough for go back
    to be planned; a triturate goes on the ingredients' shelf.
    Raises SamePerson, ChecksNotPassed, DeviationOpen, WorksheetAltered, PastBeyondUse, LotRecalled,
    SignatureSaysNothing, or a refusal of the state table.
    """
    signer_id = person_in({Role.PHARMACIST}, by)
    batch = _to_sign(record, signer_id)
    record = batch.record
    if batch.signer_was_at_the_bench:
        raise SamePerson(
            _("You worked on batch %(number)s; another pharmacist has to verify it.")
            % {"number": record.number}
        )
    if not meaning.strip():
        raise SignatureSaysNothing(_("Say what your signature means."))
    BATCH_STATES.find(record.state, BatchState.RELEASED)
    _check_may_be_released(batch, at)
    move(
        record,
        table=BATCH_STATES,
        to=BatchState.RELEASED,
        by=by,
        at=at,
        verified_by_id=signer_id,
        released_at=at,
    )
    Verification.objects.create(record=record, by_id=signer_id, at=at, meaning=meaning.strip())
    if record.formula.makes is not None:
        put_on_shelf(record=record, left=batch.in_stock, by=by, at=at)
    else:
        _hand_over(record, batch.in_stock, by=by, at=at)
    return record


@writing()
def reject_batch(
    *,
    record: CompoundingRecord,
    reason: str,
    by: Actor,
    at: datetime,
) -> CompoundingRecord:
    """Return the rejected record. What was reserved goes back, finished units go to the waste, its orders wait again.

    Only a pharmacist may. Raises RejectionNeedsReason or a refusal of the state table.
    """
    if not reason.strip():
        raise RejectionNeedsReason(_("Write down why the batch is rejected."))
    return _give_up(record, to=BatchState.REJECTED, reason=reason, by=by, at=at)


@writing()
def recall_unreleased(
    *, record: CompoundingRecord, reason: str, by: Actor, at: datetime
) -> CompoundingRecord:
    """Return the recalled record of a batch that was never released. Its units are set aside, its orders wait again.

    Only a pharmacist may. Raises RejectionNeedsReason or a refusal of the state table.
    """
    if not reason.strip():
        raise RejectionNeedsReason(_("Write down why the batch is recalled."))
    return _give_up(record, to=BatchState.RECALLED, reason=reason, by=by, at=at)


def _give_up(
    record: CompoundingRecord, *, to: BatchState, reason: str, by: Actor, at: datetime
) -> CompoundingRecord:
    record = _locked(record)
    nothing_made = record.state in _BEFORE_COMPOUNDED
    move(
        record,
        table=BATCH_STATES,
        to=to,
        by=by,
        at=at,
        note=reason.strip(),
        reject_reason=reason.strip(),
    )
    if nothing_made:
        keep_steps_followed(record, steps_followed(record), by=by, at=at)
        lines = lines_with_weighings(record)
        return_unused(record, lines, to_place=Place.SHELF, by=by, at=at)
    else:
        recalled = to == BatchState.RECALLED
        to_place = UnitPlace.QUARANTINE if recalled else UnitPlace.WASTE
        _take_units_away(record, to_place=to_place, by=by, at=at)
    for allocation in _open_allocations(record):
        _withdraw(allocation, by=by, at=at)
    return record


def _locked(record: CompoundingRecord) -> CompoundingRecord:
    return _locked_rows().get(pk=record.pk)


def _locked_rows() -> QuerySet[CompoundingRecord]:
    return CompoundingRecord.objects.select_related("formula").select_for_update(of=("self",))


@dataclass(frozen=True, kw_only=True)
class _ToSign:
    """A batch, locked, and what may stand between it and this pharmacist's signature."""

    record: CompoundingRecord
    signer_was_at_the_bench: bool
    has_open_deviation: bool
    has_recalled_lot: bool
    has_failed_check: bool
    kinds_passed: int
    in_stock: Decimal

    def missing_checks(self) -> list[str]:
        """Return what `missing_checks` returns; where none ever failed, the number of kinds that passed says it all."""
        if not self.has_failed_check and self.kinds_passed == len(required_checks(self.record)):
            return []
        return missing_checks(self.record)


def _to_sign(record: CompoundingRecord, signer_id: int) -> _ToSign:
    asked = {
        "signer_was_at_the_bench": at_the_bench(signer_id),
        "has_open_deviation": RawSQL(_OPEN_DEVIATION, [], BooleanField()),
        "has_recalled_lot": RawSQL(_RECALLED_LOT, [LotState.RECALLED], BooleanField()),
        "has_failed_check": RawSQL(_FAILED_CHECK, [False], BooleanField()),
        "kinds_passed": RawSQL(_KINDS_PASSED, [True], IntegerField()),
        "in_stock": RawSQL(_IN_STOCK, [UnitPlace.STOCK], UnitLevel._meta.get_field("quantity")),
    }
    rows = _locked_rows().select_related("formula__makes").annotate(**asked)
    found = rows.get(pk=record.pk)
    return _ToSign(record=found, **{name: vars(found)[name] for name in asked})


_OPEN_DEVIATION = (
    "EXISTS (SELECT 1 FROM batches_deviation d "
    "WHERE d.record_id = batches_compoundingrecord.id AND d.closed_at IS NULL)"
)
_OF_ITS_CHECKS = "FROM batches_qualitycheck c WHERE c.record_id = batches_compoundingrecord.id"
_FAILED_CHECK = f"EXISTS (SELECT 1 {_OF_ITS_CHECKS} AND c.passed = %s)"
_KINDS_PASSED = f"SELECT COUNT(DISTINCT c.kind) {_OF_ITS_CHECKS} AND c.passed = %s"
_IN_STOCK = (
    "COALESCE((SELECT u.quantity FROM batches_unitlevel u "
    "WHERE u.record_id = batches_compoundingrecord.id AND u.place = %s), 0)"
)
_RECALLED_LOT = (
    "EXISTS (SELECT 1 FROM batches_batchline l JOIN inventory_ingredientlot i ON i.id = l.lot_id "
    "WHERE l.record_id = batches_compoundingrecord.id AND i.state = %s)"
)


def _check_may_be_released(batch: _ToSign, at: datetime) -> None:
    record = batch.record
    missing = batch.missing_checks()
    if missing:
        raise ChecksNotPassed(" ".join(missing))
    if batch.has_open_deviation:
        waiting = open_deviations(record).count()
        raise DeviationOpen(
            ngettext(
                "A deviation of this batch is open. Close it first.",
                "%(count)s deviations of this batch are open. Close them first.",
                waiting,
            )
            % {"count": waiting}
        )
    if digest_of(record.worksheet) != record.worksheet_sha256:
        raise WorksheetAltered(
            _("The worksheet of batch %(number)s is not what was planned. Reject the batch.")
            % {"number": record.number}
        )
    if record.beyond_use_on is None or record.beyond_use_on < timezone.localdate(at):
        raise PastBeyondUse(
            _("The beyond-use date of batch %(number)s has passed.") % {"number": record.number}
        )
    if batch.has_recalled_lot:
        recalled = record.lines.filter(lot__state=LotState.RECALLED).values_list(
            "lot__ingredient__label_name", "lot__lot_number"
        )
        lots = ", ".join(f"{name} {number}" for name, number in recalled)
        raise LotRecalled(
            _("Recalled after it was weighed: %(lots)s. Reject the batch.") % {"lots": lots}
        )


def _hand_over(record: CompoundingRecord, left: Decimal, *, by: Actor, at: datetime) -> None:
    """The orders in the order they are due, as far as the yield reaches."""
    for allocation in _open_allocations(record):
        cancelled = allocation.line.order.state == OrderState.CANCELLED
        if allocation.quantity <= left and not cancelled:
            left -= Decimal(allocation.quantity)
            ready_if_covered(allocation.line.order, by=by, at=at)
        else:
            _withdraw(allocation, by=by, at=at)


def _open_allocations(record: CompoundingRecord) -> list[Allocation]:
    return list(
        Allocation.objects.filter(record=record, withdrawn_at__isnull=True)
        .select_related("record", "line__order__prescription")
        .order_by("line__order__due_on", "line__order_id", "line__position")
    )


def ready_if_covered(order: Order, *, by: Actor, at: datetime) -> None:
    """Move an order on when every line of it is set aside from a released batch."""
    covered = Allocation.objects.filter(
        line__order=order, withdrawn_at__isnull=True, record__state=BatchState.RELEASED
    )
    if covered.count() == order.lines.count():
        _send(order, to=OrderState.READY, note="", by=by, at=at)


def _withdraw(allocation: Allocation, *, by: Actor, at: datetime) -> None:
    allocation.withdrawn_at = at
    allocation.save(update_fields=["withdrawn_at"])
    note = f"{allocation.record.number} {allocation.record.state}"
    record_event(
        event="line_set_aside_withdrawn", record=allocation.line, by=by, at=at, new={"lot": note}
    )
    _send(allocation.line.order, to=OrderState.APPROVED, note=note, by=by, at=at)


def _send(order: Order, *, to: OrderState, note: str, by: Actor, at: datetime) -> None:
    """Move an order that is being made; one on hold goes there when its hold is lifted."""
    order.refresh_from_db(fields=["state"])
    if order.state == OrderState.IN_COMPOUNDING:
        move_order(order, to=to, by=by, at=at, note=note)
        return
    hold = open_hold(order)
    if hold is not None and hold.returns_to == OrderState.IN_COMPOUNDING:
        hold.returns_to = to
        hold.save(update_fields=["returns_to"])
        record_event(
            event="order_hold_returns_elsewhere", record=order, by=by, at=at, new={"to": to.value}
        )


def _take_units_away(
    record: CompoundingRecord, *, to_place: UnitPlace, by: Actor, at: datetime
) -> None:
    left = units_at(record, UnitPlace.STOCK)
    if left > 0:
        move_units(
            record=record,
            quantity=left,
            from_place=UnitPlace.STOCK,
            to_place=to_place,
            reference=f"{record.get_state_display()} {record.number}",
            by=by,
            at=at,
        )
