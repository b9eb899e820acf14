"""Fixture: a lab that the tests of a module share. Making it takes longer than most of its tests."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.factories.lab import Lab, lab, lab_of, people
from tests.infrastructure.pristine import PRISTINE


@pytest.fixture(scope="module")
def _lab_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        lab()
    yield
    with django_db_blocker.unblock():
        PRISTINE.put_back()


@pytest.fixture
def here(_lab_of_module: None, db: None) -> Lab:
    """Give the lab: people, approved formulas, policies, lots, balances. What a test changes in it is undone."""
    return lab_of(people())
