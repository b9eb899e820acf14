"""E-mails that could not be sent, and sending them again."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from pharmacy.backoffice import queue
from pharmacy.backoffice.access import StaffRequest, actor
from pharmacy.backoffice.counts import counted
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.followups.models import OutgoingMessage
from pharmacy.followups.queries import failed_messages, messages_waiting_since
from pharmacy.followups.sending import retry_message

MOST_SHOWN = 100
OVERDUE = timedelta(minutes=15)
"""By then a message has gone out, unless no worker runs or no mail server answers."""


def failed(request: StaffRequest, refused: StaffForm | None = None) -> HttpResponse:
    """Show the failed messages, the newest first."""
    found = list(failed_messages()[: MOST_SHOWN + 1])
    context = {
        "section": "queue",
        "rail": queue.rail(),
        "overdue": counted(messages_waiting_since(before=timezone.now() - OVERDUE)),
        "rows": found[:MOST_SHOWN],
        "more": len(found) > MOST_SHOWN,
    }
    return show(request, "messages.html", context, refused=refused)


def retry(request: StaffRequest, message_id: int) -> HttpResponse:
    """Queue one message again."""
    found = get_object_or_404(OutgoingMessage.objects.select_related("followup"), pk=message_id)
    if request.method != "POST":
        return redirect("admin:messages")
    form = StaffForm(request.POST)
    if not done(form, lambda: retry_message(message=found, by=actor(request), at=timezone.now())):
        return failed(request, refused=form)
    messages.success(request, _("The message is in the queue again."))
    return redirect("admin:messages")
