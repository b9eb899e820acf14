"""At the bench: every line is weighed against its limits, from a scanned container, typed or sent by a balance."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from compounding.arithmetic import ZERO
from compounding.errors import Refusal
from compounding.weighing import BelowBalanceMinimum, can_be_weighed
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.batches.limits import limits_in_words
from pharmacy.batches.models import BalanceReading, BatchLine, Weighing
from pharmacy.batches.policies import BenchPolicies, bench_policies
from pharmacy.batches.queries import lines_to_weigh
from pharmacy.batches.states import BATCH_STATES, BatchState
from pharmacy.formulations.models import Unit
from pharmacy.inventory.models import IN_STOCK, Balance, IngredientLot, Place
from pharmacy.inventory.moves import Levels, Taking, move_stocks
from pharmacy.inventory.queries import check_calibrated, least_by
from pharmacy.inventory.states import LotState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role


class NotBeingWeighed(Refusal):
    """The batch is past weighing."""


class WeighedBefore(Refusal):
    """The line has its weighing; it is never edited."""


class LotMayNotBeUsed(Refusal):
    """The lot expired or was recalled after the batch was planned."""


class ContainerNotScanned(Refusal):
    """The container of the line's lot has not been scanned."""


class WeightNotTyped(Refusal):
    """A mass was typed where only a connected balance may record it."""


class NoReading(Refusal):
    """The balance has sent nothing that may be used."""


class ReadingUnstable(Refusal):
    """The newest reading had not settled."""


class ReadingTooOld(Refusal):
    """The newest reading was sent too long ago."""


class NotTared(Refusal):
    """The first reading after the scan is not zero."""


class BalanceMissing(Refusal):
    """A mass was entered without saying on which balance it was weighed."""


class BalanceNotNeeded(Refusal):
    """What is counted or poured is not weighed."""


class OverCapacity(Refusal):
    """More than the balance carries."""


class WeighingOutsideTolerance(Refusal):
    """The amount lies outside the limits of the worksheet."""


@dataclass(frozen=True)
class _Scan:
    """The scan of a line's own container that stands."""

    pk: int
    scanned: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A line at the bench with all that its weighing asks about: its scan, and how much of its lot is where."""

    row: BatchLine
    scan: _Scan | None
    there: Levels
    on: date

    @cached_property
    def policies(self) -> BenchPolicies:
        """How weights are taken on that day; what is counted or poured from a scanned container asks for none."""
        return bench_policies(on=self.on)


@dataclass(frozen=True, kw_only=True)
class _Measured:
    """What is about to be recorded for a line."""

    line: _Line
    amount: Decimal
    balance: Balance | None
    reading: BalanceReading | None = None


@writing()
def record_weighing(
    *, line: BatchLine, amount: Decimal, balance: Balance | None, by: Actor, at: datetime
) -> Weighing:
    """Return what a person measured out for a line, in its unit (mg, mL or pieces). The first starts the weighing.

    Raises a named refusal, and then nothing is recorded: NotBeingWeighed, WeighedBefore, LotMayNotBeUsed,
    ContainerNotScanned, WeightNotTyped, BalanceMissing, BalanceNotNeeded, CalibrationOverdue,
    BelowBalanceMinimum, OverCapacity, WeighingOutsideTolerance, InsufficientStock.
    """
    here = _at_the_bench(line.pk, at)
    if here.row.unit == Unit.MG and not here.policies.typed_weights:
        raise WeightNotTyped(_("Weights are not typed here. Let the balance send its reading."))
    return _record(_Measured(line=here, amount=amount, balance=balance), by=by, at=at)


@writing()
def record_reading(*, line: BatchLine, balance: Balance, by: Actor, at: datetime) -> Weighing:
    """Return the weighing of a line by the newest reading that the balance sent.

    Raises NoReading, ReadingUnstable, ReadingTooOld, NotTared, or what `record_weighing` raises.
    """
    here = _at_the_bench(line.pk, at)
    reading = _reading_to_use(here, balance, at)
    measured = _Measured(line=here, amount=reading.amount_mg, balance=balance, reading=reading)
    return _record(measured, by=by, at=at)


def _record(measured: _Measured, *, by: Actor, at: datetime) -> Weighing:
    user_id = person_in(Role.of_staff(), by)
    here, amount, balance = measured.line, measured.amount, measured.balance
    line, scan = here.row, here.scan
    check_open(line)
    check_lot(line.lot, here.on)
    if scan is None and here.policies.scan_required:
        raise ContainerNotScanned(
            _("Scan the container first: %(ingredient)s, lot %(lot)s.")
            % {"ingredient": line.ingredient.label_name, "lot": line.lot.lot_number}
        )
    _check_balance(measured)
    _check_limits(line, amount)
    if line.record.state == BatchState.PLANNED:
        move(line.record, table=BATCH_STATES, to=BatchState.WEIGHING, by=by, at=at)
    weighing = Weighing.objects.create(
        line=line,
        amount=amount,
        balance=balance,
        scan_id=None if scan is None else scan.pk,
        reading=measured.reading,
        at=at,
        by_id=user_id,
    )
    _use_stock(here, amount, by=by, at=at)
    record_event(
        event="batch_weighed",
        record=line.record,
        by=by,
        at=at,
        new={
            "line": line.position,
            "lot": line.lot.lot_number,
            "amount": amount,
            "balance": None if balance is None else balance.name,
            "scanned": None if scan is None else scan.scanned,
            "reading": None if measured.reading is None else measured.reading.pk,
        },
    )
    return weighing


def _at_the_bench(line_id: int, at: datetime) -> _Line:
    """Return a line with all that its weighing asks about, its batch locked until the transaction ends. One query."""
    row = lines_at_the_bench(lines_to_weigh()).select_for_update(of=("record",)).get(pk=line_id)
    found = vars(row)
    return _Line(
        row=row,
        scan=found["scan_id"] and _Scan(found["scan_id"], found["scan_text"], found["scan_at"]),
        there={(row.lot_id, place.value): found[place.value] or ZERO for place in IN_STOCK},
        on=timezone.localdate(at),
    )


def lines_at_the_bench(lines: QuerySet[BatchLine]) -> QuerySet[BatchLine]:
    """Return lines with what the bench asks of batch, lot, ingredient and weighing; the rest when it is asked."""
    related = ("record", "lot__ingredient", "ingredient", "weighing")
    return lines.select_related(*related).only(*_AT_THE_BENCH)


_AT_THE_BENCH = (
    "position",
    "wanted",
    "lowest",
    "highest",
    "unit",
    "fills_up",
    "record__number",
    "record__state",
    "lot__lot_number",
    "lot__state",
    "lot__expires_on",
    "lot__ingredient__label_name",
    "lot__ingredient__unit",
    "ingredient__label_name",
    "weighing__amount",
)


def newest_reading(balance: Balance) -> BalanceReading | None:
    """Return what the balance sent last, or None."""
    return BalanceReading.objects.filter(balance=balance).order_by("-id").first()


def _reading_to_use(here: _Line, balance: Balance, at: datetime) -> BalanceReading:
    reading, policies = newest_reading(balance), here.policies
    if reading is None or reading.weighings.exists():
        raise NoReading(
            _("%(balance)s has sent no new reading. Press print on the balance.")
            % {"balance": balance.name}
        )
    if not reading.is_stable:
        raise ReadingUnstable(_("The reading has not settled yet. Wait, then record it."))
    if reading.measured_at < at - timedelta(seconds=policies.reading_seconds):
        raise ReadingTooOld(
            _("The reading is older than %(seconds)s seconds. Send it again from the balance.")
            % {"seconds": policies.reading_seconds}
        )
    if policies.first_reading_zero:
        _check_tared(here.scan, balance)
    return reading


def _check_tared(scan: _Scan | None, balance: Balance) -> None:
    """The first reading since the line's container was scanned is of the empty vessel: zero, to one step."""
    since = BalanceReading.objects.filter(balance=balance)
    if scan is not None:
        since = since.filter(received_at__gte=scan.at)
    first = since.order_by("id").first()
    if first is None or abs(first.amount_mg) > balance.readability_mg:
        raise NotTared(
            _(
                "The first reading after the scan is %(first)s, not zero. "
                "Empty the vessel, scan the container again, tare, then weigh."
            )
            % {"first": _("missing") if first is None else wording.milligrams(first.amount_mg)}
        )


def check_open(line: BatchLine) -> None:
    """Raise NotBeingWeighed or WeighedBefore when nothing more may be done for the line."""
    record = line.record
    if record.state not in (BatchState.PLANNED, BatchState.WEIGHING):
        raise NotBeingWeighed(
            _("Batch %(number)s is %(state)s; nothing more is weighed for it.")
            % {"number": record.number, "state": record.get_state_display()}
        )
    if hasattr(line, "weighing"):
        raise WeighedBefore(
            _("%(ingredient)s is weighed already.") % {"ingredient": line.ingredient.label_name}
        )


def check_lot(lot: IngredientLot, on: date) -> None:
    """Raise LotMayNotBeUsed when the lot has expired or may not be used any more."""
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


def _check_balance(measured: _Measured) -> None:
    line, amount, balance = measured.line.row, measured.amount, measured.balance
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
    check_calibrated(balance, measured.line.on)
    least = least_by(balance, measured.line.policies.weighing)
    if not can_be_weighed(amount, minimum_mg=least.mg):
        raise BelowBalanceMinimum(
            _("%(amount)s mg of %(ingredient)s is too little for this balance. %(least)s")
            % {"amount": wording.number(amount), "ingredient": ingredient, "least": least}
        )
    if amount > balance.capacity_mg:
        raise OverCapacity(
            _("%(balance)s carries %(capacity)s mg, not %(amount)s mg.")
            % {
                "balance": balance.name,
                "capacity": wording.grouped(balance.capacity_mg),
                "amount": wording.grouped(amount),
            }
        )


def _check_limits(line: BatchLine, amount: Decimal) -> None:
    if line.lowest <= amount <= line.highest and amount > 0:
        return
    unit = "" if line.unit == Unit.EACH else f" {line.unit}"
    raise WeighingOutsideTolerance(
        _("%(amount)s of %(ingredient)s is outside %(limits)s.")
        % {
            "amount": f"{wording.grouped(amount)}{unit}",
            "ingredient": line.ingredient.label_name,
            "limits": limits_in_words(line),
        }
    )


def _use_stock(here: _Line, amount: Decimal, *, by: Actor, at: datetime) -> None:
    """What was reserved goes into the batch first; what was taken beyond it comes from the shelf."""
    line = here.row
    reserved = min(amount, line.wanted)
    used = [
        Taking(lot=line.lot, quantity=quantity, from_place=place, to_place=Place.USED)
        for quantity, place in ((amount - reserved, Place.SHELF), (reserved, Place.RESERVED))
        if quantity > 0
    ]
    move_stocks(used, reference=line.record.number, there=here.there, by=by, at=at)
