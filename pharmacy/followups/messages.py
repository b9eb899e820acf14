"""What is said: one e-mail for each kind of follow-up, from the templates in templates/messages/.

A template is given the few values named here and never a record, so that no medicine, condition or patient's name can
slip into an e-mail. What people wrote to us is not repeated either: whoever fills in a form with a stranger's address
must not be able to make us send that stranger their words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from compounding import wording
from pharmacy.contacts.models import Enquiry
from pharmacy.followups.models import FollowUp, FollowUpKind
from pharmacy.letterhead import get_letterhead
from pharmacy.orders.links import new_link
from pharmacy.orders.models import LinkPurpose, Order
from pharmacy.orders.states import OrderState
from pharmacy.policies.queries import find_policy, whole_of

Facts = dict[str, Any]
SECRET_MARK = "secret-not-kept"
REPLY_POLICY = "enquiry_first_reply_hours"
TO_STAFF = frozenset({FollowUpKind.TELL_STAFF, FollowUpKind.REMIND_STAFF})


@dataclass(frozen=True)
class Letter:
    """One e-mail, before it is queued. `text` and `html` say the same.

    Where a patient's link has its secret, both hold SECRET_MARK. The secret itself is kept apart until it is sent.
    """

    recipient: str
    subject: str
    text: str
    html: str
    secret: str | None


def write_letter(*, followup: FollowUp, at: datetime) -> Letter:
    """Return the e-mail of a follow-up. One with a patient's link makes the link, so it belongs in a transaction."""
    folder = _folder(followup)
    facts = {**_FACTS[FollowUpKind(followup.kind)](followup, at), "pharmacy": get_letterhead()}
    secret = facts.get("secret")
    return Letter(
        recipient=recipient_of(followup),
        subject=" ".join(_plain(f"{folder}/subject.txt", facts).split()),
        text=_marked(_plain(f"{folder}/body.txt", facts).strip() + "\n", secret),
        html=_marked(get_template(f"{folder}/body.html").render(facts), secret),
        secret=secret,
    )


def with_secret(text: str, secret: str | None) -> str:
    """Return the text as it goes out, with the secret of the patient's link where the mark stands."""
    return text if secret is None else text.replace(SECRET_MARK, secret)


def _marked(text: str, secret: str | None) -> str:
    return text if secret is None else text.replace(secret, SECRET_MARK)


def recipient_of(followup: FollowUp) -> str:
    """Return the address a follow-up goes to, as it is now."""
    if followup.kind in TO_STAFF:
        return str(settings.STAFF_NOTIFICATION_ADDRESS)
    if followup.enquiry is not None:
        return followup.enquiry.email
    prescription = _order(followup).prescription
    if followup.kind == FollowUpKind.RECALL_PRESCRIBER:
        return prescription.prescriber.email
    return prescription.patient.email


def _folder(followup: FollowUp) -> str:
    if followup.kind == FollowUpKind.TELL_STAFF and followup.order is not None:
        return "messages/tell_staff_of_check_in"
    return f"messages/{followup.kind}"


def _plain(template: str, facts: Facts) -> str:
    """Plain text needs no escaping: an apostrophe stays one."""
    # Django's loader escapes in .txt files too; the engine below it can be told not to.
    return str(get_template(template).template.render(Context(facts, autoescape=False)))  # type: ignore[attr-defined]


def _acknowledgement(followup: FollowUp, at: datetime) -> Facts:
    promise = find_policy(REPLY_POLICY, on=timezone.localdate(at))
    hours = int(promise.value) if promise else None
    return {
        "reference": _enquiry(followup).reference,
        "within": hours and f"{wording.number(hours)} {wording.plural(hours, 'hour')}",
    }


def _for_staff(followup: FollowUp, at: datetime) -> Facts:
    if followup.order is not None:
        return {"reference": followup.order.number, "link": _full(reverse("admin:check_ins"))}
    enquiry = _enquiry(followup)
    return {
        "reference": enquiry.reference,
        "link": _full(reverse("admin:enquiry", args=[enquiry.pk])),
        "number": followup.sequence,
        "received_on": wording.day(timezone.localdate(enquiry.received_at)),
    }


def _our_answer(followup: FollowUp, at: datetime) -> Facts:
    enquiry = _enquiry(followup)
    answered_by = enquiry.answered_by.signed_name if enquiry.answered_by else ""
    return {
        "reference": enquiry.reference,
        "answer": enquiry.answer,
        "answered_by": answered_by,
    }


def _fresh_link(followup: FollowUp, at: datetime) -> Facts:
    """The link is for what the patient can open now: the plan once the medicine was handed over."""
    dispensed = _order(followup).state == OrderState.DISPENSED
    return _for_patient(LinkPurpose.PLAN if dispensed else LinkPurpose.INTAKE, followup, at)


def _for_patient(purpose: LinkPurpose, followup: FollowUp, at: datetime) -> Facts:
    lifetime = timedelta(days=whole_of("patient_link_days", on=timezone.localdate(at)))
    link, token = new_link(order=_order(followup), purpose=purpose, lifetime=lifetime, at=at)
    return {
        "link": _full(reverse("web:patient_link", args=[token])),
        "secret": token,
        "expires_on": wording.day(timezone.localdate(link.expires_at)),
        "number": followup.sequence,
        "days": wording.days(followup.sequence),
    }


def _nothing_more(followup: FollowUp, at: datetime) -> Facts:
    return {}


_FACTS: dict[FollowUpKind, Callable[[FollowUp, datetime], Facts]] = {
    FollowUpKind.ACKNOWLEDGE_ENQUIRY: _acknowledgement,
    FollowUpKind.TELL_STAFF: _for_staff,
    FollowUpKind.REMIND_STAFF: _for_staff,
    FollowUpKind.ANSWER_ENQUIRY: _our_answer,
    FollowUpKind.INVITE_PATIENT: partial(_for_patient, LinkPurpose.INTAKE),
    FollowUpKind.FRESH_LINK: _fresh_link,
    FollowUpKind.SEND_PLAN: partial(_for_patient, LinkPurpose.PLAN),
    FollowUpKind.CHECK_IN: partial(_for_patient, LinkPurpose.PLAN),
    # A recall's message says nothing that is not on the letterhead: whoever reads it is asked to call.
    FollowUpKind.RECALL_PATIENT: _nothing_more,
    FollowUpKind.RECALL_PRESCRIBER: _nothing_more,
}


def _full(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _enquiry(followup: FollowUp) -> Enquiry:
    if followup.enquiry is None:
        raise ValueError(f"{followup} is not about an enquiry.")
    return followup.enquiry


def _order(followup: FollowUp) -> Order:
    if followup.order is None:
        raise ValueError(f"{followup} is not about an order.")
    return followup.order
