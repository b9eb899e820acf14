"""Papers and who printed them."""

from django.contrib import admin

from pharmacy.backoffice.admin.base import RecordAdmin, RowsInline
from pharmacy.backoffice.site import site
from pharmacy.documents.models import Document, PrintEvent, PrintRun


class PrintRows(RowsInline):
    model = PrintEvent


@admin.register(Document, site=site)
class DocumentAdmin(RecordAdmin):
    """Papers, each as it was printed."""

    list_display = (
        "id",
        "kind",
        "state",
        "order",
        "record",
        "requested_at",
        "requested_by",
        "template_version",
    )
    list_filter = ("kind", "state")
    list_select_related = ("order__prescription", "record", "requested_by")
    search_fields = ("=record__number", "=order__prescription__number")
    inlines = (PrintRows,)
    raw_id_fields = ("order", "line", "record", "corrects")
    staff_page = "admin:paper"


@admin.register(PrintEvent, site=site)
class PrintEventAdmin(RecordAdmin):
    """Who opened which paper."""

    list_display = ("at", "document", "by", "reason")
    list_select_related = ("document", "by")


@admin.register(PrintRun, site=site)
class PrintRunAdmin(RecordAdmin):
    """Container labels that were printed together."""

    list_display = (
        "id",
        "state",
        "label_format",
        "requested_at",
        "requested_by",
        "opened_at",
        "reason",
        "error",
    )
    list_filter = ("state",)
    list_select_related = ("requested_by",)
    staff_page = "admin:label_run"
