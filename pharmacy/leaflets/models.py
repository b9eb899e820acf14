"""What may be said to people: conditions, studies that a pharmacist has read, approved leaflet editions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pharmacy.leaflets.states import EditionState


class Condition(models.Model):
    """A condition a medicine is asked for, and the one plain line that may be said about the evidence."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    icd10 = models.JSONField(_("ICD-10-CM codes"), default=list, blank=True)
    patient_line = models.CharField(_("what we say"), max_length=300, blank=True)
    because = models.CharField(_("because"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    def __str__(self) -> str:
        return self.name


class Study(models.Model):
    """A publication. Shown to people only when it is about the substance and a pharmacist has read it."""

    code = models.SlugField(_("code"), unique=True)
    rule_set = models.CharField(_("about"), max_length=40)
    authors = models.CharField(_("authors"), max_length=300)
    year = models.PositiveIntegerField(_("year"), null=True, blank=True)
    title = models.TextField(_("title"))
    journal = models.CharField(_("journal"), max_length=200, blank=True)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    pmid = models.CharField(_("PubMed ID"), max_length=12, blank=True)
    conditions = models.ManyToManyField(Condition, blank=True, related_name="studies")
    design = models.CharField(_("design"), max_length=200, blank=True)
    participants = models.CharField(_("participants"), max_length=60, blank=True)
    dose = models.CharField(_("dose"), max_length=120, blank=True)
    finding = models.TextField(_("finding"))
    grade = models.CharField(_("grade"), max_length=2)
    direction = models.CharField(_("direction"), max_length=20)
    relevance = models.CharField(_("relevance"), max_length=40)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField(_("abstract read at"), null=True, blank=True)

    class Meta:
        verbose_name_plural = _("studies")
        constraints = [
            models.CheckConstraint(
                condition=Q(read_by__isnull=True, read_at__isnull=True)
                | Q(read_by__isnull=False, read_at__isnull=False),
                name="leaflets_read_by_and_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.authors} {self.year or ''}".strip()


class LeafletEdition(models.Model):
    """Every sentence of a leaflet, as approved. An approved edition never changes; a change is a new edition."""

    rule_set = models.CharField(_("about"), max_length=40)
    language = models.CharField(_("language"), max_length=10, default="en")
    number = models.PositiveIntegerField(_("edition"))
    state = models.CharField(
        _("state"), max_length=20, choices=EditionState.choices, default=EditionState.DRAFT
    )
    blocks = models.JSONField(_("blocks"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "language", "number"], name="leaflets_one_row_an_edition"
            ),
            models.UniqueConstraint(
                fields=["rule_set", "language"],
                condition=Q(state="approved"),
                name="leaflets_one_approved_edition",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="leaflets_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(approved_by__isnull=False),
                name="leaflets_approved_means_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="leaflets_approver_is_not_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set} {self.language} edition {self.number}"
