"""The labels of several orders in one file: chosen from what is ready, watched while a worker prepares it, opened."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.order_forms import ReprintForm
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.backoffice.printing import say_what_stock_lacked
from pharmacy.backoffice.queue import order_row
from pharmacy.backoffice.run_forms import LabelRunForm
from pharmacy.documents.label_formats import FIRST, FORMATS
from pharmacy.documents.models import PrintRun
from pharmacy.documents.queries import labels_printed_of
from pharmacy.documents.runs import run_bytes
from pharmacy.documents.states import DocumentState
from pharmacy.orders.queries import orders_in
from pharmacy.workflow import print_labels

MOST_SHOWN = 100
STOCK = "label_stock"
OPENED = "runs_opened"


def label_runs(request: StaffRequest) -> HttpResponse:
    """Show the orders that are ready with a box each; ask for the labels of those that are ticked."""
    ready = list(orders_in("ready")[:MOST_SHOWN])
    keys = [order.pk for order in ready]
    kept = request.session.get(STOCK, FIRST)
    form = LabelRunForm(
        request.POST if request.method == "POST" else None, orders=keys, initial={"stock": kept}
    )
    asked: list[PrintRun] = []
    if request.method == "POST" and done(form, lambda: asked.append(_ask(form, request))):
        request.session[STOCK] = form.cleaned_data["stock"]
        return redirect("admin:label_run", asked[0].pk)
    printed, now = labels_printed_of(keys), timezone.now()
    context = {
        "section": "queue",
        "form": form,
        "rows": [
            {"order": order_row(each, now=now), "printed": each.pk in printed} for each in ready
        ],
        "more": len(ready) == MOST_SHOWN,
    }
    return show(request, "label_runs.html", context, refused=form if form.is_bound else None)


def _ask(form: LabelRunForm, request: StaffRequest) -> PrintRun:
    chosen = form.cleaned_data["orders"]
    orders = {order.pk: order for order in orders_in("ready").filter(pk__in=chosen)}
    return print_labels.print_labels(
        orders=[orders[key] for key in chosen if key in orders],
        stock=form.cleaned_data["stock"],
        start_position=form.cleaned_data["start_position"],
        reason=form.cleaned_data["reason"],
        by=actor(request),
        at=timezone.now(),
    )


def label_run(request: StaffRequest, run_id: int) -> HttpResponse:
    """Show how far a run is; note its labels as printed and open the file."""
    run = get_object_or_404(PrintRun.objects.select_related("requested_by"), pk=run_id)
    form = ReprintForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(form, lambda: _open(run, form, request)):
        request.session[OPENED] = [*request.session.get(OPENED, [])[-20:], run.pk]
        return redirect("admin:label_run_pdf", run_id)
    return _shown(request, run, form)


def _open(run: PrintRun, form: ReprintForm, request: StaffRequest) -> None:
    reason = form.cleaned_data["reason"]
    events = print_labels.open_run(run=run, reason=reason, by=actor(request), at=timezone.now())
    say_what_stock_lacked(request, events)


def _shown(request: StaffRequest, run: PrintRun, form: StaffForm) -> HttpResponse:
    labels = run.labels.select_related("document__order__prescription__patient")
    context = {
        "section": "queue",
        "run": run,
        "stock": FORMATS[run.label_format].name,
        "labels": labels.order_by("position"),
        "waits": run.state == DocumentState.REQUESTED,
        "failed": run.state == DocumentState.FAILED,
        "form": form,
    }
    return show(request, "label_run.html", context, refused=form if form.is_bound else None)


def label_run_pdf(request: StaffRequest, run_id: int) -> HttpResponse:
    """Return the file of a run that was opened for printing in this session."""
    run = get_object_or_404(PrintRun, pk=run_id)
    if run.pk not in request.session.get(OPENED, []) or run.state != DocumentState.READY:
        return redirect("admin:label_run", run_id)
    answer = HttpResponse(run_bytes(run), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="labels-{run.pk}.pdf"'
    return answer


def label_run_retry(request: StaffRequest, run_id: int) -> HttpResponse:
    """Send a run that could not be prepared back to the workers."""
    run = get_object_or_404(PrintRun.objects.select_related("requested_by"), pk=run_id)
    if request.method != "POST":
        return redirect("admin:label_run", run_id)
    form, at = StaffForm(request.POST), timezone.now()
    if not done(form, lambda: print_labels.try_run_again(run=run, by=actor(request), at=at)):
        return _shown(request, run, form)
    messages.success(request, _("The labels are being prepared again."))
    return redirect("admin:label_run", run_id)
