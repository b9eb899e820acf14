"""Papers: asked for in one action, watched while a worker prepares them, opened for printing with a note of it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.dispense_page import dispense_page
from pharmacy.backoffice.order_forms import PrintForm, ReprintForm
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.backoffice.printing import (
    PrintJob,
    job_of,
    note_open,
    remember,
    say_what_stock_lacked,
)
from pharmacy.documents.bundles import papers_file
from pharmacy.documents.label_formats import LOT_FORMATS, LOT_STOCK, MOST_ON_A_SHEET
from pharmacy.documents.models import Document, PrintEvent
from pharmacy.documents.pages import document_html
from pharmacy.documents.queries import pdf_bytes, pdf_name
from pharmacy.documents.states import DocumentState
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Order
from pharmacy.policies.queries import text_of
from pharmacy.workflow import print_papers

OPENED = "papers_opened"


def print_order(request: StaffRequest, order_id: int) -> HttpResponse:
    """Print all papers of an order in one action: ask for them, wait for them, open them as one file."""
    order = get_object_or_404(Order, pk=order_id)
    if request.method != "POST":
        return redirect("admin:dispense", order_id)
    form = PrintForm(request.POST)
    asked: list[Document] = []
    if not done(form, lambda: asked.extend(_ask(order, form, request))):
        context = dispense_page(request, order_id, print_form=form)
        return show(request, "dispense.html", context, refused=form)
    remember(
        request.session,
        order_id,
        document_ids=[each.pk for each in asked],
        reason=form.cleaned_data["reason"],
        at=timezone.now(),
    )
    return redirect("admin:order_papers", order_id)


def _ask(order: Order, form: PrintForm, request: StaffRequest) -> list[Document]:
    return print_papers.print_papers(
        order=order,
        start_on=form.cleaned_data["start_on"],
        stock=form.cleaned_data["stock"],
        start_position=form.cleaned_data["start_position"] or 1,
        reason=form.cleaned_data["reason"],
        by=actor(request),
        at=timezone.now(),
    )


def order_papers(request: StaffRequest, order_id: int) -> HttpResponse:
    """Wait for the papers that were just asked for; once they are there, note them as printed and open them."""
    job = job_of(request.session, order_id)
    if job is None or job.is_open:
        return redirect("admin:dispense", order_id)
    form = StaffForm(request.POST or None)
    if request.method == "POST" and done(form, lambda: _open(job, request)):
        note_open(request.session, order_id, job)
        return redirect("admin:order_papers_pdf", order_id)
    papers = _papers(job.document_ids)
    context = {
        "section": "queue",
        "order": papers[0].order,
        "papers": papers,
        "waits": any(each.state == DocumentState.REQUESTED for each in papers),
        "failed": [each for each in papers if each.state == DocumentState.FAILED],
    }
    return show(request, "printing.html", context, refused=form if form.errors else None)


def _open(job: PrintJob, request: StaffRequest) -> None:
    events = print_papers.open_papers(
        document_ids=job.document_ids, reason=job.reason, by=actor(request), at=timezone.now()
    )
    say_what_stock_lacked(request, events)


def order_papers_pdf(request: StaffRequest, order_id: int) -> HttpResponse:
    """Return the papers of an order that were last printed together in this session, as one file."""
    job = job_of(request.session, order_id)
    if job is None or not job.is_open:
        return redirect("admin:dispense", order_id)
    papers = _papers(job.document_ids)
    number = str(papers[0].order)
    return _pdf(
        papers_file(papers, title=_("Papers, Rx %(rx)s") % {"rx": number}), f"papers-{number}.pdf"
    )


def _papers(document_ids: list[int]) -> list[Document]:
    found = Document.objects.select_related("order__prescription").in_bulk(document_ids)
    return [found[document_id] for document_id in document_ids]


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


class CopiesForm(StaffForm):
    """How many labels of a lot."""

    prefix = "labels"
    copies = forms.IntegerField(
        label=gettext_lazy("Labels"),
        initial=1,
        min_value=1,
        max_value=print_papers.MOST_COPIES,
        error_messages={"required": gettext_lazy("Enter how many labels")},
    )
    stock = forms.ChoiceField(
        label=gettext_lazy("Labels in the printer"),
        choices=[(each.key, each.name) for each in LOT_FORMATS.values()],
    )
    start_position = forms.IntegerField(
        label=gettext_lazy("First free label"),
        initial=1,
        min_value=1,
        max_value=MOST_ON_A_SHEET,
        help_text=gettext_lazy("On a sheet, counted row by row. A roll begins at 1."),
    )


def lot_labels(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Ask how many labels of a received lot, then for the labels."""
    lot = get_object_or_404(
        IngredientLot.objects.select_related("ingredient", "supplier"), pk=lot_id
    )
    at = timezone.now()
    form = CopiesForm(
        request.POST if request.method == "POST" else None,
        initial={"stock": text_of(LOT_STOCK, on=timezone.localdate(at))},
    )
    asked: list[Document] = []

    def ask() -> None:
        asked.append(
            print_papers.print_lot_labels(lot=lot, by=actor(request), at=at, **form.cleaned_data)
        )

    if request.method == "POST" and done(form, ask):
        return redirect("admin:paper", asked[0].pk)
    context = {"section": "lots", "lot": lot, "form": form}
    return show(request, "lot_labels.html", context, refused=form if form.is_bound else None)


def print_formula(request: StaffRequest, formula_id: int) -> HttpResponse:
    """Ask for a master formulation record as a paper."""
    formula = get_object_or_404(
        MasterFormulationRecord.objects.select_related(
            "strength_substance", "author", "approved_by"
        ),
        pk=formula_id,
    )
    if request.method != "POST":
        return redirect("admin:formula", formula_id)
    at = timezone.now()
    document = print_papers.print_formula(formula=formula, by=actor(request), at=at)
    return redirect("admin:paper", document.pk)


def paper(request: StaffRequest, document_id: int) -> HttpResponse:
    """Show a paper as a page, or how far it is."""
    return _shown(request, _document(document_id))


def open_paper(request: StaffRequest, document_id: int) -> HttpResponse:
    """Note that a paper is opened for printing, and lead to its PDF."""
    document = _document(document_id)
    if request.method != "POST":
        return redirect("admin:paper", document_id)
    form = ReprintForm(request.POST)
    events: list[PrintEvent] = []

    def note() -> None:
        reason = form.cleaned_data["reason"]
        at = timezone.now()
        events.append(
            print_papers.open_document(document=document, reason=reason, by=actor(request), at=at)
        )

    if not done(form, note):
        return _shown(request, document, sent=form)
    say_what_stock_lacked(request, events)
    request.session[OPENED] = [*request.session.get(OPENED, [])[-50:], document.pk]
    return redirect("admin:paper_pdf", document_id)


def pdf(request: StaffRequest, document_id: int) -> HttpResponse:
    """Return the PDF of a paper that was opened for printing in this session."""
    document = _document(document_id)
    if document.pk not in request.session.get(OPENED, []) or document.state != DocumentState.READY:
        return redirect("admin:paper", document_id)
    return _pdf(pdf_bytes(document), pdf_name(document))


def retry(request: StaffRequest, document_id: int) -> HttpResponse:
    """Send a paper that could not be prepared back to the workers."""
    document = _document(document_id)
    if request.method != "POST":
        return redirect("admin:paper", document_id)
    form = StaffForm(request.POST)
    at = timezone.now()
    if not done(form, lambda: print_papers.try_again(document=document, by=actor(request), at=at)):
        return _shown(request, document, sent=form)
    messages.success(request, _("The paper is being prepared again."))
    return redirect("admin:paper", document_id)


def _document(document_id: int) -> Document:
    return get_object_or_404(
        Document.objects.select_related(
            "order__prescription", "record", "lot", "formula", "requested_by"
        ),
        pk=document_id,
    )


def _shown(
    request: StaffRequest, document: Document, sent: StaffForm | None = None
) -> HttpResponse:
    ready = document.state == DocumentState.READY
    context = {
        "section": _section(document),
        "document": document,
        "html": document_html(document) if ready else "",
        "waits": document.state == DocumentState.REQUESTED,
        "failed": document.state == DocumentState.FAILED,
        "newer": document.corrections.first(),
        "prints": document.prints.select_related("by").order_by("pk"),
        "form": sent if isinstance(sent, ReprintForm) else ReprintForm(),
    }
    return show(request, "paper.html", context, refused=sent)


def _section(document: Document) -> str:
    about = {"queue": document.order, "lots": document.lot, "formulas": document.formula}
    return next((section for section, row in about.items() if row is not None), "batches")
