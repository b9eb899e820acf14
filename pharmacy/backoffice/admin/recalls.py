"""Recalls, and who was reached."""

from django.contrib import admin

from pharmacy.backoffice.admin.base import RecordAdmin
from pharmacy.backoffice.site import site
from pharmacy.recalls.models import Recall, RecallContact, RecallTry


@admin.register(Recall, site=site)
class RecallAdmin(RecordAdmin):
    """Every recall and every drill."""

    list_display = (
        "number",
        "lot",
        "batch",
        "state",
        "urgency",
        "patients_found",
        "seconds",
        "opened_at",
        "opened_by",
        "approved_by",
    )
    list_filter = ("state", "is_drill")
    list_select_related = ("lot__ingredient", "batch", "opened_by", "approved_by")
    search_fields = ("=number",)
    staff_page = "admin:recall"


@admin.register(RecallContact, site=site)
class RecallContactAdmin(RecordAdmin):
    """Who had to hear of a recall, and what they do."""

    list_display = ("recall", "order", "state", "tries", "reached_at", "reached_by", "outcome")
    list_filter = ("state", "outcome")
    list_select_related = ("recall", "order__prescription", "reached_by")


@admin.register(RecallTry, site=site)
class RecallTryAdmin(RecordAdmin):
    """Each try to reach somebody."""

    list_display = ("at", "contact", "how", "result", "by")
    list_filter = ("result",)
    list_select_related = ("contact", "by")
