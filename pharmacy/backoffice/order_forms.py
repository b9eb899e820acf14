"""The forms on an order's page, one a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pharmacy.backoffice.pages import StaffForm, Words
from pharmacy.documents.label_formats import FORMATS, MOST_ON_A_SHEET

TOLD_HOW = [
    ("telephone", _("by telephone")),
    ("fax", _("by fax")),
    ("secure message", _("by secure message")),
    ("in person", _("in person")),
]
HOW_VERIFIED = _(
    "For instance: NPPES look-up and a call to the practice on the number listed there."
)


class HoldForm(StaffForm):
    """Why an order waits, and what would lift it."""

    prefix = "hold"
    reason = Words(label=_("Why it waits"), missing=_("Write why the order waits"))
    lifted_when = Words(
        label=_("What would lift the hold"), missing=_("Write what would lift the hold")
    )


class LiftForm(StaffForm):
    """What was found out."""

    prefix = "lift"
    note = Words(label=_("What you found out"), missing=_("Write what you found out"))


class OverrideForm(StaffForm):
    """Why a finding may pass."""

    reason = Words(label=_("Why it may pass"), missing=_("Write why this may pass"))


class AskForm(StaffForm):
    """A question to the prescriber or the patient."""

    prefix = "ask"
    text = Words(label=_("The question"), missing=_("Write the question"))


class ToldForm(StaffForm):
    """What somebody said, who and how."""

    told_by = Words(label=_("Told by"), missing=_("Write who told you"), rows=1)
    told_how = forms.ChoiceField(label=_("How"), choices=TOLD_HOW)


class AnswerForm(ToldForm):
    """The answer to the question."""

    prefix = "answer"
    field_order = ("text", "told_by", "told_how")
    text = Words(label=_("The answer"), missing=_("Write the answer"))


class ClarifyForm(ToldForm):
    """A correction of the prescription, as the prescriber gave it."""

    prefix = "clarify"
    field_order = ("text", "told_by", "told_how")
    text = Words(label=_("What was said"), missing=_("Write what was said"))


class CancelForm(StaffForm):
    """Why an order is cancelled."""

    prefix = "cancel"
    reason = Words(label=_("Why it is cancelled"), missing=_("Write why the order is cancelled"))


class VerifyPrescriberForm(StaffForm):
    """How a prescriber was looked up."""

    prefix = "verify"
    how = Words(
        label=_("How you verified the prescriber"),
        missing=_("Write how you verified the prescriber"),
        rows=1,
        help_text=HOW_VERIFIED,
    )


class PrintForm(StaffForm):
    """From which day the papers count."""

    prefix = "print"
    start_on = forms.DateField(
        label=_("First dose on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Enter the day of the first dose"),
            "invalid": _("Enter the day of the first dose as a date"),
        },
    )
    stock = forms.ChoiceField(
        label=_("Labels in the printer"),
        choices=[(each.key, each.name) for each in FORMATS.values()],
        required=False,
    )
    start_position = forms.IntegerField(
        label=_("First free label"),
        min_value=1,
        max_value=MOST_ON_A_SHEET,
        required=False,
        help_text=_("On a sheet, counted row by row. A roll begins at 1."),
    )
    reason = Words(
        label=_("Why again"),
        missing=_("Write why the papers are printed again"),
        rows=1,
        required=False,
        help_text=_("What was printed before is printed again with a reason only."),
    )


class ReprintForm(StaffForm):
    """Why a paper is printed again; empty the first time."""

    prefix = "open"
    reason = Words(
        label=_("Why it is printed again"),
        missing="",
        rows=1,
        required=False,
        help_text=_("Only when it was printed before."),
    )
