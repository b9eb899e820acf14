"""What the DataMatrix on a received lot's own label says, and which lot a scan means.

It carries the lot (10), its last day (17) and, with the company-internal identifier (91), the number of our own record,
in GS1 syntax. GS1 wants a GTIN beside (10) and (17); most suppliers of ingredients print none, and this label never
leaves the pharmacy, so the record's number stands in its place and decides.
"""

import re
from datetime import date

from django.db.models import QuerySet
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from compounding import wording
from compounding.errors import Refusal
from pharmacy.inventory.models import IngredientLot

_OWN_PREFIX = "LOT"
_OWN = re.compile(r"LOT(?P<id>[0-9]{1,15})")
_PRINTABLE_LOT = re.compile(r"""[A-Za-z0-9!"%&'*+,\-./_:;<=>?]{1,20}""")
"""What GS1 allows in a lot number, without the brackets that people write around identifiers."""
_FIXED_LENGTHS = {"01": 14, "11": 6, "13": 6, "15": 6, "16": 6, "17": 6}
_BRACKETED = re.compile(r"\(([0-9]{2})\)([^()]*)")
_SEPARATOR = "\x1d"
_SCANNER_PREFIX = "]d2"


class NotALotLabel(Refusal):
    """What was scanned is no label of a lot."""


class UnknownLot(Refusal):
    """The label names a lot that is not in our records."""


class LotNumberShared(Refusal):
    """A lot number was typed that several lots have."""


class LabelDisagrees(Refusal):
    """The label's own number and the lot printed beside it are of two different lots."""


def lot_symbol_text(lot: IngredientLot) -> str:
    """Return the text of a lot's DataMatrix as people write GS1 data: "(17)280331(10)NX-2201(91)LOT42".

    A lot number that GS1's characters cannot spell is left out; the record's number finds the lot all the same.
    """
    day = f"(17){_gs1_day(lot.expires_on)}"
    spelled = f"(10){lot.lot_number}" if _PRINTABLE_LOT.fullmatch(lot.lot_number) else ""
    return f"{day}{spelled}(91){_OWN_PREFIX}{lot.pk}"


def lot_from_scan(text: str, *, expected: IngredientLot | None = None) -> IngredientLot:
    """Return the lot that a scanned label means, with its ingredient and supplier.

    Takes our own label (with brackets, or raw as a scanner sends it), a maker's GS1 label with its lot (10), or a
    lot number typed by hand. `expected` is not read again when the label is its own.
    Raises NotALotLabel, UnknownLot, LotNumberShared or LabelDisagrees.
    """
    said = _elements(text.strip().removeprefix(_SCANNER_PREFIX))
    own, number = said.get("91", ""), said.get("10", "")
    if not own:
        return _by_number(number)
    found = _OWN.fullmatch(own)
    if found is None:
        raise NotALotLabel(_("This is not the label of a lot. Scan the ingredient's container."))
    lot = _numbered(int(found["id"]), expected)
    if lot is None:
        raise UnknownLot(_("No lot of this pharmacy has that label. Show it to a pharmacist."))
    if number and number != lot.lot_number:
        raise LabelDisagrees(
            _("The label says lot %(said)s, but its number belongs to lot %(ours)s. Set it aside.")
            % {"said": number, "ours": lot.lot_number}
        )
    return lot


def _numbered(pk: int, expected: IngredientLot | None) -> IngredientLot | None:
    if expected is not None and expected.pk == pk:
        return expected
    return _lots().filter(pk=pk).first()


def expiry_disagrees(text: str, lot: IngredientLot) -> str:
    """Return why the expiry on a scanned label (17) is not the lot's, or nothing: it is, or the label names none.

    A label whose day is 00 names a month (GS1 General Specifications, identifier 17): any day of it agrees.
    """
    said = _elements(text.strip().removeprefix(_SCANNER_PREFIX)).get("17", "")
    if not said:
        return ""
    ours = lot.expires_on
    if said in (_gs1_day(ours), f"{ours:%y%m}00"):
        return ""
    return _("Its label says that it expires %(said)s, our record of the lot says %(ours)s.") % {
        "said": _expiry_in_words(said),
        "ours": wording.full_day(ours),
    }


def _expiry_in_words(said: str) -> str:
    """Return the six digits as a day or a month; as they stand when they are no date. Years are 2000 to 2099."""
    month_only = said.endswith("00")
    try:
        day = date(2000 + int(said[:2]), int(said[2:4]), 1 if month_only else int(said[4:]))
    except ValueError:
        return _("on “%(said)s”, which is no date") % {"said": said}
    if month_only:
        return _("in %(month)s") % {"month": date_format(day, "F Y")}
    return _("on %(day)s") % {"day": wording.full_day(day)}


def _lots() -> QuerySet[IngredientLot]:
    return IngredientLot.objects.select_related("ingredient__substance", "supplier")


def _by_number(number: str) -> IngredientLot:
    if not number:
        raise NotALotLabel(_("This is not the label of a lot. Scan the ingredient's container."))
    found = list(_lots().filter(lot_number__iexact=number)[:2])
    if not found:
        raise UnknownLot(_("There is no lot %(lot)s in our records.") % {"lot": number})
    if len(found) > 1:
        raise LotNumberShared(
            _("Several ingredients have a lot %(lot)s. Scan our own label.") % {"lot": number}
        )
    return found[0]


def _elements(text: str) -> dict[str, str]:
    """Return identifier -> value. What is in no GS1 syntax counts as a lot number."""
    if text.startswith("("):
        return dict(_BRACKETED.findall(text))
    rest = text.removeprefix(_SEPARATOR)
    if _SEPARATOR not in rest and not _looks_raw(rest):
        return {"10": rest}
    return _raw_elements(rest)


def _looks_raw(text: str) -> bool:
    """Say whether it begins as our own or a maker's label does: an identifier and its fixed length of digits."""
    length = _FIXED_LENGTHS.get(text[:2])
    return length is not None and len(text) > 2 + length and text[2 : 2 + length].isdigit()


def _raw_elements(rest: str) -> dict[str, str]:
    said: dict[str, str] = {}
    while len(rest) > 2:
        identifier, rest = rest[:2], rest[2:]
        length = _FIXED_LENGTHS.get(identifier)
        if length is None:
            said[identifier], _sep, rest = rest.partition(_SEPARATOR)
        else:
            said[identifier], rest = rest[:length], rest[length:].removeprefix(_SEPARATOR)
    return said


def _gs1_day(day: date) -> str:
    return day.strftime("%y%m%d")
