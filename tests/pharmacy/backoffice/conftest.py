"""The staff at their desks: signed in, on the morning of 22 November 2026."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from pharmacy.people.models import User
from pharmacy.workflow.demonstration import Bench
from tests.factories.job import AT, bench, capsules_to_dispense

__all__ = ["bench", "capsules_to_dispense"]


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """Stand an hour after everything the factories do."""
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        yield


def signed_in(username: str) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def pharmacist(bench: Bench, db: None) -> Client:
    """The pharmacist who decides about orders."""
    return signed_in("okafor")


@pytest.fixture
def second_pharmacist(bench: Bench, db: None) -> Client:
    """The pharmacist who stands at no bench."""
    return signed_in("brandt")


@pytest.fixture
def technician(bench: Bench, db: None) -> Client:
    """The technician."""
    return signed_in("nguyen")


@pytest.fixture
def prescriber(bench: Bench, db: None) -> Client:
    """Somebody who prescribes and does not work here."""
    return signed_in("chen")


@pytest.fixture
def nobody(bench: Bench, db: None) -> Client:
    """Somebody who is not signed in."""
    return Client()
