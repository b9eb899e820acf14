"""Fixtures: the test database, kept aside once it is made; a Redis that can fall and rise."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from script.processes import PrivateRedis
from tests.infrastructure.pristine import PRISTINE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Make the test database, as pytest-django does, and keep a copy."""
    with django_db_blocker.unblock():
        PRISTINE.keep()


@pytest.fixture
def redis_server() -> Iterator[PrivateRedis]:
    """Give a running Redis of the test's own: `url`, `kill()`, `start()`, `stop()`."""
    # A unix socket's path must be short, and pytest's own folders are not.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = PrivateRedis(Path(folder))
        server.start()
        yield server
        server.stop()
