"""The staff answers an enquiry, or closes it."""

from datetime import datetime

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import writing
from pharmacy.contacts.actions import record_answer, record_closed
from pharmacy.contacts.models import Enquiry
from pharmacy.followups.actions import drop, schedule
from pharmacy.followups.models import FollowUpKind
from pharmacy.people.actors import Actor


class AnswerMissing(Refusal):
    """There is nothing to send."""


@writing()
def answer_enquiry(*, enquiry: Enquiry, answer: str, by: Actor, at: datetime) -> Enquiry:
    """Answer an enquiry: the answer goes out by e-mail, and nobody is reminded any more.

    An e-mail can be read on its way: whoever writes the answer leaves medicines and conditions out of it, or calls.
    Raises AnswerMissing, or the state table's refusals when it was answered or closed before.
    """
    if not answer.strip():
        raise AnswerMissing(_("Write the answer first."))
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    record_answer(enquiry, answer=answer.strip(), by=by, at=at)
    drop(enquiry=enquiry, because="The enquiry was answered.", at=at)
    schedule(kind=FollowUpKind.ANSWER_ENQUIRY, due_at=at, enquiry=enquiry)
    return enquiry


@writing()
def close_enquiry(*, enquiry: Enquiry, by: Actor, at: datetime) -> Enquiry:
    """Close an enquiry that needs no answer. Raises the state table's refusals when it is not open."""
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    record_closed(enquiry, by=by, at=at)
    drop(enquiry=enquiry, because="The enquiry was closed.", at=at)
    return enquiry
