"""What may be said to people: conditions, studies, leaflet editions."""

from django.contrib import admin

from pharmacy.backoffice.admin.base import RecordAdmin
from pharmacy.backoffice.site import site
from pharmacy.leaflets.models import Condition, LeafletEdition, Study


@admin.register(Condition, site=site)
class ConditionAdmin(RecordAdmin):
    """Conditions, and the one line said about each."""

    list_display = ("name", "icd10", "patient_line", "position")
    search_fields = ("name", "=icd10")


@admin.register(Study, site=site)
class StudyAdmin(RecordAdmin):
    """Publications. Only those a pharmacist has read are shown to people."""

    list_display = ("authors", "year", "title", "grade", "direction", "read_at")
    list_filter = (("read_at", admin.EmptyFieldListFilter), "grade", "direction")
    list_select_related = False
    search_fields = ("authors", "title", "=pmid")
    staff_page = "admin:study"


@admin.register(LeafletEdition, site=site)
class LeafletEditionAdmin(RecordAdmin):
    """Every sentence of each leaflet, as approved."""

    list_display = (
        "rule_set",
        "language",
        "number",
        "state",
        "author",
        "approved_by",
        "approved_at",
    )
    list_filter = ("state",)
    list_select_related = ("author", "approved_by")
    staff_page = "admin:edition"
