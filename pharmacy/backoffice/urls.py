"""The addresses of the staff pages, inside the admin's own. They hold numbers of rows, never a name or a finding."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.urls import URLPattern, path

from pharmacy.backoffice.views import orders, queue

Page = Callable[..., HttpResponse]


def staff_pages(site: AdminSite) -> list[URLPattern]:
    """Return the staff pages, each behind the site's sign-in."""
    return [path(address, site.admin_view(page), name=name) for address, page, name in _pages()]


def _pages() -> Iterator[tuple[str, Any, str]]:
    yield from _order_pages()


def _order_pages() -> Iterator[tuple[str, Page, str]]:
    one = "order/<int:order_id>/"
    yield one, orders.order, "order"
    yield f"{one}panel/", queue.panel, "order_panel"
    yield f"{one}approve/", orders.approve, "order_approve"
    yield f"{one}hold/", orders.hold, "order_hold"
    yield f"{one}lift/", orders.lift, "order_lift"
    yield f"{one}ask/", orders.ask, "order_ask"
    yield f"{one}answer/", orders.answer, "order_answer"
    yield f"{one}clarify/", orders.clarify, "order_clarify"
    yield f"{one}cancel/", orders.cancel, "order_cancel"
    yield f"{one}verify-prescriber/", orders.verify_prescriber, "order_verify_prescriber"
    yield f"{one}finding/<int:finding_id>/", orders.override, "order_override"
    # TEMPORARY
    yield "make/", queue.work_queue, "to_make"
    yield "batch/", queue.work_queue, "batches"
    yield "lot/", queue.work_queue, "lots"
    yield "formula/", queue.work_queue, "formulas"
    yield "policy/", queue.work_queue, "policies"
    yield "find/", queue.work_queue, "find"
    yield "enquiry/", queue.work_queue, "enquiries"
    yield "check-in/", queue.work_queue, "check_ins"
    yield "message/", queue.work_queue, "messages"
    yield "batch/<int:x>/", queue.work_queue, "batch"
    yield "dispense/<int:x>/", queue.work_queue, "dispense"
    yield "enquiry/<int:x>/", queue.work_queue, "enquiry"
    yield "formula/<int:x>/", queue.work_queue, "formula"
    yield "lot/<int:x>/", queue.work_queue, "lot"
    yield "paper/<int:x>/", queue.work_queue, "paper"
