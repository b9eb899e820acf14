"""Finding an order, a batch, a lot or a patient by word or scan. It comes as a POST and stays out of the address."""

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
from pharmacy.orders.models import Order

LOOKED_FOR = "looked_for"
MOST_FOUND = 30
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
        scanned = _scanned(what)
        if scanned is not None:
            return redirect(*scanned)
        request.session[LOOKED_FOR] = what
        found = _found(what) if what else {}
        pages = [(PAGES[kind], each.pk) for kind, rows in found.items() for each in rows]
        return redirect(pages[0][0], pages[0][1]) if len(pages) == 1 else redirect("admin:find")
    what = str(request.session.get(LOOKED_FOR, ""))
    found = _found(what) if what else {}
    return show(
        request, "find.html", {"section": "", "what": what, "found": any(found.values()), **found}
    )


def _scanned(what: str) -> tuple[str, int] | None:
    """Return the page of what was scanned: of the order a container is for, of a batch, of a lot; None for words."""
    try:
        code = read_container_code(what)
    except NotOurSymbol:
        return _scanned_lot(what)
    number, _dash, fill = code.order_number.rpartition("-")
    if not (_is_number(number) and _is_number(fill) and _is_number(str(code.line))):
        return None
    # The fill, if it was handed over; else what is set aside for it. Both name the same line and batch.
    order = (
        Order.objects.filter(
            prescription__number=int(number),
            fill_number=int(fill),
            lines__position=code.line,
            lines__allocations__record__number=code.lot,
            lines__allocations__withdrawn_at__isnull=True,
        )
        .values_list("pk", flat=True)
        .first()
    )
    if order is not None:
        return "admin:dispense", order
    batch = CompoundingRecord.objects.filter(number=code.lot).values_list("pk", flat=True).first()
    return None if batch is None else ("admin:batch", batch)


def _scanned_lot(what: str) -> tuple[str, int] | None:
    """A lot's own label. A number somebody typed is looked for like any other word."""
    if not what.startswith(("(", "]", "\x1d")):
        return None
    try:
        return "admin:lot", lot_from_scan(what).pk
    except Refusal:
        return None


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
