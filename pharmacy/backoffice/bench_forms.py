"""The forms at the bench: plan, weigh, finish, check, verify, reject."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from compounding import wording
from pharmacy.backoffice.amounts import Amount, Count
from pharmacy.backoffice.pages import StaffForm, Words
from pharmacy.batches.bench_steps import BenchStep
from pharmacy.batches.limits import allowed_readings
from pharmacy.batches.models import BatchLine, Disposition, UnitPlace
from pharmacy.formulations.models import MasterFormulationRecord, StepEntry, Unit
from pharmacy.formulations.queries import approved_formulas
from pharmacy.inventory.models import Balance
from pharmacy.orders.models import OrderLine
from pharmacy.workflow.plan_batch import waiting_lines

if TYPE_CHECKING:
    _BalanceChoice = forms.ModelChoiceField[Balance]
else:
    _BalanceChoice = forms.ModelChoiceField

MEANING = _(
    "I checked this record, the weighings, the tests and the containers, and I release this batch."
)
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class BalanceChoice(_BalanceChoice):
    """A balance; the first one that is not overdue stands ready."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Balance.objects.order_by("name"),
            label=_("Balance"),
            empty_label=None,
            error_messages={"required": _("Choose the balance")},
            **kwargs,
        )


class PlanForm(StaffForm):
    """Which order lines a batch is made for, on which balance, and how many units."""

    lines = forms.ModelMultipleChoiceField(
        queryset=OrderLine.objects.none(),
        label=_("Orders"),
        error_messages={
            "required": _("Choose at least one order"),
            "invalid_choice": _("One of these orders has been planned meanwhile. Look again."),
        },
    )
    balance = BalanceChoice()
    units = Count(
        label=_("How many to make"),
        missing="",
        required=False,
        help_text=_("Empty: as many as the orders need. The overage is added by the formula."),
    )

    def __init__(self, *args: Any, group: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{group}_%s", **kwargs)
        self.fields["lines"].queryset = waiting_lines()  # type: ignore[attr-defined]


class WeighForm(StaffForm):
    """What was weighed, poured or counted for one line."""

    prefix = "weigh"
    amount = Amount()
    balance = BalanceChoice()

    def __init__(self, *args: Any, line: BatchLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        low, high = allowed_readings(line)
        amount = self.fields["amount"]
        amount.label = (
            _("Pieces") if line.unit == Unit.EACH else _("Amount, %(unit)s") % {"unit": line.unit}
        )
        amount.widget.attrs |= {
            "data-low": wording.number(low),
            "data-high": wording.number(high),
            "data-unit": "" if line.unit == Unit.EACH else line.unit,
            "aria-describedby": "weigh-said",
            "autofocus": True,
        }
        if line.unit != Unit.MG:
            del self.fields["balance"]


class ScanInput(forms.TextInput):
    """Empty each time: after a wrong scan the next one must not be typed behind it."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context without what was scanned before; the refusal names it."""
        return super().get_context(name, None, attrs)


class ScanForm(StaffForm):
    """What a scanner typed, or a person read off the container."""

    prefix = "scan"
    scanned = forms.CharField(
        label=_("Scan the container"),
        max_length=400,
        widget=ScanInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "autofocus": True,
                "data-scan": True,
            }
        ),
        error_messages={"required": _("Scan the container, or type its lot number")},
    )


class BalanceReadingForm(StaffForm):
    """Which balance the newest reading is taken from."""

    prefix = "read"
    balance = BalanceChoice(widget=forms.HiddenInput())


class StepForm(StaffForm):
    """A step is done; what it asks for comes with it."""

    prefix = "step"

    def __init__(self, *args: Any, step: BenchStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.entry == StepEntry.CONFIRM:
            self.fields["entry"] = forms.BooleanField(
                label=step.check_text,
                widget=forms.CheckboxInput(attrs={"autofocus": True}),
                error_messages={"required": _("Tick what you checked")},
            )
        elif step.entry != StepEntry.NONE:
            unit = f", {step.entry_unit}" if step.entry_unit else ""
            number = step.entry == StepEntry.NUMBER
            self.fields["entry"] = forms.CharField(
                label=f"{step.check_text}{unit}",
                max_length=500,
                widget=forms.TextInput(
                    attrs={
                        "autocomplete": "off",
                        "autofocus": True,
                        "inputmode": "decimal" if number else "text",
                    }
                ),
                error_messages={"required": _("Enter what the step asks for")},
            )

    def entry(self) -> str:
        """Return what was entered, "yes" for a tick, or nothing."""
        entered = self.cleaned_data.get("entry", "")
        return "yes" if entered is True else str(entered)


class PhotoForm(StaffForm):
    """A photograph, and what it shows."""

    prefix = "photo"
    photo = forms.FileField(
        label=_("Photograph"),
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=_("JPEG or PNG. A phone opens its camera."),
        error_messages={
            "required": _("Take or choose a photograph"),
            "empty": _("The file is empty"),
        },
    )
    shows = forms.CharField(
        label=_("What it shows"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write what the photograph shows")},
    )


def photo_bytes(file: UploadedFile) -> bytes:
    """Return what was uploaded, cut just past what is taken: a file that is too large is refused, not read."""
    return bytes(file.read(settings.PHOTO_LARGEST_BYTES + 1))


class FinishForm(StaffForm):
    """What came out of the batch."""

    prefix = "finish"
    units_made = Count(label=_("Good ones"), missing=_("Enter how many good ones were made"))
    units_tested = Count(
        label=_("Used up in tests"), missing="", least=0, required=False, initial=0
    )
    units_wasted = Count(
        label=_("Wasted"), missing=_("Enter how many were wasted, or 0"), least=0, initial=0
    )
    observed_description = Words(
        label=_("What it looks like"), missing=_("Write what the preparation looks like")
    )


class NoteForm(StaffForm):
    """A check; when it failed before, what was found out about it comes with it."""

    def __init__(self, *args: Any, failed_before: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if failed_before:
            self.fields["note"] = Words(
                label=_("What you found out about the failed check"),
                missing=_("Write what you found out"),
            )

    def note(self) -> str:
        """Return the note, or nothing."""
        return str(self.cleaned_data.get("note", ""))


class ReadingsForm(NoteForm):
    """A number for each of so many capsules or bottles."""

    def __init__(self, *args: Any, count: int, what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, count + 1):
            self.fields[f"n{number}"] = Amount(
                label=_("%(what)s %(number)s") % {"what": what, "number": number},
                missing=_("Enter the reading of number %(number)s") % {"number": number},
            )

    def readings(self) -> list[Decimal]:
        """Return the numbers in their order."""
        return [self.cleaned_data[name] for name in self.fields if name[1:].isdigit()]

    def boxes(self) -> list[forms.BoundField]:
        """Return the inputs of the readings, apart from the note."""
        return [self[name] for name in self.fields if name[1:].isdigit()]


class PhForm(NoteForm):
    """The pH of the batch."""

    ph = Amount(label=_("pH"), missing=_("Enter the pH"))


class TraitsForm(NoteForm):
    """Every trait, answered with yes or no."""

    def __init__(self, *args: Any, traits: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"t{number}": key for number, (key, _label) in enumerate(traits)}
        for number, (_key, label) in enumerate(traits):
            self.fields[f"t{number}"] = forms.ChoiceField(
                label=label,
                choices=YES_NO,
                widget=forms.RadioSelect(attrs={"class": "yes-no"}),
                error_messages={"required": _("Answer yes or no: %(trait)s") % {"trait": label}},
            )

    def traits(self) -> dict[str, bool]:
        """Return each trait and whether it is there."""
        return {key: self.cleaned_data[name] == "yes" for name, key in self.names.items()}


class VerifyForm(StaffForm):
    """A signature: its meaning, and the password once more."""

    prefix = "verify"
    meaning = Words(
        label=_("What your signature means"), missing=_("Say what your signature means")
    )
    password = forms.CharField(
        label=_("Your password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password to sign")},
    )


class DeviationForm(StaffForm):
    """What happened, and what was done about it."""

    prefix = "deviation"
    what_happened = Words(label=_("What happened"), missing=_("Write what happened"))
    what_was_done = Words(
        label=_("What you did about it"), missing=_("Write what you did about it")
    )


class CloseForm(StaffForm):
    """How a pharmacist decides about a deviation."""

    disposition = forms.ChoiceField(
        label=_("Decision"),
        choices=Disposition.choices,
        widget=forms.RadioSelect(attrs={"class": "yes-no"}),
        error_messages={"required": _("Choose a decision")},
    )
    assessment = Words(
        label=_("What you found, and why you decide so"), missing=_("Write your assessment")
    )


class LookForm(StaffForm):
    """What was seen when a released batch was looked at again."""

    prefix = "look"
    as_expected = forms.ChoiceField(
        label=_("Is it as the record describes it?"),
        choices=YES_NO,
        widget=forms.RadioSelect(attrs={"class": "yes-no"}),
        error_messages={"required": _("Answer yes or no")},
    )
    seen = Words(label=_("What you saw"), missing=_("Write what you saw"))


class AheadForm(StaffForm):
    """What is made before anybody ordered it, and why."""

    formula = forms.ModelChoiceField(
        queryset=MasterFormulationRecord.objects.none(),
        label=_("Formula"),
        empty_label=None,
        error_messages={"required": _("Choose the formula")},
    )
    strength = Amount(
        label=_("Strength"),
        missing=_("Enter the strength"),
        help_text=_("mg per capsule, or mg per mL."),
    )
    units = Count(
        label=_("How many to make"),
        missing=_("Enter how many to make"),
        help_text=_("Capsules, or bottles. The overage is added by the formula."),
    )
    balance = BalanceChoice()
    reason = Words(
        label=_("Why it is made before anybody ordered it"), missing=_("Write why it is made")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["formula"].queryset = approved_formulas()  # type: ignore[attr-defined]


class SetAsideForm(StaffForm):
    """Where units go that a recall set aside, how many, and why."""

    prefix = "aside"
    quantity = Count(label=_("How many"), missing=_("Enter how many"))
    to_place = forms.ChoiceField(
        label=_("What becomes of them"),
        choices=[
            (UnitPlace.WASTE.value, _("They are destroyed")),
            (UnitPlace.RETURNED.value, _("They are returned, or sent to a laboratory")),
        ],
        widget=forms.RadioSelect(attrs={"class": "yes-no"}),
        error_messages={"required": _("Say what becomes of them")},
    )
    reason = Words(label=_("Why, and who took them"), missing=_("Write why, and who took them"))


class RejectForm(StaffForm):
    """Why a batch is rejected."""

    prefix = "reject"
    reason = Words(label=_("Why it is rejected"), missing=_("Write why the batch is rejected"))
