"""Fixtures: the test database, made once for each set of migrations; a Redis that can fall and rise."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from script.processes import ROOT, PrivateRedis
from tests.infrastructure.pristine import PRISTINE

MADE_BEFORE = ROOT / "var" / "test-databases"


def _made_from() -> str:
    """Return a digest of all that a database depends on after its migrations."""
    digest = hashlib.sha256()
    migrations = (ROOT / "pharmacy").glob("*/migrations/*.py")
    for path in (
        *sorted(migrations),
        ROOT / "pharmacy/audit/triggers.py",
        ROOT / "requirements-dev.txt",
    ):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:20]


class Made:
    """A migrated database to copy: a file that stays for the next time, or on PostgreSQL a template for this time."""

    def __init__(self) -> None:
        self.file = MADE_BEFORE / f"{_made_from()}.sqlite3"
        self.template = f"made_{_made_from()}"

    def is_there(self) -> bool:
        """Say whether somebody has made it."""
        if connection.vendor == "sqlite":
            return self.file.exists()
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template])
            return cursor.fetchone() is not None

    def use(self) -> None:
        """Let the test database begin as a copy of it."""
        test = connection.settings_dict["TEST"]
        if connection.vendor == "sqlite":
            shutil.copyfile(self.file, str(test["NAME"]))
        else:
            test["TEMPLATE"] = self.template

    def keep(self) -> None:
        """Make it of the test database that has just been migrated."""
        if connection.vendor == "sqlite":
            for older in MADE_BEFORE.glob("*.sqlite3"):
                older.unlink(missing_ok=True)
            part = self.file.with_suffix(f".{os.getpid()}")
            shutil.copyfile(PRISTINE.file, part)
            part.rename(self.file)
            return
        name = connection.settings_dict["NAME"]
        connection.close()  # nobody may use a database while it is copied
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{self.template}" TEMPLATE "{name}"')

    def forget(self) -> None:
        """Drop the template; a file stays."""
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{self.template}"')


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait until no other process makes a database: the others copy what one has made."""
    MADE_BEFORE.mkdir(parents=True, exist_ok=True)
    with (MADE_BEFORE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Say that a database that is there already is to be used; the migrations it lacks are made up."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def _turn() -> Iterator[ExitStack]:
    """What a process holds while it makes the database itself."""
    with ExitStack() as turn:
        yield turn


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    _turn: ExitStack,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Put a copy of what was made from the same migrations where the test database goes, or be the one to make it."""
    made = Made()
    _turn.enter_context(_one_at_a_time())
    with django_db_blocker.unblock():
        if made.is_there():
            made.use()
            _turn.close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, _turn: ExitStack, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Make the test database, as pytest-django does, and keep a copy to put back."""
    made = Made()
    with django_db_blocker.unblock():
        PRISTINE.keep()
        # Without a test that asks for the database, pytest-django makes none.
        is_mine = not made.is_there() and bool(connection.introspection.table_names())
        if is_mine:
            made.keep()
    _turn.close()
    yield
    if is_mine:
        with django_db_blocker.unblock():
            made.forget()


@pytest.fixture
def redis_server() -> Iterator[PrivateRedis]:
    """Give a running Redis of the test's own: `url`, `kill()`, `start()`, `stop()`."""
    # A unix socket's path must be short, and pytest's own folders are not.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = PrivateRedis(Path(folder))
        server.start()
        yield server
        server.stop()
