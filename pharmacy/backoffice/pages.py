"""What every staff page does alike: one call, a refusal in words beside the form, nothing typed lost."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from compounding.errors import Refusal


class StaffForm(forms.Form):
    """A dense form. It keeps what was typed; its fields are drawn by admin/parts/field.html."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class Words(forms.CharField):
    """One or more lines of text that somebody must write."""

    def __init__(self, *, label: Any, missing: Any, rows: int = 2, **kwargs: Any) -> None:
        widget = (
            forms.Textarea(attrs={"rows": rows})
            if rows > 1
            else forms.TextInput(attrs={"autocomplete": "off"})
        )
        super().__init__(
            label=label,
            max_length=4000,
            widget=widget,
            error_messages={"required": missing},
            **kwargs,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return no maxlength: what is pasted must not be cut off silently."""
        return {}


def done(form: forms.Form, call: Callable[[], object]) -> bool:
    """Make the one call when the form is right. A refusal becomes the form's error; say whether it was done."""
    if not form.is_bound:
        # An empty request is a form with nothing in it, not a form that was not sent.
        form.is_bound, form.data = True, QueryDict()
    if not form.is_valid():
        return False
    try:
        call()
    except Refusal as refusal:
        field = getattr(refusal, "field", None)
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    refused: forms.Form | None = None,
) -> HttpResponse:
    """Render a staff page: 422 when `refused` is a form that was sent back, 200 otherwise."""
    context = {**context, "refused": refused, "page_has_errors": refused is not None}
    return render(
        request, f"admin/desk/{template}", context, status=200 if refused is None else 422
    )
