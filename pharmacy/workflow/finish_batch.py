"""The batch is finished: everything weighed, every unit accounted for, the beyond-use date set, the rest put back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compounding import wording
from compounding.errors import Refusal
from compounding.yields import reconcile
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.batches.actions import move_units
from pharmacy.batches.bench_steps import Followed, steps_followed, steps_for
from pharmacy.batches.beyond_use import beyond_use_of, limits_as_json
from pharmacy.batches.models import BatchLine, CompoundingRecord, UnitPlace
from pharmacy.batches.queries import batch_units_of, lines_with_weighings
from pharmacy.batches.states import BATCH_STATES, BatchState
from pharmacy.inventory.models import Place
from pharmacy.inventory.moves import Taking, move_stocks
from pharmacy.inventory.states import LotState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role

_LETTERS_OF_A_STEP = 60


class NotEverythingWeighed(Refusal):
    """Lines of the worksheet have no weighing yet."""


class StepsLeft(Refusal):
    """Steps of the procedure are not marked as done."""


class NothingObserved(Refusal):
    """What the preparation looks like was not written down."""


class UnitsNotAccountedFor(Refusal):
    """Units of the batch are neither made, nor tested, nor wasted."""


class NothingMade(Refusal):
    """No usable unit came out of the batch."""


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
    StepsLeft, NothingObserved, NothingMade, UnitsNotAccountedFor, MoreThanWasMade, ComponentExpired, or a refusal
    of the state table.
    """
    maker_id = person_in(Role.of_staff(), by)
    lines = lines_with_weighings(record, locked=True)
    _check_weighed(lines)
    record = lines[0].record
    followed = steps_followed(record)
    _check_steps(record, followed)
    if not observed_description.strip():
        raise NothingObserved(_("Write down what the preparation looks like."))
    _check_yield(record, made=units_made, tested=units_tested, wasted=units_wasted)
    beyond_use = beyond_use_of(record, lines, timezone.localdate(at))
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
    keep_steps_followed(record, followed, by=by, at=at)
    return_unused(record, lines, to_place=Place.SHELF, by=by, at=at)
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


_AWAY = {
    LotState.QUARANTINED: Place.WASTE,
    LotState.EXPIRED: Place.WASTE,
    # What is recalled is kept apart: its supplier or a laboratory may ask for it.
    LotState.RECALLED: Place.QUARANTINE,
}


def return_unused(
    record: CompoundingRecord,
    lines: Iterable[BatchLine],
    *,
    to_place: Place,
    by: Actor,
    at: datetime,
) -> None:
    """Move what is still reserved for a batch to the place; of a lot that may not be used, away from the shelf."""
    unused = [
        Taking(
            lot=line.lot,
            quantity=line.wanted - _weighed(line),
            from_place=Place.RESERVED,
            to_place=_AWAY.get(LotState(line.lot.state), to_place),
        )
        for line in lines
        if line.wanted > _weighed(line)
    ]
    move_stocks(unused, reference=record.number, by=by, at=at)


def _weighed(line: BatchLine) -> Decimal:
    return line.weighing.amount if hasattr(line, "weighing") else Decimal(0)


def _check_weighed(lines: Sequence[BatchLine]) -> None:
    missing = [line.ingredient.label_name for line in lines if not hasattr(line, "weighing")]
    if missing:
        raise NotEverythingWeighed(_("Not weighed yet: %(names)s.") % {"names": ", ".join(missing)})
    if not lines:
        raise NotEverythingWeighed(_("This batch has no lines."))


def keep_steps_followed(
    record: CompoundingRecord, followed: Iterable[Followed], *, by: Actor, at: datetime
) -> None:
    """Write into the audit trail who did which step when, in one event: a step alone writes its own row only."""
    done = {str(each.position): each for each in followed if each.by_id is not None}
    if done:
        record_event(event="batch_steps_followed", record=record, by=by, at=at, new=done)


def _check_steps(record: CompoundingRecord, followed: Iterable[Followed]) -> None:
    left = [each.position for each in followed if each.by_id is None]
    if left:
        said = "; ".join(
            f"{step.position}. {Truncator(step.text).chars(_LETTERS_OF_A_STEP)}"
            for step in steps_for(record)
            if step.position in left
        )
        raise StepsLeft(_("Steps not done yet: %(steps)s") % {"steps": said})


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
            ngettext(
                "The batch is of %(planned)s units; %(missing)s is neither made nor wasted.",
                "The batch is of %(planned)s units; %(missing)s are neither made nor wasted.",
                abs(int(found.unaccounted)),
            )
            % {
                "planned": wording.number(theoretical),
                "missing": wording.number(found.unaccounted),
            }
        )
    if made < 1:
        raise NothingMade(_("No usable unit was made. Reject the batch instead."))
