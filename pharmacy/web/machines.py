"""Telling people from machines, without asking people to prove anything."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

_SALT = "pharmacy.web.machines"
KEY_LENGTH = 32
_READ_AGAIN = _("Read your message once more, then send it again. Nothing you wrote is lost.")


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
            raise ValidationError(_READ_AGAIN)
        return ""


class FormKey(forms.CharField):
    """The hidden idempotency key with the time the form was shown; cleans to the key."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value: Any) -> str:
        """Return the key. Raises `ValidationError` when the form came back faster than people type."""
        signer = TimestampSigner(salt=_SALT)
        try:
            key = signer.unsign(str(value or ""))
        except BadSignature:
            raise ValidationError(_READ_AGAIN) from None
        if _is_new(signer, str(value)):
            raise ValidationError(_READ_AGAIN)
        return key


def usable_key(sent: str) -> str:
    """Return the signed key as it was sent, or a new one when it is not ours: the form can then be sent again."""
    try:
        TimestampSigner(salt=_SALT).unsign(sent)
    except BadSignature:
        return signed_key(new_key())
    return sent


def _is_new(signer: TimestampSigner, signed: str) -> bool:
    """Say whether a key, whose signature has been checked, was made only just now."""
    try:
        signer.unsign(signed, max_age=settings.FORM_LEAST_SECONDS)
    except SignatureExpired:
        return False
    return True
