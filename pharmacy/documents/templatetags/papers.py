"""What the templates of papers need beyond Django's own."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    """Return the value under a key that is itself a variable."""
    return mapping[key]
