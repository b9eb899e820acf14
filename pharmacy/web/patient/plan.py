"""The patient's own page after the medicine was handed over: what to take today, the plan, the leaflet, a check-in."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from compounding import wording
from compounding.errors import Refusal
from compounding.titration import DatedStep
from pharmacy.documents.contexts.dose_plan import take_words, time_words
from pharmacy.documents.contexts.parts import Context
from pharmacy.documents.contexts.syringe import syringe_context
from pharmacy.documents.pages import document_html
from pharmacy.documents.queries import newest_leaflet, pdf_bytes
from pharmacy.followups.models import Feeling, YesNoUnsure
from pharmacy.orders.models import LinkPurpose, Order, PatientLink, TimeOfDay
from pharmacy.orders.plans import Plan, plan_of_order
from pharmacy.orders.states import OrderState
from pharmacy.people.actors import PATIENT
from pharmacy.recalls.queries import was_recalled
from pharmacy.web.fields import Paragraph, RadioCards
from pharmacy.web.forms import HouseForm, answer
from pharmacy.web.patient.access import with_link
from pharmacy.web.plans import shown_plan
from pharmacy.workflow.print_papers import open_document
from pharmacy.workflow.receive_check_in import (
    LONGEST_SIDE_EFFECTS,
    AnswerNotOffered,
    NotDispensedYet,
    receive_check_in,
)

_CHECKED_IN = "check_in_calls"


@dataclass(frozen=True, slots=True)
class Today:
    """The first thing on the page: until when, and what to take."""

    when: str
    what: str
    is_over: bool = False
    syringe: Context | None = None
    """The picture of a measured dose; none for capsules."""


class CheckInForm(HouseForm):
    """Three questions, and whether to call."""

    feeling = forms.ChoiceField(
        label=_("How are you, compared with before you started?"),
        choices=Feeling.choices,
        widget=RadioCards(),
        error_messages={"required": _("Select how you are")},
    )
    opioid_since = forms.ChoiceField(
        label=_("Have you taken, or been given, an opioid since you started?"),
        help_text=_("A strong pain medicine, some cough syrups, or something like kratom"),
        choices=YesNoUnsure.choices,
        widget=RadioCards(),
        error_messages={"required": _("Select no, yes or I'm not sure")},
    )
    side_effects = Paragraph(
        label=_("Has anything bothered you since you started?"),
        help_text=_("Dreams, sleep, stomach, mood, a rash, anything else. In your own words."),
        required=False,
        max_length=LONGEST_SIDE_EFFECTS,
        rows=4,
    )
    wants_call = forms.BooleanField(label=_("I would like a pharmacist to call me"), required=False)


@require_safe
@with_link(LinkPurpose.PLAN)
def my_plan(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Show what to take today, then the whole plan with its dates, then the leaflet. What is recalled has no dose."""
    order = link.order
    if was_recalled(order):
        return render(request, "web/patient/recalled.html", {"leaflet": newest_leaflet(order)})
    today = timezone.localdate()
    plan = plan_of_order(order)
    leaflet = newest_leaflet(order)
    blocks = {} if leaflet is None else leaflet.context["blocks"]
    context = {
        "order": order,
        "today": None if order.start_on is None else todays_dose(plan, order, today=today),
        "plan": shown_plan(plan, starts_on=order.start_on, today=today),
        "leaflet": leaflet,
        "stop": blocks.get("opioid_stop_box"),
        "emergency": blocks.get("notice_call_911"),
        "can_check_in": order.state == OrderState.DISPENSED,
    }
    return render(request, "web/patient/my_plan.html", context)


@require_safe
@with_link(LinkPurpose.PLAN)
def my_leaflet(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Show the leaflet as a page: word for word what the paper says."""
    leaflet = newest_leaflet(link.order)
    if leaflet is None:
        raise Http404
    return render(request, "web/patient/leaflet.html", {"article": document_html(leaflet)})


@require_safe
@with_link(LinkPurpose.PLAN)
def my_leaflet_pdf(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Return the leaflet as the paper that was printed."""
    leaflet = newest_leaflet(link.order)
    if leaflet is None:
        raise Http404
    try:
        open_document(document=leaflet, by=PATIENT, at=timezone.now())
        pdf = pdf_bytes(leaflet)
    except Refusal:
        context = {
            "title": say("Your leaflet cannot be opened now"),
            "sentence": say(
                "Something is wrong with the stored paper. Call us, and we send you one."
            ),
        }
        return render(request, "web/patient/link_problem.html", context, status=409)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="leaflet.pdf"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_link(LinkPurpose.PLAN)
def check_in(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Ask how it goes, and store the answer once."""
    form = CheckInForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, form)
    said = form.cleaned_data
    try:
        stored = receive_check_in(
            link=link,
            feeling=said["feeling"],
            opioid_since=said["opioid_since"],
            side_effects=said["side_effects"],
            wants_call=said["wants_call"],
            at=timezone.now(),
        )
    except AnswerNotOffered as refusal:
        form.add_error(refusal.field, str(refusal))
        return _ask(request, form)
    except NotDispensedYet as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, form)
    request.session[_CHECKED_IN] = {
        "opioid": stored.opioid_since != YesNoUnsure.NO,
        "call": stored.wants_call,
    }
    return redirect("web:check_in_sent")


@require_safe
@with_link(LinkPurpose.PLAN)
def check_in_sent(request: HttpRequest, link: PatientLink) -> HttpResponse:
    """Thank the patient, and say what to do when an opioid came up."""
    return render(
        request, "web/patient/check_in_sent.html", {"said": request.session.get(_CHECKED_IN, {})}
    )


def todays_dose(plan: Plan, order: Order, *, today: date) -> Today:
    """Return what to take today, before the first day, or after the last, in the words of the papers."""
    assert order.start_on is not None
    time_of_day = order.prescription.time_of_day
    dated = plan.dated(order.start_on)
    place = next((n for n, step in enumerate(dated) if step.last_on >= today), None)
    if place is None:
        ended = {"day": wording.day(dated[-1].last_on)}
        return Today(
            say("Your plan ended on %(day)s") % ended, say("Call us before you go on"), is_over=True
        )
    step = plan.steps[place]
    return Today(
        when=_until(dated[place], today=today, time_of_day=time_of_day),
        what=take_words(plan, step, time_words(time_of_day)),
        syringe=None
        if plan.volume_ml is None
        else syringe_context(dose_mg=step.dose_mg, volume_ml=step.units, key="syringe"),
    )


def _until(step: DatedStep, *, today: date, time_of_day: str) -> str:
    days = {"first": wording.day(step.first_on), "last": wording.day(step.last_on)}
    morning = time_of_day == TimeOfDay.MORNING
    if today < step.first_on:
        return (
            say("From %(first)s, every morning until %(last)s")
            if morning
            else say("From %(first)s, every night until %(last)s")
        ) % days
    if today == step.last_on:
        return (
            say("This morning, the last of this step")
            if morning
            else say("Tonight, the last of this step")
        )
    return (
        say("Today, and every morning until %(last)s")
        if morning
        else say("Tonight, and every night until %(last)s")
    ) % days


def _ask(request: HttpRequest, form: forms.Form) -> HttpResponse:
    return answer(request, "web/patient/check_in.html", {"form": form}, form)
