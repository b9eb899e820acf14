"""Papers: what each one says is frozen in its row, so that it can be shown as it was years later."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.batches.models import CompoundingRecord
from pharmacy.documents.states import DocumentState
from pharmacy.formulations.models import MasterFormulationRecord
from pharmacy.inventory.models import IngredientLot
from pharmacy.orders.models import Order, OrderLine


class DocumentKind(models.TextChoices):
    CONTAINER_LABEL = "container_label", _("container label")
    COMPOUNDING_RECORD = "compounding_record", _("compounding record")
    LEAFLET = "leaflet", _("leaflet")
    LOT_LABEL = "lot_label", _("label of a received lot")
    FORMULA_RECORD = "formula_record", _("master formulation record")


class Document(models.Model):
    """One paper. Its context says everything on it; the same context gives the same bytes."""

    kind = models.CharField(_("kind"), max_length=30, choices=DocumentKind.choices)
    state = models.CharField(
        _("state"), max_length=20, choices=DocumentState.choices, default=DocumentState.REQUESTED
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    record = models.ForeignKey(
        CompoundingRecord, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    lot = models.ForeignKey(
        IngredientLot, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    formula = models.ForeignKey(
        MasterFormulationRecord, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    context = models.JSONField(_("what it says"))
    template_version = models.CharField(_("template version"), max_length=20)
    context_sha256 = models.CharField(max_length=64)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rendered_at = models.DateTimeField(_("rendered at"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    labels_taken = models.PositiveIntegerField(
        _("labels it takes"), default=0, help_text=_("Known when it is rendered.")
    )
    error = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="compounding_record", record__isnull=False)
                | Q(kind="container_label", order__isnull=False, line__isnull=False)
                | Q(kind="leaflet", order__isnull=False)
                | Q(kind="lot_label", lot__isnull=False)
                | Q(kind="formula_record", formula__isnull=False),
                name="documents_are_about_something",
            ),
            models.CheckConstraint(
                condition=(~Q(state="ready") & Q(sha256="", rendered_at__isnull=True))
                | (Q(state="ready", rendered_at__isnull=False) & ~Q(sha256="")),
                name="documents_ready_has_bytes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"], condition=Q(state="requested"), name="documents_to_render"
            ),
            models.Index(fields=["order", "kind"], name="documents_of_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def about(self) -> str:
        """Return what it is about, by its number; nothing of a patient."""
        return str(self.order or self.record or self.lot_id or self.formula_id)


class DocumentFile(models.Model):
    """The bytes of a document, apart from it so that lists stay light. Never edited."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="file")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"file of document {self.document_id}"


class PrintEvent(models.Model):
    """A document was opened for printing: by whom, when, and why again."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="prints")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty when the patient opened it."),
    )
    reason = models.CharField(_("why again"), max_length=200, blank=True)
    labels = models.PositiveIntegerField(_("labels"), default=0)
    labels_not_in_stock = models.PositiveIntegerField(
        _("of them not in stock"),
        default=0,
        help_text=_("So many were printed that no lot on the shelf had."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(labels_not_in_stock__lte=models.F("labels")),
                name="documents_no_more_missing_than_printed",
            ),
        ]

    def __str__(self) -> str:
        return f"print of document {self.document_id}"


class PrintRun(models.Model):
    """Container labels of several orders, printed as one file on one kind of label stock."""

    state = models.CharField(
        _("state"), max_length=20, choices=DocumentState.choices, default=DocumentState.REQUESTED
    )
    label_format = models.CharField(_("label stock"), max_length=30)
    start_position = models.PositiveSmallIntegerField(_("first free label of the sheet"), default=1)
    reason = models.CharField(_("why again"), max_length=200, blank=True)
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rendered_at = models.DateTimeField(_("rendered at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("first opened at"), null=True, blank=True)
    label_counts = models.JSONField(
        _("labels of each"), default=list, help_text=_("In the order of printing.")
    )
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(state="ready") & Q(sha256="", rendered_at__isnull=True))
                | (Q(state="ready", rendered_at__isnull=False) & ~Q(sha256="")),
                name="documents_ready_run_has_bytes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"], condition=Q(state="requested"), name="runs_to_render"
            ),
        ]

    def __str__(self) -> str:
        return f"print run {self.pk}"


class PrintRunLabel(models.Model):
    """One label of a run, at its place in the file. Never edited."""

    run = models.ForeignKey(PrintRun, models.PROTECT, related_name="labels")
    document = models.ForeignKey(Document, models.PROTECT, related_name="runs")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="documents_one_place_in_run"),
            models.UniqueConstraint(fields=["run", "document"], name="documents_once_in_run"),
        ]

    def __str__(self) -> str:
        return f"label {self.position} of print run {self.run_id}"


class PrintRunFile(models.Model):
    """The bytes of a run. Never edited."""

    run = models.OneToOneField(PrintRun, models.PROTECT, related_name="file")
    pdf = models.BinaryField()

    def __str__(self) -> str:
        return f"file of print run {self.run_id}"
