"""The form of a print run: which orders, which labels, where to begin, why again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pharmacy.backoffice.pages import StaffForm, Words
from pharmacy.documents.label_formats import FORMATS, MOST_ON_A_SHEET


class LabelRunForm(StaffForm):
    """Orders to print labels for, and the stock in the printer."""

    prefix = "run"
    orders = forms.TypedMultipleChoiceField(
        label=_("Orders"),
        coerce=int,
        error_messages={
            "required": _("Choose the orders whose labels are to be printed"),
            "invalid_choice": _("One of these orders is no longer ready. Choose again"),
        },
    )
    stock = forms.ChoiceField(
        label=_("Labels in the printer"),
        choices=[(each.key, each.name) for each in FORMATS.values()],
    )
    start_position = forms.IntegerField(
        label=_("First free label"),
        min_value=1,
        max_value=MOST_ON_A_SHEET,
        initial=1,
        help_text=_("On a sheet, counted row by row. A roll begins at 1."),
    )
    reason = Words(
        label=_("Why again"),
        missing="",
        rows=1,
        required=False,
        help_text=_("Only when one of them was printed before."),
    )

    def __init__(self, *args: Any, orders: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["orders"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(str(each), str(each)) for each in orders]

    @property
    def chosen(self) -> set[int]:
        """Return the orders that are ticked: those that were sent, or none at first."""
        sent = self["orders"].value() or []
        return {int(each) for each in sent if str(each).isascii() and str(each).isdigit()}
