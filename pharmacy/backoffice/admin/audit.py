"""The audit trail, to be read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from pharmacy.audit.models import AuditEvent
from pharmacy.backoffice.admin.base import RecordAdmin
from pharmacy.backoffice.site import site


@admin.register(AuditEvent, site=site)
class AuditEventAdmin(RecordAdmin):
    """Every event, newest first. It holds no patient's name."""

    list_display = ("at", "event", "record_type", "record_id", "actor_name", "actor_role")
    list_select_related = False
    search_fields = ("=record_id", "=event", "=actor_name")
    search_help_text = _("The number of a record, the name of an event or of a person, in full.")
