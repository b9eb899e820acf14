"""The forms in which a draft of a formula is written: the record, its ingredients, its steps, its quality control."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from compounding.errors import Refusal
from compounding.reading import parse_number
from pharmacy.backoffice.amounts import Amount, Count
from pharmacy.backoffice.formula_page import seconds_words
from pharmacy.backoffice.pages import StaffForm, Words
from pharmacy.formulations.actions import CheckDraft, FormulaFacts, LineDraft, StepDraft
from pharmacy.formulations.models import (
    BudBasis,
    BudClass,
    DosageForm,
    Ingredient,
    LineRole,
    MasterFormulationRecord,
    QualityTest,
    StepEntry,
    StorageCondition,
    Substance,
)
from pharmacy.formulations.words import STRENGTH_UNITS

if TYPE_CHECKING:
    _FormSet = BaseFormSet[Any]
else:
    _FormSet = BaseFormSet

_TIMER = re.compile(r"(\d{1,5})\s*(s|sec|min)\.?", re.IGNORECASE)


class Listed(Words):
    """A text of several lines, one thing on each. Cleans to a list."""

    def clean(self, value: Any) -> list[str]:
        """Return the lines that say something."""
        return [
            line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()
        ]

    def prepare_value(self, value: Any) -> Any:
        """Return a list as one thing on each line."""
        return "\n".join(value) if isinstance(value, list) else value


class Strengths(forms.CharField):
    """Strengths side by side: "0.5; 1; 1.5". Cleans to a list of Decimals."""

    def clean(self, value: Any) -> list[Decimal]:
        """Return the strengths. Raises `ValidationError` for what is no number."""
        typed = str(super().clean(value) or "")
        try:
            return [parse_number(each.strip()) for each in typed.split(";") if each.strip()]
        except Refusal as refusal:
            raise ValidationError(str(refusal), code="amount") from refusal

    def prepare_value(self, value: Any) -> Any:
        """Return the strengths side by side."""
        return "; ".join(value) if isinstance(value, list) else value


class Timer(forms.CharField):
    """How long something takes: "90 s" or "10 min". Cleans to seconds."""

    def clean(self, value: Any) -> int | None:
        """Return the seconds, or None for nothing. Raises `ValidationError`."""
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return None
        found = _TIMER.fullmatch(typed)
        if found is None:
            raise ValidationError(_("Write the timer as “90 s” or “10 min”."), code="timer")
        return int(found[1]) * (60 if found[2].lower() == "min" else 1)

    def prepare_value(self, value: Any) -> Any:
        """Return seconds as they are read."""
        return seconds_words(value) if isinstance(value, int) else value


def _line(label: Any, *, required: bool = True, hint: Any = "") -> Words:
    missing = gettext_lazy("Fill in “%(label)s”") % {"label": label}
    return Words(label=label, missing=missing, rows=1, required=required, help_text=hint)


def _text(label: Any, *, required: bool = True, hint: Any = "") -> Words:
    missing = gettext_lazy("Fill in “%(label)s”") % {"label": label}
    return Words(label=label, missing=missing, required=required, help_text=hint)


def _listed(label: Any, hint: Any = "") -> Listed:
    return Listed(
        label=label,
        missing="",
        rows=3,
        required=False,
        help_text=hint or gettext_lazy("One on each line."),
    )


class RecordForm(StaffForm):
    """Everything of a version but its rows. What may be empty here is asked for when it is approved."""

    name = _line(gettext_lazy("Name"))
    change_reason = _text(gettext_lazy("Why this version"), required=False)
    route = _line(gettext_lazy("Route"))
    strength_substance = forms.ModelChoiceField(
        Substance.objects.order_by("name"),
        label=gettext_lazy("Strength of"),
        empty_label=None,
    )
    strength_min = Amount(label=gettext_lazy("Lowest strength"))
    strength_max = Amount(label=gettext_lazy("Highest strength"))
    strength_step = Amount(label=gettext_lazy("Step of the strengths"), required=False)
    strengths_offered = Strengths(
        label=gettext_lazy("Strengths offered"),
        help_text=gettext_lazy("0.5; 1; 1.5"),
        required=False,
    )
    overage_pct = Amount(
        label=gettext_lazy("Overage, %"), required=False, help_text=gettext_lazy("Empty for none.")
    )
    makes = forms.ModelChoiceField(
        Ingredient.objects.filter(substance__isnull=False).order_by("name"),
        label=gettext_lazy("Puts on the shelf"),
        required=False,
        empty_label=gettext_lazy("nothing"),
    )
    package_ml = Amount(label=gettext_lazy("Bottle, label volume, mL"), required=False)
    fill_ml = Amount(label=gettext_lazy("Bottle, filled with, mL"), required=False)
    container_closure = _text(gettext_lazy("Container and closure"), required=False)
    equipment = _listed(gettext_lazy("Equipment"))
    physical_description = _text(gettext_lazy("Physical description"), required=False)
    expected_traits = _listed(gettext_lazy("Traits to tick at the check"))
    bud_class = forms.ChoiceField(label=gettext_lazy("Beyond-use class"), choices=BudClass.choices)
    bud_days_shorter = Count(label=gettext_lazy("Shorter limit, days"), missing="", required=False)
    water_activity_basis = _text(
        gettext_lazy("Why its water activity is below 0.6"),
        required=False,
        hint=gettext_lazy(
            "For a nonaqueous class: a row of the chapter's table, a test, a statement."
        ),
    )
    bud_basis = forms.ChoiceField(
        label=gettext_lazy("Basis of the beyond-use date"), choices=BudBasis.choices
    )
    bud_reference = _text(gettext_lazy("Source of the beyond-use date"), required=False)
    bud_study_reference = _line(gettext_lazy("Study or monograph"), required=False)
    bud_study_days = Count(label=gettext_lazy("Days it supports"), missing="", required=False)
    bud_study_container = _line(gettext_lazy("Container that was studied"), required=False)
    bud_study_storage = forms.ChoiceField(
        label=gettext_lazy("Storage that was studied"),
        choices=[("", "–"), *StorageCondition.choices],
        required=False,
    )
    bud_study_same = forms.BooleanField(
        label=gettext_lazy("This formulation in this container was studied"), required=False
    )
    bud_study_indicating = forms.BooleanField(
        label=gettext_lazy("The method was stability-indicating"), required=False
    )
    bud_study_antimicrobial = forms.BooleanField(
        label=gettext_lazy("Antimicrobial effectiveness (<51>) is documented"), required=False
    )
    storage_condition = forms.ChoiceField(
        label=gettext_lazy("Stored"), choices=StorageCondition.choices
    )
    storage = _line(gettext_lazy("Storage in words"), required=False)
    label_instructions = _listed(gettext_lazy("Label instructions"))
    calculations = _text(gettext_lazy("Calculations"), required=False)
    notes = _text(gettext_lazy("Other information"), required=False)

    def __init__(self, *args: Any, dosage_form: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dosage_form = DosageForm(dosage_form)
        if dosage_form != DosageForm.TRITURATE:
            del self.fields["makes"]
        if dosage_form not in (DosageForm.DROPS, DosageForm.SUSPENSION):
            del self.fields["package_ml"], self.fields["fill_ml"]

    def facts(self) -> FormulaFacts:
        """Return what was written, as the actions want it."""
        values = {**self.cleaned_data, "strength_unit": STRENGTH_UNITS[self.dosage_form]}
        values["overage_pct"] = values["overage_pct"] or Decimal(0)
        return FormulaFacts(**values)


class LineForm(StaffForm):
    """One ingredient."""

    place = Count(label=gettext_lazy("Place"), missing="", required=False)
    ingredient = forms.ModelChoiceField(
        Ingredient.objects.order_by("name"),
        label=gettext_lazy("Ingredient"),
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose the ingredient")},
    )
    role = forms.ChoiceField(label=gettext_lazy("As"), choices=LineRole.choices)
    key = _line(gettext_lazy("In steps as"))
    amount = Amount(label=gettext_lazy("Amount"), required=False)
    is_alternative = forms.BooleanField(
        label=gettext_lazy("Alternative to the active"), required=False
    )
    caution_reason = _line(gettext_lazy("Why it is used all the same"), required=False)

    def draft(self) -> LineDraft:
        """Return the ingredient's line."""
        values = dict(self.cleaned_data)
        del values["place"], values["DELETE"]
        return LineDraft(**values | {"role": LineRole(values["role"])})


class StepForm(StaffForm):
    """One step."""

    place = Count(label=gettext_lazy("Place"), missing="", required=False)
    text = _text(gettext_lazy("Text"))
    is_critical = forms.BooleanField(label=gettext_lazy("Critical"), required=False)
    timer_seconds = Timer(label=gettext_lazy("Timer"), required=False)
    check_text = _line(gettext_lazy("What is checked"), required=False)
    entry = forms.ChoiceField(
        label=gettext_lazy("What is entered"), choices=StepEntry.choices, required=False
    )
    entry_unit = _line(gettext_lazy("Unit"), required=False)
    hazard = _line(gettext_lazy("Hazard"), required=False)
    protective_equipment = _line(gettext_lazy("Wear"), required=False)

    def draft(self) -> StepDraft:
        """Return the step."""
        values = dict(self.cleaned_data)
        del values["place"], values["DELETE"]
        worn = [each.strip() for each in values["protective_equipment"].split(",") if each.strip()]
        return StepDraft(
            **values | {"entry": StepEntry(values["entry"]), "protective_equipment": worn}
        )


class CheckForm(StaffForm):
    """One quality control procedure."""

    place = Count(label=gettext_lazy("Place"), missing="", required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Test"), choices=QualityTest.choices)
    procedure = _text(gettext_lazy("Procedure"))
    expected = _text(gettext_lazy("Expected result"))
    lowest = Amount(label=gettext_lazy("Lowest"), required=False)
    highest = Amount(label=gettext_lazy("Highest"), required=False)
    unit = _line(gettext_lazy("Unit"), required=False)

    def draft(self) -> CheckDraft:
        """Return the procedure."""
        values = dict(self.cleaned_data)
        del values["place"], values["DELETE"]
        return CheckDraft(**values | {"kind": QualityTest(values["kind"])})


class Rows(_FormSet):
    """Rows of one kind, with some empty ones to fill in. It reads like a form to the page that sends it back."""

    refusal: str = ""

    def __iter__(self) -> Iterator[BoundField]:
        return (field for form in self.forms for field in form)

    def non_field_errors(self) -> list[str]:
        """Return what was wrong with the rows as a whole."""
        told = [str(error) for error in self.non_form_errors()]
        of_rows = [str(error) for form in self.forms for error in form.non_field_errors()]
        return [*filter(None, (self.refusal,)), *told, *of_rows]

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Add the tick that leaves a row out, in the words of the page; the ingredients are asked for once."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave out")
        if isinstance(form, LineForm):
            form.fields["ingredient"].widget.choices = self.ingredients

    @cached_property
    def ingredients(self) -> list[tuple[Any, Any]]:
        """The choices of every row's ingredient."""
        return list(LineForm.base_fields["ingredient"].choices)  # type: ignore[attr-defined]

    def drafts(self) -> list[Any]:
        """Return the rows that stay, in the order of their places."""
        kept = [
            form
            for form in self.forms
            if form.has_changed() or form.initial
            if not form.cleaned_data.get("DELETE") and len(form.cleaned_data) > 1
        ]
        last = max((form.cleaned_data.get("place") or 0 for form in kept), default=0) + 1
        kept.sort(key=lambda form: form.cleaned_data.get("place") or last)
        return [form.draft() for form in kept]


_KINDS: dict[str, type[StaffForm]] = {
    "ingredients": LineForm,
    "steps": StepForm,
    "checks": CheckForm,
}
EMPTY_ROWS = 3


def record_form(formula: MasterFormulationRecord, data: Any = None) -> RecordForm:
    """Return the form of the record, filled with what the draft says."""
    initial = {field.name: getattr(formula, field.name) for field in fields(FormulaFacts)}
    initial["overage_pct"] = formula.overage_pct or None
    return RecordForm(data, initial=initial, dosage_form=formula.dosage_form)


def rows_form(formula: MasterFormulationRecord, part: str, data: Any = None) -> Rows:
    """Return the rows of a part, with empty ones after them."""
    made = forms.formset_factory(
        _KINDS[part], formset=Rows, extra=EMPTY_ROWS, can_delete=True, max_num=200
    )
    return cast(Rows, made(data, initial=_initial(formula, part), prefix="row"))


def _initial(formula: MasterFormulationRecord, part: str) -> Sequence[dict[str, Any]]:
    found: list[Any]
    if part == "ingredients":
        found = list(formula.lines.order_by("position"))
    elif part == "steps":
        found = list(formula.steps.order_by("position"))
    else:
        found = list(formula.quality_checks.order_by("position"))
    names = [name for name in _KINDS[part].base_fields if name != "place"]
    return [
        {"place": number, **{name: _shown(getattr(row, name)) for name in names}}
        for number, row in enumerate(found, 1)
    ]


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(value)
    return wording.number(value) if isinstance(value, Decimal) else value
