"""The prescriber's form: who, for whom, which medicine, by which plan, and why it must be compounded."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from compounding.errors import Refusal
from compounding.prescriber_numbers import check_npi
from pharmacy.orders.models import CompoundingReason, TimeOfDay
from pharmacy.web.fields import (
    EmailField,
    MonthDayYearField,
    OneLine,
    Paragraph,
    PhoneField,
    RadioCards,
)
from pharmacy.web.forms import HouseForm, Section, side_by_side
from pharmacy.web.prescriber.catalogue import OTHER, Choice, Group, product_of
from pharmacy.web.us_states import STATES

MOST_REFILLS = 11
_AMOUNT = re.compile(r"\d{1,4}(\.\d{1,3})?|\.\d{1,3}", re.ASCII)


_DIRECTIONS = ("time_of_day", "extra_directions", "refills")
_WHY = ("condition_code", "condition_text", "reason", "reason_text")
_SAFETY = ("says_opioid_free",)
BELOW_THE_PLAN = frozenset({*_DIRECTIONS, *_WHY, *_SAFETY})


class AmountField(forms.CharField):
    """A dose or a strength in plain digits. Never an exponent, a comma or a fraction."""

    def __init__(self, *, missing: Any, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "width-4 figures"}
        super().__init__(
            widget=forms.TextInput(attrs=attrs), error_messages={"required": missing}, **kwargs
        )

    def clean(self, value: Any) -> Decimal | None:
        """Return the amount, or nothing where it is optional and empty."""
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return None
        if not _AMOUNT.fullmatch(typed) or Decimal(typed) <= 0:
            raise ValidationError(_("Write the amount in digits, like 4.5"), code="amount")
        return Decimal(typed).normalize() + Decimal(0)


class PrescriberForm(HouseForm):
    """Who prescribes. Left out for somebody signed in: we know them."""

    prescriber_name = OneLine(
        label=_("Prescriber's full name"),
        missing=_("Enter the prescriber's name"),
        autocomplete="name",
    )
    credential = OneLine(
        label=_("Credential"),
        help_text=_("MD, DO, NP, PA, ND or another that may prescribe"),
        missing=_("Enter the prescriber's credential, like MD"),
        max_length=30,
        width="10",
    )
    npi = OneLine(
        label=_("NPI"),
        help_text=_("Ten digits"),
        missing=_("Enter the NPI"),
        width="10",
        attrs={"inputmode": "numeric", "class": "width-10 figures", "autocomplete": "off"},
    )
    practice_name = OneLine(
        label=_("Practice"),
        missing=_("Enter the name of the practice"),
        autocomplete="organization",
    )
    practice_phone = PhoneField(
        label=_("Phone number"),
        help_text=_("Where a pharmacist reaches you today"),
        missing=_("Enter a phone number"),
    )
    prescriber_email = EmailField(label=_("Email address"), missing=_("Enter an email address"))
    practice_fax = PhoneField(label=_("Fax number"), required=False, autocomplete="off")

    def clean_npi(self) -> str:
        """Return the NPI. Refuses one whose check digit is wrong."""
        typed = "".join(self.cleaned_data["npi"].split())
        try:
            check_npi(typed)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        return typed

    def layout(self) -> Layout:
        """One group."""
        return Layout(
            Section(
                say("Prescriber"),
                side_by_side("prescriber_name", "credential"),
                side_by_side("npi", "practice_name"),
                side_by_side("practice_phone", "practice_fax"),
                "prescriber_email",
            )
        )


class PrescriptionForm(HouseForm):
    """For whom, which medicine and why. The steps of the plan are forms of their own."""

    sometimes = ("other_strength", "condition_text", "reason_text")

    patient_name = OneLine(
        label=_("Full name"),
        help_text=_("As on the patient's identity card"),
        missing=_("Enter the patient's full name"),
    )
    date_of_birth = MonthDayYearField(
        label=_("Date of birth"), missing=_("Enter the patient's date of birth")
    )
    patient_email = EmailField(
        label=_("Email address"),
        help_text=_(
            "We send the patient a private link to the safety questions. Nothing about health is in the email."
        ),
        missing=_("Enter the patient's email address"),
        autocomplete="off",
    )
    patient_phone = PhoneField(
        label=_("Phone number"), missing=_("Enter the patient's phone number"), autocomplete="off"
    )
    street = OneLine(label=_("Street address"), missing=_("Enter the street address"))
    city = OneLine(label=_("City"), missing=_("Enter the city"), max_length=100, width="20")
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", ""), *STATES],
        error_messages={"required": _("Select the state")},
        widget=forms.Select(attrs={"class": "width-20", "autocomplete": "off"}),
    )
    zip_code = forms.RegexField(
        label=_("ZIP code"),
        regex=re.compile(r"\A\d{5}(-?\d{4})?\Z", re.ASCII),
        error_messages={
            "required": _("Enter the ZIP code"),
            "invalid": _("Enter a ZIP code, like 04101 or 04101-1234"),
        },
        widget=forms.TextInput(
            attrs={"class": "width-6 figures", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    allergies = Paragraph(
        label=_("Allergies"),
        help_text=_('Medicines, foods, dyes, fillers. Write "none known" if there are none.'),
        missing=_('Enter the patient\'s allergies, or "none known"'),
        rows=2,
        max_length=1000,
    )
    product = forms.ChoiceField(
        label=_("Medicine and strength"),
        error_messages={"required": _("Select the medicine and its strength")},
    )
    other_strength = AmountField(
        label=_("The other strength"),
        help_text=_('Only with "Another strength": mg per capsule, or mg per mL'),
        missing=_("Enter the strength you want"),
        required=False,
    )
    exclusions = OneLine(
        label=_("Leave out"),
        help_text=_("A filler, dye or shell this patient cannot have, like lactose or gelatin"),
        required=False,
        max_length=300,
    )
    time_of_day = forms.ChoiceField(
        label=_("Time of day"),
        choices=TimeOfDay.choices,
        initial=TimeOfDay.BEDTIME,
        widget=RadioCards("inline"),
        error_messages={"required": _("Select the time of day")},
    )
    extra_directions = OneLine(
        label=_("More directions"),
        help_text=_("Added after the directions we write from the plan"),
        required=False,
        max_length=300,
    )
    refills = forms.TypedChoiceField(
        label=_("Refills"),
        coerce=int,
        initial="0",
        choices=[(str(number), str(number)) for number in range(MOST_REFILLS + 1)],
        widget=forms.Select(attrs={"class": "width-4"}),
        error_messages={"required": _("Select the number of refills")},
    )
    condition_code = forms.ChoiceField(
        label=_("What is it for?"),
        error_messages={"required": _("Select what the medicine is for")},
    )
    condition_text = OneLine(
        label=_("The other condition"),
        help_text=_('Only with "Another condition"'),
        required=False,
    )
    reason = forms.ChoiceField(
        label=_("Why must it be compounded?"),
        help_text=_("A lower price is not a reason the law accepts."),
        choices=CompoundingReason.choices,
        widget=RadioCards(),
        error_messages={"required": _("Select why it must be compounded")},
    )
    reason_text = OneLine(
        label=_("The reason in your words"),
        help_text=_('Needed for "Another medical reason"'),
        required=False,
        max_length=500,
    )
    says_opioid_free = forms.BooleanField(
        label=_(
            "This patient takes no opioid, in any form, and will not begin one without telling me."
        ),
        help_text=_("Not sure? Call us before you order."),
        error_messages={
            "required": _(
                "Confirm that the patient takes no opioid. If you are not sure, call us first."
            )
        },
    )

    def __init__(
        self,
        *args: Any,
        products: Sequence[Choice | Group],
        conditions: Sequence[Choice],
        today: date,
        **kwargs: Any,
    ) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        _choices_of(self, "product", products)
        _choices_of(
            self, "condition_code", [("", ""), *conditions, (OTHER, say("Another condition"))]
        )

    def clean_date_of_birth(self) -> date:
        """Return the date. Refuses a day that is not in the past."""
        typed: date = self.cleaned_data["date_of_birth"]
        if typed >= self.today:
            raise ValidationError(_("Date of birth must be in the past"))
        return typed

    def clean(self) -> dict[str, Any]:
        """Return what was typed, with the formula and the strength taken apart."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._clean_product(cleaned)
        if cleaned.get("condition_code") == OTHER and not cleaned.get("condition_text"):
            self.add_error("condition_text", _("Say what the medicine is for"))
        if cleaned.get("reason") == CompoundingReason.OTHER and not cleaned.get("reason_text"):
            self.add_error("reason_text", _("Say in words why it must be compounded"))
        return cleaned

    def _clean_product(self, cleaned: dict[str, Any]) -> None:
        if "product" not in cleaned:
            return
        chosen = product_of(cleaned["product"])
        strength = chosen.strength or cleaned.get("other_strength")
        if strength is not None:
            cleaned["formula_code"], cleaned["strength"] = chosen.formula_code, strength
        elif "other_strength" not in self.errors:
            self.add_error("other_strength", _("Enter the strength you want"))

    def layout(self) -> Layout:
        """Return the groups in the order a prescriber thinks: patient, medicine, plan, why."""
        return Layout(
            Section(
                say("Patient"),
                "patient_name",
                "date_of_birth",
                "patient_email",
                "patient_phone",
                "street",
                side_by_side("city", "state", "zip_code"),
                "allergies",
            ),
            Section(say("Medicine"), "product", "other_strength", "exclusions"),
            HTML("{% include 'web/prescriber/steps.html' %}"),
            Section(say("Directions"), "time_of_day", side_by_side("extra_directions", "refills")),
            Section(
                say("Why this medicine"),
                side_by_side("condition_code", "condition_text"),
                "reason",
                "reason_text",
            ),
            Section(say("Safety"), *_SAFETY),
        )  # fmt: skip


def _choices_of(form: forms.Form, name: str, choices: Sequence[Choice | Group]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class StepForm(HouseForm):
    """One step of the plan."""

    dose = AmountField(label=_("Dose a day, mg"), missing=_("Enter the dose in mg"))
    days = forms.CharField(
        label=_("For how many days"),
        error_messages={"required": _("Enter the number of days")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "width-4 figures"}
        ),
    )

    def clean_days(self) -> int:
        """Return the number of days, 1 to 366."""
        typed: str = self.cleaned_data["days"].strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and 1 <= int(typed) <= 366):
            raise ValidationError(_("Write the days as a whole number, like 14"))
        return int(typed)


class SignatureForm(HouseForm):
    """The prescriber's name, typed by the prescriber."""

    signed_name = OneLine(
        label=_("Type your full name to sign"), missing=_("Type your name to sign"), width="20"
    )

    def __init__(self, *args: Any, prescriber_name: str, **kwargs: Any) -> None:
        self.prescriber_name = prescriber_name
        super().__init__(*args, **kwargs)

    def clean_signed_name(self) -> str:
        """Return the name. It must be the prescriber's: an assistant may prepare, and does not sign."""
        typed: str = self.cleaned_data["signed_name"]
        if typed.split() != [] and _plain(typed) != _plain(self.prescriber_name):
            raise ValidationError(
                _("Type the prescriber's name as it stands above: %(name)s"),
                params={"name": self.prescriber_name},
            )
        return typed


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def step_values(typed: Mapping[str, str], count: int) -> list[dict[str, str]]:
    """Return what was typed into each step, as its fields are called without their prefix."""
    return [
        {name: typed.get(f"step-{number}-{name}", "") for name in ("dose", "days")}
        for number in range(count)
    ]
