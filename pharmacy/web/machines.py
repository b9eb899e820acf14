"""Telling people from machines, without asking people to prove anything."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

_SALT = "pharmacy.web.machines"
_LEAST_SECONDS = 3
KEY_LENGTH = 32


def new_key() -> str:
    """Return a new idempotency key: a form sent twice with the same key is one message."""
    return get_random_string(KEY_LENGTH)


def signed_key(key: str) -> str:
    """Return the key with the moment the form was shown, signed."""
    return TimestampSigner(salt=_SALT).sign(key)


class Trap(forms.CharField):
    """A box that people do not see. Whoever fills it in is a machine, or a browser that was too helpful."""

    def __init__(self) -> None:
        attrs = {"autocomplete": "off", "tabindex": "-1"}
        super().__init__(
            required=False, label=_("Leave this box empty"), widget=forms.TextInput(attrs=attrs)
        )

    def clean(self, value: Any) -> str:
        """Return "". Raises `ValidationError` when it holds anything."""
        if value:
            raise ValidationError(
                _("This looked like a machine's message, so it was not sent. Send it once more.")
            )
        return ""


class FormKey(forms.CharField):
    """The hidden idempotency key with the time the form was shown; cleans to the key."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value: Any) -> str:
        """Return the key. Raises `ValidationError` when it is not ours, or came back faster than people type."""
        signer = TimestampSigner(salt=_SALT)
        try:
            key = signer.unsign(str(value or ""))
        except BadSignature:
            raise ValidationError(
                _("This page was damaged on the way. Check what you wrote and send it again.")
            ) from None
        if _age_seconds(signer, str(value)) < _LEAST_SECONDS:
            raise ValidationError(_("That was very quick. Check what you wrote and send it again."))
        return key


def _age_seconds(signer: TimestampSigner, signed: str) -> float:
    """Return how long ago the form was shown. The signature has been checked before."""
    try:
        signer.unsign(signed, max_age=_LEAST_SECONDS)
    except BadSignature:
        return _LEAST_SECONDS
    return 0
