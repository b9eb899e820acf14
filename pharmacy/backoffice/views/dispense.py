"""Handing an order over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.container_panel import HandOverForm
from pharmacy.backoffice.dispense_page import dispense_page, needed_for
from pharmacy.backoffice.pages import done, show
from pharmacy.orders.models import Order
from pharmacy.workflow.dispense_order import dispense_order


def dispense(request: StaffRequest, order_id: int) -> HttpResponse:
    """Show the papers and last checks of an order; hand it over."""
    if request.method != "POST":
        return show(request, "dispense.html", dispense_page(request, order_id))
    return _hand_over(request, order_id)


@pharmacists_only(gettext_lazy("dispense an order"))
def _hand_over(request: StaffRequest, order_id: int) -> HttpResponse:
    order = get_object_or_404(Order.objects.select_related("prescription"), pk=order_id)
    form = HandOverForm(request.POST, needed=needed_for(order))
    if not done(form, lambda: _dispense(request, order, form)):
        page = dispense_page(request, order_id, hand_over=form)
        return show(request, "dispense.html", page, refused=form)
    messages.success(request, _("%(order)s is dispensed.") % {"order": order.number})
    return redirect(f"{reverse('admin:index')}?list=ready")


def _dispense(request: StaffRequest, order: Order, form: HandOverForm) -> None:
    dispense_order(order=order, containers=form.chosen(), by=actor(request), at=timezone.now())
