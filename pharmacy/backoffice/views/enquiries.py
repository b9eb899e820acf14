"""What people asked through the contact form: the open ones, an answer, a close."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice import queue, words
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.pages import StaffForm, Words, done, show
from pharmacy.contacts.models import Enquiry
from pharmacy.contacts.queries import open_enquiries
from pharmacy.contacts.states import EnquiryState
from pharmacy.followups.queries import followups_of_enquiry
from pharmacy.workflow.answer_enquiry import answer_enquiry, close_enquiry

MOST_SHOWN = 100


class EnquiryAnswerForm(StaffForm):
    """The answer, as it will stand in the e-mail."""

    answer = Words(
        label=gettext_lazy("Your answer"),
        missing=gettext_lazy("Write the answer"),
        rows=8,
        help_text=gettext_lazy(
            "It goes out by e-mail, which others can read on its way: name no medicine and no condition. Call instead."
        ),
    )


def enquiries(request: StaffRequest) -> HttpResponse:
    """Show the open enquiries, the one that has waited longest first."""
    now = timezone.now()
    found = list(open_enquiries()[: MOST_SHOWN + 1])
    rows = [
        {"enquiry": enquiry, "age": words.age(enquiry.received_at, now=now)}
        for enquiry in found[:MOST_SHOWN]
    ]
    context = {
        "section": "queue",
        "rail": queue.rail(),
        "rows": rows,
        "more": len(found) > MOST_SHOWN,
    }
    return show(request, "enquiries.html", context)


def enquiry(request: StaffRequest, enquiry_id: int) -> HttpResponse:
    """Show one enquiry with its answer form, and send the answer."""
    found = get_object_or_404(Enquiry.objects.select_related("answered_by"), pk=enquiry_id)
    if request.method != "POST":
        return show(request, "enquiry.html", _page(found, EnquiryAnswerForm()))
    form = EnquiryAnswerForm(request.POST)
    sent = done(
        form,
        lambda: answer_enquiry(
            enquiry=found, answer=form.cleaned_data["answer"], by=actor(request), at=timezone.now()
        ),
    )
    if not sent:
        return show(request, "enquiry.html", _page(found, form), refused=form)
    messages.success(
        request, _("The answer to %(reference)s goes out.") % {"reference": found.reference}
    )
    return redirect("admin:enquiries")


def close(request: StaffRequest, enquiry_id: int) -> HttpResponse:
    """Close an enquiry that needs no answer."""
    found = get_object_or_404(Enquiry, pk=enquiry_id)
    if request.method != "POST":
        return redirect("admin:enquiry", enquiry_id)
    form = StaffForm(request.POST)
    if done(form, lambda: close_enquiry(enquiry=found, by=actor(request), at=timezone.now())):
        messages.success(request, _("%(reference)s is closed.") % {"reference": found.reference})
        return redirect("admin:enquiries")
    return show(request, "enquiry.html", _page(found, EnquiryAnswerForm()), refused=form)


def _page(found: Enquiry, form: forms.Form) -> dict[str, Any]:
    return {
        "section": "queue",
        "enquiry": found,
        "is_open": found.state == EnquiryState.OPEN,
        "age": words.age(found.received_at, now=timezone.now()),
        "form": form,
        "mails": followups_of_enquiry(found),
        "history": history_of(found),
    }
