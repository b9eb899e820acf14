"""`manage.py add_person`: a sign-in from the terminal. The first pharmacist comes in this way, and adds the others."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pharmacy.audit.actions import record_event, writing
from pharmacy.backoffice.admin.people import NewPersonForm
from pharmacy.people.actors import SYSTEM
from pharmacy.people.models import User
from pharmacy.people.roles import Role


class Command(BaseCommand):
    """Adds one person who may sign in. The password is asked for, or read from standard input."""

    help = "Add a person who may sign in: add_person okafor --role pharmacist --name Maya Okafor"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take who it is."""
        parser.add_argument("username")
        parser.add_argument(
            "--role", required=True, choices=[role.value for role in Role.of_users()]
        )
        parser.add_argument("--name", nargs=2, required=True, metavar=("FIRST", "LAST"))
        parser.add_argument("--credentials", default="", help="as printed after the name: RPh")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the person; leaves with the reasons when the form refuses."""
        password, again = self._password()
        form = NewPersonForm(
            {
                "username": options["username"],
                "first_name": options["name"][0],
                "last_name": options["name"][1],
                "credentials": options["credentials"],
                "email": options["email"],
                "role": options["role"],
                "password1": password,
                "password2": again,
            }
        )
        if not form.is_valid():
            raise CommandError(
                "\n".join(f"{name}: {' '.join(map(str, why))}" for name, why in form.errors.items())
            )
        self.stdout.write(f"{self._add(form).signed_name} may sign in as {options['username']}.")

    def _password(self) -> tuple[str, str]:
        if sys.stdin.isatty():
            return getpass("Password: "), getpass("Once more: ")
        read = sys.stdin.readline().rstrip("\n")
        return read, read

    @writing()
    def _add(self, form: NewPersonForm) -> User:
        person: User = form.save()
        new = {"username": person.username, "role": person.role}
        record_event(event="user_added", record=person, by=SYSTEM, at=timezone.now(), new=new)
        return person
