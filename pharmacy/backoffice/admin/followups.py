"""What is due, what was sent, what patients said."""

from django.contrib import admin

from pharmacy.backoffice.admin.base import RecordAdmin
from pharmacy.backoffice.site import site
from pharmacy.followups.models import CheckIn, FollowUp, OutgoingMessage, PatientCall


@admin.register(FollowUp, site=site)
class FollowUpAdmin(RecordAdmin):
    """What is due, once each."""

    list_display = ("kind", "sequence", "order", "enquiry", "due_at", "done_at", "dropped_at")
    list_filter = ("kind", ("done_at", admin.EmptyFieldListFilter))
    list_select_related = ("order__prescription", "enquiry")


@admin.register(OutgoingMessage, site=site)
class OutgoingMessageAdmin(RecordAdmin):
    """Every e-mail, word for word."""

    list_display = (
        "queued_at",
        "subject",
        "recipient",
        "state",
        "attempts",
        "sent_at",
        "last_error",
    )
    list_filter = ("state",)
    list_select_related = False
    search_fields = ("=recipient",)


@admin.register(CheckIn, site=site)
class CheckInAdmin(RecordAdmin):
    """What patients said when asked how it goes."""

    list_display = ("at", "order", "feeling", "opioid_since", "wants_call", "seen_at", "seen_by")
    list_filter = (("seen_at", admin.EmptyFieldListFilter), "feeling")
    list_select_related = ("order__prescription", "seen_by")


@admin.register(PatientCall, site=site)
class PatientCallAdmin(RecordAdmin):
    """Calls to patients who did not answer. They are done on the page of the calls."""

    list_display = ("due_at", "order", "because", "done_at", "done_by", "outcome", "dropped_at")
    list_filter = (("done_at", admin.EmptyFieldListFilter),)
    list_select_related = ("order__prescription", "done_by")
    search_fields = ("=order__prescription__number",)
