"""A leaflet edition is approved: what waited for it may go on."""

from datetime import datetime

from pharmacy.audit.actions import writing
from pharmacy.formulations.models import Substance
from pharmacy.leaflets.actions import approve_edition
from pharmacy.leaflets.models import LeafletEdition
from pharmacy.orders.actions import let_pass
from pharmacy.orders.models import OrderFinding
from pharmacy.people.actors import Actor
from pharmacy.workflow.check_prescription import NO_LEAFLET


@writing()
def approve_leaflet(*, edition: LeafletEdition, by: Actor, at: datetime) -> LeafletEdition:
    """Approve a draft, and settle the finding of every order that had no leaflet for want of it.

    Raises AuthorMayNotApprove, EditionFaulty, or the state table's refusals.
    """
    edition = approve_edition(edition=edition, by=by, at=at)
    about = [
        substance.pk
        for substance in Substance.objects.all()
        if substance.leaflet_key == edition.rule_set
    ]
    waiting = OrderFinding.objects.filter(
        kind=NO_LEAFLET,
        overridden_at__isnull=True,
        order__prescription__substance__in=about,
    )
    for finding in waiting.select_related("order"):
        let_pass(finding, reason=f"Edition {edition.number} is approved.", by=by, at=at)
    return edition
