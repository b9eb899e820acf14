"""Reading what may be said to people: the approved edition, and studies that a pharmacist has read."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.leaflets.models import Condition, LeafletEdition, Study
from pharmacy.leaflets.states import EditionState

ABOUT_LOW_DOSES = "direct-ldn"
ABOUT_THE_SUBSTANCE = (ABOUT_LOW_DOSES, "naltrexone-pharmacology")
"""The relevance of studies of the substance, at low doses or at its full dose. Others are never shown."""

_GRADES_FOR_PRESCRIBERS = (("A", "B"), ("C", "D"))
MOST_STUDIES = 6


class NoApprovedEdition(Refusal):
    """No leaflet may be made: no edition is approved."""


def approved_edition(rule_set: str, language: str = "en") -> LeafletEdition:
    """Return the approved edition about a substance, with who approved it. Raises NoApprovedEdition."""
    edition = (
        LeafletEdition.objects.filter(
            rule_set=rule_set, language=language, state=EditionState.APPROVED
        )
        .select_related("approved_by")
        .first()
    )
    if edition is None:
        raise NoApprovedEdition(
            _("No leaflet edition is approved for this medicine. A pharmacist approves one first.")
        )
    return edition


def has_approved_edition(rule_set: str, language: str = "en") -> bool:
    """Say whether a leaflet can be made about a substance."""
    return LeafletEdition.objects.filter(
        rule_set=rule_set, language=language, state=EditionState.APPROVED
    ).exists()


def studies_to_show(rule_set: str) -> QuerySet[Study]:
    """Return the studies people may see: about the substance, and read by a pharmacist. Strongest design first."""
    return Study.objects.filter(
        rule_set=rule_set, read_by__isnull=False, relevance__in=ABOUT_THE_SUBSTANCE
    ).order_by("grade", "-year", "authors")


def conditions_to_show() -> QuerySet[Condition]:
    """Return the conditions about which a line may be said, each with its studies of low doses as `shown_studies`.

    Studies stand newest first, whatever they found.
    """
    read = Study.objects.filter(relevance=ABOUT_LOW_DOSES, read_by__isnull=False)
    return (
        Condition.objects.exclude(patient_line="")
        .prefetch_related(
            Prefetch("studies", queryset=read.order_by("-year", "authors"), to_attr="shown_studies")
        )
        .order_by("position", "name")
    )


def conditions_to_choose() -> QuerySet[Condition]:
    """Return every condition, in the order they are listed."""
    return Condition.objects.order_by("position", "name")


def evidence_for(condition: Condition, rule_set: str) -> list[Study]:
    """Return the studies for a prescriber's page: the trials, or where there are none the weaker designs.

    At most six, the strongest first. One without an effect is never left out for one with an effect.
    """
    read = studies_to_show(rule_set).filter(conditions=condition, relevance=ABOUT_LOW_DOSES)
    for grades in _GRADES_FOR_PRESCRIBERS:
        found = list(read.filter(grade__in=grades))
        if found:
            return _cut(found)
    return []


def _cut(studies: list[Study]) -> list[Study]:
    """Positive ones give way first, the weakest and oldest of them before the others."""
    kept = list(studies)
    for study in reversed(studies):
        if len(kept) > MOST_STUDIES and study.direction == "positive":
            kept.remove(study)
    return kept
