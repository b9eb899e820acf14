"""`manage.py verify_papers`: renders every stored paper anew and compares the bytes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pharmacy.documents.verification import verify_papers


class Command(BaseCommand):
    """Say which papers differ; the exit code is 1 when one does."""

    help = "Renders every stored paper from what is stored of it and compares the bytes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at every paper and every print run, one after the other."""
        looked_at = rendered = different = 0
        for each in verify_papers():
            looked_at += 1
            rendered += each.rendered
            if each.wrong:
                different += 1
                self.stderr.write(f"{each.paper}: {each.wrong}")
        older = looked_at - rendered
        said = f"{looked_at} papers looked at, {rendered} rendered anew, {older} of an older design"
        if different:
            raise CommandError(f"{said}; {different} differ.")
        self.stdout.write(f"{said}; none differs.")
