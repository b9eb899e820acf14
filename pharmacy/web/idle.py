"""Staff are signed out after half an hour without a click: a screen left open shows other people's medicines."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class IdleSignOutMiddleware:
    """Renew a signed-in person's session at each request, for STAFF_IDLE_MINUTES from then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A page that asks by itself for what is new is no click of a person.
        if request.user.is_authenticated and "X-Polled" not in request.headers:
            request.session.set_expiry(settings.STAFF_IDLE_MINUTES * 60)
        return self.get_response(request)
