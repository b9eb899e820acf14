"""The dates that compete for the beyond-use date, as a picture: one bar each, the shortest sets it."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.documents.contexts.parts import Context

_LEFT, _RIGHT = Decimal(26), Decimal(400)
_ROW = 24


def limits_context(limits: Sequence[Mapping[str, str]], *, prepared_on: date) -> Context:
    """Return the picture of the limits, earliest first, and the same in words. `limits` is never empty."""
    dated = [(limit["reason"], date.fromisoformat(limit["date"])) for limit in limits]
    longest = max(max((day - prepared_on).days for _reason, day in dated), 1)
    bars = [
        {
            "number": wording.number(number),
            "y": str(_ROW * (number - 1) + 5),
            "text_y": str(_ROW * (number - 1) + 17),
            "width": f"{(_RIGHT - _LEFT) * max((day - prepared_on).days, 0) / longest:.1f}",
            "date_x": f"{_LEFT + (_RIGHT - _LEFT) * max((day - prepared_on).days, 0) / longest + 8:.1f}",
            "date": wording.full_day(day),
            "wins": number == 1,
        }
        for number, (_reason, day) in enumerate(dated, 1)
    ]
    return {
        "height": str(_ROW * len(bars)),
        "title": _("Dates that compete for the beyond-use date"),
        "description": "; ".join(
            _("%(reason)s: %(day)s") % {"reason": reason, "day": wording.full_day(day)}
            for reason, day in dated
        ),
        "bars": bars,
        "reasons": [
            {"text": reason, "date": wording.full_day(day), "wins": number == 0}
            for number, (reason, day) in enumerate(dated)
        ],
        "wins": _("sets the date"),
        "counted": _("Counted from %(day)s.") % {"day": wording.full_day(prepared_on)},
    }
