"""Fixtures: the test database, made once for each set of migrations; a Redis that can fall and rise."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from script.processes import ROOT, PrivateRedis
from tests.infrastructure.pristine import PRISTINE

MADE_BEFORE = ROOT / "var" / "test-databases"


def _made_from() -> str:
    """Return a digest of all that an SQLite database depends on after its migrations."""
    digest = hashlib.sha256()
    migrations = (ROOT / "pharmacy").glob("*/migrations/*.py")
    for path in (
        *sorted(migrations),
        ROOT / "pharmacy/audit/triggers.py",
        ROOT / "requirements-dev.txt",
    ):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:20]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Say that a database that is there already is to be used; the migrations it lacks are made up."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Put an SQLite database that was made from the same migrations before where the test database goes."""
    made = MADE_BEFORE / f"{_made_from()}.sqlite3"
    if connection.vendor == "sqlite" and made.exists():
        shutil.copyfile(made, settings.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Make the test database, as pytest-django does, and keep a copy to put back."""
    with django_db_blocker.unblock():
        PRISTINE.keep()
    made = MADE_BEFORE / f"{_made_from()}.sqlite3"
    if connection.vendor == "sqlite" and not made.exists():
        _keep_for_next_time(made)


def _keep_for_next_time(made: Path) -> None:
    MADE_BEFORE.mkdir(parents=True, exist_ok=True)
    for older in MADE_BEFORE.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    part = made.with_suffix(f".{os.getpid()}")
    shutil.copyfile(PRISTINE.file, part)
    part.rename(made)


@pytest.fixture
def redis_server() -> Iterator[PrivateRedis]:
    """Give a running Redis of the test's own: `url`, `kill()`, `start()`, `stop()`."""
    # A unix socket's path must be short, and pytest's own folders are not.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = PrivateRedis(Path(folder))
        server.start()
        yield server
        server.stop()
