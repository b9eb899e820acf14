"""The shelf: which lots there are, why some are not offered, where a lot went."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from compounding.arithmetic import round_half_up
from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.lot_forms import (
    CountForm,
    DiscardForm,
    FileForm,
    MinimumForm,
    PackForm,
    RecallForm,
    ReceiveForm,
    SettleForm,
    read_at_most,
)
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.formulations.models import IngredientKind
from pharmacy.inventory import actions
from pharmacy.inventory.lot_files import keep_file
from pharmacy.inventory.measurements import record_pack_statistic
from pharmacy.inventory.models import IngredientLot, LotDocument, Place
from pharmacy.inventory.queries import lots_in_stock, quantity_at, why_not_offered
from pharmacy.inventory.reordering import ToOrder, set_minimum, to_order
from pharmacy.inventory.states import LOT_STATES, LotState
from pharmacy.policies.queries import NoPolicy
from pharmacy.recalls.walk import Subject, walk
from pharmacy.workflow.recall import stop_lot
from pharmacy.workflow.receive_lot import receive_lot
from pharmacy.workflow.set_aside import settle_stock

IN_USE = (LotState.QUARANTINED, LotState.RELEASED)
_FORMS: dict[str, type[StaffForm]] = {
    "pack": PackForm,
    "count": CountForm,
    "discard": DiscardForm,
    "recall": RecallForm,
    "file": FileForm,
}
MOST_SHOWN = 300
FILLS_SHOWN = 10
"""The newest. The recall screen, one click away, leaves none out."""


def lots(request: StaffRequest) -> HttpResponse:
    """Show what has to be ordered, and the lots, the first to expire first, and why some are not offered."""
    return _lots(request)


def _lots(request: StaffRequest, sent: forms.Form | None = None) -> HttpResponse:
    everything = request.GET.get("list") == "all"
    today = timezone.localdate()
    found = list(lots_in_stock(() if everything else IN_USE)[: MOST_SHOWN + 1])
    rows = [
        {
            "lot": lot,
            "on_shelf": _amount(lot, Place.SHELF),
            "reserved": _amount(lot, Place.RESERVED) if quantity_at(lot, Place.RESERVED) else "",
            "why_not": why_not_offered(lot, today),
        }
        for lot in found[:MOST_SHOWN]
    ]
    context = {
        "section": "lots",
        "rows": rows,
        "everything": everything,
        "more": len(found) > MOST_SHOWN,
        **_to_order(),
        "minimum_form": sent or MinimumForm(),
    }
    return show(request, "lots.html", context, refused=sent)


def _to_order() -> dict[str, Any]:
    """Return what to order, or the sentence that asks for a policy: the shelf is shown all the same."""
    try:
        return {"to_order": [_order_row(each) for each in to_order(at=timezone.now())]}
    except NoPolicy as missing:
        return {"to_order": [], "order_unknown": str(missing)}


def _order_row(each: ToOrder) -> dict[str, Any]:
    unit = each.ingredient.get_unit_display()
    return {
        "ingredient": each.ingredient,
        "usable": f"{wording.grouped(each.usable)} {unit}",
        "in_quarantine": f"{wording.grouped(each.in_quarantine)} {unit}"
        if each.in_quarantine
        else "",
        "short": f"{wording.grouped(round_half_up(each.short, 0))} {unit}",
        "why": each.why,
    }


def minimum(request: StaffRequest) -> HttpResponse:
    """Set the least of an ingredient that the shelf should hold."""
    form = MinimumForm(request.POST or None)
    if request.method != "POST":
        return redirect("admin:lots")
    if not done(
        form,
        lambda: set_minimum(
            ingredient=form.cleaned_data["ingredient"],
            minimum=form.cleaned_data["minimum"],
            by=actor(request),
            at=timezone.now(),
        ),
    ):
        return _lots(request, sent=form)
    messages.success(request, _("The minimum is kept."))
    return redirect("admin:lots")


def receive(request: StaffRequest) -> HttpResponse:
    """Receive a lot; it stays in quarantine until a pharmacist releases it."""
    form = ReceiveForm(request.POST or None, request.FILES or None)
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
    return receive_lot(received=form.received(), by=actor(request), at=timezone.now())


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


def keep(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Keep a file with the lot."""
    found, form = _lot(lot_id), FileForm(request.POST or None, request.FILES or None)
    return _change(
        request,
        found,
        "file",
        form,
        lambda: keep_file(
            lot=found,
            name=form.cleaned_data["certificate_file"].name,
            content=read_at_most(form.cleaned_data["certificate_file"]),
            by=actor(request),
            at=timezone.now(),
        ),
        _("The file is kept."),
    )


def lot_file(request: StaffRequest, lot_id: int, file_id: int) -> HttpResponse:
    """Return a kept file as it came, as what its bytes are; nothing in it may run or load anything."""
    kept = get_object_or_404(LotDocument, pk=file_id, lot_id=lot_id)
    answer = HttpResponse(bytes(kept.content), content_type=kept.content_type)
    is_photograph = kept.content_type == "image/jpeg"
    said = content_disposition_header(not is_photograph, kept.name)
    answer["Content-Disposition"] = said or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


@pharmacists_only(gettext_lazy("recall a lot"))
def recall(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Mark a lot as recalled."""
    found, form = _lot(lot_id), RecallForm(request.POST or None)
    return _change(
        request,
        found,
        "recall",
        form,
        lambda: stop_lot(
            lot=found, reason=form.cleaned_data["reason"], by=actor(request), at=timezone.now()
        ),
        _("Lot %(lot)s is stopped. Nobody has been told: open a recall for those who had it.")
        % {"lot": found.lot_number},
    )


@pharmacists_only(gettext_lazy("settle what was set aside"))
def settle(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Destroy or return what a recall set aside of a lot."""
    found, form = _lot(lot_id), SettleForm(request.POST or None)
    return _change(
        request,
        found,
        "aside",
        form,
        lambda: settle_stock(
            lot=found,
            quantity=form.cleaned_data["quantity"],
            to_place=Place(form.cleaned_data["to_place"]),
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("It is written down. It is set aside no more."),
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
    return get_object_or_404(found.prefetch_related("levels"), pk=lot_id)


def _shown(
    request: StaffRequest, lot_id: int, sent: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    found = _lot(lot_id)
    by = actor(request)
    walked = walk(Subject(lot=found))
    shown: dict[str, forms.Form] = {key: kind() for key, kind in _FORMS.items()}
    shown["aside"] = SettleForm(initial={"quantity": quantity_at(found, Place.QUARANTINE)})
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
        "batches": [batch.record for batch in walked.batches],
        "fills": walked.fills[: -FILLS_SHOWN - 1 : -1],
        "fills_in_all": len(walked.fills),
        "patients_in_all": len(walked.patients),
        "forms": shown | ({sent[0]: sent[1]} if sent else {}),
        "sent": sent[0] if sent else "",
        "may_release": LOT_STATES.can_move(found.state, LotState.RELEASED, by)
        and found.state == LotState.QUARANTINED,
        "aside": _amount(found, Place.QUARANTINE) if quantity_at(found, Place.QUARANTINE) else "",
        "on_shelf": quantity_at(found, Place.SHELF) > 0,
        "may_settle": by.is_pharmacist,
        "may_recall": LOT_STATES.can_move(found.state, LotState.RECALLED, by),
        "is_powder": found.ingredient.kind == IngredientKind.POWDER,
        "files": found.files.defer("content").select_related("by").order_by("pk"),
        "history": history_of(found),
    }
    return show(request, "lot.html", context, refused=sent[1] if sent else None)


def _amount(found: IngredientLot, place: Place) -> str:
    quantity = quantity_at(found, place)
    return f"{wording.grouped(quantity)} {found.ingredient.get_unit_display()}"
