"""`manage.py furnish`: what a pharmacy starts from, as drafts for a pharmacist to approve. Runs again safely."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pharmacy.people.actors import Actor, actor_of
from pharmacy.people.models import User
from pharmacy.people.roles import Role
from pharmacy.policies.actions import draft_seeded_policies
from pharmacy.policies.queries import policies_to_decide
from pharmacy.workflow.seed.content import add_evidence, draft_proposed_edition
from pharmacy.workflow.seed.formulas import draft_formulas
from pharmacy.workflow.seed.substances import seed_ingredients


class Command(BaseCommand):
    """Adds policies, conditions and studies that are missing; with --by also formulas and the leaflet edition."""

    help = "Add the proposals that a pharmacy starts from, unapproved. With --by also formulas and the leaflet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take who puts the formulas and the leaflet forward."""
        parser.add_argument(
            "--by",
            metavar="USERNAME",
            help="who puts formulas and leaflet forward; somebody else approves them",
        )

    def handle(self, *args: object, by: str | None, **options: object) -> None:
        """Add what is missing, and say what waits for a pharmacist."""
        now = timezone.now()
        policies, studies = draft_seeded_policies(at=now), add_evidence(reader=None, at=now)
        if policies or studies:
            self.stdout.write(f"Added {policies} policies and {studies} studies, all unapproved.")
        if by is not None:
            self._put_forward(_staff(by), now)
        waiting = len(policies_to_decide())
        if waiting:
            self.stdout.write(
                f"{waiting} policies wait for a pharmacist, on the staff pages under Policies."
            )

    def _put_forward(self, author: Actor, at: datetime) -> None:
        formulas = draft_formulas(seed_ingredients(), author=author, at=at)
        edition = draft_proposed_edition(by=author, at=at)
        leaflet = "the leaflet edition" if edition else "no leaflet edition"
        self.stdout.write(
            f"Drafted {formulas} formulas and {leaflet}. Somebody else approves them."
        )


def _staff(username: str) -> Actor:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or user.role not in Role.of_staff():
        raise CommandError(
            f'Nobody who works here signs in as "{username}". Add them with add_person.'
        )
    return actor_of(user)
