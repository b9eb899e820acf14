"""A mailed link is opened: its secret leaves the address at once, then the date of birth opens the pages."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from compounding.errors import Refusal
from pharmacy.orders.links import LinkExpired, LinkLocked, LinkReplaced, LinkUnknown
from pharmacy.orders.models import LinkPurpose
from pharmacy.web.fields import MonthDayYearField
from pharmacy.web.forms import HouseForm, answer
from pharmacy.web.limits import is_over_limit
from pharmacy.web.patient.access import remember_opened
from pharmacy.workflow.patient_link import WrongDateOfBirth, link_state, open_link

_TOKEN = "patient_token"
_PAGES = {LinkPurpose.INTAKE: "web:intake", LinkPurpose.PLAN: "web:my_plan"}


class DateOfBirthForm(HouseForm):
    """Who opens the link."""

    date_of_birth = MonthDayYearField(
        label=_("What is your date of birth?"),
        help_text=_(
            "If you look after the patient, give theirs. So nobody else can open these pages."
        ),
        missing=_("Enter the date of birth"),
        autocomplete="bday",
    )


@never_cache
@require_safe
def patient_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address. Opening the page uses nothing up: mail programs look at links too."""
    try:
        link_state(token=token, at=timezone.now())
    except (LinkUnknown, LinkReplaced, LinkExpired, LinkLocked) as refusal:
        return _problem(request, refusal)
    request.session[_TOKEN] = token
    return redirect("web:identity")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    """Ask for the date of birth, and open the pages when it is right."""
    token = request.session.get(_TOKEN)
    if token is None:
        return render(request, "web/patient/not_open.html", status=403)
    form = DateOfBirthForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, form)
    if is_over_limit(request, form="identity", at_most=settings.LINK_TRIES_AN_HOUR, seconds=3600):
        form.add_error(None, say("Many tries came from your network. Wait a little, or call us."))
        return _ask(request, form)
    try:
        link = open_link(
            token=token, date_of_birth=form.cleaned_data["date_of_birth"], at=timezone.now()
        )
    except WrongDateOfBirth as refusal:
        form.add_error("date_of_birth", _wrong(refusal.tries_left))
        return _ask(request, form)
    except (LinkUnknown, LinkReplaced, LinkExpired, LinkLocked) as refusal:
        del request.session[_TOKEN]
        return _problem(request, refusal)
    del request.session[_TOKEN]
    remember_opened(request, link)
    return redirect(_PAGES[LinkPurpose(link.purpose)])


def _ask(request: HttpRequest, form: forms.Form) -> HttpResponse:
    return answer(request, "web/patient/identity.html", {"form": form}, form)


def _wrong(tries_left: int) -> str:
    return ngettext(
        "That is not the date of birth we have. You can try once more.",
        "That is not the date of birth we have. You can try %(count)d more times.",
        tries_left,
    ) % {"count": tries_left}


def _problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    kinds: dict[type[Refusal], tuple[str, str, int]] = {
        LinkUnknown: (
            say("This link does not open"),
            say("It is not one of ours, or a part of it is missing. Copy the whole link from our email."),
            404,
        ),
        LinkExpired: (
            say("This link is too old"),
            say("Links in our emails open for some days only, so that nobody finds yours later. "
                "Call us, and we email you a new one while you are on the phone. Nothing you answered is lost."),
            410,
        ),
        LinkReplaced: (
            say("There is a newer link"),
            say("We emailed you a new link, and it closed this one. Look for our newest email, also in the "
                "spam folder. Nothing you answered is lost. You cannot find it? Call us."),
            410,
        ),
        LinkLocked: (
            say("This link is closed"),
            say("The date of birth was wrong too many times, so we closed it to keep your answers safe. "
                "Call us: we check with you who you are, and email you a new link. Nothing you answered is lost."),
            403,
        ),
    }  # fmt: skip
    title, sentence, status = kinds[type(refusal)]
    context = {"title": title, "sentence": sentence}
    return render(request, "web/patient/link_problem.html", context, status=status)
