"""Writing recalls: opened, withdrawn, closed; each try to reach somebody and what came of it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compounding import wording
from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.transitions import move
from pharmacy.followups.actions import schedule_all
from pharmacy.followups.models import FollowUp, FollowUpKind
from pharmacy.orders.models import Order
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.policies.queries import whole_of
from pharmacy.recalls.models import (
    Outcome,
    ReachedHow,
    Recall,
    RecallContact,
    RecallTry,
    TryResult,
    Urgency,
)
from pharmacy.recalls.states import CONTACT_STATES, RECALL_STATES, ContactState, RecallState
from pharmacy.recalls.walk import FillFound, Found, Subject

TRIES_POLICY = "recall_tries"
"""After how many tries somebody may be written down as not reachable."""
_NUMBER_DIGITS = 3


class SaysNothing(Refusal):
    """A reason or a note is missing."""


class RecalledAlready(Refusal):
    """A recall of the same lot or batch is open."""


class SamePerson(Refusal):
    """Whoever opened a recall tried to approve it."""


class NotRunning(Refusal):
    """Nobody is called for a recall that is not running."""


class OutcomeMissing(Refusal):
    """Somebody was reached, and what they do now was not written down."""


class OutcomeDoesNotFit(Refusal):
    """What a patient does is not what a prescriber does."""


class ReachedBefore(Refusal):
    """Somebody reached this person already."""


class TooFewTries(Refusal):
    """Somebody was given up too early."""


class StillWaiting(Refusal):
    """People are still to be reached."""


@writing()
def open_recall(
    *, subject: Subject, urgency: Urgency, reason: str, by: Actor, at: datetime
) -> Recall:
    """Return a drafted recall. It stops and tells nothing until a pharmacist other than `by` approves it.

    Raises SaysNothing, or RecalledAlready while another one of the same lot or batch is open.
    """
    _check_not_open(subject)
    return create_recall(
        subject=subject, urgency=urgency, reason=reason, is_drill=False, by=by, at=at
    )


def create_recall(
    *, subject: Subject, urgency: Urgency, reason: str, is_drill: bool, by: Actor, at: datetime
) -> Recall:
    """Return the row of a recall or a drill. Must run inside `writing()`, whose lock makes its number unique."""
    user_id = person_in(Role.of_staff(), by)
    if not reason.strip():
        raise SaysNothing(_("Write down what is wrong, or what is feared."))
    recall = Recall.objects.create(
        number=_next_number(at),
        lot=subject.lot,
        batch=subject.batch,
        is_drill=is_drill,
        urgency=urgency,
        reason=reason.strip(),
        opened_by_id=user_id,
        opened_at=at,
    )
    new = {"number": recall.number, "of": subject.label, "urgency": urgency.value}
    record_event(event="recall_opened", record=recall, by=by, at=at, new=new)
    return recall


@writing()
def withdraw_recall(*, recall: Recall, note: str, by: Actor, at: datetime) -> Recall:
    """Withdraw a draft that turned out to be wrong; only a pharmacist may. Raises SaysNothing."""
    return _end(recall, RecallState.WITHDRAWN, note=note, by=by, at=at)


@writing()
def close_recall(*, recall: Recall, note: str, by: Actor, at: datetime) -> Recall:
    """Close a recall once nobody is to be reached any more. Raises StillWaiting or SaysNothing."""
    waiting = recall.contacts.filter(state=ContactState.WAITING).count()
    if waiting:
        raise StillWaiting(
            _("%(count)s are still to be reached.") % {"count": wording.number(waiting)}
        )
    return _end(recall, RecallState.CLOSED, note=note, by=by, at=at)


def _end(recall: Recall, state: RecallState, *, note: str, by: Actor, at: datetime) -> Recall:
    if not note.strip():
        raise SaysNothing(_("Write down how it ended: what was found, what became of the stock."))
    move(
        recall,
        table=RECALL_STATES,
        to=state,
        by=by,
        at=at,
        closed_by_id=by.user_id,
        closed_at=at,
        closing_note=note.strip(),
    )
    return recall


def record_findings(
    recall: Recall,
    *,
    to: RecallState,
    found: Found,
    letters: int,
    seconds: Decimal,
    by: Actor,
    at: datetime,
) -> None:
    """Move a recall to approved or drilled, with what its walk found and the seconds it took."""
    fields: dict[str, object] = {
        "batches_found": len(found.batches),
        "fills_found": len(found.fills),
        "patients_found": len(found.patients),
        "prescribers_found": len(found.prescribers),
        "letters": letters,
        "seconds": seconds,
    }
    if to == RecallState.APPROVED:
        fields |= {"approved_by_id": by.user_id, "approved_at": at}
    fills, patients = len(found.fills), len(found.patients)
    note = _("%(fills)s of %(patients)s in %(seconds)s seconds") % {
        "fills": ngettext("%(count)s fill", "%(count)s fills", fills) % {"count": fills},
        "patients": ngettext("%(count)s patient", "%(count)s patients", patients)
        % {"count": patients},
        "seconds": wording.number(seconds),
    }
    move(recall, table=RECALL_STATES, to=to, by=by, at=at, note=note, **fields)


def create_contacts(recall: Recall, *, found: Found, at: datetime) -> list[RecallContact]:
    """Return one contact for each patient and each prescriber, with the e-mail that is due to each."""
    patients, prescribers = list(found.patients.values()), list(found.prescribers.values())
    to_patients = _due(FollowUpKind.RECALL_PATIENT, patients, recall, at)
    to_prescribers = _due(FollowUpKind.RECALL_PRESCRIBER, prescribers, recall, at)
    rows = [
        RecallContact(
            recall=recall,
            patient_id=fills[-1].patient.id,
            order_id=fills[-1].order_id,
            fills=len(fills),
            followup=followup,
        )
        for fills, followup in zip(patients, to_patients, strict=True)
    ] + [
        RecallContact(
            recall=recall,
            prescriber_id=fills[-1].prescriber.id,
            order_id=fills[-1].order_id,
            fills=len(fills),
            followup=followup,
        )
        for fills, followup in zip(prescribers, to_prescribers, strict=True)
    ]
    return RecallContact.objects.bulk_create(rows)


def _due(
    kind: FollowUpKind, people: Iterable[list[FillFound]], recall: Recall, at: datetime
) -> list[FollowUp]:
    newest = [Order(pk=fills[-1].order_id) for fills in people]
    return schedule_all(kind=kind, orders=newest, sequence=recall.pk, due_at=at)


@writing()
def record_try(
    *,
    contact: RecallContact,
    how: ReachedHow,
    result: TryResult,
    outcome: Outcome | None,
    note: str,
    by: Actor,
    at: datetime,
) -> RecallTry:
    """Return a try to reach somebody. When they were reached, `outcome` says what they do now.

    Raises NotRunning, ReachedBefore, OutcomeMissing or OutcomeDoesNotFit; then nothing is written.
    """
    user_id = person_in(Role.of_staff(), by)
    contact = _locked(contact)
    _check_outcome(contact, result, outcome)
    tried = RecallTry.objects.create(
        contact=contact, at=at, by_id=user_id, how=how, result=result, note=note.strip()
    )
    _count_try(contact, at)
    if result == TryResult.REACHED:
        move(
            contact,
            table=CONTACT_STATES,
            to=ContactState.REACHED,
            by=by,
            at=at,
            reached_at=at,
            reached_by_id=user_id,
            reached_how=how,
            outcome=outcome,
        )
    else:
        new = {"result": result.value, "tries": contact.tries}
        record_event(event="recall_tried", record=contact, by=by, at=at, new=new)
    return tried


@writing()
def give_up(*, contact: RecallContact, note: str, by: Actor, at: datetime) -> RecallContact:
    """Write somebody down as not reachable, after the tries that the policy asks for.

    A letter by registered post or another way belongs into `note`. Raises TooFewTries, SaysNothing or NotRunning.
    """
    person_in(Role.of_staff(), by)
    contact = _locked(contact)
    least = whole_of(TRIES_POLICY, on=timezone.localdate(at))
    if contact.tries < least:
        raise TooFewTries(
            _("Tried %(tries)s times. Try at least %(least)s times before giving up.")
            % {"tries": wording.number(contact.tries), "least": wording.number(least)}
        )
    if not note.strip():
        raise SaysNothing(
            _("Write down what else was tried: a letter, the prescriber, a relative.")
        )
    move(
        contact,
        table=CONTACT_STATES,
        to=ContactState.UNREACHABLE,
        by=by,
        at=at,
        note=note.strip(),
    )
    return contact


def _check_outcome(contact: RecallContact, result: TryResult, outcome: Outcome | None) -> None:
    if contact.state == ContactState.REACHED:
        raise ReachedBefore(_("Somebody has reached this person already. Look again."))
    if result != TryResult.REACHED:
        return
    if outcome is None:
        raise OutcomeMissing(_("Write down what they do now."))
    if (outcome == Outcome.KNOWS) != (contact.prescriber_id is not None):
        raise OutcomeDoesNotFit(
            _("“%(outcome)s” is not for this person.") % {"outcome": outcome.label}
        )


def _count_try(contact: RecallContact, at: datetime) -> None:
    contact.tries, contact.last_try_at = contact.tries + 1, at
    contact.save(update_fields=["tries", "last_try_at"])


def _locked(contact: RecallContact) -> RecallContact:
    found = (
        RecallContact.objects.select_related("recall")
        .select_for_update(of=("self",))
        .get(pk=contact.pk)
    )
    if found.recall.state != RecallState.APPROVED:
        raise NotRunning(
            _("Recall %(number)s is %(state)s; nobody is called for it.")
            % {"number": found.recall.number, "state": found.recall.get_state_display()}
        )
    return found


def _check_not_open(subject: Subject) -> None:
    open_one = Recall.objects.filter(
        lot=subject.lot,
        batch=subject.batch,
        is_drill=False,
        state__in=[RecallState.DRAFTED, RecallState.APPROVED],
    ).first()
    if open_one is not None:
        raise RecalledAlready(
            _("Recall %(number)s of the same is open.") % {"number": open_one.number}
        )


def _next_number(at: datetime) -> str:
    prefix = f"R-{timezone.localdate(at).year}-"
    newest = Recall.objects.filter(number__startswith=prefix).order_by("-id").first()
    last = int(newest.number.removeprefix(prefix)) if newest else 0
    return f"{prefix}{last + 1:0{_NUMBER_DIGITS}d}"
