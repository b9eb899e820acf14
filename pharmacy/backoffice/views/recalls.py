"""Recalls: from a lot or a batch to everybody who had it, and to whoever has been reached."""

import time
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pharmacy.backoffice.access import StaffRequest, actor, is_pharmacist, pharmacists_only
from pharmacy.backoffice.history import history_of
from pharmacy.backoffice.pages import StaffForm, done, show
from pharmacy.backoffice.recall_forms import (
    CallForm,
    FindSubjectForm,
    GiveUpForm,
    NoteForm,
    OpenForm,
)
from pharmacy.backoffice.recall_page import (
    LISTS,
    contact_row,
    found_context,
    person_of,
    report_of,
    tabs,
    title_of,
)
from pharmacy.batches.models import CompoundingRecord
from pharmacy.inventory.lot_codes import lot_from_scan
from pharmacy.inventory.models import IngredientLot
from pharmacy.inventory.states import LotState
from pharmacy.recalls import actions, queries
from pharmacy.recalls.models import ReachedHow, Recall, RecallContact, RecallTry, Urgency
from pharmacy.recalls.states import RecallState
from pharmacy.recalls.walk import Subject, walk
from pharmacy.workflow import recall as workflow

ROWS_A_PAGE = 50


def recalls(request: StaffRequest) -> HttpResponse:
    """Find a lot or batch that is in doubt; show the recalls and drills there were."""
    form = FindSubjectForm(request.POST or None)
    found: list[tuple[str, int]] = []
    if request.method == "POST" and done(form, lambda: found.append(_subject_typed(form))):
        return redirect(found[0][0], found[0][1])
    older = request.GET.get("older_than", "")
    before = int(older) if older.isascii() and older.isdigit() else None
    rows = queries.newest_recalls(before=before, at_most=ROWS_A_PAGE + 1)
    context = {
        "section": "recalls",
        "form": form,
        "rows": [
            {"recall": each, "title": title_of(queries.subject_of(each)), "report": report_of(each)}
            for each in rows[:ROWS_A_PAGE]
        ],
        "older": rows[ROWS_A_PAGE - 1].pk if len(rows) > ROWS_A_PAGE else None,
    }
    return show(request, "recalls.html", context, refused=form if form.errors else None)


def _subject_typed(form: FindSubjectForm) -> tuple[str, int]:
    """Return the page of what was typed or scanned; a batch number first, because no supplier writes one like ours."""
    typed = form.cleaned_data["what"].strip()
    record = CompoundingRecord.objects.filter(number__iexact=typed).first()
    if record is not None:
        return "admin:recall_of_batch", record.pk
    return "admin:recall_of_lot", lot_from_scan(typed).pk


def of_lot(request: StaffRequest, lot_id: int) -> HttpResponse:
    """Show everybody who had something of a lot; open a recall, or practise one."""
    lots = IngredientLot.objects.select_related("ingredient", "supplier")
    return _of(request, Subject(lot=get_object_or_404(lots, pk=lot_id)))


def of_batch(request: StaffRequest, record_id: int) -> HttpResponse:
    """Show everybody who had something of a batch; open a recall, or practise one."""
    records = CompoundingRecord.objects.select_related("formula").defer("worksheet")
    return _of(request, Subject(batch=get_object_or_404(records, pk=record_id)))


def _of(request: StaffRequest, subject: Subject) -> HttpResponse:
    form = OpenForm(request.POST or None)
    made: list[Recall] = []
    if request.method == "POST" and done(form, lambda: made.append(_open(request, subject, form))):
        return redirect("admin:recall", made[0].pk)
    context = {
        "section": "recalls",
        "subject": subject,
        "title": title_of(subject),
        "form": form,
        "open": queries.open_recall_of(subject),
        **found_context(walk(subject), after=request.GET.get("after", "")),
    }
    return show(request, "recall_subject.html", context, refused=form if form.errors else None)


def _open(request: StaffRequest, subject: Subject, form: OpenForm) -> Recall:
    urgency, reason = Urgency(form.cleaned_data["urgency"]), form.cleaned_data["reason"]
    by, at = actor(request), timezone.now()
    if "drill" in request.POST:
        return workflow.run_drill(
            subject=subject,
            urgency=urgency,
            reason=reason,
            by=by,
            at=at,
            stopwatch=time.perf_counter_ns,
        )
    return actions.open_recall(subject=subject, urgency=urgency, reason=reason, by=by, at=at)


def recall(request: StaffRequest, recall_id: int) -> HttpResponse:
    """Show a recall: the numbers, the next thing to do, the people."""
    return _shown(request, _recall(recall_id))


@pharmacists_only(gettext_lazy("approve a recall"))
def approve(request: StaffRequest, recall_id: int) -> HttpResponse:
    """Approve a recall and start it."""
    found = _recall(recall_id)
    return _change(
        request,
        found,
        StaffForm(request.POST or None),
        lambda: workflow.approve_recall(
            recall=found, by=actor(request), at=timezone.now(), stopwatch=time.perf_counter_ns
        ),
        _("The recall runs. Call the first patient below."),
    )


@pharmacists_only(gettext_lazy("stop a lot or a batch"))
def stop(request: StaffRequest, recall_id: int) -> HttpResponse:
    """Stop the lot or batch itself before the second person has approved."""
    found = _recall(recall_id)
    return _change(
        request,
        found,
        StaffForm(request.POST or None),
        lambda: workflow.stop_at_once(recall=found, by=actor(request), at=timezone.now()),
        _("It is stopped: nothing picks, releases or dispenses it."),
    )


@pharmacists_only(gettext_lazy("withdraw a recall"))
def withdraw(request: StaffRequest, recall_id: int) -> HttpResponse:
    """Withdraw a draft."""
    return _end(request, recall_id, actions.withdraw_recall, _("The draft is withdrawn."))


@pharmacists_only(gettext_lazy("close a recall"))
def close(request: StaffRequest, recall_id: int) -> HttpResponse:
    """Close a recall."""
    return _end(request, recall_id, actions.close_recall, _("The recall is closed."))


def _end(
    request: StaffRequest, recall_id: int, call: Callable[..., Recall], said: str
) -> HttpResponse:
    found, form = _recall(recall_id), NoteForm(request.POST or None)
    return _change(
        request,
        found,
        form,
        lambda: call(
            recall=found, note=form.cleaned_data["note"], by=actor(request), at=timezone.now()
        ),
        said,
    )


def call(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Record what came of a call."""
    contact = _contact(contact_id)
    form = CallForm(
        request.POST or None,
        prefix=f"c{contact.pk}",
        is_prescriber=contact.prescriber_id is not None,
    )
    return _change(
        request,
        contact.recall,
        form,
        lambda: _record_try(request, contact, form),
        _("Written down. Here is the next."),
        contact=contact,
    )


def _record_try(request: StaffRequest, contact: RecallContact, form: CallForm) -> RecallTry:
    result, outcome = form.chosen()
    return actions.record_try(
        contact=contact,
        how=ReachedHow(form.cleaned_data["how"]),
        result=result,
        outcome=outcome,
        note=form.cleaned_data["note"],
        by=actor(request),
        at=timezone.now(),
    )


def give_up(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Write somebody down as not reachable."""
    contact = _contact(contact_id)
    form = GiveUpForm(request.POST or None, prefix=f"g{contact.pk}")
    return _change(
        request,
        contact.recall,
        form,
        lambda: actions.give_up(
            contact=contact, note=form.cleaned_data["note"], by=actor(request), at=timezone.now()
        ),
        _("Written down as not reachable."),
        contact=contact,
    )


def _change(
    request: StaffRequest,
    found: Recall,
    form: forms.Form,
    work: Callable[[], object],
    said: str,
    contact: RecallContact | None = None,
) -> HttpResponse:
    address = redirect("admin:recall", found.pk)
    if contact is not None and contact.prescriber_id is not None:
        address["Location"] += "?list=prescribers"
    if request.method != "POST":
        return address
    if not done(form, work):
        return _shown(request, _recall(found.pk), sent=form, contact=contact)
    messages.success(request, said)
    return address


def _recall(recall_id: int) -> Recall:
    return get_object_or_404(queries.with_people(), pk=recall_id)


def _contact(contact_id: int) -> RecallContact:
    people = RecallContact.objects.select_related("recall", "patient", "prescriber__practice")
    return get_object_or_404(people, pk=contact_id)


def _shown(
    request: StaffRequest,
    found: Recall,
    sent: forms.Form | None = None,
    contact: RecallContact | None = None,
) -> HttpResponse:
    subject = queries.subject_of(found)
    context: dict[str, Any] = {
        "section": "recalls",
        "recall": found,
        "title": title_of(subject),
        "report": report_of(found),
        "note_form": sent if isinstance(sent, NoteForm) else NoteForm(),
        "history": history_of(found),
        "may_decide": is_pharmacist(request.user),
        "is_opener": found.opened_by_id == request.user.pk,
    }
    if found.state in (RecallState.APPROVED, RecallState.CLOSED):
        context |= _people_context(request, found, sent, contact)
    else:
        walked = walk(subject)
        context |= found_context(walked, after=request.GET.get("after", ""))
        context["is_stopped"] = (
            subject.lot.state == LotState.RECALLED
            if subject.lot is not None
            else bool(subject.batch and subject.batch.state in ("recalled", "rejected"))
        )
        context["letters"] = workflow.sample_letters(recall=found, found=walked, at=timezone.now())
    template = "recall.html" if "tabs" in context else "recall_draft.html"
    return show(request, template, context, refused=sent)


def _people_context(
    request: StaffRequest, found: Recall, sent: forms.Form | None, contact: RecallContact | None
) -> dict[str, Any]:
    wanted = request.GET.get("list", "")
    if contact is not None and contact.prescriber_id is not None:
        wanted = "prescribers"
    progress = queries.progress_of(found)
    current = wanted if wanted in LISTS else _first_list(progress)
    patients, states = LISTS[current]
    people = queries.contacts_of(
        found, states=states, patients=patients, after=_after(request), at_most=ROWS_A_PAGE + 1
    )
    shown, now = people[:ROWS_A_PAGE], timezone.now()
    tries = queries.tries_of(shown)
    rows = [
        {**contact_row(each, tries.get(each.pk, ()), now=now), **_forms(each, sent)}
        for each in shown
    ]
    last = shown[-1] if len(people) > ROWS_A_PAGE else None
    return {
        "progress": progress,
        "tabs": tabs(progress, current),
        "current": current,
        "rows": rows,
        "next": rows[0] if rows and current in ("call", "prescribers") else None,
        "after": f"{last.tries}-{last.pk}" if last else "",
        "person": person_of(contact) if contact else None,
    }


def _first_list(progress: queries.Progress) -> str:
    if progress.patients["waiting"] or not progress.prescribers["waiting"]:
        return "call"
    return "prescribers"


def _after(request: StaffRequest) -> tuple[int, int] | None:
    tries, _dash, last = request.GET.get("after", "").partition("-")
    if tries.isascii() and tries.isdigit() and last.isascii() and last.isdigit():
        return int(tries), int(last)
    return None


def _forms(contact: RecallContact, sent: forms.Form | None) -> dict[str, forms.Form]:
    """The forms of one person; the one that was sent back keeps what was typed in it."""
    call_form: forms.Form = CallForm(
        prefix=f"c{contact.pk}", is_prescriber=contact.prescriber_id is not None
    )
    give_up_form: forms.Form = GiveUpForm(prefix=f"g{contact.pk}")
    if sent is not None and sent.prefix == call_form.prefix:
        call_form = sent
    if sent is not None and sent.prefix == give_up_form.prefix:
        give_up_form = sent
    return {"call": call_form, "give_up": give_up_form}
