"""Fields that ask for particular data: a date by month name, a telephone number, one line of text."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

LONGEST_LINE = 200


class OneLine(forms.CharField):
    """One line of text, as long as a name or an address gets."""

    def __init__(
        self, *, missing: Any = None, autocomplete: str = "off", width: str = "full", **kwargs: Any
    ) -> None:
        kwargs.setdefault("max_length", LONGEST_LINE)
        messages = {"max_length": _("Use %(limit_value)d characters or fewer, not %(show_value)d")}
        if missing:
            messages["required"] = missing
        attrs = {"autocomplete": autocomplete, "class": f"width-{width}"} | kwargs.pop("attrs", {})
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(error_messages=messages, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return no maxlength: what is typed or pasted must not be cut off silently."""
        return {}


class Paragraph(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, missing: Any = None, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 4000)
        messages = {"max_length": _("Use %(limit_value)d characters or fewer, not %(show_value)d")}
        if missing:
            messages["required"] = missing
        super().__init__(
            error_messages=messages, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return no maxlength: what is typed or pasted must not be cut off silently."""
        return {}


class EmailField(forms.EmailField):
    """An e-mail address."""

    def __init__(self, *, missing: Any, autocomplete: str = "email", **kwargs: Any) -> None:
        attrs = {
            "autocomplete": autocomplete,
            "spellcheck": "false",
            "class": "width-20",
            "inputmode": "email",
        }
        super().__init__(
            widget=forms.TextInput(attrs=attrs),
            error_messages={
                "required": missing,
                "invalid": _("Enter an email address in the form name@example.com"),
                "max_length": _("Enter an email address in the form name@example.com"),
            },
            max_length=254,
            **kwargs,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return no maxlength: what is typed or pasted must not be cut off silently."""
        return {}


class PhoneField(forms.CharField):
    """A US telephone number, however it is written. Cleans to "(212) 555-0100", with " ext. 5" where given."""

    def __init__(self, *, missing: Any = None, autocomplete: str = "tel", **kwargs: Any) -> None:
        attrs = {"autocomplete": autocomplete, "inputmode": "tel", "class": "width-20 figures"}
        messages = {"required": missing} if missing else None
        super().__init__(widget=forms.TextInput(attrs=attrs), error_messages=messages, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the number in one way of writing. Raises `ValidationError` for what cannot be dialled."""
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return ""
        number, _ext, extension = typed.lower().partition("ext")
        number, _x, after_x = number.partition("x")
        digits = "".join(sign for sign in number if sign in "0123456789")
        tail = "".join(sign for sign in extension + after_x if sign in "0123456789")
        digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
        if (
            len(typed) > 40
            or len(digits) != 10
            or digits[0] in "01"
            or digits[3] in "01"
            or len(tail) > 6
        ):
            raise ValidationError(
                _("Enter a phone number with its area code, like 212 555 0100"), code="phone"
            )
        written = f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
        return f"{written} ext. {tail}" if tail else written


class MonthDayYearWidget(forms.MultiWidget):
    """Month chosen by its full name, day and year typed: 3/4 is never two days at once."""

    template_name = "web/forms/month_day_year.html"
    use_fieldset = True

    def __init__(self, autocomplete: str = "") -> None:
        def hint(part: str) -> dict[str, str]:
            return (
                {"autocomplete": f"{autocomplete}-{part}"}
                if autocomplete
                else {"autocomplete": "off"}
            )

        typed = {"inputmode": "numeric", "class": "figures"}
        months = [("", ""), *((str(number), name) for number, name in MONTHS.items())]
        super().__init__(
            widgets={
                "month": forms.Select(choices=months, attrs=hint("month")),
                "day": forms.TextInput(attrs=typed | hint("day") | {"class": "width-2 figures"}),
                "year": forms.TextInput(attrs=typed | hint("year") | {"class": "width-4 figures"}),
            }
        )

    def decompress(self, value: date | None) -> list[str]:
        """Return month, day and year as typed text."""
        return [str(value.month), str(value.day), str(value.year)] if value else ["", "", ""]


class MonthDayYearField(forms.MultiValueField):
    """A whole date, for dates of birth: in the past, and not before 1900."""

    widget: MonthDayYearWidget

    def __init__(self, *, missing: Any, autocomplete: str = "", **kwargs: Any) -> None:
        self.today: date | None = None
        self.missing = missing
        parts = (
            forms.CharField(required=False),
            forms.CharField(required=False),
            forms.CharField(required=False),
        )
        super().__init__(
            fields=parts,
            require_all_fields=False,
            widget=MonthDayYearWidget(autocomplete=autocomplete),
            error_messages={"required": missing},
            **kwargs,
        )

    def compress(self, data_list: Sequence[str]) -> date | None:
        """Return the date. Raises `ValidationError` with the sentence for the person."""
        if not any(data_list):
            return None
        month, day, year = ((part or "").strip() for part in data_list)
        lacking = [
            name
            for name, part in ((_("month"), month), (_("day"), day), (_("year"), year))
            if not part
        ]
        if lacking:
            raise ValidationError(
                _("%(field)s must include a %(part)s"),
                params={"field": self.label, "part": lacking[0]},
                code="incomplete",
            )
        try:
            typed = date(_figure(year, 4), _figure(month, 2), _figure(day, 2))
        except ValueError:
            raise ValidationError(
                _("%(field)s must be a real day, like March 27 2007"),
                params={"field": self.label},
                code="unreal",
            ) from None
        if typed.year < 1900:
            raise ValidationError(_("Check the year"), code="year")
        return typed


def _figure(typed: str, longest: int) -> int:
    """Return the number typed in plain digits. Raises `ValueError` for anything else."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= longest):
        raise ValueError
    return int(typed)


class RadioCards(forms.RadioSelect):
    """Choices as large cards. `layout` is "", "inline" (side by side) or "scale" (0 to 10)."""

    template_name = "web/forms/radio_cards.html"

    def __init__(self, layout: str = "") -> None:
        super().__init__(attrs={"class": f"choices--{layout}"} if layout else {})
