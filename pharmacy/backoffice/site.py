"""The staff's own site at /admin/: the work queue first, the records behind it."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from pharmacy.backoffice.access import works_here
from pharmacy.backoffice.urls import staff_pages
from pharmacy.backoffice.views.queue import work_queue
from pharmacy.people.models import User


class StaffSignInForm(AuthenticationForm):
    """Name and password of somebody who works here."""

    error_messages = {
        "invalid_login": _(
            "This user name and password do not go together. Look at both; a capital letter is another letter."
        ),
        "inactive": _("This sign-in is closed. Ask a pharmacist to open it again."),
        "not_staff": _(
            "You are signed in nowhere yet: these pages are for the pharmacy's own staff. "
            "Prescribers order on the page “For prescribers”."
        ),
    }

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Let technicians and pharmacists in. Raises `ValidationError` for everybody else."""
        if not user.is_active:
            raise ValidationError(self.error_messages["inactive"], code="inactive")
        if not (isinstance(user, User) and works_here(user)):
            raise ValidationError(self.error_messages["not_staff"], code="not_staff")


class StaffSite(admin.AdminSite):
    """Django's admin, entered by role, with the staff pages in front of it."""

    enable_nav_sidebar = False
    site_url = None
    login_form = StaffSignInForm
    login_template = "admin/login.html"
    logout_template = "admin/signed_out.html"
    index_template = "admin/records/index.html"
    app_index_template = "admin/records/index.html"
    index_title = _("Records")
    empty_value_display = "–"

    @property
    def site_header(self) -> str:  # type: ignore[override]
        """Return the pharmacy's name."""
        return str(settings.PHARMACY_NAME)

    @property
    def site_title(self) -> str:  # type: ignore[override]
        """Return the pharmacy's name."""
        return str(settings.PHARMACY_NAME)

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether this person works here."""
        user: User | AnonymousUser = request.user
        return works_here(user)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the staff pages, the list of records at records/, and the records' own pages."""
        return [
            *staff_pages(self),
            path("records/", self.admin_view(self.records), name="records"),
            *super().get_urls(),
        ]

    def index(  # type: ignore[override]  # Django's own is a TemplateResponse
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the work queue: it is where staff begin."""
        return work_queue(request)

    def records(self, request: HttpRequest) -> HttpResponse:
        """Show every kind of record this person may look at."""
        return super().index(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what every page of records needs."""
        return {**super().each_context(request), "section": "records"}


site = StaffSite(name="admin")
