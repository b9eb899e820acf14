"""Papers: asked for in one action, watched while a worker prepares them, opened for printing with a note of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.dispense_page import dispense_page
from pharmacy.backoffice.order_forms import PrintForm, ReprintForm
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.documents.models import Document
from pharmacy.documents.pages import document_html
from pharmacy.documents.queries import pdf_bytes, pdf_name
from pharmacy.documents.states import DocumentState
from pharmacy.orders.models import Order
from pharmacy.workflow import print_papers

OPENED = "papers_opened"


def print_order(request: StaffRequest, order_id: int) -> HttpResponse:
    """Ask for an order's label and leaflet in one action."""
    order = get_object_or_404(Order, pk=order_id)
    if request.method != "POST":
        return redirect("admin:dispense", order_id)
    form = PrintForm(request.POST)
    asked = done(
        form,
        lambda: print_papers.print_papers(
            order=order,
            start_on=form.cleaned_data["start_on"],
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
        ),
    )
    if not asked:
        context = dispense_page(request, order_id, print_form=form)
        return show(request, "dispense.html", context, refused=form)
    return redirect("admin:dispense", order_id)


def paper(request: StaffRequest, document_id: int) -> HttpResponse:
    """Show a paper as a page, or how far it is."""
    return _shown(request, _document(document_id))


def open_paper(request: StaffRequest, document_id: int) -> HttpResponse:
    """Note that a paper is opened for printing, and lead to its PDF."""
    document = _document(document_id)
    if request.method != "POST":
        return redirect("admin:paper", document_id)
    form = ReprintForm(request.POST)
    noted = done(
        form,
        lambda: print_papers.open_document(
            document=document,
            reason=form.cleaned_data["reason"],
            by=actor(request),
            at=timezone.now(),
        ),
    )
    if not noted:
        return _shown(request, document, sent=form)
    request.session[OPENED] = [*request.session.get(OPENED, [])[-50:], document.pk]
    return redirect("admin:paper_pdf", document_id)


def pdf(request: StaffRequest, document_id: int) -> HttpResponse:
    """Return the PDF of a paper that was opened for printing in this session."""
    document = _document(document_id)
    if document.pk not in request.session.get(OPENED, []) or document.state != DocumentState.READY:
        return redirect("admin:paper", document_id)
    answer = HttpResponse(pdf_bytes(document), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{pdf_name(document)}"'
    return answer


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
        Document.objects.select_related("order__prescription", "record", "requested_by"),
        pk=document_id,
    )


def _shown(
    request: StaffRequest, document: Document, sent: StaffForm | None = None
) -> HttpResponse:
    ready = document.state == DocumentState.READY
    context = {
        "section": "batches" if document.order is None else "queue",
        "document": document,
        "html": document_html(document) if ready else "",
        "waits": document.state == DocumentState.REQUESTED,
        "failed": document.state == DocumentState.FAILED,
        "newer": document.corrections.first(),
        "prints": document.prints.select_related("by").order_by("pk"),
        "form": sent if isinstance(sent, ReprintForm) else ReprintForm(),
    }
    return show(request, "paper.html", context, refused=sent)
