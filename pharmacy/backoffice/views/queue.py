"""The first page: what is to do, the next order open beside the list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from pharmacy.backoffice import queue
from pharmacy.backoffice.access import StaffRequest
from pharmacy.backoffice.order_panel import order_panel
from pharmacy.backoffice.pages import show
from pharmacy.orders.models import Order
from pharmacy.orders.queries import with_rows

FIRST_LIST = "review"


def work_queue(request: HttpRequest) -> HttpResponse:
    """Show one list of orders and the chosen one, the first unless another was asked for."""
    key = list_asked(request.GET.get("list", ""))
    now = timezone.now()
    page = queue.page_of_orders(key, after=request.GET.get("after", ""), now=now)
    order = queue.chosen(page.orders, request.GET.get("order", ""))
    return show(
        request,
        "queue.html",
        {
            "section": "queue",
            "rail": queue.rail(),
            "list_key": key,
            "title": queue.ORDER_LISTS[key],
            "page": page,
            "after": request.GET.get("after", ""),
            "panel": order and order_panel(order, list_key=key, by=_staff(request), now=now),
        },
    )


def panel(request: StaffRequest, order_id: int) -> HttpResponse:
    """Show the panel of one order alone, for a page that is open already."""
    order = get_object_or_404(with_rows(Order.objects.all()), pk=order_id)
    key = list_asked(request.GET.get("list", ""))
    beside = order_panel(order, list_key=key, by=_staff(request), now=timezone.now())
    return show(request, "parts/panel.html", {"panel": beside, "list_key": key})


def list_asked(asked: str) -> str:
    """Return the list of that name, or the first list."""
    return asked if asked in queue.ORDER_LISTS else FIRST_LIST


def _staff(request: HttpRequest) -> StaffRequest:
    return request  # type: ignore[return-value]
