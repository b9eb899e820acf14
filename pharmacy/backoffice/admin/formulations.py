"""Substances, ingredients and master formulation records."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from pharmacy.backoffice.admin.base import KeptAdmin, RecordAdmin, RowsInline
from pharmacy.backoffice.site import site
from pharmacy.formulations.models import (
    ExcipientFact,
    FormulaCheck,
    FormulaLine,
    FormulaStep,
    Ingredient,
    IngredientCaution,
    MasterFormulationRecord,
    Substance,
)

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Ingredient]
else:
    _ModelForm = forms.ModelForm


@admin.register(Substance, site=site)
class SubstanceAdmin(KeptAdmin):
    """What a strength can be a strength of."""

    list_display = ("name", "plain_name", "cas_number", "unii", "molecular_weight")
    search_fields = ("name", "=cas_number", "=unii")


class IngredientForm(_ModelForm):
    """An ingredient; allergens and diet are ticked, not typed."""

    contains = forms.MultipleChoiceField(
        choices=ExcipientFact.choices,
        required=False,
        label=_("Contains"),
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(Ingredient, site=site)
class IngredientAdmin(KeptAdmin):
    """What is kept in stock."""

    form = IngredientForm
    list_display = ("name", "kind", "unit", "grade", "capsule_size")
    list_filter = ("kind",)
    list_select_related = False
    search_fields = ("name", "label_name")


@admin.register(IngredientCaution, site=site)
class IngredientCautionAdmin(KeptAdmin):
    """Which ingredients may stand beside which substances."""

    list_display = ("ingredient", "substance", "allowed", "reason")
    list_filter = ("allowed",)
    list_select_related = ("ingredient", "substance")


class LineRows(RowsInline):
    model = FormulaLine
    ordering = ("position",)


class StepRows(RowsInline):
    model = FormulaStep
    ordering = ("position",)


class CheckRows(RowsInline):
    model = FormulaCheck
    ordering = ("position",)


@admin.register(MasterFormulationRecord, site=site)
class MasterFormulationRecordAdmin(RecordAdmin):
    """Formulas, to be looked at. They are drafted, approved and retired on their own pages."""

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
    inlines = (LineRows, StepRows, CheckRows)
    staff_page = "admin:formula"
