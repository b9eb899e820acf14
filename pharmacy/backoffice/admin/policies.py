"""The numbers a pharmacist owns."""

from django.contrib import admin

from pharmacy.backoffice.admin.base import RecordAdmin
from pharmacy.backoffice.site import site
from pharmacy.policies.models import PolicyVersion


@admin.register(PolicyVersion, site=site)
class PolicyVersionAdmin(RecordAdmin):
    """Every version of every policy. Drafting and approving has its own page."""

    list_display = (
        "key",
        "version",
        "title",
        "value",
        "unit",
        "effective_on",
        "author",
        "approved_by",
        "approved_at",
    )
    list_filter = (("approved_at", admin.EmptyFieldListFilter),)
    list_select_related = ("author", "approved_by")
    search_fields = ("key", "title")
