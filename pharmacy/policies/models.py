"""Policies: the clinical and legal numbers that a pharmacist owns, each version approved and dated."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PolicyVersion(models.Model):
    """One version of one value. An approved version never changes; a change is a new version."""

    key = models.CharField(_("key"), max_length=80)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    value = models.CharField(_("value"), max_length=200)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    minimum_override = models.CharField(
        _("lowest value by override"),
        max_length=40,
        blank=True,
        help_text=_("How far a pharmacist may go below the value with a documented reason."),
    )
    source = models.TextField(_("source"))
    source_status = models.CharField(_("source status"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    effective_on = models.DateField(_("effective on"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="policies_one_row_a_version"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="policies_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=True)
                | Q(approved_by__isnull=True)
                | ~Q(author=F("approved_by")),
                name="policies_approver_is_not_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"
