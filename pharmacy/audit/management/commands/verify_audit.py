"""`manage.py verify_audit`: walk the audit chain; exit 1 when it is broken."""

from django.core.management.base import BaseCommand, CommandError

from pharmacy.audit.queries import verify_chain


class Command(BaseCommand):
    help = "Recompute every hash of the audit trail and report the first break."

    def handle(self, *args: object, **options: object) -> None:
        report = verify_chain()
        if not report.intact:
            raise CommandError(f"{report.events} events read. {report.problem}")
        self.stdout.write(f"{report.events} events, chain intact.")
