"""Compounding records and all that hangs on them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from pharmacy.backoffice.admin.base import RecordAdmin, RowsInline
from pharmacy.backoffice.site import site
from pharmacy.batches.models import (
    AheadOfOrders,
    BatchLine,
    CompoundingRecord,
    QualityCheck,
    UnitLevel,
    UnitMove,
    Verification,
    Weighing,
)


class BatchLineRows(RowsInline):
    model = BatchLine
    raw_id_fields = ("ingredient", "lot")


class QualityCheckRows(RowsInline):
    model = QualityCheck


class AheadRows(RowsInline):
    model = AheadOfOrders
    verbose_name_plural = _("Made ahead of orders")


@admin.register(CompoundingRecord, site=site)
class CompoundingRecordAdmin(RecordAdmin):
    """Batches. The work on one has its own page."""

    list_display = (
        "number",
        "formula",
        "strength",
        "units_wanted",
        "state",
        "planned_at",
        "beyond_use_on",
    )
    list_filter = ("state",)
    list_select_related = ("formula",)
    search_fields = ("=number",)
    inlines = (BatchLineRows, QualityCheckRows, AheadRows)
    staff_page = "admin:batch"


@admin.register(BatchLine, site=site)
class BatchLineAdmin(RecordAdmin):
    """What each batch wanted from which lot."""

    list_display = ("record", "position", "ingredient", "lot", "wanted", "unit")
    list_select_related = ("record", "ingredient", "lot__ingredient")
    search_fields = ("=record__number", "=lot__lot_number")


@admin.register(Weighing, site=site)
class WeighingAdmin(RecordAdmin):
    """What was weighed."""

    list_display = ("at", "line", "amount", "balance", "by")
    list_select_related = ("line__ingredient", "balance", "by")
    search_fields = ("=line__record__number",)


@admin.register(QualityCheck, site=site)
class QualityCheckAdmin(RecordAdmin):
    """Tests of finished batches."""

    list_display = ("at", "record", "kind", "passed", "by")
    list_filter = ("kind", "passed")
    list_select_related = ("record", "by")
    search_fields = ("=record__number",)


@admin.register(Verification, site=site)
class VerificationAdmin(RecordAdmin):
    """Signatures under batches."""

    list_display = ("at", "record", "by", "meaning")
    list_select_related = ("record", "by")
    search_fields = ("=record__number",)


@admin.register(UnitMove, site=site)
class UnitMoveAdmin(RecordAdmin):
    """Where finished units went."""

    list_display = ("at", "record", "quantity", "from_place", "to_place", "reference", "by")
    list_filter = ("to_place",)
    list_select_related = ("record", "by")
    search_fields = ("=record__number", "=reference")


@admin.register(UnitLevel, site=site)
class UnitLevelAdmin(RecordAdmin):
    """Where finished units are."""

    list_display = ("record", "place", "quantity")
    list_filter = ("place",)
    list_select_related = ("record",)
    search_fields = ("=record__number",)
