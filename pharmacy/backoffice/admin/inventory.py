"""Lots, stock, balances, droppers."""

from django.contrib import admin

from pharmacy.backoffice.admin.base import KeptAdmin, RecordAdmin, RowsInline
from pharmacy.backoffice.site import site
from pharmacy.inventory.models import (
    Balance,
    BalanceCalibration,
    DropperCalibration,
    IngredientLot,
    LotDocument,
    PackStatistic,
    ReorderPoint,
    RepeatabilityTest,
    StockLevel,
    StockMove,
    Supplier,
)


@admin.register(Supplier, site=site)
class SupplierAdmin(KeptAdmin):
    """Where ingredients come from."""

    list_display = ("name",)
    search_fields = ("name",)


@admin.register(Balance, site=site)
class BalanceAdmin(KeptAdmin):
    """Weighing instruments and when they are due for calibration."""

    list_display = ("name", "serial_number", "readability_mg", "capacity_mg", "calibration_due_on")
    staff_page = "admin:balance"


class LevelRows(RowsInline):
    model = StockLevel


class PackRows(RowsInline):
    model = PackStatistic


@admin.register(IngredientLot, site=site)
class IngredientLotAdmin(RecordAdmin):
    """Lots with their certificates. Receiving and releasing has its own page."""

    list_display = (
        "ingredient",
        "lot_number",
        "supplier",
        "state",
        "received_on",
        "expires_on",
        "assay_pct",
    )
    list_filter = ("state",)
    list_select_related = ("ingredient", "supplier")
    search_fields = ("=lot_number", "ingredient__name")
    inlines = (LevelRows, PackRows)
    staff_page = "admin:lot"


@admin.register(PackStatistic, site=site)
class PackStatisticAdmin(RecordAdmin):
    """How much of a lot fills a capsule."""

    list_display = ("lot", "capsule_size", "mg_per_capsule", "measured_on", "measured_by")
    list_select_related = ("lot__ingredient", "measured_by")


@admin.register(StockMove, site=site)
class StockMoveAdmin(RecordAdmin):
    """Every quantity that went anywhere."""

    list_display = ("at", "lot", "quantity", "from_place", "to_place", "reference", "by")
    list_filter = ("to_place",)
    list_select_related = ("lot__ingredient", "by")
    search_fields = ("=reference", "=lot__lot_number")


@admin.register(StockLevel, site=site)
class StockLevelAdmin(RecordAdmin):
    """How much there is, and where."""

    list_display = ("lot", "place", "quantity")
    list_filter = ("place",)
    list_select_related = ("lot__ingredient",)


@admin.register(DropperCalibration, site=site)
class DropperCalibrationAdmin(RecordAdmin):
    """How many drops make a millilitre."""

    list_display = ("formula", "dropper", "drops", "volume_ml", "measured_on", "measured_by")
    list_select_related = ("formula", "dropper", "measured_by")


@admin.register(BalanceCalibration, site=site)
class BalanceCalibrationAdmin(RecordAdmin):
    """When balances were calibrated, by whom."""

    list_display = ("done_on", "balance", "done_by", "passed", "due_on", "by")
    list_filter = ("passed",)
    list_select_related = ("balance", "by")


@admin.register(RepeatabilityTest, site=site)
class RepeatabilityTestAdmin(RecordAdmin):
    """How well balances repeat themselves."""

    list_display = ("at", "balance", "test_weight_mg", "sd_mg", "minimum_mg", "by")
    list_select_related = ("balance", "by")


@admin.register(ReorderPoint, site=site)
class ReorderPointAdmin(RecordAdmin):
    """The least of an ingredient that the shelf should hold. Set on the page of the lots."""

    list_display = ("ingredient", "minimum")
    list_select_related = ("ingredient",)


@admin.register(LotDocument, site=site)
class LotDocumentAdmin(RecordAdmin):
    """Files that came with lots. They are opened on the lot's page."""

    fields = ("lot", "name", "content_type", "size", "sha256", "at", "by")
    list_display = ("at", "lot", "name", "content_type", "size", "by")
    list_select_related = ("lot__ingredient", "by")
