"""Links mailed to patients."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.orders.models.orders import Order


class LinkPurpose(models.TextChoices):
    INTAKE = "intake", _("answer the safety questions")
    PLAN = "plan", _("see the plan and the leaflet")


class PatientLink(models.Model):
    """A mailed link to one order's pages. Only a digest of its secret is kept; the date of birth opens it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="links")
    purpose = models.CharField(_("purpose"), max_length=20, choices=LinkPurpose.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    failed_attempts = models.PositiveIntegerField(_("wrong dates of birth"), default=0)
    replaced_at = models.DateTimeField(_("replaced by a fresh one at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="orders_link_expires_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} link of order {self.order_id}"
