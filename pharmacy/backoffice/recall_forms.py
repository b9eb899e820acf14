"""The forms of a recall: find the lot, open it or practise it, what came of a call, how it ended."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pharmacy.backoffice.pages import StaffForm, Words
from pharmacy.recalls.models import Outcome, ReachedHow, TryResult, Urgency


class FindSubjectForm(StaffForm):
    """The lot or batch that is in doubt, typed or scanned."""

    what = Words(
        label=_("Lot or batch"),
        missing=_("Enter or scan the lot or the batch"),
        rows=1,
        help_text=_("An ingredient's lot, one of our own batches, or a scan of its label."),
    )


class OpenForm(StaffForm):
    """How bad it may be, and why."""

    urgency = forms.ChoiceField(
        label=_("How bad it may be"),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how bad it may be. In doubt, the worse one")},
    )
    reason = Words(
        label=_("What is wrong, or what is feared"),
        missing=_("Write down what is wrong, or what is feared"),
    )


class NoteForm(StaffForm):
    """How it ended, in words."""

    note = Words(label=_("How it ended"), missing=_("Write down how it ended"))


class GiveUpForm(StaffForm):
    """What else was tried before somebody is given up."""

    note = Words(
        label=_("What else was tried"),
        missing=_("Write down what else was tried: a letter, the prescriber, a relative"),
        rows=1,
    )


class CallForm(StaffForm):
    """What came of one call, in one choice: who was reached says at once what they do now."""

    how = forms.ChoiceField(label=_("How"), choices=ReachedHow.choices, initial=ReachedHow.PHONE)
    result = forms.ChoiceField(
        label=_("What came of it"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it")},
    )
    note = Words(label=_("What was said"), missing="", rows=1, required=False)

    def __init__(self, *args: Any, is_prescriber: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [each for each in Outcome if (each is Outcome.KNOWS) == is_prescriber]
        reached = [(f"{TryResult.REACHED.value}:{each.value}", _reached(each)) for each in outcomes]
        others = [(each.value, each.label) for each in TryResult if each is not TryResult.REACHED]
        self.fields["result"].choices = [*reached, *others]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[TryResult, Outcome | None]:
        """Return the result, and what they do now when they were reached."""
        result, _colon, outcome = self.cleaned_data["result"].partition(":")
        return TryResult(result), Outcome(outcome) if outcome else None


def _reached(outcome: Outcome) -> str:
    return gettext("Reached. %(outcome)s") % {"outcome": outcome.label}
