"""What every form of the house does alike: crispy layout, words for errors, links from the error summary."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset
from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_CLASSES: dict[type[forms.Widget], str] = {
    forms.Select: "form-select",
    forms.TextInput: "form-control",
    forms.PasswordInput: "form-control",
    forms.Textarea: "form-control",
}


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One line of an error summary: the same words as beside the field, and where that is."""

    text: str
    href: str = ""
    name: str = ""


class Section(Fieldset):  # type: ignore[misc]  # crispy ships no types
    """A titled group of fields; the title is a heading as well, so that people can jump to it."""

    template = "web/forms/section.html"

    def __init__(self, legend: str, *fields: Any, hint: str = "", **kwargs: Any) -> None:
        super().__init__(legend, *fields, css_class="group", **kwargs)
        self.hint = hint


def side_by_side(*fields: str) -> Div:
    """Return short fields in one row where the screen is wide enough."""
    return Div(*fields, css_class="abreast")


class HouseForm(forms.Form):
    """A form that keeps what was typed.

    With `checked=False` it shows what was typed and finds no fault with it: for a button that is not "send",
    such as "Add a step".
    """

    unseen: tuple[str, ...] = ()
    """Fields that people do not see."""
    sometimes: tuple[str, ...] = ()
    """Fields that are needed after some answers: they are not called optional."""

    def __init__(self, *args: Any, checked: bool = True, **kwargs: Any) -> None:
        self.checked = checked
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field.widget)

    def full_clean(self) -> None:
        """Check the form, unless it is only being shown again."""
        if not self.checked:
            self._errors = ErrorDict()
            return
        super().full_clean()

    def is_valid_for(self, names: Iterable[str]) -> bool:
        """Say whether all of these came out of the check; the others may still be wrong or empty."""
        self.is_valid()
        return all(name in self.cleaned_data for name in names)

    @property
    def helper(self) -> FormHelper:
        """Return the crispy helper: fields only, in the house's own field template."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.field_template = "web/forms/field.html"
        layout = self.layout()
        if layout is not None:
            helper.layout = layout
        return helper

    def layout(self) -> Any:
        """Return the crispy layout, or nothing for one field under another."""
        return None


def dress(widget: forms.Widget) -> None:
    """Give an input the class its look hangs on."""
    if isinstance(widget, forms.MultiWidget):
        for part in widget.widgets:
            dress(part)
        return
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return
    for kind, name in _CLASSES.items():
        if isinstance(widget, kind):
            widget.attrs["class"] = f"{name} {widget.attrs.get('class', '')}".strip()


def error_links(*checked: forms.BaseForm) -> list[ErrorLink]:
    """Return the lines of the error summary, in the order of the page."""
    return [
        ErrorLink(text=str(error), href=_place_of(form, name), name=name)
        for form in checked
        for name in sorted(form.errors, key=["__all__", *form.fields].index)
        for error in form.errors[name]
    ]


def _place_of(form: forms.BaseForm, name: str) -> str:
    """Where the summary leads to: nowhere, for what people do not see."""
    if name not in form.fields or name in getattr(form, "unseen", ()):
        return ""
    return f"#{first_input_id(form[name])}"


def first_input_id(field: forms.BoundField) -> str:
    """Return the id of the input a person should land on: the first of several, when there are several."""
    return f"{field.auto_id}_0" if field.field.widget.use_fieldset else field.auto_id


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], *forms_: forms.BaseForm
) -> HttpResponse:
    """Render a page with its forms: 422 with an error summary when one of them has errors, 200 otherwise."""
    links = error_links(*(form for form in forms_ if form.is_bound))
    page = {**context, "error_links": links, "page_has_errors": bool(links)}
    return render(request, template, page, status=422 if links else 200)
