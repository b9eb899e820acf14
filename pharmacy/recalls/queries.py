"""Reading recalls: which are open, who is still to be reached, how far we are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.batches.models import CompoundingRecord
from pharmacy.batches.states import BatchState
from pharmacy.inventory.states import LotState
from pharmacy.orders.models import Fill, Order
from pharmacy.recalls.models import Recall, RecallContact, RecallTry
from pharmacy.recalls.states import ContactState, RecallState
from pharmacy.recalls.walk import Subject, lots_in


class LotRecalledSince(Refusal):
    """A lot that went into a batch is recalled, though the batch itself was released."""


OPEN = (RecallState.DRAFTED, RecallState.APPROVED)


@dataclass(frozen=True)
class Progress:
    """How many patients and prescribers stand where."""

    patients: dict[str, int]
    prescribers: dict[str, int]

    @property
    def patients_in_all(self) -> int:
        return sum(self.patients.values())

    @property
    def prescribers_in_all(self) -> int:
        return sum(self.prescribers.values())

    @property
    def waiting(self) -> int:
        """Return how many are still to be reached, patients and prescribers together."""
        return self.patients["waiting"] + self.prescribers["waiting"]


def subject_of(recall: Recall) -> Subject:
    """Return what a recall is of."""
    return Subject(lot=recall.lot, batch=recall.batch)


def with_people() -> QuerySet[Recall]:
    """Return the recalls with their subject and people."""
    return Recall.objects.select_related(
        "lot__ingredient",
        "lot__supplier",
        "batch__formula",
        "opened_by",
        "approved_by",
        "closed_by",
    ).defer("batch__worksheet")


def newest_recalls(*, before: int | None = None, at_most: int) -> list[Recall]:
    """Return recalls and drills, newest first, those older than row `before` when it is given."""
    found = with_people()
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:at_most])


def open_recalls() -> QuerySet[Recall]:
    """Return the recalls that wait for approval or run, newest first. Drills are never open."""
    return with_people().filter(is_drill=False, state__in=OPEN).order_by("-opened_at")


def open_recall_of(subject: Subject) -> Recall | None:
    """Return the open recall of a lot or batch, or None."""
    return open_recalls().filter(lot=subject.lot, batch=subject.batch).first()


def progress_of(recall: Recall) -> Progress:
    """Return how far a recall is: one query."""
    patients = dict.fromkeys(ContactState.values, 0)
    prescribers = dict.fromkeys(ContactState.values, 0)
    rows = (
        recall.contacts.order_by()
        .annotate(is_prescriber=Q(patient__isnull=True))
        .values_list("state", "is_prescriber")
        .annotate(rows=Count("id"))
    )
    for state, is_prescriber, count in rows:
        (prescribers if is_prescriber else patients)[state] += count
    return Progress(patients, prescribers)


def contacts_of(
    recall: Recall,
    *,
    states: Sequence[str],
    patients: bool,
    after: tuple[int, int] | None = None,
    at_most: int,
) -> list[RecallContact]:
    """Return the people in these states: those tried least first, then in the order they were found.

    `after` is the (tries, id) of the last row seen.
    """
    found = recall.contacts.filter(state__in=states, patient__isnull=not patients)
    if after is not None:
        tries, last = after
        found = found.filter(tries__gte=tries).exclude(tries=tries, pk__lte=last)
    return list(
        found.select_related(
            "patient",
            "prescriber__practice",
            "order__prescription",
            "followup__message",
            "reached_by",
        ).order_by("tries", "pk")[:at_most]
    )


def tries_of(contacts: Sequence[RecallContact]) -> dict[int, list[RecallTry]]:
    """Return the tries of each of these people, newest first, by the contact's id: one query."""
    tries: dict[int, list[RecallTry]] = {}
    for each in RecallTry.objects.filter(contact__in=contacts).select_related("by").order_by("-pk"):
        tries.setdefault(each.contact_id, []).append(each)
    return tries


def check_nothing_recalled_in(record: CompoundingRecord) -> None:
    """Raise LotRecalledSince when a lot in the batch, at any depth, is recalled: it is not printed nor handed out."""
    recalled = lots_in(record).filter(state=LotState.RECALLED)
    names = [f"{lot.ingredient.label_name} {lot.lot_number}" for lot in recalled]
    if names:
        raise LotRecalledSince(
            _("Lot %(batch)s holds what is recalled: %(lots)s. Set it aside.")
            % {"batch": record.number, "lots": ", ".join(names)}
        )


def was_recalled(order: Order) -> bool:
    """Say whether something that was handed out for the order is recalled: its patient must take no more of it."""
    of_batch = Q(record__state=BatchState.RECALLED)
    of_container = Q(containers__lot__state=LotState.RECALLED)
    return Fill.objects.filter(of_batch | of_container, line__order=order).exists()
