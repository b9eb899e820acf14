"""The shelf: which lots there are, why some are not offered, where a lot went."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.lot_forms import CountForm, DiscardForm, PackForm, RecallForm, ReceiveForm
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.batches.queries import batches_with
from pharmacy.formulations.models import IngredientKind
from pharmacy.inventory import actions
from pharmacy.inventory.measurements import record_pack_statistic
from pharmacy.inventory.models import IngredientLot, Place
from pharmacy.inventory.queries import lots_in_stock, quantity_at, why_not_offered
from pharmacy.inventory.states import LOT_STATES, LotState
from pharmacy.orders.models import Fill

IN_USE = (LotState.QUARANTINED, LotState.RELEASED)
_FORMS: dict[str, type[StaffForm]] = {
    "pack": PackForm,
    "count": CountForm,
    "discard": DiscardForm,
    "recall": RecallForm,
}
MOST_SHOWN = 300


def lots(request: StaffRequest) -> HttpResponse:
    """Show the lots on the shelf, the first to expire first, and why some are not offered."""
    everything = request.GET.get("list") == "all"
    today = timezone.localdate()
    found = list(lots_in_stock(() if everything else IN_USE)[: MOST_SHOWN + 1])
    rows = [
        {
            "lot": lot,
            "on_shelf": _amount(lot, Place.SHELF),
            "reserved": _amount(lot, Place.RESERVED),
            "why_not": why_not_offered(lot, today),
        }
        for lot in found[:MOST_SHOWN]
    ]
    context = {
        "section": "lots",
        "rows": rows,
        "everything": everything,
        "more": len(found) > MOST_SHOWN,
    }
    return show(request, "lots.html", context)


def receive(request: StaffRequest) -> HttpResponse:
    """Receive a lot; it stays in quarantine until a pharmacist releases it."""
    form = ReceiveForm(request.POST or None)
    context = {"section": "lots", "form": form}
    if request.method != "POST":
        return show(request, "lot_receive.html", context)
    received: list[IngredientLot] = []
    if not done(form, lambda: received.append(_receive(request, form))):
        return show(request, "lot_receive.html", context, refused=form)
    messages.success(
        request, _("Lot %(lot)s is received, in quarantine.") % {"lot": received[0].lot_number}
    )
    return redirect("admin:lot", received[0].pk)


def _receive(request: StaffRequest, form: ReceiveForm) -> IngredientLot:
    values = form.cleaned_data
    return actions.receive_lot(
        ingredient=values["ingredient"],
        supplier=values["supplier"],
        lot_number=values["lot_number"],
        quantity=values["quantity"],
        expires=values["expires"],
        certificate=form.certificate(),
        mean_shell_mg=values["mean_shell_mg"],
        by=actor(request),
        at=timezone.now(),
    )


def lot(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Show a lot: its certificate, its stock, the batches and patients it went to."""
    return _shown(request, lot_id)


@pharmacists_only(gettext_lazy("release a lot"))
def release(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Release a lot from quarantine."""
    found, form = _lot(lot_id), StaffForm(request.POST or None)
    return _change(
        request,
        found,
        "release",
        form,
        lambda: actions.release_lot(lot=found, by=actor(request), at=timezone.now()),
        _("Lot %(lot)s is released.") % {"lot": found.lot_number},
    )


def measure(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Record a pack statistic."""
    found, form = _lot(lot_id), PackForm(request.POST or None)
    return _change(
        request,
        found,
        "pack",
        form,
        lambda: record_pack_statistic(
            lot=found,
            capsule_size=form.cleaned_data["capsule_size"],
            mg_per_capsule=form.cleaned_data["mg_per_capsule"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("The pack statistic is kept."),
    )


def count(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Bring the stock to what was counted."""
    found, form = _lot(lot_id), CountForm(request.POST or None)
    return _change(
        request,
        found,
        "count",
        form,
        lambda: actions.correct_stock(
            lot=found,
            counted=form.cleaned_data["counted"],
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("The stock is corrected."),
    )


def discard(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Throw a quantity away."""
    found, form = _lot(lot_id), DiscardForm(request.POST or None)
    return _change(
        request,
        found,
        "discard",
        form,
        lambda: actions.discard_stock(
            lot=found,
            quantity=form.cleaned_data["quantity"],
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("It is discarded."),
    )


@pharmacists_only(gettext_lazy("recall a lot"))
def recall(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Mark a lot as recalled."""
    found, form = _lot(lot_id), RecallForm(request.POST or None)
    return _change(
        request,
        found,
        "recall",
        form,
        lambda: actions.recall_lot(
            lot=found, reason=form.cleaned_data["reason"], by=actor(request), at=timezone.now()
        ),
        _("Lot %(lot)s is recalled. Below stands where it went.") % {"lot": found.lot_number},
    )


def _change(
    request: StaffRequest,
    found: IngredientLot,
    key: str,
    form: forms.Form,
    call: Callable[[], object],
    said: str,
) -> HttpResponse:
    if request.method != "POST":
        return redirect("admin:lot", found.pk)
    if not done(form, call):
        return _shown(request, found.pk, sent=(key, form))
    messages.success(request, said)
    return redirect("admin:lot", found.pk)


def _lot(lot_id: int) -> IngredientLot:
    found = IngredientLot.objects.select_related("ingredient__substance", "supplier", "released_by")
    return get_object_or_404(found, pk=lot_id)


def _shown(
    request: StaffRequest, lot_id: int, sent: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    found = _lot(lot_id)
    by = actor(request)
    shown: dict[str, forms.Form] = {key: kind() for key, kind in _FORMS.items()}
    context: dict[str, Any] = {
        "section": "lots",
        "lot": found,
        "why_not": why_not_offered(found, timezone.localdate()),
        "levels": [
            (place.label, _amount(found, place))
            for place in Place
            if place not in (Place.SUPPLIER, Place.ADJUSTMENT) and quantity_at(found, place)
        ],
        "packs": found.pack_statistics.select_related("measured_by").order_by(
            "-measured_on", "-pk"
        ),
        "moves": found.moves.select_related("by").order_by("-pk")[:30],
        "batches": batches_with(found),
        "fills": _fills(found),
        "forms": shown | ({sent[0]: sent[1]} if sent else {}),
        "sent": sent[0] if sent else "",
        "may_release": LOT_STATES.can_move(found.state, LotState.RELEASED, by)
        and found.state == LotState.QUARANTINED,
        "may_recall": LOT_STATES.can_move(found.state, LotState.RECALLED, by),
        "is_powder": found.ingredient.kind == IngredientKind.POWDER,
        "history": history_of(found),
    }
    return show(request, "lot.html", context, refused=sent[1] if sent else None)


def _fills(found: IngredientLot) -> list[Fill]:
    """Return everything that was handed to patients and holds this lot, never cut: a recall starts from it."""
    return list(
        Fill.objects.filter(record__lines__lot=found)
        .select_related("record", "line__order__prescription__patient")
        .distinct()
        .order_by("-dispensed_at", "-pk")
    )


def _amount(found: IngredientLot, place: Place) -> str:
    quantity = quantity_at(found, place)
    return f"{wording.number(quantity)} {found.ingredient.get_unit_display()}"
