"""Balances: the page of one, its token, and the call by which it sends a reading (docs/balance.md)."""

import json
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from compounding import wording
from pharmacy.backoffice.access import StaffRequest, actor, is_pharmacist, pharmacists_only
from pharmacy.backoffice.pages import show
from pharmacy.batches.models import BalanceReading
from pharmacy.inventory.models import Balance
from pharmacy.inventory.queries import least_weighable_mg
from pharmacy.workflow.balance_readings import (
    ReadingNotUnderstood,
    WrongToken,
    new_token,
    receive_reading,
    withdraw_token,
)

READINGS_SHOWN = 20
_BEARER = "Bearer "


def balance(request: StaffRequest, balance_id: int) -> HttpResponse:
    """Show a balance, its newest readings and whether it may send any."""
    return _shown(request, balance_id)


@pharmacists_only(gettext_lazy("connect a balance"))
def make_token(request: StaffRequest, balance_id: int) -> HttpResponse:
    """Make a token and show it this once."""
    found = get_object_or_404(Balance, pk=balance_id)
    if request.method != "POST":
        return redirect("admin:balance", balance_id)
    token = new_token(balance=found, by=actor(request), at=timezone.now())
    return _shown(request, balance_id, token=token)


@pharmacists_only(gettext_lazy("disconnect a balance"))
def drop_token(request: StaffRequest, balance_id: int) -> HttpResponse:
    """Let no more readings in."""
    found = get_object_or_404(Balance, pk=balance_id)
    if request.method == "POST":
        withdraw_token(balance=found, by=actor(request), at=timezone.now())
        messages.success(request, _("%(balance)s sends nothing any more.") % {"balance": found})
    return redirect("admin:balance", balance_id)


@csrf_exempt
@require_POST
def take_reading(request: HttpRequest, balance_id: int) -> JsonResponse:
    """Keep what a balance sends: 201 with the row, 401 for a wrong token, 400 with a sentence for anything else."""
    header = request.headers.get("Authorization", "")
    said = _json(request.body)
    try:
        reading = receive_reading(
            balance_id=balance_id,
            token=header.removeprefix(_BEARER) if header.startswith(_BEARER) else "",
            reading=said.get("reading"),
            unit=said.get("unit"),
            stable=said.get("stable"),
            measured=said.get("at"),
            at=timezone.now(),
        )
    except WrongToken as refusal:
        return JsonResponse({"error": str(refusal)}, status=401)
    except ReadingNotUnderstood as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    kept = {"id": reading.pk, "mg": wording.number(reading.amount_mg), "stable": reading.is_stable}
    return JsonResponse(kept, status=201)


def _json(body: bytes) -> dict[str, Any]:
    """Return the object that was sent; one without anything when it is none. Numbers stay as they were written."""
    try:
        said = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _shown(request: StaffRequest, balance_id: int, *, token: str = "") -> HttpResponse:
    found = get_object_or_404(Balance, pk=balance_id)
    address = reverse("balance_reading", args=[balance_id])
    readings = BalanceReading.objects.filter(balance=found).order_by("-id")[:READINGS_SHOWN]
    context = {
        "section": "records",
        "balance": found,
        "least": wording.milligrams(least_weighable_mg(found, timezone.localdate())),
        "readability": wording.milligrams(found.readability_mg),
        "capacity": wording.grams(found.capacity_mg),
        "address": request.build_absolute_uri(address),
        "token": token,
        "connected": found.tokens.filter(withdrawn_at__isnull=True)
        .select_related("made_by")
        .first(),
        "may_connect": is_pharmacist(request.user),
        "rows": [
            {"reading": each, "amount": wording.milligrams(each.amount_mg)} for each in readings
        ],
    }
    return show(request, "balance.html", context)
