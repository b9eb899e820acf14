"""A container is scanned before anything is taken from it. The wrong one stops the step and is kept as a near miss."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.batches.models import BatchLine, ContainerScan, NearMiss
from pharmacy.inventory.lot_codes import expiry_disagrees, lot_from_scan
from pharmacy.inventory.models import IngredientLot
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.workflow.weigh import check_lot, check_open

LONGEST_SCAN = 200


class WrongContainer(Refusal):
    """Another container than the line's was scanned, or its label's expiry is another. The near miss is kept."""

    field = "scanned"


def scan_container(*, line: BatchLine, scanned: str, by: Actor, at: datetime) -> ContainerScan:
    """Return the scan of the right container of a line that was just read; the line may be weighed then.

    `scanned` is what the scanner typed: our own label, a maker's GS1 label, or a lot number. Raises
    WrongContainer after the near miss is written (a transaction around this call would undo it), or
    NotBeingWeighed, WeighedBefore, LotMayNotBeUsed.
    """
    user_id, scanned = person_in(Role.of_staff(), by), scanned.strip()[:LONGEST_SCAN]
    check_open(line)
    check_lot(line.lot, timezone.localdate(at))
    why = _why_wrong(line, scanned)
    if why:
        _keep_near_miss(line, scanned, why, by=by, at=at)
        raise WrongContainer(why)
    # One row and nothing else: the weighing reads the batch and the lot again, and locks them.
    return ContainerScan.objects.create(line=line, scanned=scanned, at=at, by_id=user_id)


@writing()
def _keep_near_miss(line: BatchLine, scanned: str, why: str, *, by: Actor, at: datetime) -> None:
    user_id = person_in(Role.of_staff(), by)
    miss = NearMiss.objects.create(
        line=line, wanted=str(line.lot), scanned=scanned, why=why, at=at, by_id=user_id
    )
    record_event(
        event="batch_wrong_container",
        record=line.record,
        by=by,
        at=at,
        new={"line": line.position, "wanted": miss.wanted, "scanned": scanned},
    )


def _why_wrong(line: BatchLine, scanned: str) -> str:
    """Return the sentence for a container that is not the line's own, or nothing."""
    wanted = {"lot": line.lot.lot_number, "ingredient": line.ingredient.label_name}
    stop = _("Stop: this step takes %(ingredient)s, lot %(lot)s.") % wanted
    try:
        lot: IngredientLot = lot_from_scan(scanned, expected=line.lot)
    except Refusal as refusal:
        return f"{stop} {refusal}"
    if lot.pk == line.lot_id:
        other_expiry = expiry_disagrees(scanned, lot)
        if not other_expiry:
            return ""
        return f"{stop} {other_expiry} " + _("Set it aside and show it to a pharmacist.")
    return f"{stop} " + _("You scanned %(ingredient)s, lot %(lot)s. Put it away.") % {
        "lot": lot.lot_number,
        "ingredient": lot.ingredient.label_name,
    }
