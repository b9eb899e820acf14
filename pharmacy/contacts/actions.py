"""Writing enquiries. All run inside the caller's `writing()`; which moment calls what stands in the workflow."""

import secrets
from datetime import datetime

from pharmacy.audit.actions import record_event
from pharmacy.audit.transitions import move
from pharmacy.contacts.models import Enquiry
from pharmacy.contacts.states import ENQUIRY_STATES, EnquiryState
from pharmacy.people.actors import Actor

# Without vowels, and without letters and digits that look alike: it is read out on the telephone.
_REFERENCE_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"
_REFERENCE_LENGTH = 6


def create_enquiry(
    *,
    idempotency_key: str,
    topic: str,
    needs_prescriber: bool,
    name: str,
    email: str,
    phone: str,
    residence_state: str,
    message: str,
    by: Actor,
    at: datetime,
) -> Enquiry:
    """Return the new enquiry, open, with a reference that nobody can guess from another one."""
    enquiry = Enquiry.objects.create(
        reference=_new_reference(),
        idempotency_key=idempotency_key,
        topic=topic,
        needs_prescriber=needs_prescriber,
        name=name,
        email=email,
        phone=phone,
        residence_state=residence_state,
        message=message,
        received_at=at,
    )
    record_event(
        event="enquiry_received",
        record=enquiry,
        by=by,
        at=at,
        new={"state": enquiry.state, "reference": enquiry.reference},
    )
    return enquiry


def record_answer(enquiry: Enquiry, *, answer: str, by: Actor, at: datetime) -> None:
    """Move an enquiry to answered. Raises the state table's refusals."""
    move(
        enquiry,
        table=ENQUIRY_STATES,
        to=EnquiryState.ANSWERED,
        by=by,
        at=at,
        answer=answer,
        answered_at=at,
        answered_by_id=by.user_id,
    )


def record_closed(enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Move an enquiry to closed without an answer. Raises the state table's refusals."""
    move(enquiry, table=ENQUIRY_STATES, to=EnquiryState.CLOSED, by=by, at=at)


def _new_reference() -> str:
    while True:
        letters = (secrets.choice(_REFERENCE_LETTERS) for _ in range(_REFERENCE_LENGTH))
        reference = f"E-{''.join(letters)}"
        if not Enquiry.objects.filter(reference=reference).exists():
            return reference
