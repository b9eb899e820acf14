"""The forms of the instruments: a balance calibrated, its repeatability, the drops of a dropper."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from compounding.errors import Refusal
from compounding.reading import parse_number
from pharmacy.backoffice.amounts import Amount, Count
from pharmacy.backoffice.pages import StaffForm, Words
from pharmacy.formulations.models import (
    DosageForm,
    Ingredient,
    IngredientKind,
    MasterFormulationRecord,
)
from pharmacy.formulations.states import FormulaState


class CalibrationForm(StaffForm):
    """A calibration that was done today."""

    prefix = "calibration"
    passed = forms.ChoiceField(
        label=_("Result"),
        choices=[("yes", _("passed")), ("no", _("failed: it may not record"))],
        error_messages={"required": _("Say whether it passed")},
    )
    done_by = Words(label=_("Done by"), missing=_("Enter who calibrated it"), rows=1)
    certificate_number = Words(label=_("Certificate"), missing="", rows=1, required=False)
    due_on = forms.DateField(
        label=_("Next due on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter when the next is due"),
            "invalid": _("Enter the day as 2027-11-20"),
        },
    )


class Readings(forms.CharField):
    """Several weights in mg, apart by spaces or lines. Cleans to Decimals."""

    def clean(self, value: Any) -> Any:
        """Return the readings in their order. Raises `ValidationError` with the one that cannot be read."""
        typed = str(super().clean(value) or "").split()
        return [self._read(each) for each in typed]

    def _read(self, typed: str) -> Decimal:
        try:
            return parse_number(typed)
        except Refusal as refusal:
            raise ValidationError(f"{typed}: {refusal}", code="reading") from refusal


class RepeatabilityForm(StaffForm):
    """One test weight, put on and taken off ten times."""

    prefix = "repeatability"
    test_weight_mg = Amount(label=_("Test weight, mg"), missing=_("Enter the test weight"))
    readings_mg = Readings(
        label=_("Readings, mg"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least ten, apart by spaces or lines, as the balance showed them."),
        error_messages={"required": _("Enter the readings")},
    )


class DropperForm(StaffForm):
    """Drops of one formula from one dropper: counted into a volume, or onto a balance."""

    prefix = "dropper"
    formula = forms.ModelChoiceField(
        MasterFormulationRecord.objects.none(),
        label=_("Formula"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the formula")},
    )
    dropper = forms.ModelChoiceField(
        Ingredient.objects.none(),
        label=_("Dropper"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the dropper")},
    )
    drops = Count(label=_("Drops counted"), missing=_("Enter how many drops were counted"))
    volume_ml = Amount(
        label=_("They filled, mL"),
        required=False,
        help_text=_("Counted into a graduated cylinder. Leave empty when they were weighed."),
    )
    mass_mg = Amount(label=_("They weighed, mg"), required=False)
    density_g_per_ml = Amount(
        label=_("Density of the preparation, g/mL"),
        required=False,
        help_text=_("Needed for drops that were weighed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        formulas = MasterFormulationRecord.objects.filter(
            dosage_form=DosageForm.DROPS,
            state__in=[FormulaState.DRAFT, FormulaState.APPROVED],
        )
        containers = Ingredient.objects.filter(
            kind=IngredientKind.CONTAINER, formulaline__formula__in=formulas
        ).distinct()
        self.fields["formula"].queryset = formulas.order_by("name", "-version")  # type: ignore[attr-defined]
        self.fields["dropper"].queryset = containers.order_by("name")  # type: ignore[attr-defined]
