"""The contact form: a message is stored once, and answered by a person."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pharmacy.web.forms import answer
from pharmacy.web.limits import is_over_limit
from pharmacy.web.machines import new_key, signed_key, usable_key
from pharmacy.web.public.forms import ContactForm
from pharmacy.workflow.receive_enquiry import EnquiryForm, EnquiryRefused, receive_enquiry

_REFERENCE = "enquiry_reference"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show the contact form; take a message and go on to its reference."""
    if request.method != "POST":
        topic = "find_prescriber" if "prescriber" in request.GET else ""
        first = {"key": signed_key(new_key()), "needs_prescriber": "yes" if topic else ""}
        return _page(request, ContactForm(initial=first))
    sent = request.POST.copy()
    sent["key"] = usable_key(sent.get("key", ""))
    form = ContactForm(sent)
    if form.is_valid() and is_over_limit(
        request, form="contact", at_most=settings.CONTACT_FORMS_AN_HOUR, seconds=3600
    ):
        form.add_error(None, _("Many messages came from your network. Wait a little, or call us."))
        return _page(request, form)
    if not form.is_valid():
        sent["website"] = ""
        return _page(request, form)
    typed = {name: form.cleaned_data[name] for name in form.cleaned_data if name not in form.unseen}
    try:
        enquiry = receive_enquiry(
            form=EnquiryForm(idempotency_key=form.cleaned_data["key"], **typed), at=timezone.now()
        )
    except EnquiryRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return _page(request, form)
    request.session[_REFERENCE] = enquiry.reference
    return redirect("web:contact_sent")


@never_cache
@require_safe
def contact_sent(request: HttpRequest) -> HttpResponse:
    """Show the reference of the message sent last from this browser."""
    reference = request.session.get(_REFERENCE)
    if reference is None:
        return redirect("web:contact")
    return render(
        request, "web/public/contact_sent.html", {"reference": reference, "section": "contact"}
    )


def _page(request: HttpRequest, form: ContactForm) -> HttpResponse:
    return answer(request, "web/public/contact.html", {"form": form, "section": "contact"}, form)
