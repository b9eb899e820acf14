"""What a policy's value must look like, so that nothing that reads it later fails: judged by the version before."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from compounding.errors import Refusal

_PRESET = re.compile(r"\d+(\.\d+)?x[1-9]\d*( \d+(\.\d+)?x[1-9]\d*)*", re.ASCII)
_DAYS = re.compile(r"[1-9]\d*(,[1-9]\d*)*", re.ASCII)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
CHOICES = {
    "bud_day_count": ("day1", "day0"),
    "label.state": ("US", "CA", "NJ"),
    "label.stock": ("roll-4x2", "roll-3x2", "sheet-4x2", "sheet-4x3"),
    "label.lot_stock": ("roll-3x2", "roll-4x2", "roll-2x1", "sheet-4x2", "sheet-2x1"),
}
"""What may be chosen where the value is one of a few words."""


class ValueNotReadable(Refusal):
    """The program could not read the value. `field` names the field of the form."""

    field = "value"


class OverrideAboveValue(Refusal):
    """An override goes below the value, never above it. `field` names the field of the form."""

    field = "minimum_override"


def check_value(key: str, value: str, *, before: str, minimum_override: str = "") -> None:
    """Raise ValueNotReadable or OverrideAboveValue when the value cannot stand in for the one before."""
    if key in CHOICES:
        _check_choice(CHOICES[key], value)
    elif key.startswith("plan_preset."):
        _check(_PRESET, value, _("Write doses and days like this: 1.5x14 3x14 4.5x28."))
    elif key.endswith("_days") and "," in before:
        _check(_DAYS, value, _("Write days with commas between them, like this: 7,28."))
    elif before in ("yes", "no"):
        _check(re.compile("yes|no"), value, _("Write yes or no."))
    elif _is_number(before):
        _check(_NUMBER, value, _("Write a number, like %(before)s.") % {"before": before})
        if "." not in before and "." in value and Decimal(value) % 1 and _counts_whole(key):
            raise ValueNotReadable(_("Write a whole number, like %(before)s.") % {"before": before})
    if minimum_override:
        if not (_is_number(minimum_override) and _is_number(value)):
            raise OverrideAboveValue(_("Write a number, or leave this empty."))
        if Decimal(minimum_override) > Decimal(value):
            raise OverrideAboveValue(
                _("The lowest value by override cannot be above the value itself.")
            )


def _check_choice(choices: tuple[str, ...], value: str) -> None:
    if value not in choices:
        raise ValueNotReadable(_("Write one of these: %(all)s.") % {"all": ", ".join(choices)})


def _check(shape: re.Pattern[str], value: str, sentence: str) -> None:
    if shape.fullmatch(value) is None:
        raise ValueNotReadable(sentence)


def _counts_whole(key: str) -> bool:
    """Days, hours and tries are counted, not measured."""
    return any(part in key for part in ("days", "hours", "tries", "calls", "seconds", "runs"))


def _is_number(text: str) -> bool:
    try:
        return Decimal(text) >= 0 and _NUMBER.fullmatch(text) is not None
    except InvalidOperation:
        return False
