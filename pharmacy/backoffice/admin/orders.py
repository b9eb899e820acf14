"""Prescriptions, orders and all that hangs on them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from pharmacy.backoffice.admin.base import RecordAdmin, RowsInline
from pharmacy.backoffice.site import site
from pharmacy.orders.models import (
    Allocation,
    Clarification,
    Fill,
    FillContainer,
    Order,
    OrderFinding,
    OrderHold,
    OrderLine,
    PatientLink,
    Prescription,
    TitrationStep,
)


class StepRows(RowsInline):
    model = TitrationStep
    ordering = ("position",)


class ClarificationRows(RowsInline):
    model = Clarification


@admin.register(Prescription, site=site)
class PrescriptionAdmin(RecordAdmin):
    """What was prescribed, as it came in."""

    list_display = (
        "number",
        "received_at",
        "patient",
        "prescriber",
        "substance",
        "dosage_form",
        "strength",
        "refills",
    )
    list_filter = ("dosage_form",)
    list_select_related = ("patient", "prescriber", "substance")
    search_fields = ("=number", "patient__full_name", "=prescriber__npi")
    exclude = ("idempotency_key",)
    inlines = (StepRows, ClarificationRows)


@admin.register(Clarification, site=site)
class ClarificationAdmin(RecordAdmin):
    """What prescribers corrected."""

    list_display = ("at", "prescription", "told_by", "told_how", "by")
    list_select_related = ("prescription", "by")


class LineRows(RowsInline):
    model = OrderLine


class FindingRows(RowsInline):
    model = OrderFinding
    fields = (
        "kind",
        "severity",
        "phrase",
        "raised_at",
        "overridden_at",
        "overridden_by",
        "override_reason",
    )


class HoldRows(RowsInline):
    model = OrderHold


@admin.register(Order, site=site)
class OrderAdmin(RecordAdmin):
    """Orders. The work on one has its own page."""

    list_display = ("number", "state", "received_at", "due_on", "patient_name", "dispensed_at")
    list_filter = ("state",)
    list_select_related = ("prescription__patient",)
    search_fields = ("=prescription__number", "prescription__patient__full_name")
    inlines = (LineRows, FindingRows, HoldRows)
    raw_id_fields = ("prescription", "intake")
    staff_page = "admin:order"

    @admin.display(description=_("patient"))
    def patient_name(self, order: Order) -> str:
        """Return the patient's name."""
        return order.prescription.patient.full_name


@admin.register(OrderLine, site=site)
class OrderLineAdmin(RecordAdmin):
    """The medicines of orders."""

    list_display = ("order", "position", "formula", "strength", "quantity", "days_supply")
    list_select_related = ("order__prescription", "formula")


@admin.register(OrderFinding, site=site)
class OrderFindingAdmin(RecordAdmin):
    """What the safety rules found."""

    list_display = ("raised_at", "order", "severity", "phrase", "overridden_at", "overridden_by")
    list_filter = ("severity", ("overridden_at", admin.EmptyFieldListFilter))
    list_select_related = ("order__prescription", "overridden_by")


@admin.register(OrderHold, site=site)
class OrderHoldAdmin(RecordAdmin):
    """Why orders waited."""

    list_display = ("placed_at", "order", "reason", "placed_by", "lifted_at", "lifted_by")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("order__prescription", "placed_by", "lifted_by")


@admin.register(Allocation, site=site)
class AllocationAdmin(RecordAdmin):
    """Which batch is for which order."""

    list_display = ("record", "line", "quantity", "withdrawn_at")
    list_select_related = ("record", "line")
    search_fields = ("=record__number",)


@admin.register(Fill, site=site)
class FillAdmin(RecordAdmin):
    """What was handed over, from which batch."""

    list_display = ("dispensed_at", "record", "line", "quantity", "dispensed_by")
    list_select_related = ("record", "line", "dispensed_by")
    search_fields = ("=record__number",)


@admin.register(FillContainer, site=site)
class FillContainerAdmin(RecordAdmin):
    """In what fills were handed over, and from which lot."""

    list_display = ("fill", "ingredient", "quantity", "lot", "why_no_lot")
    list_filter = (("lot", admin.EmptyFieldListFilter),)
    list_select_related = ("fill", "ingredient", "lot__ingredient")
    search_fields = ("=lot__lot_number",)


@admin.register(PatientLink, site=site)
class PatientLinkAdmin(RecordAdmin):
    """Links mailed to patients. Their secret is nowhere in the house."""

    list_display = ("created_at", "order", "purpose", "expires_at", "opened_at", "failed_attempts")
    list_filter = ("purpose",)
    list_select_related = ("order__prescription",)
    exclude = ("digest",)
