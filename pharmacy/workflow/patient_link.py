"""A patient opens a mailed link with their date of birth."""

from datetime import date, datetime

from django.db.models import F

from compounding.errors import Refusal
from pharmacy.audit.actions import record_event, writing
from pharmacy.orders.links import LinkLocked, find_link, tries_allowed
from pharmacy.orders.models import PatientLink
from pharmacy.people.actors import PATIENT


class WrongDateOfBirth(Refusal):
    """The date of birth is not the patient's. `tries_left` says how often they may try again."""

    def __init__(self, sentence: str, *, tries_left: int) -> None:
        super().__init__(sentence)
        self.tries_left = tries_left


def link_state(*, token: str, at: datetime) -> PatientLink:
    """Return the link before it is opened; raises LinkUnknown, LinkReplaced, LinkExpired or LinkLocked."""
    return find_link(token=token, at=at)


def open_link(*, token: str, date_of_birth: date, at: datetime) -> PatientLink:
    """Return the opened link when the date of birth is the patient's.

    Raises WrongDateOfBirth and counts the try; after the last try the link is locked for good.
    """
    opened = _try_to_open(token=token, date_of_birth=date_of_birth, at=at)
    if opened.opened_at is None:
        left = tries_allowed(at=at) - opened.failed_attempts
        if left <= 0:
            raise LinkLocked("This link was closed after too many wrong dates of birth.")
        raise WrongDateOfBirth("That is not the date of birth we have.", tries_left=left)
    return opened


@writing()
def _try_to_open(*, token: str, date_of_birth: date, at: datetime) -> PatientLink:
    """Return the link, opened or with one more failed try: both are kept, so neither may raise in here."""
    link = find_link(token=token, at=at)
    if link.order.prescription.patient.date_of_birth != date_of_birth:
        PatientLink.objects.filter(pk=link.pk).update(failed_attempts=F("failed_attempts") + 1)
        link.refresh_from_db(fields=["failed_attempts"])
        link.opened_at = None
        record_event(event="link_wrong_date_of_birth", record=link, by=PATIENT, at=at)
        return link
    if link.opened_at is None:
        PatientLink.objects.filter(pk=link.pk).update(opened_at=at)
        record_event(event="link_opened", record=link, by=PATIENT, at=at)
    link.opened_at = link.opened_at or at
    return link
