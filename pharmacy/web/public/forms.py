"""The contact form."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from pharmacy.contacts.models import EnquiryTopic
from pharmacy.web.fields import EmailField, OneLine, Paragraph, PhoneField, RadioCards
from pharmacy.web.forms import HouseForm
from pharmacy.web.machines import FormKey, Trap
from pharmacy.web.us_states import STATES
from pharmacy.workflow.receive_enquiry import LONGEST_MESSAGE


class ContactForm(HouseForm):
    """What somebody asks us."""

    unseen = ("website", "key")
    sometimes = ("topic",)

    needs_prescriber = forms.TypedChoiceField(
        label=_("Do you need help finding a prescriber?"),
        help_text=_(
            "We cannot prescribe. We can tell you which prescribers near you work with us."
        ),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=RadioCards("inline"),
        error_messages={"required": _("Select yes if you need help finding a prescriber")},
    )
    topic = forms.ChoiceField(
        label=_("What is your message about?"),
        choices=[
            ("", ""),
            *((v, t) for v, t in EnquiryTopic.choices if v != EnquiryTopic.FIND_PRESCRIBER),
        ],
        required=False,
        widget=forms.Select(attrs={"class": "width-20"}),
    )
    message = Paragraph(
        label=_("Your message"),
        missing=_("Enter your message"),
        max_length=LONGEST_MESSAGE,
        help_text=_("Leave out details of your health. We ask on the phone if we need to know."),
    )
    name = OneLine(label=_("Your name"), missing=_("Enter your name"), autocomplete="name")
    email = EmailField(
        label=_("Email address"),
        missing=_("Enter your email address"),
        help_text=_("We confirm here that your message has come, and answer here."),
    )
    phone = PhoneField(label=_("Phone number"), required=False)
    residence_state = forms.ChoiceField(
        label=_("State you live in"),
        help_text=_("We may send medicine only to some states."),
        choices=[("", ""), *STATES],
        required=False,
        widget=forms.Select(attrs={"class": "width-20", "autocomplete": "address-level1"}),
    )
    website = Trap()
    key = FormKey()

    def layout(self) -> Layout:
        """One question under another; the trap where people do not see it."""
        seen = [name for name in self.fields if name not in self.unseen]
        return Layout(*seen, Div("website", css_class="trap", aria_hidden="true"), "key")

    def clean(self) -> dict[str, Any]:
        """Return what was asked; who only needs a prescriber need not say what it is about."""
        cleaned: dict[str, Any] = super().clean() or {}
        if len(self.errors) > 1:
            # Being quick is no fault while there are others to mend.
            self.errors.pop("key", None)
        if cleaned.get("topic") == "":
            if cleaned.get("needs_prescriber"):
                cleaned["topic"] = EnquiryTopic.FIND_PRESCRIBER.value
            elif "needs_prescriber" in cleaned:
                self.add_error("topic", _("Select what your message is about"))
        return cleaned
