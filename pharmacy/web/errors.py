"""The page for when something on our side fails: it asks nothing of the database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from pharmacy.letterhead import get_letterhead


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the 500 page with the telephone number on it."""
    page = render_to_string("500.html", {"pharmacy": get_letterhead()})
    return HttpResponse(page, status=500)
