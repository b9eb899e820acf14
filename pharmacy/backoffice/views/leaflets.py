"""What may be said to people: every sentence of an edition to be read and approved, studies to be ticked as read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.leaflets.actions import approve_edition, tick_as_read
from pharmacy.leaflets.models import LeafletEdition, Study
from pharmacy.leaflets.states import EDITION_STATES, EditionState


def leaflets(request: StaffRequest) -> HttpResponse:
    """Show the editions, and the studies: those nobody has read first."""
    context = {
        "section": "leaflets",
        "editions": LeafletEdition.objects.select_related("author", "approved_by").order_by(
            "rule_set", "language", "-number"
        ),
        "studies": Study.objects.select_related("read_by").order_by("read_at", "authors", "year"),
    }
    return show(request, "leaflets.html", context)


def edition(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show every sentence of an edition."""
    return _shown(request, _edition(edition_id))


@pharmacists_only(gettext_lazy("approve a leaflet"))
def approve(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Approve a draft; the edition before it retires."""
    found = _edition(edition_id)
    if request.method != "POST":
        return redirect("admin:edition", edition_id)
    form = StaffForm(request.POST)
    if not done(form, lambda: approve_edition(edition=found, by=actor(request), at=timezone.now())):
        return _shown(request, found, sent=form)
    messages.success(request, _("Edition %(number)s is approved.") % {"number": found.number})
    return redirect("admin:edition", edition_id)


def study(request: StaffRequest, study_id: int) -> HttpResponse:
    """Show what we hold of a study."""
    return _shown_study(request, _study(study_id))


@pharmacists_only(gettext_lazy("tick a study as read"))
def read(request: StaffRequest, study_id: int) -> HttpResponse:
    """Tick a study as read: from then on it may be shown to people."""
    found = _study(study_id)
    if request.method != "POST":
        return redirect("admin:study", study_id)
    form = StaffForm(request.POST)
    if not done(form, lambda: tick_as_read(study=found, by=actor(request), at=timezone.now())):
        return _shown_study(request, found, sent=form)
    messages.success(request, _("Ticked as read."))
    return redirect("admin:leaflets")


def _edition(edition_id: int) -> LeafletEdition:
    found = LeafletEdition.objects.select_related("author", "approved_by")
    return get_object_or_404(found, pk=edition_id)


def _study(study_id: int) -> Study:
    return get_object_or_404(Study.objects.select_related("read_by"), pk=study_id)


def _shown(
    request: StaffRequest, found: LeafletEdition, sent: StaffForm | None = None
) -> HttpResponse:
    by = actor(request)
    context: dict[str, Any] = {
        "section": "leaflets",
        "edition": found,
        "may_approve": EDITION_STATES.can_move(found.state, EditionState.APPROVED, by),
        "is_author": found.author_id == request.user.pk,
        "history": history_of(found),
    }
    return show(request, "edition.html", context, refused=sent)


def _shown_study(
    request: StaffRequest, found: Study, sent: StaffForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "leaflets",
        "study": found,
        "conditions": found.conditions.order_by("position"),
        "history": history_of(found),
    }
    return show(request, "study.html", context, refused=sent)
