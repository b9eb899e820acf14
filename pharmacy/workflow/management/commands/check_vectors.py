"""`manage.py check_vectors FILE`: work out a file of calculations and compare the answers."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compounding.vectors import TOPICS, check_vectors


class Command(BaseCommand):
    """Checks worked calculations against the arithmetic this pharmacy uses. Reads no database."""

    help = "Work out a JSON file of calculations and list every answer that differs."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="a JSON list of vectors")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Print each mismatch and the count; leave with 1 if anything failed."""
        report = check_vectors(_read(file), TOPICS)
        for mismatch in report.mismatches:
            self.stdout.write(_printable(str(mismatch)))
        self.stdout.write(str(report))
        if report.failed:
            sys.exit(1)


def _printable(line: str) -> str:
    """Return the line without half characters, which JSON can hold and no terminal can show."""
    return line.encode("utf-8", "backslashreplace").decode()


def _read(file: Path) -> list[Mapping[str, Any]]:
    """Return the vectors of the file. A file that holds none is an error, not a success."""
    try:
        content = json.loads(
            file.read_text(encoding="utf-8-sig"), parse_float=Decimal, parse_constant=Decimal
        )
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, ArithmeticError) as error:
        raise CommandError(f"{file} is not JSON that can be read: {error}.") from error
    except RecursionError as error:
        raise CommandError(f"{file} is nested too deeply to be read.") from error
    if isinstance(content, dict):
        content = content.get("vectors")
    if not isinstance(content, list) or not content:
        raise CommandError(f"{file} holds no list of vectors.")
    if not all(isinstance(vector, dict) for vector in content):
        raise CommandError(f"{file} holds something that is not a vector.")
    return content
