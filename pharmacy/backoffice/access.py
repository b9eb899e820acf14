"""Who may open which staff page: technicians and pharmacists come in, some steps are a pharmacist's alone."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from pharmacy.people.actors import Actor, actor_of
from pharmacy.people.models import User
from pharmacy.people.roles import Role

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of somebody who works here; the site has let nobody else through."""

    user: User


Page = Callable[Concatenate[StaffRequest, P], HttpResponse]


def works_here(user: User | AnonymousUser) -> bool:
    """Say whether this person may enter the staff pages at all."""
    return isinstance(user, User) and user.is_active and user.role in Role.of_staff()


def is_pharmacist(user: User | AnonymousUser) -> bool:
    """Say whether this person is a pharmacist of the house."""
    return works_here(user) and cast(User, user).role == Role.PHARMACIST


def actor(request: StaffRequest) -> Actor:
    """Return on whose behalf this request changes something."""
    return actor_of(request.user)


def pharmacists_only(what: Promise) -> Callable[[Page[P]], Page[P]]:
    """Let only pharmacists through; a technician reads `what` is a pharmacist's to do."""

    def guard(page: Page[P]) -> Page[P]:
        def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if is_pharmacist(request.user):
                return page(request, *args, **kwargs)
            return render(request, "admin/desk/not_yours.html", {"what": what}, status=403)

        guarded.__name__ = page.__name__
        return guarded

    return guard
