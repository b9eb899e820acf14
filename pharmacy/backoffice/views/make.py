"""What there is to make: waiting order lines by formula and strength, and the batch planned for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import wording
from pharmacy.backoffice import queue, words
from pharmacy.backoffice.access import StaffRequest, actor, is_pharmacist
from pharmacy.backoffice.pages import done, show
from pharmacy.backoffice.plan_form import PlanByForm
from pharmacy.batches.alternatives import Alternative, alternatives_for
from pharmacy.batches.models import CompoundingRecord
from pharmacy.inventory.models import Balance
from pharmacy.orders.models import OrderLine
from pharmacy.workflow.make_ahead import Stock, free_stock
from pharmacy.workflow.plan_batch import WaitingGroup, plan_batch, waiting_groups

MOST_LINES = 200


@dataclass(frozen=True)
class LineRow:
    """One waiting line."""

    line: OrderLine
    needs: str
    due: str
    late: bool
    chosen: bool


@dataclass(frozen=True)
class StockRow:
    """A released batch that these orders could be filled from."""

    record: CompoundingRecord
    free: str
    until: str


@dataclass(frozen=True)
class Group:
    """What one batch can be made for, and the form to plan it."""

    key: str
    title: str
    needs: str
    rows: tuple[LineRow, ...]
    form: PlanByForm
    more: int
    stock: tuple[StockRow, ...]


def to_make(request: StaffRequest) -> HttpResponse:
    """Show what there is to make; plan a batch for the chosen lines of one group."""
    if request.method != "POST":
        return _shown(request)
    form = _sent(request)
    planned: list[CompoundingRecord] = []
    if not done(form, lambda: planned.append(_plan(request, form))):
        return _shown(request, sent=form)
    messages.success(request, _("Batch %(number)s is planned.") % {"number": planned[0].number})
    return redirect("admin:batch", planned[0].pk)


def not_from_stock(request: StaffRequest, why: str) -> HttpResponse:
    """Show the page again with what was ticked, and why no order was filled from stock."""
    form = _sent(request)
    form.errors.clear()
    form.add_error(None, why)
    return _shown(request, sent=form)


def _sent(request: StaffRequest) -> PlanByForm:
    key = request.POST.get("group", "")
    groups, offered = _waiting()
    here = [each for each in groups if _key(each) == key]
    return PlanByForm(
        request.POST, group=key, alternatives=offered.get(here[0].formula.pk, []) if here else []
    )


def _plan(request: StaffRequest, form: PlanByForm) -> CompoundingRecord:
    return plan_batch(
        lines=list(form.cleaned_data["lines"]),
        balance=form.cleaned_data["balance"],
        units=form.cleaned_data["units"],
        active=form.cleaned_data.get("active"),
        by=actor(request),
        at=timezone.now(),
    )


def _shown(request: StaffRequest, sent: PlanByForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    balance = Balance.objects.filter(calibration_due_on__gte=today).order_by("name").first()
    waiting, offered = _waiting()
    stock = _stock_by_group() if is_pharmacist(request.user) else {}
    groups = [
        _group(
            each,
            balance,
            request,
            sent,
            offered.get(each.formula.pk, []),
            stock.get((each.formula.code, each.strength), []),
        )
        for each in waiting
    ]
    _read_balances_once([group.form for group in groups])
    context = {
        "section": "to_make",
        "rail": queue.rail(),
        "groups": groups,
        "no_balance": balance is None,
    }
    return show(request, "to_make.html", context, refused=sent)


def _read_balances_once(forms: Sequence[PlanByForm]) -> None:
    """Every form offers the same balances; each would ask for them itself."""
    fields: list[Any] = [form.fields["balance"] for form in forms]
    balances = list(fields[0].choices) if fields else []
    for field in fields:
        field.choices = balances


def _waiting() -> tuple[list[WaitingGroup], dict[int, list[Alternative]]]:
    """Return what waits, and the triturates that each formula allows."""
    groups = waiting_groups()
    return groups, alternatives_for((each.formula for each in groups), timezone.localdate())


def _key(waiting: WaitingGroup) -> str:
    return f"{waiting.formula.code}-{wording.number(waiting.strength)}".replace(".", "_")


def _group(
    waiting: WaitingGroup,
    balance: Balance | None,
    request: StaffRequest,
    sent: PlanByForm | None,
    offered: Sequence[Alternative],
    stock: Sequence[Stock],
) -> Group:
    key = _key(waiting)
    mine = sent is not None and request.POST.get("group") == key
    form = (
        sent
        if sent is not None and mine
        else PlanByForm(group=key, initial={"balance": balance}, alternatives=offered)
    )
    chosen = set(request.POST.getlist("lines")) if mine else None
    today = timezone.localdate()
    return Group(
        key=key,
        title=f"{waiting.formula.name}, {words.strength(waiting.strength, waiting.formula)}",
        needs=words.units(waiting.units, waiting.formula),
        rows=tuple(
            LineRow(
                line=line,
                needs=words.units(line.quantity, waiting.formula),
                due=words.due(line.order.due_on, today=today),
                late=line.order.due_on < today,
                chosen=chosen is None or str(line.pk) in chosen,
            )
            for line in waiting.lines[:MOST_LINES]
        ),
        form=form,
        more=max(len(waiting.lines) - MOST_LINES, 0),
        stock=tuple(_stock_row(each) for each in stock),
    )


def _stock_row(stock: Stock) -> StockRow:
    until = stock.record.beyond_use_on
    return StockRow(
        record=stock.record,
        free=words.units(stock.free, stock.record.formula),
        until=wording.full_day(until) if until else "–",
    )


def _stock_by_group() -> dict[tuple[str, Decimal], list[Stock]]:
    """Return what is free in finished stock, by formula and strength."""
    found: dict[tuple[str, Decimal], list[Stock]] = {}
    for each in free_stock():
        found.setdefault((each.record.formula.code, each.record.strength), []).append(each)
    return found
