"""The label of a received lot: what it is, whose, until when, and the symbol the bench scans."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from compounding import wording
from pharmacy.documents.contexts.parts import LANGUAGE, Context, pharmacy_context
from pharmacy.documents.label_formats import StockPlace
from pharmacy.inventory.lot_codes import lot_symbol_text
from pharmacy.inventory.models import IngredientLot


def lot_label_context(lot: IngredientLot, *, copies: int, stock: StockPlace) -> Context:
    """Return what stands on each of the labels of one lot, and on what they are printed.

    Whether it is released is not printed: that changes, and the bench asks the record behind the symbol.
    """
    with override(LANGUAGE):
        return {
            "language": LANGUAGE,
            "title": _("Lot %(lot)s") % {"lot": lot.lot_number},
            "pharmacy": pharmacy_context(),
            "name": lot.ingredient.name,
            "lot": _("Lot %(lot)s") % {"lot": lot.lot_number},
            "use_by": _("Do not use after %(day)s") % {"day": wording.full_day(lot.expires_on)},
            "facts": [
                str(lot.supplier),
                _("received %(day)s") % {"day": wording.full_day(lot.received_on)},
            ],
            "number": _("No. %(number)s") % {"number": lot.pk},
            "copies": [""] * copies,
            "stock": {"key": stock.key, "start_position": stock.start_position},
            "code": lot_symbol_text(lot),
            "code_title": _("Code to scan: lot %(lot)s") % {"lot": lot.lot_number},
        }
