"""The balances a batch was weighed on, as they were then: how exact, and until when they were calibrated."""

from datetime import date

from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.batches.models import CompoundingRecord, Weighing
from pharmacy.documents.contexts.parts import Context, known_day
from pharmacy.inventory.models import BalanceCalibration


def balances_context(record: CompoundingRecord) -> Context:
    """Return a row for each balance and calibration that weighings of this batch rested on, in their order."""
    weighings = Weighing.objects.filter(line__record=record, balance__isnull=False)
    rows = [
        _row(each) for each in weighings.select_related("balance").order_by("line__position", "pk")
    ]
    return {
        "heading": _("Balances"),
        "columns": [
            _("Balance"),
            _("Serial number"),
            _("Readability"),
            _("Calibration due"),
            _("Calibrated by, certificate"),
        ],
        "rows": [list(row) for row in dict.fromkeys(rows)],
        "none": "" if rows else _("Nothing was weighed."),
    }


def _row(weighing: Weighing) -> tuple[str, ...]:
    balance = weighing.balance
    if balance is None:
        raise ValueError("only what was weighed has a balance")
    known = BalanceCalibration.objects.filter(balance=balance, passed=True).order_by("-at", "-pk")
    then = known.filter(at__lte=weighing.at).first()
    # A balance that came calibrated has its date on itself, until a calibration is entered in its place.
    due_on: date | None = None if known.exists() else balance.calibration_due_on
    by = ""
    if then is not None:
        due_on = then.due_on
        by = ", ".join(filter(None, (then.done_by, then.certificate_number)))
    return (
        balance.name,
        balance.serial_number,
        _("%(mg)s mg") % {"mg": wording.number(balance.readability_mg)},
        known_day(due_on),
        by or "–",
    )
