"""What the recall screens show: the numbers, what approval would do, who is concerned, who is next to be called."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compounding import wording
from pharmacy.backoffice import words
from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.states import BatchState
from pharmacy.followups.states import MessageState
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.recalls.models import Recall, RecallContact, RecallTry
from pharmacy.recalls.queries import Progress
from pharmacy.recalls.states import ContactState
from pharmacy.recalls.walk import BatchLeft, FillFound, Found, LotLeft, Person, Subject

PEOPLE_A_PAGE = 50
OF_LOT = (Place.SHELF, Place.RESERVED, Place.QUARANTINE)
_AWAY = (BatchState.RECALLED, BatchState.REJECTED)


@dataclass(frozen=True)
class Concerned:
    """One person of a recall, and the fills that make them so."""

    person: Person
    fills: tuple[FillFound, ...]

    @property
    def key(self) -> int:
        """Return what the pages of this list are cut by: the first fill."""
        return self.fills[0].id


def title_of(subject: Subject) -> str:
    """Return what is recalled, as a heading: "Naltrexone hydrochloride, lot NX-2201"."""
    if subject.lot is not None:
        return _("%(name)s, lot %(lot)s") % {
            "name": subject.lot.ingredient.name,
            "lot": subject.lot.lot_number,
        }
    record = subject.batch
    return "" if record is None else _batch_title(record)


def _batch_title(record: CompoundingRecord) -> str:
    strength = words.strength(record.strength, record.formula)
    return f"{record.formula.name} {strength}, {record.number}"


def found_context(found: Found, *, after: str = "") -> dict[str, Any]:
    """Return what a walk found, for parts/recall_found.html: one page of patients, everything else whole."""
    patients = _concerned(found, list(found.patients.values()), "patient")
    start = int(after) if after.isascii() and after.isdigit() else 0
    rest = [each for each in patients if each.key > start]
    by_batch = Counter(fill.record_id for fill in found.fills)
    return {
        "figures": _figures(found),
        "would": what_approval_does(found),
        "patients": rest[:PEOPLE_A_PAGE],
        "patients_after": rest[PEOPLE_A_PAGE - 1].key if len(rest) > PEOPLE_A_PAGE else None,
        "is_first_page": start == 0,
        "prescribers": _concerned(found, list(found.prescribers.values()), "prescriber"),
        "batches": [_batch_row(batch, by_batch[batch.record.pk]) for batch in found.batches],
        "lots": [_lot_row(each) for each in found.lots],
        "in_progress": found.in_progress,
        "is_container": found.subject.is_container,
    }


def _concerned(found: Found, groups: Sequence[list[FillFound]], who: str) -> list[Concerned]:
    return [Concerned(getattr(fills[-1], who), tuple(fills)) for fills in groups]


def _figures(found: Found) -> list[tuple[str, str]]:
    fills, batches = len(found.fills), len(found.batches)
    patients, prescribers = len(found.patients), len(found.prescribers)
    left = sum((batch.in_stock + batch.set_aside for batch in found.batches), Decimal(0))
    orders = len({each.line.order_id for each in found.in_progress})
    counts = (
        (patients, ngettext("patient", "patients", patients)),
        (fills, ngettext("fill", "fills", fills)),
        (prescribers, ngettext("prescriber", "prescribers", prescribers)),
        (batches, ngettext("batch", "batches", batches)),
        (left, ngettext("unit left", "units left", int(left))),
        (orders, ngettext("order in progress", "orders in progress", orders)),
    )
    return [(wording.number(Decimal(count)), label) for count, label in counts]


def what_approval_does(found: Found) -> list[str]:
    """Return, in sentences, what approving the recall moves and sends."""
    said = [_lot_sentence(each) for each in found.lots]
    released = [b for b in found.batches if b.record.state == BatchState.RELEASED]
    on_bench = [b for b in found.batches if b.record.state not in (BatchState.RELEASED, *_AWAY)]
    if released:
        left = sum((batch.in_stock for batch in released), Decimal(0))
        said.append(
            _("Released batches become recalled: %(count)s. Units set aside: %(left)s.")
            % {"count": wording.number(len(released)), "left": wording.number(left)}
        )
    if on_bench:
        said.append(
            _("Batches that are not released yet become recalled: %(count)s.")
            % {"count": wording.number(len(on_bench))}
        )
    held = len({each.line.order_id for each in found.in_progress})
    if held:
        said.append(_("Orders are held: %(count)s.") % {"count": wording.number(held)})
    said.append(
        _("E-mails go out: %(patients)s to patients, %(prescribers)s to prescribers.")
        % {
            "patients": wording.number(len(found.patients)),
            "prescribers": wording.number(len(found.prescribers)),
        }
    )
    return said


def _lot_sentence(each: LotLeft) -> str:
    return _("Lot %(lot)s becomes recalled; %(there)s on the shelf is set aside.") % {
        "lot": each.lot.lot_number,
        "there": _amount(each.lot, each.left.get(Place.SHELF, Decimal(0))),
    }


def _amount(lot: IngredientLot, quantity: Decimal) -> str:
    return f"{wording.grouped(quantity)} {lot.ingredient.get_unit_display()}"


def _lot_row(each: LotLeft) -> dict[str, Any]:
    return {
        "lot": each.lot,
        "is_subject": each.is_subject,
        "left": [
            (place.label, _amount(each.lot, each.left[place]))
            for place in OF_LOT
            if each.left.get(place)
        ],
    }


def _batch_row(batch: BatchLeft, fills: int) -> dict[str, Any]:
    return {
        "record": batch.record,
        "strength": words.strength(batch.record.strength, batch.record.formula),
        "in_stock": wording.number(batch.in_stock),
        "set_aside": wording.number(batch.set_aside) if batch.set_aside else "",
        "fills": fills,
    }


LISTS = {
    "call": (True, (ContactState.WAITING,)),
    "unreachable": (True, (ContactState.UNREACHABLE,)),
    "reached": (True, (ContactState.REACHED,)),
    "prescribers": (False, (ContactState.WAITING, ContactState.UNREACHABLE)),
    "prescribers_reached": (False, (ContactState.REACHED,)),
}


def tabs(progress: Progress, current: str) -> list[dict[str, Any]]:
    """Return the lists of people with their counts."""
    patients, prescribers = progress.patients, progress.prescribers
    named = (
        ("call", _("Patients to call"), patients["waiting"]),
        ("unreachable", _("Not reachable"), patients["unreachable"]),
        ("reached", _("Reached"), patients["reached"]),
        (
            "prescribers",
            _("Prescribers to call"),
            prescribers["waiting"] + prescribers["unreachable"],
        ),
        ("prescribers_reached", _("Prescribers reached"), prescribers["reached"]),
    )
    return [
        {"key": key, "label": label, "count": count, "is_current": key == current}
        for key, label, count in named
    ]


def person_of(contact: RecallContact) -> Any:
    """Return the patient or the prescriber."""
    return contact.patient if contact.patient is not None else contact.prescriber


def contact_row(
    contact: RecallContact, tries: Sequence[RecallTry], *, now: datetime
) -> dict[str, Any]:
    """Return one row of the list of people to call."""
    return {
        "contact": contact,
        "person": person_of(contact),
        "mail": _mail(contact),
        "tries": tries,
        "last": words.age(contact.last_try_at, now=now) if contact.last_try_at else "",
    }


def _mail(contact: RecallContact) -> str:
    message = getattr(contact.followup, "message", None)
    if message is None:
        return _("e-mail is being written")
    if message.state == MessageState.SENT:
        return _("e-mail sent")
    if message.state == MessageState.FAILED:
        return _("e-mail could not be sent")
    return _("e-mail waits to be sent")


def report_of(recall: Recall) -> str:
    """Return what a recall or drill found, in one sentence; nothing before it ran."""
    if recall.seconds is None:
        return ""
    fills, patients = recall.fills_found or 0, recall.patients_found or 0
    batches = recall.batches_found or 0
    found = {
        "fills": ngettext("%(count)s fill", "%(count)s fills", fills) % {"count": fills},
        "patients": ngettext("%(count)s patient", "%(count)s patients", patients)
        % {"count": patients},
        "batches": ngettext("%(count)s batch", "%(count)s batches", batches) % {"count": batches},
        "seconds": wording.number(recall.seconds),
    }
    if fills and not batches:
        # A lot of vials: no batch was filled into it.
        return _("Found %(fills)s of %(patients)s, in %(seconds)s seconds.") % found
    return _("Found %(fills)s of %(patients)s in %(batches)s, in %(seconds)s seconds.") % found
