"""The stock labels are printed on: rolls for a label printer, sheets for an office printer. Sizes in points.

Sizes and places on the sheets as their makers draw them: 4 x 2 in, ten to a Letter sheet (5163), and 4 x 3 1/3 in, six
to a Letter sheet (5164). A roll is one label a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding.errors import Refusal

_INCH = 72.0


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


_ALL = (
    _roll("roll-4x2", gettext_lazy("Roll, 4 x 2 in"), 4, 2),
    _roll("roll-3x2", gettext_lazy("Roll, 3 x 2 in"), 3, 2),
    LabelFormat(
        key="sheet-4x2",
        name=gettext_lazy("Letter sheet of ten, 4 x 2 in"),
        width=4 * _INCH,
        height=2 * _INCH,
        page_width=8.5 * _INCH,
        page_height=11 * _INCH,
        columns=2,
        rows=5,
        left=0.15625 * _INCH,
        top=0.5 * _INCH,
        across=4.1875 * _INCH,
        down=2 * _INCH,
    ),
    LabelFormat(
        key="sheet-4x3",
        name=gettext_lazy("Letter sheet of six, 4 x 3⅓ in"),
        width=4 * _INCH,
        height=10 / 3 * _INCH,
        page_width=8.5 * _INCH,
        page_height=11 * _INCH,
        columns=2,
        rows=3,
        left=0.15625 * _INCH,
        top=0.5 * _INCH,
        across=4.1875 * _INCH,
        down=10 / 3 * _INCH,
    ),
)
FORMATS: Mapping[str, LabelFormat] = {each.key: each for each in _ALL}
FIRST = _ALL[0].key


def label_format(key: str, *, start_position: int = 1) -> LabelFormat:
    """Return the stock of that key. Raises NoSuchLabelStock, also for a place its sheet does not have."""
    found = FORMATS.get(key)
    if found is None:
        raise NoSuchLabelStock(_("We have no such labels. Choose a roll or a sheet from the list."))
    if not 1 <= start_position <= found.a_page:
        raise NoSuchLabelStock(
            _("%(stock)s: begin at a label from 1 to %(last)s.")
            % {"stock": found.name, "last": found.a_page}
        )
    return found
