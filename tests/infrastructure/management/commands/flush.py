"""Django's test cases call `flush` after a test that committed. Here it puts the migrations' database back."""

from typing import Any

from django.core.management.base import BaseCommand

from tests.infrastructure.pristine import PRISTINE


class Command(BaseCommand):
    """Takes the options of the command it stands in for, and needs none of them."""

    stealth_options = (
        "reset_sequences",
        "allow_cascade",
        "inhibit_post_migrate",
        "interactive",
        "database",
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Put the database back."""
        PRISTINE.put_back()
