"""What every record's page does alike: least privilege by role, one audit event a change, nothing deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pharmacy.audit.actions import record_event, writing
from pharmacy.audit.queries import events_of
from pharmacy.backoffice.access import StaffRequest, actor, is_pharmacist, works_here
from pharmacy.backoffice.admin.in_words import in_words
from pharmacy.backoffice.admin.paging import KeysetChangeList, SearchOutOfAddress

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _TabularInline = admin.TabularInline[Any, Any]
else:
    _ModelAdmin = admin.ModelAdmin
    _TabularInline = admin.TabularInline


class RecordAdmin(_ModelAdmin):
    """A record that staff may look at and nobody changes here: its workflow owns the writing."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    list_select_related: ClassVar[bool | list[str] | tuple[str, ...]] = True
    view_on_site = False
    change_list_template = "admin/records/change_list.html"
    change_form_template = "admin/records/change_form.html"
    object_history_template = "admin/records/history.html"
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.URLField: {"assume_scheme": "https"},
    }
    staff_page: ClassVar[str] = ""
    """The name of the staff page of one such record, when it has one."""

    @property
    def media(self) -> forms.Media:
        """Return no scripts: Django's own need inline styles, and nothing here needs them."""
        return forms.Media()

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns of the list, numbers and dates in words."""
        return in_words(self.model, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Return what the page shows; what can only be read, in words."""
        fields = super().get_fields(request, obj)
        may_write = self.has_change_permission(request, obj) if obj else True
        return list(fields) if may_write else in_words(self.model, fields)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: Any, **kwargs: Any
    ) -> Any:
        """Return the field without the links that open another record in a second window."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether this person may look."""
        return works_here(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the room stands in this person's list of records."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds one here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a record of a pharmacy."""
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Return the list that pages without counting."""
        return KeysetChangeList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list; a search comes as a POST and stays out of the address."""
        kept = SearchOutOfAddress(request, self.opts.model_name or "")
        if request.method == "POST" and SEARCH_VAR in request.POST:
            kept.remember(request.POST[SEARCH_VAR])
            return redirect(request.get_full_path())
        asked = request.GET.copy()
        asked.pop(SEARCH_VAR, None)
        if self.search_fields and kept.words():
            asked[SEARCH_VAR] = kept.words()
        request.GET = asked  # type: ignore[assignment]
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the record, with the way to its staff page when it has one."""
        to_page = {}
        if self.staff_page and object_id.isdigit():
            to_page = {"staff_url": reverse(self.staff_page, args=[object_id])}
        return super().change_view(
            request, object_id, form_url, {**to_page, **(extra_context or {})}
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what the audit trail says of this record."""
        record = get_object_or_404(self.model, pk=object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(record)s") % {"record": record},
            "opts": self.opts,
            "object": record,
            "events": events_of(record),
        }
        return TemplateResponse(request, "admin/records/history.html", context)

    def log_addition(self, *args: Any, **kwargs: Any) -> Any:
        """Write nothing: the audit trail is the one history, and Django's would hold names of patients."""

    def log_change(self, *args: Any, **kwargs: Any) -> Any:
        """Write nothing: see `log_addition`."""


class KeptAdmin(RecordAdmin):
    """A record that a pharmacist keeps up to date here: every change is an audit event."""

    private: ClassVar[bool] = False
    """Whether the values themselves must stay out of the audit trail, because they are a person's."""
    save_as_continue = False
    save_on_top = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let pharmacists add one."""
        return is_pharmacist(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let pharmacists change one."""
        return is_pharmacist(request.user)

    def save_model(
        self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool
    ) -> None:
        """Save the record and its audit event in one transaction."""
        name = self.opts.model_name
        old = {field: form.initial.get(field) for field in form.changed_data} if change else {}
        new = {field: form.cleaned_data.get(field) for field in form.changed_data}
        with writing():
            self.write(request, obj, form, change)
            record_event(
                event=f"{name}_changed" if change else f"{name}_added",
                record=obj,
                by=actor(request),  # type: ignore[arg-type]
                at=timezone.now(),
                old=self._told(old),
                new=self._told(new),
            )

    def write(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:
        """Write the row itself."""
        obj.save()

    def _told(self, values: dict[str, Any]) -> dict[str, Any]:
        if not self.private:
            return values
        return {"fields": " ".join(sorted(values))} if values else {}


class RowsInline(_TabularInline):
    """Rows that belong to a record, to be read."""

    template = "admin/records/rows.html"
    extra = 0
    can_delete = False
    show_change_link = False

    @property
    def media(self) -> forms.Media:
        """Return no scripts."""
        return forms.Media()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Return every column, in words, unless the rows may be written."""
        if self.has_change_permission(request, obj):
            return list(super().get_readonly_fields(request, obj))
        own = [
            field.name
            for field in self.model._meta.concrete_fields
            if (not field.primary_key and field.remote_field is None) or self._is_told(field)
        ]
        return in_words(self.model, self.fields or own)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Return the columns."""
        if self.has_change_permission(request, obj):
            return list(super().get_fields(request, obj))
        return self.get_readonly_fields(request, obj)

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """Return the form set; it has no fields when the rows are only read."""
        if not self.has_change_permission(request, obj):
            kwargs["fields"] = []
        return super().get_formset(request, obj, **kwargs)

    def _is_told(self, field: models.Field[Any, Any]) -> bool:
        """Say whether a foreign key is worth a column: the one to the record itself is not."""
        related = field.related_model
        return related is not None and related is not self.parent_model

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether this person may look."""
        return works_here(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds one here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes one."""
        return False


__all__ = ["KeptAdmin", "RecordAdmin", "RowsInline", "StaffRequest"]
