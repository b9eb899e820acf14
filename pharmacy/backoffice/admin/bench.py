"""What happened at the bench beside the weighings: scans, near misses, readings, steps, deviations, photographs."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from pharmacy.backoffice.admin.base import RecordAdmin
from pharmacy.backoffice.site import site
from pharmacy.batches.models import (
    BalanceReading,
    ContainerScan,
    Deviation,
    NearMiss,
    Photo,
    SecondLook,
    StepDone,
)


@admin.register(ContainerScan, site=site)
class ContainerScanAdmin(RecordAdmin):
    """Right containers, scanned before anything was taken from them."""

    list_display = ("at", "line__record", "line__ingredient", "scanned", "by")
    list_select_related = ("line__record", "line__ingredient", "by")
    search_fields = ("=line__record__number", "=scanned")


@admin.register(NearMiss, site=site)
class NearMissAdmin(RecordAdmin):
    """Wrong containers, stopped by their scan."""

    list_display = (
        "at",
        "line__record",
        "line__ingredient",
        "wanted",
        "scanned",
        "why",
        "by",
    )
    list_select_related = ("line__record", "line__ingredient", "by")
    search_fields = ("=line__record__number", "=scanned", "=wanted")


@admin.register(BalanceReading, site=site)
class BalanceReadingAdmin(RecordAdmin):
    """What balances sent."""

    list_display = ("received_at", "balance", "amount_mg", "is_stable", "measured_at")
    list_filter = ("balance", "is_stable")
    list_select_related = ("balance",)


@admin.register(StepDone, site=site)
class StepDoneAdmin(RecordAdmin):
    """Steps of a procedure, as they were done."""

    list_display = ("at", "record", "position", "text", "entry", "by")
    list_select_related = ("record", "by")
    search_fields = ("=record__number",)


@admin.register(Deviation, site=site)
class DeviationAdmin(RecordAdmin):
    """What was not as a record wants it, and what was decided. Written and closed on the batch's page."""

    list_display = ("at", "record", "what_happened", "by", "disposition", "closed_at", "closed_by")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "disposition")
    list_select_related = ("record", "by", "closed_by")
    search_fields = ("=record__number", "what_happened")


@admin.register(Photo, site=site)
class PhotoAdmin(RecordAdmin):
    """Photographs of steps and checks. They are looked at on the batch's page."""

    fields = ("record", "quality_check", "shows", "width", "height", "sha256", "at", "by")
    list_display = ("at", "record", "shows", "by")
    list_select_related = ("record", "by")
    search_fields = ("=record__number", "shows")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Photo]:
        """Return the photographs without their bytes."""
        return super().get_queryset(request).defer("image")


@admin.register(SecondLook, site=site)
class SecondLookAdmin(RecordAdmin):
    """Released batches, looked at again before they were dispensed."""

    list_display = ("on", "record", "is_as_expected", "seen", "by")
    list_filter = ("is_as_expected",)
    list_select_related = ("record", "by")
    search_fields = ("=record__number",)
