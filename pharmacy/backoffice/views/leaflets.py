"""What may be said to people: every sentence of an edition to be read and approved, studies to be ticked as read."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor, pharmacists_only
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.formulations.models import MasterFormulationRecord, Substance
from pharmacy.formulations.states import FormulaState
from pharmacy.leaflets.actions import change_draft, draft_edition, tick_as_read
from pharmacy.leaflets.blocks import GAPS
from pharmacy.leaflets.models import LeafletEdition, Study
from pharmacy.leaflets.plain_text import as_items, as_text, plain_edition
from pharmacy.leaflets.states import EDITION_STATES, EditionState
from pharmacy.workflow.approve_leaflet import approve_leaflet


def leaflets(request: StaffRequest) -> HttpResponse:
    """Show the editions, and the studies: those nobody has read first."""
    context = {
        "section": "leaflets",
        "without": _without_leaflet(),
        "editions": LeafletEdition.objects.select_related("author", "approved_by").order_by(
            "rule_set", "language", "-number"
        ),
        "studies": Study.objects.select_related("read_by").order_by("read_at", "authors", "year"),
    }
    return show(request, "leaflets.html", context)


def edition(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show every sentence of an edition."""
    return _shown(request, _edition(edition_id))


def draft(request: StaffRequest) -> HttpResponse:
    """Begin an edition about a medicine we make: from the one that holds, or from sentences that claim nothing."""
    if request.method != "POST":
        return redirect("admin:leaflets")
    substance = get_object_or_404(Substance, pk=_number(request.POST.get("substance", "")))
    key = substance.leaflet_key
    waiting = LeafletEdition.objects.filter(rule_set=key, state=EditionState.DRAFT).first()
    if waiting is None:
        held = LeafletEdition.objects.filter(rule_set=key).order_by("-number").first()
        waiting = draft_edition(
            rule_set=key,
            language="en",
            blocks=plain_edition(substance.plain_name) if held is None else held.blocks,
            by=actor(request),
            at=timezone.now(),
        )
    return redirect("admin:edition_write", waiting.pk)


def write(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Write a draft: a heading and a text for each block; one left empty is taken out."""
    found = _edition(edition_id)
    if found.state != EditionState.DRAFT:
        return redirect("admin:edition", edition_id)
    if request.method != "POST":
        return _writing(request, found, list(map(_as_typed, found.blocks)), None)
    typed = _typed(request)
    form = StaffForm(request.POST)
    blocks = [_block(each, found) for each in typed if each["text"].strip()]
    kept = done(
        form,
        lambda: change_draft(edition=found, blocks=blocks, by=actor(request), at=timezone.now()),
    )
    if not kept:
        return _writing(request, found, typed, form)
    messages.success(request, _("The draft is kept. Another pharmacist reads and approves it."))
    return redirect("admin:edition", edition_id)


@pharmacists_only(gettext_lazy("approve a leaflet"))
def approve(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Approve a draft; the edition before it retires."""
    found = _edition(edition_id)
    if request.method != "POST":
        return redirect("admin:edition", edition_id)
    form = StaffForm(request.POST)
    if not done(form, lambda: approve_leaflet(edition=found, by=actor(request), at=timezone.now())):
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


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


def _without_leaflet() -> list[Substance]:
    """The medicines we make, by their formulas, about which nothing could be printed."""
    told = set(
        LeafletEdition.objects.filter(state=EditionState.APPROVED).values_list(
            "rule_set", flat=True
        )
    )
    made = MasterFormulationRecord.objects.exclude(state=FormulaState.RETIRED)
    substances = Substance.objects.filter(pk__in=made.values("strength_substance"))
    return [each for each in substances.order_by("name") if each.leaflet_key not in told]


def _as_typed(block: Mapping[str, Any]) -> dict[str, str]:
    return {
        "slot": str(block["slot"]),
        "audience": str(block["audience"]),
        "heading": str(block["heading"]),
        "text": as_text(block["items"]),
    }


def _typed(request: StaffRequest) -> list[dict[str, str]]:
    """The blocks as they were sent, and the new one when it has a name."""
    columns = {name: request.POST.getlist(name) for name in ("slot", "audience", "heading", "text")}
    rows = zip(*columns.values(), strict=False)
    typed = [dict(zip(columns, row, strict=True)) for row in rows]
    return [each for each in typed if each["slot"].strip() or each["text"].strip()]


def _block(typed: Mapping[str, str], edition: LeafletEdition) -> dict[str, Any]:
    """The block with what else was known of it, such as the sources its sentences stand on."""
    known: Mapping[str, Any] = next(
        (each for each in edition.blocks if each["slot"] == typed["slot"]), {}
    )
    return {
        **known,
        "slot": slugify(typed["slot"]).replace("-", "_"),
        "audience": typed["audience"],
        "heading": typed["heading"].strip(),
        "items": as_items(typed["text"]),
    }


def _writing(
    request: StaffRequest,
    found: LeafletEdition,
    typed: list[dict[str, str]],
    refused: StaffForm | None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "leaflets",
        "edition": found,
        "blocks": typed,
        "audiences": {
            "patient": _("for the patient"),
            "card": _("on the wallet card"),
            "prescriber": _("for the prescriber"),
        },
        "gaps": sorted(GAPS),
        "form": refused,
    }
    return show(request, "edition_write.html", context, refused=refused)


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
