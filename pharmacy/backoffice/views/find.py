"""Finding an order, a batch, a lot or a patient, by words or by the code on a label that is scanned into the field.

What was looked for comes as a POST and stays out of the address.
"""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect

from compounding.errors import Refusal
from pharmacy.backoffice.access import StaffRequest
from pharmacy.backoffice.pages import show
from pharmacy.batches.models import CompoundingRecord
from pharmacy.contacts.models import Enquiry
from pharmacy.documents.symbols import NotOurSymbol, read_container_code
from pharmacy.intake.models import Patient
from pharmacy.inventory.lot_codes import lot_from_scan
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Allocation, Order

LOOKED_FOR = "looked_for"
MOST_FOUND = 30
SCANNED = ("(", "]d2")
SEPARATOR = "\x1d"
"""What a scanner types begins with a bracket or its prefix, or holds the separator of GS1."""
PAGES = {
    "orders": "admin:order",
    "batches": "admin:batch",
    "lots": "admin:lot",
    "enquiries": "admin:enquiry",
}


def find(request: StaffRequest) -> HttpResponse:
    """Remember what is looked for, then show what was found: one thing found is opened at once."""
    if request.method == "POST":
        what = request.POST.get("what", "").strip()[:200]
        request.session[LOOKED_FOR] = what
        found = _looked_up(what)
        pages = [(PAGES[kind], each.pk) for kind, rows in found.items() for each in rows]
        return redirect(pages[0][0], pages[0][1]) if len(pages) == 1 else redirect("admin:find")
    what = str(request.session.get(LOOKED_FOR, ""))
    found = _looked_up(what)
    return show(
        request, "find.html", {"section": "", "what": what, "found": any(found.values()), **found}
    )


def _looked_up(what: str) -> dict[str, list[Any]]:
    if not what:
        return {}
    is_scanned = what.startswith(SCANNED) or SEPARATOR in what
    return _on_label(what) if is_scanned else _found(what)


def _on_label(scanned: str) -> dict[str, list[Any]]:
    """What a label says: a container label is its order; the batch too when the order was not filled from it."""
    try:
        code = read_container_code(scanned)
    except NotOurSymbol:
        return {"lots": _lot_on_label(scanned)}
    number, _dash, fill = code.order_number.partition("-")
    if not (_is_number(number) and _is_number(fill) and _is_number(str(code.line))):
        return {}
    orders = Order.objects.filter(
        prescription__number=int(number), fill_number=int(fill), lines__position=code.line
    )
    filled = Allocation.objects.filter(
        line__order__in=orders,
        line__position=code.line,
        record__number=code.lot,
        withdrawn_at__isnull=True,
    )
    batches = CompoundingRecord.objects.filter(number=code.lot).select_related("formula")
    return {
        "orders": list(orders.select_related("prescription__patient")),
        "batches": [] if filled.exists() else list(batches),
    }


def _lot_on_label(scanned: str) -> list[IngredientLot]:
    try:
        return [lot_from_scan(scanned)]
    except Refusal:
        return []


def _found(what: str) -> dict[str, list[Any]]:
    number = what.partition("-")[0]
    orders = Order.objects.filter(_of_number(number) | _of_patient(what)).select_related(
        "prescription__patient"
    )
    # Numbers are written in capitals; a comparison that ignores them would read every row.
    written = [what, what.upper()]
    lots = IngredientLot.objects.filter(lot_number__iexact=what)
    return {
        "orders": list(orders.order_by("-pk")[:MOST_FOUND]),
        "batches": list(
            CompoundingRecord.objects.filter(number__in=written).select_related("formula")
        ),
        "lots": list(lots.select_related("ingredient", "supplier")[:MOST_FOUND]),
        "enquiries": list(Enquiry.objects.filter(reference__in=written)),
    }


def _of_number(number: str) -> Q:
    return Q(prescription__number=int(number)) if _is_number(number) else Q(pk__in=[])


def _of_patient(name: str) -> Q:
    """The names are read once, and only the patients found are joined with their orders."""
    found = Patient.objects.filter(full_name__icontains=name).order_by("-pk")
    return Q(prescription__patient__in=list(found.values_list("pk", flat=True)[:MOST_FOUND]))


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 10
