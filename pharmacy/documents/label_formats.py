"""The stock labels are printed on: rolls for a label printer, sheets for an office printer. Sizes in points.

Sizes and places on the sheets as their makers draw them: 4 x 2 in, ten to a Letter sheet (5163), 4 x 3 1/3 in, six
to a Letter sheet (5164), and 2 5/8 x 1 in, thirty to a Letter sheet (5160). A roll is one label a page. Which is taken
where nobody chooses is a policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding.errors import Refusal
from pharmacy.policies.queries import text_of

_INCH = 72.0
STOCK, LOT_STOCK = "label.stock", "label.lot_stock"
"""The policies that name the stock of container labels, and that of the labels of received lots."""


class NoSuchLabelStock(Refusal):
    """A stock nobody has, or a place that its sheet has not."""


@dataclass(frozen=True)
class LabelFormat:
    """One kind of stock: how large a label is, and where the labels stand on a page."""

    key: str
    name: Promise
    width: float
    height: float
    page_width: float
    page_height: float
    columns: int = 1
    rows: int = 1
    left: float = 0.0
    top: float = 0.0
    across: float = 0.0
    """From the left edge of a label to that of the next."""
    down: float = 0.0

    @property
    def a_page(self) -> int:
        """Return how many labels stand on a page."""
        return self.columns * self.rows

    def place(self, slot: int) -> tuple[float, float]:
        """Return where the label in a slot of the page (from zero, row by row) begins: from the left, from the top."""
        row, column = divmod(slot, self.columns)
        return self.left + column * self.across, self.top + row * self.down


def _roll(key: str, name: Promise, width: float, height: float) -> LabelFormat:
    wide, high = width * _INCH, height * _INCH
    return LabelFormat(key, name, wide, high, page_width=wide, page_height=high)


def _sheet(
    key: str,
    name: Promise,
    *,
    columns: int,
    rows: int,
    size: tuple[float, float],
    left: float,
    across: float,
) -> LabelFormat:
    """A Letter sheet whose labels begin half an inch from the top and stand on one another."""
    width, height = size
    return LabelFormat(
        key=key,
        name=name,
        width=width * _INCH,
        height=height * _INCH,
        page_width=8.5 * _INCH,
        page_height=11 * _INCH,
        columns=columns,
        rows=rows,
        left=left * _INCH,
        top=0.5 * _INCH,
        across=across * _INCH,
        down=height * _INCH,
    )


_WIDE_ROLL = _roll("roll-4x2", gettext_lazy("Roll, 4 x 2 in"), 4, 2)
_ROLL = _roll("roll-3x2", gettext_lazy("Roll, 3 x 2 in"), 3, 2)
_SHEET_OF_TEN = _sheet(
    "sheet-4x2",
    gettext_lazy("Letter sheet of ten, 4 x 2 in"),
    columns=2,
    rows=5,
    size=(4, 2),
    left=0.15625,
    across=4.1875,
)
_SHEET_OF_SIX = _sheet(
    "sheet-4x3",
    gettext_lazy("Letter sheet of six, 4 x 3⅓ in"),
    columns=2,
    rows=3,
    size=(4, 10 / 3),
    left=0.15625,
    across=4.1875,
)
_SHEET_OF_THIRTY = _sheet(
    "sheet-2x1",
    gettext_lazy("Letter sheet of thirty, 2⅝ x 1 in"),
    columns=3,
    rows=10,
    size=(2.625, 1),
    left=0.1875,
    across=2.75,
)
_SMALL_ROLL = _roll("roll-2x1", gettext_lazy("Roll, 2 x 1 in"), 2, 1)


def _by_key(*formats: LabelFormat) -> Mapping[str, LabelFormat]:
    return {each.key: each for each in formats}


FORMATS = _by_key(_WIDE_ROLL, _ROLL, _SHEET_OF_TEN, _SHEET_OF_SIX)
"""What container labels are printed on."""
LOT_FORMATS = _by_key(_ROLL, _WIDE_ROLL, _SMALL_ROLL, _SHEET_OF_TEN, _SHEET_OF_THIRTY)
"""What the labels of received lots are printed on."""
FIRST = _WIDE_ROLL.key
MOST_ON_A_SHEET = 30


@dataclass(frozen=True)
class StockPlace:
    """Where labels are printed: on which stock, from which label of a sheet on (from 1, row by row)."""

    key: str
    start_position: int = 1


def stock_of(said: Mapping[str, Any] | None) -> StockPlace | None:
    """Return where a label that was asked for goes, or None for none, and for a design that did not say it."""
    place = None if said is None else said.get("stock")
    return None if place is None else StockPlace(place["key"], place["start_position"])


def stock_place(key: str, *, start_position: int, on: date, policy: str = STOCK) -> StockPlace:
    """Return the stock that was chosen, or without a choice the policy's. Raises NoSuchLabelStock or NoPolicy."""
    found = label_format(
        key or text_of(policy, on=on),
        start_position=start_position,
        among=LOT_FORMATS if policy == LOT_STOCK else FORMATS,
    )
    return StockPlace(found.key, start_position)


def label_format(
    key: str, *, start_position: int = 1, among: Mapping[str, LabelFormat] = FORMATS
) -> LabelFormat:
    """Return the stock of that key. Raises NoSuchLabelStock, also for a place its sheet does not have."""
    found = among.get(key)
    if found is None:
        raise NoSuchLabelStock(_("We have no such labels. Choose a roll or a sheet from the list."))
    if not 1 <= start_position <= found.a_page:
        raise NoSuchLabelStock(
            _("%(stock)s: begin at a label from 1 to %(last)s.")
            % {"stock": found.name, "last": found.a_page}
        )
    return found
