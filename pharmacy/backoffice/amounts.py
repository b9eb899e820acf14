"""Fields for amounts: what could be read in two ways is refused with a sentence, as at the bench."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from compounding import wording
from compounding.errors import Refusal
from compounding.reading import parse_number


class Amount(forms.CharField):
    """A positive decimal number without a unit; the label says the unit. Cleans to a Decimal."""

    def __init__(self, *, missing: Any = None, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", **kwargs.pop("attrs", {})}
        super().__init__(
            widget=forms.TextInput(attrs=attrs),
            error_messages={"required": missing or _("Enter the amount")},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Return the number, or None for an empty one that need not be there. Raises `ValidationError`."""
        typed = str(super().clean(value) or "")
        if not typed:
            return None
        try:
            return parse_number(typed)
        except Refusal as refusal:
            raise ValidationError(str(refusal), code="amount") from refusal

    def prepare_value(self, value: Any) -> Any:
        """Return a number as it is written: without an exponent or trailing zeros."""
        return wording.number(value) if isinstance(value, Decimal) else value


class Count(forms.IntegerField):
    """A whole number of pieces, zero among them where `least` is zero."""

    def __init__(self, *, missing: Any, least: int = 1, **kwargs: Any) -> None:
        super().__init__(
            min_value=least,
            max_value=1_000_000,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"required": missing, "invalid": _("Enter a whole number")},
            **kwargs,
        )
