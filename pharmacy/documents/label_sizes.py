"""How large a label may be set, from roomy to tight, and the part of it that its cluster takes. Lengths in points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.documents.label_formats import LabelFormat
from pharmacy.documents.pages import LabelSplit

_FULL_WIDTH = 288.0
_CLUSTER_PADDING = Decimal(5)


class LabelTooSmall(Refusal):
    """The words of a label do not fit on two labels at the sizes that may be read."""


@dataclass(frozen=True)
class Setting:
    """How a label is set: classes of label.css, and what goes onto a second label."""

    classes: str
    cluster_points: str
    other_points: str
    split: LabelSplit = LabelSplit.NOTHING

    @property
    def labels(self) -> int:
        """Return how many labels a container takes."""
        return 1 if self.split is LabelSplit.NOTHING else 2


_NOTES, _PLAN, _FACTS = LabelSplit.NOTES, LabelSplit.NOTES_AND_PLAN, LabelSplit.FACTS_TOO
_ALL: Sequence[Setting] = (
    Setting("small-8", "14", "6.5"),
    Setting("small-7-5", "14", "6.5"),
    Setting("small-7", "14", "6.5"),
    Setting("small-7 cluster-medium", "13", "6.5"),
    Setting("small-6-5 cluster-medium", "13", "6.5"),
    Setting("small-6-5 cluster-least", "12", "6.5"),
    Setting("small-6 cluster-least", "12", "6"),
    Setting("small-8", "14", "6.5", _NOTES),
    Setting("small-7-5 cluster-medium", "13", "6.5", _NOTES),
    Setting("small-7 cluster-least", "12", "6.5", _NOTES),
    Setting("small-6 cluster-least", "12", "6", _NOTES),
    Setting("small-8", "14", "6.5", _PLAN),
    Setting("small-7-5 cluster-medium plan-medium", "13", "6.5", _PLAN),
    Setting("small-7 cluster-least plan-least", "12", "6.5", _PLAN),
    Setting("small-6 cluster-least plan-small", "12", "6", _PLAN),
    Setting("small-6-5 cluster-least plan-small", "12", "6.5", _FACTS),
    Setting("small-6 cluster-least plan-small", "12", "6", _FACTS),
)
"""From roomy to tight, with the smallest size in the cluster and the smallest around it. What stands around the cluster
shrinks first."""

LOT_SETTINGS = ("", "small", "least")


def settings_for(template: Mapping[str, Any]) -> list[Setting]:
    """Return the settings that keep the least sizes a label's template asks for, from roomy to tight."""
    cluster, other = Decimal(template["cluster_points"]), Decimal(template["other_points"])
    return [
        each
        for each in _ALL
        if Decimal(each.cluster_points) >= cluster and Decimal(each.other_points) >= other
    ]


def page_style(stock: LabelFormat, *, share: str = "0") -> str:
    """Return the style of a page that is one label, whose cluster takes that share of it or more."""
    top, side, bottom = _margins(stock)
    return (
        f"@page {{ size: {stock.width}pt {stock.height}pt; margin: {top}pt {side}pt {bottom}pt }}"
        + _cluster_style(stock, share)
    )


def sheet_style(stock: LabelFormat, *, share: str = "0") -> str:
    """Return the style of a page with many labels, each in a box of its own at its place, from the first on."""
    top, side, bottom = _margins(stock)
    width, height = stock.across or stock.width, stock.down or stock.height
    return (
        f"@page {{ size: {stock.page_width}pt {stock.page_height}pt;"
        f" margin: {stock.top}pt 0 0 {stock.left}pt }}"
        f".labels, .lots {{ font-size: 0; width: {width * stock.columns}pt }}"
        ".label, .lot { display: inline-block; vertical-align: top; box-sizing: border-box;"
        f" break-after: auto; width: {stock.width}pt; height: {stock.height}pt;"
        f" padding: {top}pt {side}pt {bottom}pt;"
        f" margin: 0 {width - stock.width}pt {height - stock.height}pt 0 }}"
    ) + _cluster_style(stock, share)


def _margins(stock: LabelFormat) -> tuple[float, float, float]:
    """Top, sides, bottom. Less on a narrow label, so that the cluster keeps its part and its size."""
    return (2.88, 5.76, 2.16) if stock.width < _FULL_WIDTH else (3.96, 8.64, 3.24)


def _cluster_style(stock: LabelFormat, share: str) -> str:
    _top, side, _bottom = _margins(stock)
    wanted = Decimal(str(stock.width)) * Decimal(str(stock.height)) * Decimal(share)
    high = wanted / Decimal(str(stock.width - 2 * side)) - _CLUSTER_PADDING
    least = max(high, Decimal(0)).quantize(Decimal("0.1"), rounding=ROUND_CEILING)
    narrow = stock.width < _FULL_WIDTH
    return f".label__cluster {{ min-height: {least}pt }}" + (_NARROW if narrow else "")


_NARROW = """
.label__code { width: 0.56in; }
.label .data-matrix { width: 0.4in; height: 0.4in; }
.label__rx { font-size: 6.5pt; white-space: nowrap; }
.lot__code { width: 0.66in; }
"""


def too_small(title: str) -> LabelTooSmall:
    """Return the refusal of a label that fits in no setting."""
    return LabelTooSmall(
        _(
            "%(title)s: its words do not fit, even on two labels. Shorten its directions or notes, "
            "or take larger labels."
        )
        % {"title": title}
    )
