"""Reading what may be said to people."""

from django.db.models import Prefetch, QuerySet

from pharmacy.leaflets.models import Condition, Study

ABOUT_THE_MEDICINE = "direct-ldn"
"""Studies of the medicine at a low dose; the others are about naltrexone in general and stay in the shelf."""


def studies_to_show() -> QuerySet[Study]:
    """Return the studies that are about the medicine itself and that a pharmacist has read, newest first."""
    return Study.objects.filter(relevance=ABOUT_THE_MEDICINE, read_at__isnull=False).order_by(
        "-year", "authors"
    )


def conditions_to_show() -> QuerySet[Condition]:
    """Return the conditions about which a line may be said, each with its studies as `shown_studies`."""
    return (
        Condition.objects.exclude(patient_line="")
        .prefetch_related(Prefetch("studies", queryset=studies_to_show(), to_attr="shown_studies"))
        .order_by("position", "name")
    )
