"""Telephone numbers in templates."""

from django import template

register = template.Library()


@register.filter
def phone_uri(number: str) -> str:
    """Return the number as a tel: link wants it: "+12125550100"."""
    digits = "".join(sign for sign in number if sign.isdigit())
    if number.lstrip().startswith("+"):
        return f"+{digits}"
    return f"+1{digits}" if len(digits) == 10 else f"+{digits}"
