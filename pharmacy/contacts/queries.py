"""Reading enquiries and prescribers."""

from django.db.models import QuerySet

from pharmacy.contacts.models import Enquiry, Prescriber
from pharmacy.contacts.states import EnquiryState
from pharmacy.people.models import User


def open_enquiries() -> QuerySet[Enquiry]:
    """Return the enquiries that wait for an answer; the one that has waited longest first."""
    return Enquiry.objects.filter(state=EnquiryState.OPEN).order_by("received_at", "pk")


def prescriber_with_login(user: User) -> Prescriber | None:
    """Return the prescriber who signs in as this user, with the practice; nothing for staff."""
    return Prescriber.objects.select_related("practice").filter(user=user).first()
