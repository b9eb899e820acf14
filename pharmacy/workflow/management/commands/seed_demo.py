"""`manage.py seed_demo`: the demonstration pharmacy and a working day. Run again, it adds what is missing."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from pharmacy.people.models import User
from pharmacy.workflow.seed.lab import seed_care
from pharmacy.workflow.seed.people import DEMO_PASSWORD
from pharmacy.workflow.seed.pharmacy import seed_day, seed_house


class Command(BaseCommand):
    help = "Add the demonstration pharmacy: logins, policies, leaflets, formulas, lots, orders."

    def handle(self, *args: object, **options: object) -> None:
        now = timezone.now()
        # The house stood a month before its first orders came in.
        month_ago = now - timedelta(days=30)
        bench = seed_house(at=month_ago)
        seed_care(technician=User.objects.get(username="nguyen"), at=month_ago)
        added = seed_day(bench=bench, at=now)
        self.stdout.write(
            f"{added} orders added. Logins: nguyen (technician), okafor and brandt (pharmacists), "
            f"chen (prescriber); password {DEMO_PASSWORD}"
        )
