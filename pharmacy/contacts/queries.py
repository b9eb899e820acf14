"""Reading enquiries."""

from django.db.models import QuerySet

from pharmacy.contacts.models import Enquiry
from pharmacy.contacts.states import EnquiryState


def open_enquiries() -> QuerySet[Enquiry]:
    """Return the enquiries that wait for an answer; the one that has waited longest first."""
    return Enquiry.objects.filter(state=EnquiryState.OPEN).order_by("received_at", "pk")
