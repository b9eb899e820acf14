"""Prescribers, practices and enquiries."""

from django.contrib import admin

from pharmacy.backoffice.admin.base import KeptAdmin, RecordAdmin
from pharmacy.backoffice.site import site
from pharmacy.contacts.models import Enquiry, Practice, Prescriber


@admin.register(Practice, site=site)
class PracticeAdmin(KeptAdmin):
    """Where prescribers work. New ones come with an order."""

    list_display = ("name", "phone", "fax", "city", "state")
    search_fields = ("name", "phone")


@admin.register(Prescriber, site=site)
class PrescriberAdmin(KeptAdmin):
    """Who prescribes. The NPI stays; verifying is done on an order's page."""

    list_display = ("full_name", "credential", "npi", "practice", "phone", "verified_at")
    list_filter = (("verified_at", admin.EmptyFieldListFilter),)
    search_fields = ("full_name", "=npi")
    list_select_related = ("practice",)
    readonly_fields = ("npi", "practice", "user", "verified_at", "verified_by", "verified_how")

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        """Nobody adds a prescriber by hand: they come with an order."""
        return False


@admin.register(Enquiry, site=site)
class EnquiryAdmin(RecordAdmin):
    """What people asked. Answers are written on the enquiry's own page."""

    list_display = ("reference", "received_at", "topic", "name", "state", "answered_at")
    list_filter = ("state", "topic")
    list_select_related = False
    search_fields = ("=reference", "name", "=email")
    exclude = ("idempotency_key",)
    staff_page = "admin:enquiry"
