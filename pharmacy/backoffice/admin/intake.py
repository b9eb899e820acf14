"""Patients and what they answered."""

from django.contrib import admin

from pharmacy.backoffice.admin.base import KeptAdmin, RecordAdmin, RowsInline
from pharmacy.backoffice.site import site
from pharmacy.intake.models import Consent, IntakeSubmission, Patient


class ConsentRows(RowsInline):
    model = Consent


@admin.register(Patient, site=site)
class PatientAdmin(KeptAdmin):
    """Patients. A pharmacist may correct how to reach them; the audit trail says which field, not what it held."""

    private = True
    list_display = ("full_name", "date_of_birth", "phone", "email", "state")
    search_fields = ("full_name", "=phone", "=email")
    list_select_related = False
    readonly_fields = ("full_name", "date_of_birth", "created_at")

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        """Nobody adds a patient by hand: they come with an order."""
        return False


@admin.register(IntakeSubmission, site=site)
class IntakeSubmissionAdmin(RecordAdmin):
    """What patients answered. An order's page shows it in words."""

    list_display = ("patient", "started_at", "submitted_at", "questionnaire_version")
    list_filter = (("submitted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("patient",)
    search_fields = ("patient__full_name",)
    inlines = (ConsentRows,)


@admin.register(Consent, site=site)
class ConsentAdmin(RecordAdmin):
    """What patients agreed to, word for word."""

    list_display = ("submission", "kind", "given_at")
    list_filter = ("kind",)
