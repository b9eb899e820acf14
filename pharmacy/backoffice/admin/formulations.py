"""Substances, ingredients and master formulation records."""

from typing import Any

from django.contrib import admin
from django.db.models import Max, Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from pharmacy.backoffice.access import is_pharmacist
from pharmacy.backoffice.admin.base import KeptAdmin, RowsInline
from pharmacy.backoffice.site import site
from pharmacy.formulations.models import (
    FormulaLine,
    FormulaStep,
    Ingredient,
    MasterFormulationRecord,
    Substance,
)
from pharmacy.formulations.states import FormulaState


@admin.register(Substance, site=site)
class SubstanceAdmin(KeptAdmin):
    """What a strength can be a strength of."""

    list_display = ("name", "plain_name", "cas_number", "unii", "molecular_weight")
    search_fields = ("name", "=cas_number", "=unii")


@admin.register(Ingredient, site=site)
class IngredientAdmin(KeptAdmin):
    """What is kept in stock."""

    list_display = ("name", "kind", "unit", "grade", "capsule_size")
    list_filter = ("kind",)
    list_select_related = False
    search_fields = ("name", "label_name")


class DraftRows(RowsInline):
    """Rows of a formula: written while it is a draft, frozen with it."""

    def _is_open(self, request: HttpRequest, formula: Any) -> bool:
        draft = formula is None or formula.state == FormulaState.DRAFT
        return draft and is_pharmacist(request.user)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Return how many empty rows stand ready."""
        return 4

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let pharmacists add rows to a draft."""
        return self._is_open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let pharmacists change the rows of a draft."""
        return self._is_open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let pharmacists strike a row of a draft."""
        return self._is_open(request, obj)


class LineRows(DraftRows):
    model = FormulaLine
    ordering = ("position",)
    can_delete = True


class StepRows(DraftRows):
    model = FormulaStep
    ordering = ("position",)
    can_delete = True


@admin.register(MasterFormulationRecord, site=site)
class MasterFormulationRecordAdmin(KeptAdmin):
    """Formulas. A draft is written here; approval and everything after it has its own page."""

    list_display = (
        "name",
        "version",
        "code",
        "state",
        "dosage_form",
        "author",
        "approved_by",
        "approved_at",
    )
    list_filter = ("state", "dosage_form")
    list_select_related = ("author", "approved_by")
    search_fields = ("name", "=code")
    readonly_fields = ("version", "state", "author", "created_at", "approved_by", "approved_at")
    inlines = (LineRows, StepRows)
    staff_page = "admin:formula"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let pharmacists change a draft; an approved version never changes."""
        draft = obj is None or obj.state == FormulaState.DRAFT
        return draft and super().has_change_permission(request, obj)

    def write(self, request: HttpRequest, obj: Model, form: "ModelForm[Any]", change: bool) -> None:
        """Write the draft; whoever begins it is its author."""
        if isinstance(obj, MasterFormulationRecord) and not change:
            versions = MasterFormulationRecord.objects.filter(code=obj.code)
            obj.version = (versions.aggregate(newest=Max("version"))["newest"] or 0) + 1
            obj.author = request.user  # type: ignore[assignment]
            obj.created_at = timezone.now()
        super().write(request, obj, form, change)
