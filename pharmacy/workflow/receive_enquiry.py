"""Somebody writes to us through the contact form."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import writing
from pharmacy.contacts.actions import create_enquiry
from pharmacy.contacts.models import Enquiry, EnquiryTopic
from pharmacy.followups.actions import schedule
from pharmacy.followups.expansion import reminder_wait
from pharmacy.followups.models import FollowUpKind
from pharmacy.people.actors import Actor
from pharmacy.people.roles import Role

VISITOR = Actor(role=Role.PATIENT, name="visitor")
LONGEST_MESSAGE = 4000
_LONGEST_NAME = 200
_LONGEST_PHONE = 30


class EnquiryRefused(Refusal):
    """The form cannot be taken as it is. `field` names the field of EnquiryForm it is about."""

    field: ClassVar[str]


class NameMissing(EnquiryRefused):
    """There is no name, or one no name is as long as."""

    field = "name"


class EmailNotAnAddress(EnquiryRefused):
    """We could not answer to this address."""

    field = "email"


class PhoneTooLong(EnquiryRefused):
    """No telephone number is this long."""

    field = "phone"


class MessageMissing(EnquiryRefused):
    """There is no message, or one longer than we take."""

    field = "message"


class TopicUnknown(EnquiryRefused):
    """The topic is not on the list."""

    field = "topic"


class StateUnknown(EnquiryRefused):
    """The state is not given by its two letters."""

    field = "residence_state"


@dataclass(frozen=True)
class EnquiryForm:
    """What somebody typed into the contact form. `idempotency_key` belongs to one showing of the form."""

    idempotency_key: str
    topic: str
    name: str
    email: str
    message: str
    phone: str = ""
    residence_state: str = ""
    needs_prescriber: bool = False


@writing()
def receive_enquiry(*, form: EnquiryForm, at: datetime) -> Enquiry:
    """Return the enquiry of this form, with its acknowledgement, its word to the staff and its reminder scheduled.

    The same `idempotency_key` again returns the enquiry that was made the first time. Raises EnquiryRefused.
    """
    earlier = Enquiry.objects.filter(idempotency_key=form.idempotency_key).first()
    if earlier is not None:
        return earlier
    _check(form)
    enquiry = create_enquiry(
        idempotency_key=form.idempotency_key,
        topic=form.topic,
        needs_prescriber=form.needs_prescriber or form.topic == EnquiryTopic.FIND_PRESCRIBER,
        name=form.name.strip(),
        email=form.email.strip(),
        phone=form.phone.strip(),
        residence_state=form.residence_state,
        message=form.message,
        by=VISITOR,
        at=at,
    )
    schedule(kind=FollowUpKind.ACKNOWLEDGE_ENQUIRY, due_at=at, enquiry=enquiry)
    schedule(kind=FollowUpKind.TELL_STAFF, due_at=at, enquiry=enquiry)
    schedule(kind=FollowUpKind.REMIND_STAFF, due_at=at + reminder_wait(at=at), enquiry=enquiry)
    return enquiry


def _check(form: EnquiryForm) -> None:
    if not form.name.strip():
        raise NameMissing(_("Enter your name"))
    if len(form.name.strip()) > _LONGEST_NAME:
        raise NameMissing(_("Enter a shorter name"))
    try:
        validate_email(form.email.strip())
    except ValidationError:
        raise EmailNotAnAddress(_("Enter an email address in the form name@example.com")) from None
    if len(form.phone.strip()) > _LONGEST_PHONE:
        raise PhoneTooLong(_("Enter a phone number, like (212) 555-0100"))
    if not form.message.strip():
        raise MessageMissing(_("Enter your message"))
    if len(form.message) > LONGEST_MESSAGE:
        raise MessageMissing(
            _("Use %(most)d characters or fewer, not %(given)d")
            % {"most": LONGEST_MESSAGE, "given": len(form.message)}
        )
    if form.topic not in EnquiryTopic.values:
        raise TopicUnknown(_("Select what your message is about"))
    if form.residence_state and not _is_state_code(form.residence_state):
        raise StateUnknown(_("Select the state you live in"))


def _is_state_code(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()
