"""How numbers are set in templates."""

import re
from collections.abc import Mapping

from django import template

register = template.Library()

_NUMBER_AND_WORD = re.compile(r"(?<=[0-9]) (?=[A-Za-z])")


@register.filter
def together(text: object) -> str:
    """Return the text with every number held to the word after it: no line ends between 1.5 and mg."""
    return _NUMBER_AND_WORD.sub("\N{NO-BREAK SPACE}", str(text))


@register.filter
def word_for(key: str, words: Mapping[str, object]) -> str:
    """Return the word for a key, or nothing when there is none."""
    return str(words.get(key, ""))
