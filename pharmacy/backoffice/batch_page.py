"""What stands on a batch's page: the next step, the weighings, the worksheet with its working, the checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from compounding.arithmetic import round_half_up
from compounding.worksheet import Worksheet
from pharmacy.backoffice import pictures, words
from pharmacy.backoffice.access import StaffRequest, actor, is_pharmacist
from pharmacy.backoffice.agreement import agreement_of
from pharmacy.backoffice.bench_forms import (
    MEANING,
    DeviationForm,
    FinishForm,
    LookForm,
    PhotoForm,
    RejectForm,
    SetAsideForm,
    VerifyForm,
)
from pharmacy.backoffice.calculators.sheets import errors_table
from pharmacy.backoffice.check_rows import check_rows, checks_to_do
from pharmacy.backoffice.deviation_rows import deviation_rows
from pharmacy.backoffice.history import history_of_batch
from pharmacy.backoffice.pages import show
from pharmacy.backoffice.plan_panel import Fact
from pharmacy.batches.bench_steps import steps_left
from pharmacy.batches.limits import amount_in_words, limits_in_words, wanted_in_words
from pharmacy.batches.models import (
    BatchLine,
    CompoundedLot,
    CompoundingRecord,
    NearMiss,
    UnitPlace,
)
from pharmacy.batches.queries import (
    batch_units_of,
    needs_second_look,
    record_for_page,
    sheet_of,
    was_at_the_bench,
)
from pharmacy.batches.states import BATCH_STATES, BatchState
from pharmacy.documents.queries import record_papers
from pharmacy.orders.models import Allocation

Sent = tuple[str, forms.Form] | None
AT_THE_BENCH = (BatchState.PLANNED, BatchState.WEIGHING)


@dataclass(frozen=True)
class WeighingRow:
    """One line of the batch: what was wanted, what was weighed, where that lies between its limits."""

    line: BatchLine
    wanted: str
    limits: str
    weighed: str
    gauge: pictures.Gauge | None
    is_next: bool


def batch_page(request: StaffRequest, record_id: int, *, sent: Sent = None) -> dict[str, Any]:
    """Return the page's context. `sent` is the form that was refused, under its name. Raises Http404."""
    number = CompoundingRecord.objects.filter(pk=record_id).values_list("number", flat=True).first()
    if number is None:
        raise Http404
    record = record_for_page(number)
    sheet = sheet_of(record)
    rows = weighing_rows(record)
    step = _next_step(record, rows)
    to_do = checks_to_do(record, sent) if step == "check" else []
    orders = _orders(record)
    return {
        "section": "batches",
        "record": record,
        "strength": words.strength(record.strength, record.formula),
        "planned_units": words.units(sheet.batch_units or record.units_wanted, record.formula),
        "wanted_units": words.units(record.units_wanted, record.formula),
        "step": step,
        "rows": rows,
        "next_line": next((row for row in rows if row.is_next), None),
        "finish": _finish_form(record, sent),
        "to_do": to_do,
        "checks": check_rows(record),
        "sheet": sheet,
        "errors": errors_table(sheet),
        "agreement": agreement_of(sheet),
        "facts": _facts(record, sheet),
        "capsule": sheet.utilisation_pct is not None
        and pictures.capsule_fill(sheet.utilisation_pct),
        "limits": record.compounded_at
        and pictures.limits_picture(
            record.beyond_use_limits, made_on=timezone.localdate(record.compounded_at)
        ),
        "verify": _verify(request, record, sent),
        **_aside(request, record, sent),
        "reject": _reject(request, record, sent),
        "deviations": deviation_rows(record, may_close=is_pharmacist(request.user), sent=sent),
        "deviation": sent[1] if sent and sent[0] == "deviation" else DeviationForm(),
        "photos": record.photos.select_related("by").defer("image").order_by("id"),
        "photo": sent[1] if sent and sent[0] == "photo" else PhotoForm(),
        "look": _look_form(record, sent),
        "looks": record.second_looks.select_related("by").order_by("-id")
        if record.released_at
        else [],
        "ahead": getattr(record, "ahead_of_orders", None),
        "shelf_lot": record.formula.makes_id
        and CompoundedLot.objects.filter(record=record).select_related("lot").first(),
        "near_misses": NearMiss.objects.filter(line__record=record)
        .select_related("by")
        .order_by("pk"),
        "orders": orders,
        "not_reached": _not_reached(record, orders),
        "papers": record_papers(record),
        "history": history_of_batch(record),
        "sent": sent[0] if sent else "",
    }


def show_batch(request: StaffRequest, record_id: int, *, sent: Sent = None) -> HttpResponse:
    """Return the page of a batch, with the form that was refused, if one was. Raises Http404."""
    context = batch_page(request, record_id, sent=sent)
    return show(request, "batch.html", context, refused=sent[1] if sent else None)


def weighing_rows(record: CompoundingRecord) -> list[WeighingRow]:
    """Return the lines of a batch that came with `record_for_page`; the first one left is next."""
    rows: list[WeighingRow] = []
    open_for_weighing = record.state in AT_THE_BENCH
    for line in record.lines.all():
        weighing = getattr(line, "weighing", None)
        is_next = open_for_weighing and weighing is None and not any(row.is_next for row in rows)
        rows.append(
            WeighingRow(
                line=line,
                wanted=wanted_in_words(line),
                limits=limits_in_words(line),
                weighed=amount_in_words(weighing.amount, line) if weighing else "",
                gauge=weighing
                and pictures.gauge(
                    amount=weighing.amount,
                    low=line.lowest,
                    high=line.highest,
                    unit=line.get_unit_display(),
                ),
                is_next=is_next,
            )
        )
    return rows


def _next_step(record: CompoundingRecord, rows: list[WeighingRow]) -> str:
    """Return what is to be done first: weigh, follow, finish, check, verify; nothing once it is decided."""
    if record.state in AT_THE_BENCH:
        if any(row.is_next for row in rows):
            return "weigh"
        return "follow" if steps_left(record) else "finish"
    return {BatchState.COMPOUNDED.value: "check", BatchState.CHECKED.value: "verify"}.get(
        record.state, ""
    )


def _finish_form(record: CompoundingRecord, sent: Sent) -> forms.Form:
    if sent and sent[0] == "finish":
        return sent[1]
    return FinishForm(
        initial={"units_made": batch_units_of(record), "units_tested": 0, "units_wasted": 0}
    )


@dataclass(frozen=True)
class Signing:
    """The form to sign with, or why this person may not."""

    form: forms.Form | None
    why_not: str


def _verify(request: StaffRequest, record: CompoundingRecord, sent: Sent) -> Signing | None:
    if record.state != BatchState.CHECKED:
        return None
    if not actor(request).is_pharmacist:
        return Signing(None, _("A pharmacist verifies and releases it."))
    if was_at_the_bench(record, request.user.pk):
        return Signing(None, _("You worked on this batch, so another pharmacist verifies it."))
    if sent and sent[0] == "verify":
        return Signing(sent[1], "")
    return Signing(VerifyForm(initial={"meaning": MEANING}), "")


def _look_form(record: CompoundingRecord, sent: Sent) -> forms.Form | None:
    if record.state != BatchState.RELEASED:
        return None
    if sent and sent[0] == "look":
        return sent[1]
    return LookForm() if needs_second_look(record, on=timezone.localdate()) else None


def _aside(request: StaffRequest, record: CompoundingRecord, sent: Sent) -> dict[str, Any]:
    """How many units a recall set aside, and the form by which a pharmacist settles them."""
    levels = {level.place: level.quantity for level in record.unit_levels.all()}
    aside = levels.get(UnitPlace.QUARANTINE, Decimal(0))
    if not aside or not is_pharmacist(request.user):
        return {"aside": aside, "settle": None}
    return {"aside": aside, "settle": sent[1] if sent and sent[0] == "aside" else SetAsideForm()}


def _reject(request: StaffRequest, record: CompoundingRecord, sent: Sent) -> forms.Form | None:
    if not BATCH_STATES.can_move(record.state, BatchState.REJECTED, actor(request)):
        return None
    return sent[1] if sent and sent[0] == "reject" else RejectForm()


def _facts(record: CompoundingRecord, sheet: Worksheet) -> list[Fact]:
    figures = (
        (_("Units, overage included"), sheet.batch_units and wording.number(sheet.batch_units)),
        (
            _("Volume of the batch"),
            sheet.batch_volume_ml and wording.millilitres(sheet.batch_volume_ml),
        ),
        (_("Fill of one capsule"), sheet.theoretical_fill_mg and _mg(sheet.theoretical_fill_mg)),
        (
            _("Weight of one capsule"),
            sheet.theoretical_gross_mg and _mg(sheet.theoretical_gross_mg),
        ),
        (_("Drops in a mL"), sheet.drops_per_ml and wording.rounded(sheet.drops_per_ml, 2)),
        (
            _("Vehicle, about"),
            sheet.vehicle_estimate_ml and wording.millilitres(sheet.vehicle_estimate_ml),
        ),
    )
    potency = [
        Fact(_("Pure share, %(name)s") % {"name": each.name}, wording.number(each.factor))
        for each in sheet.potency_factors
    ]
    return [*(Fact(label, value) for label, value in figures if value), *potency]


def _mg(value: Decimal) -> str:
    return wording.milligrams(round_half_up(value, 3))


def _orders(record: CompoundingRecord) -> list[Allocation]:
    return list(
        Allocation.objects.filter(record=record)
        .select_related("line__order__prescription__patient")
        .order_by("withdrawn_at", "line__order__due_on", "pk")
    )


def _not_reached(record: CompoundingRecord, orders: list[Allocation]) -> str:
    """Return the orders that the good ones do not fill; on release they wait to be made again."""
    if record.state not in (BatchState.COMPOUNDED, BatchState.CHECKED):
        return ""
    left, numbers = record.units_made or 0, []
    waiting = [each for each in orders if each.withdrawn_at is None]
    for each in sorted(
        waiting, key=lambda a: (a.line.order.due_on, a.line.order_id, a.line.position)
    ):
        if each.quantity <= left:
            left -= each.quantity
        else:
            numbers.append(each.line.order.number)
    return ", ".join(numbers)


def latest_day_needed(record: CompoundingRecord, now: datetime) -> Any:
    """Return the last day of the longest plan the batch is made for, begun today."""
    longest = max((each.line.days_supply for each in _orders(record)), default=1)
    return timezone.localdate(now) + timedelta(days=longest - 1)
