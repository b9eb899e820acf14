"""One order: everything a pharmacist needs to decide on one page, and a form for each decision."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.order_forms import (
    AnswerForm,
    AskForm,
    CancelForm,
    ClarifyForm,
    HoldForm,
    LiftForm,
    OverrideForm,
    VerifyPrescriberForm,
)
from pharmacy.backoffice.order_page import order_page
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.backoffice.views.queue import list_asked
from pharmacy.orders.models import Order, OrderFinding
from pharmacy.workflow import review_order
from pharmacy.workflow.refill_order import start_refill
from pharmacy.workflow.send_fresh_link import send_fresh_link


def order(request: StaffRequest, order_id: int) -> HttpResponse:
    """Show an order."""
    return _shown(request, order_id)


@pharmacists_only(gettext_lazy("approve an order"))
def approve(request: StaffRequest, order_id: int) -> HttpResponse:
    """Approve an order, and go on with the next one of the list it was approved from."""
    found = _order(order_id)
    return _decide(
        request,
        found,
        "approve",
        StaffForm(request.POST or None),
        lambda: review_order.approve_order(order=found, by=actor(request), at=timezone.now()),
        _("%(order)s is approved and stands under To make.") % {"order": found.number},
    )


@pharmacists_only(gettext_lazy("put an order on hold"))
def hold(request: StaffRequest, order_id: int) -> HttpResponse:
    """Put an order on hold, with why and what would lift it."""
    found, form = _order(order_id), HoldForm(request.POST or None)
    return _decide(
        request,
        found,
        "hold",
        form,
        lambda: review_order.hold_order(
            order=found,
            reason=form.cleaned_data["reason"],
            lifted_when=form.cleaned_data["lifted_when"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("%(order)s is on hold.") % {"order": found.number},
    )


@pharmacists_only(gettext_lazy("lift a hold"))
def lift(request: StaffRequest, order_id: int) -> HttpResponse:
    """Lift the hold with what was found out."""
    found, form = _order(order_id), LiftForm(request.POST or None)
    return _decide(
        request,
        found,
        "lift",
        form,
        lambda: review_order.lift_hold(
            order=found, note=form.cleaned_data["note"], by=actor(request), at=timezone.now()
        ),
        _("The hold on %(order)s is lifted.") % {"order": found.number},
    )


@pharmacists_only(gettext_lazy("ask about an order"))
def ask(request: StaffRequest, order_id: int) -> HttpResponse:
    """Set an order aside until a question is answered."""
    found, form = _order(order_id), AskForm(request.POST or None)
    return _decide(
        request,
        found,
        "ask",
        form,
        lambda: review_order.ask_question(
            order=found, text=form.cleaned_data["text"], by=actor(request), at=timezone.now()
        ),
        _("The question on %(order)s is kept. It waits under Needs an answer.")
        % {"order": found.number},
    )


@pharmacists_only(gettext_lazy("record an answer"))
def answer(request: StaffRequest, order_id: int) -> HttpResponse:
    """Record the answer; the order goes back to review."""
    found, form = _order(order_id), AnswerForm(request.POST or None)
    return _decide(
        request,
        found,
        "answer",
        form,
        lambda: review_order.answer_question(
            order=found,
            text=form.cleaned_data["text"],
            told_by=form.cleaned_data["told_by"],
            told_how=form.cleaned_data["told_how"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("The answer is kept, and %(order)s is back in review.") % {"order": found.number},
    )


@pharmacists_only(gettext_lazy("clarify a prescription"))
def clarify(request: StaffRequest, order_id: int) -> HttpResponse:
    """Add what the prescriber corrected; the prescription itself stays as it came."""
    found, form = _order(order_id), ClarifyForm(request.POST or None)
    return _decide(
        request,
        found,
        "clarify",
        form,
        lambda: review_order.clarify_prescription(
            prescription=found.prescription,
            text=form.cleaned_data["text"],
            told_by=form.cleaned_data["told_by"],
            told_how=form.cleaned_data["told_how"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("The clarification is kept with the prescription."),
        stay=True,
    )


@pharmacists_only(gettext_lazy("cancel an order"))
def cancel(request: StaffRequest, order_id: int) -> HttpResponse:
    """Cancel an order."""
    found, form = _order(order_id), CancelForm(request.POST or None)
    return _decide(
        request,
        found,
        "cancel",
        form,
        lambda: review_order.cancel_order(
            order=found, reason=form.cleaned_data["reason"], by=actor(request), at=timezone.now()
        ),
        _("%(order)s is cancelled.") % {"order": found.number},
    )


@pharmacists_only(gettext_lazy("let a finding pass"))
def override(request: StaffRequest, order_id: int, finding_id: int) -> HttpResponse:
    """Let a finding pass, with a reason."""
    found = _order(order_id)
    finding = get_object_or_404(OrderFinding, pk=finding_id, order_id=order_id)
    form = OverrideForm(request.POST or None, prefix=f"finding-{finding.pk}")
    return _decide(
        request,
        found,
        f"finding-{finding.pk}",
        form,
        lambda: review_order.override_finding(
            finding=finding,
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("“%(finding)s” may pass.") % {"finding": finding.phrase},
        stay=True,
    )


@pharmacists_only(gettext_lazy("verify a prescriber"))
def verify_prescriber(request: StaffRequest, order_id: int) -> HttpResponse:
    """Record how the prescriber was looked up."""
    found, form = _order(order_id), VerifyPrescriberForm(request.POST or None)
    prescriber = found.prescription.prescriber
    return _decide(
        request,
        found,
        "verify",
        form,
        lambda: review_order.verify_prescriber(
            prescriber=prescriber,
            how=form.cleaned_data["how"],
            by=actor(request),
            at=timezone.now(),
        ),
        _("%(prescriber)s is verified.") % {"prescriber": prescriber.full_name},
        stay=True,
    )


def fresh_link(request: StaffRequest, order_id: int) -> HttpResponse:
    """Send the patient a fresh link; the ones mailed before no longer open."""
    found = _order(order_id)
    return _decide(
        request,
        found,
        "fresh_link",
        StaffForm(request.POST or None),
        lambda: send_fresh_link(order=found, by=actor(request), at=timezone.now()),
        _("A fresh link goes out by e-mail. The links mailed before no longer open."),
        stay=True,
    )


def refill(request: StaffRequest, order_id: int) -> HttpResponse:
    """Start the next refill of an order's prescription; the patient is asked the safety questions again."""
    found = _order(order_id)
    return _decide(
        request,
        found,
        "refill",
        StaffForm(request.POST or None),
        lambda: start_refill(prescription=found.prescription, by=actor(request), at=timezone.now()),
        _("The refill is started. The patient gets a link to the safety questions."),
        stay=True,
    )


def _decide(
    request: StaffRequest,
    found: Order,
    key: str,
    form: forms.Form,
    call: Callable[[], object],
    said: str,
    *,
    stay: bool = False,
) -> HttpResponse:
    """Make one decision: back to the list it came from when done, the page with the refusal when not."""
    if request.method != "POST":
        return redirect("admin:order", found.pk)
    if not done(form, call):
        return _shown(request, found.pk, sent=(key, form))
    messages.success(request, said)
    if stay or "list" not in request.POST:
        return redirect("admin:order", found.pk)
    where = {"list": list_asked(request.POST["list"])}
    if request.POST.get("then", "").isdigit():
        where["order"] = request.POST["then"]
    return redirect(f"{reverse('admin:index')}?{urlencode(where)}")


def _order(order_id: int) -> Order:
    return get_object_or_404(Order.objects.select_related("prescription__prescriber"), pk=order_id)


def _shown(
    request: StaffRequest, order_id: int, sent: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    context: dict[str, Any] = order_page(request, order_id, sent=sent)
    return show(request, "order.html", context, refused=sent[1] if sent else None)
