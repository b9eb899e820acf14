"""The people who sign in."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.actions import record_event, writing
from pharmacy.backoffice.access import actor, is_pharmacist
from pharmacy.backoffice.admin.base import KeptAdmin
from pharmacy.backoffice.site import site
from pharmacy.people.models import User

if TYPE_CHECKING:
    _NewUser = BaseUserCreationForm[User]
    _ChangedUser = UserChangeForm[User]
    _UserAdmin = UserAdmin[User]
else:
    _NewUser, _ChangedUser, _UserAdmin = BaseUserCreationForm, UserChangeForm, UserAdmin

_WHO = ("first_name", "last_name", "credentials", "email")


class NewPersonForm(_NewUser):
    """A new sign-in: who it is, what they are, a first password."""

    class Meta:
        model = User
        fields = ("username", *_WHO, "role")


class PersonForm(_ChangedUser):
    """Who somebody is and what they are."""

    class Meta:
        model = User
        fields = ("username", *_WHO, "role", "is_active")

    def clean_role(self) -> str:
        """Return the role. A prescriber does not become staff, nor the other way: that is another sign-in."""
        role: str = self.cleaned_data["role"]
        if "prescriber" in (role, self.instance.role) and role != self.instance.role:
            raise forms.ValidationError(
                _("Make a new sign-in: prescribers and staff are kept apart.")
            )
        return role


@admin.register(User, site=site)
class PersonAdmin(KeptAdmin, _UserAdmin):
    """Sign-ins: pharmacists open and close them; nobody changes their own role."""

    form = PersonForm
    add_form = NewPersonForm
    add_form_template = "admin/records/change_form.html"
    list_display = ("username", "signed_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = False
    search_fields = ("username", "first_name", "last_name")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Who"), {"fields": _WHO}),
        (_("What they may do"), {"fields": ("role", "is_active")}),
        (_("When"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": ("username", *_WHO, "role", "password1", "password2")},
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let pharmacists look at the sign-ins."""
        return is_pharmacist(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return what stays as it is: one's own role and access among it."""
        own = ("role", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own)

    def _told(self, values: dict[str, Any]) -> dict[str, Any]:
        hidden = ("password", "password1", "password2")
        return {key: value for key, value in values.items() if key not in hidden}

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Set somebody's password; that it was set is an audit event."""
        with writing():
            answer: HttpResponse = super().user_change_password(request, id, form_url)
            if request.method == "POST" and answer.status_code == 302:
                person = User.objects.get(pk=id)
                by = actor(request)  # type: ignore[arg-type]
                record_event(event="user_password_set", record=person, by=by, at=timezone.now())
        return answer

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Return every sign-in."""
        found: QuerySet[User] = super().get_queryset(request)
        return found
