"""Writes docs/states.md."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from pharmacy.audit.diagrams import page


class Command(BaseCommand):
    """Writes the diagrams of all records that move into docs/states.md."""

    help = "Write docs/states.md from the state tables."

    def handle(self, *args: object, **options: object) -> None:
        """Write the page."""
        path = Path(settings.BASE_DIR) / "docs" / "states.md"
        path.write_text(page(), encoding="utf-8")
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}")
