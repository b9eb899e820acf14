"""Who a patient's page belongs to: a mailed link, opened in this browser with the right date of birth."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from pharmacy.orders.links import opened_link
from pharmacy.orders.models import LinkPurpose, PatientLink

P = ParamSpec("P")
LinkedView = Callable[Concatenate[HttpRequest, PatientLink, P], HttpResponse]
_OPENED = "patient_links"


def remember_opened(request: HttpRequest, link: PatientLink) -> None:
    """Keep the opened link in the session, which gets a new key: what was known before cannot open it."""
    request.session.cycle_key()
    opened = {**request.session.get(_OPENED, {}), link.purpose: link.pk}
    request.session[_OPENED] = opened


def forget_opened(request: HttpRequest) -> None:
    """Close the patient's pages in this browser."""
    request.session.pop(_OPENED, None)


def with_link(
    purpose: LinkPurpose,
) -> Callable[[LinkedView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Return a decorator: the view is called with the link this browser opened; without one it says what to do."""

    def decorate(view: LinkedView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            link = _opened_link(request, purpose)
            if link is None:
                return render(request, "web/patient/not_open.html", status=403)
            return view(request, link, *args, **kwargs)

        return guarded

    return decorate


def _opened_link(request: HttpRequest, purpose: LinkPurpose) -> PatientLink | None:
    """The link, while it is good: opening it once does not outlast its last day."""
    opened = request.session.get(_OPENED, {}).get(purpose)
    if opened is None:
        return None
    return opened_link(link_id=opened, purpose=purpose, at=timezone.now())
